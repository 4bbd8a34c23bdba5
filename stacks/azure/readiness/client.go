package readiness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// client reads from Azure Resource Manager. The SDK's clients of each service would do, and would add minutes to every
// build.
type client struct {
	Access
	pipeline runtime.Pipeline
}

func newClient(access Access, transport policy.Transporter) (*client, error) {
	if !strings.HasPrefix(access.Endpoint, "https://") {
		return nil, fmt.Errorf("a token is sent by https only, not to %s", access.Endpoint)
	}
	scope := access.Endpoint + "/.default"
	pipeline := runtime.NewPipeline("kafkalink", "", runtime.PipelineOptions{
		PerRetry: []policy.Policy{runtime.NewBearerTokenPolicy(token(access.Token), []string{scope}, nil)},
	}, &policy.ClientOptions{
		Transport: transport,
		Retry:     policy.RetryOptions{MaxRetries: 2, TryTimeout: 30 * time.Second},
	})
	return &client{Access: access, pipeline: pipeline}, nil
}

// token is a credential that somebody else keeps fresh.
type token string

func (t token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(t), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// scope is the subscription's resource id.
func (c *client) scope() string { return "/subscriptions/" + c.Subscription }

// get decodes the answer about a resource id.
func (c *client) get(ctx context.Context, id, version string, answer any) error {
	return c.fetch(ctx, c.address(id, of(version)), answer)
}

func (c *client) address(id string, query url.Values) string {
	return runtime.JoinPaths(c.Endpoint, id) + "?" + query.Encode()
}

// of is the query that asks for a version of the API.
func of(version string) url.Values { return url.Values{"api-version": {version}} }

// all decodes every page of a list.
func all[T any](ctx context.Context, c *client, id string, query url.Values) ([]T, error) {
	var items []T
	next := c.address(id, query)
	for next != "" {
		var page struct {
			Value    []T    `json:"value"`
			NextLink string `json:"nextLink"`
		}
		if err := c.fetch(ctx, next, &page); err != nil {
			return nil, err
		}
		items = append(items, page.Value...)
		if page.NextLink != "" && !strings.HasPrefix(page.NextLink, c.Endpoint+"/") {
			return nil, fmt.Errorf("the next page is said to be elsewhere: %s", page.NextLink)
		}
		next = page.NextLink
	}
	return items, nil
}

func (c *client) fetch(ctx context.Context, address string, answer any) error {
	request, err := runtime.NewRequest(ctx, http.MethodGet, address)
	if err != nil {
		return err
	}
	response, err := c.pipeline.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	if !runtime.HasStatusCode(response, http.StatusOK) {
		return runtime.NewResponseError(response)
	}
	return runtime.UnmarshalAsJSON(response, answer)
}

// explain is an error of Azure's in a few words.
func explain(err error) string {
	var refused *azcore.ResponseError
	if errors.As(err, &refused) {
		return fmt.Sprintf("Azure answers %d %s", refused.StatusCode, refused.ErrorCode)
	}
	return err.Error()
}

// absent tells whether Azure says that something does not exist.
func absent(err error) bool {
	var refused *azcore.ResponseError
	return errors.Is(err, errNone) || errors.As(err, &refused) && refused.StatusCode == http.StatusNotFound
}

// errNone says that a list is empty.
var errNone = errors.New("there is none")
