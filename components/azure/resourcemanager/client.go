package resourcemanager

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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

// Credentials are the provider's.
type Credentials struct {
	// Subscription is the id of the one that the provider works in.
	Subscription string
	// Token returns a token for Resource Manager. It is asked again when the last one is about to expire.
	Token func(context.Context) (string, error)
	// Proxy is what a request to a URL goes through. Nil: what HTTPS_PROXY and NO_PROXY of this process say.
	Proxy Proxy
}

// Proxy is what a request to a URL goes through; nil for none.
type Proxy func(*url.URL) (*url.URL, error)

// Client reads from the Azure Resource Manager of one cloud. The SDK's clients of each service would do, and would add minutes
// to every build.
type Client struct {
	// Subscription is the id of the one that the provider works in.
	Subscription string

	endpoint string
	pipeline runtime.Pipeline
}

const (
	// attempts after the first, for what is throttled or fails for the moment. Azure says how long to wait (Retry-After); where it
	// does not, the pauses grow from 0.8 s.
	attempts = 5
	// oneTry is how long one attempt may take.
	oneTry = 30 * time.Second
)

// New asks for a first token, which says which cloud it is for.
func New(ctx context.Context, credentials Credentials) (*Client, error) {
	token, err := credentials.Token(ctx)
	if err != nil {
		return nil, err
	}
	access, err := accessOf(token)
	if err != nil {
		return nil, err
	}
	return newClient(credentials, access, &http.Client{
		Transport:     transport(access, credentials.Proxy),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}), nil
}

func newClient(credentials Credentials, access access, transport policy.Transporter) *Client {
	bearer := runtime.NewBearerTokenPolicy(credential{credentials.Token, access.endpoint}, []string{access.endpoint + "/.default"}, nil)
	return &Client{
		Subscription: credentials.Subscription,
		endpoint:     access.endpoint,
		pipeline: runtime.NewPipeline("kafkalink", "", runtime.PipelineOptions{PerRetry: []policy.Policy{bearer}}, &policy.ClientOptions{
			Transport: transport,
			Retry:     policy.RetryOptions{MaxRetries: attempts, TryTimeout: oneTry},
		}),
	}
}

func transport(access access, proxy Proxy) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if proxy != nil {
		transport.Proxy = func(r *http.Request) (*url.URL, error) { return proxy(r.URL) }
	}
	if access.certificate != nil {
		pool := x509.NewCertPool()
		pool.AddCert(access.certificate)
		transport.Proxy, transport.TLSClientConfig = nil, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return transport
}

// credential hands azcore the provider's tokens.
type credential struct {
	token    func(context.Context) (string, error)
	endpoint string
}

// GetToken refuses a token that is for another Resource Manager than the first one was.
func (c credential) GetToken(ctx context.Context, _ policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := c.token(ctx)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	access, err := accessOf(token)
	switch {
	case err != nil:
		return azcore.AccessToken{}, err
	case access.endpoint != c.endpoint:
		return azcore.AccessToken{}, fmt.Errorf("the provider's token was for %s and is now for %s; run the command again", c.endpoint, access.endpoint)
	case access.expires.IsZero():
		access.expires = time.Now().Add(10 * time.Minute)
	}
	return azcore.AccessToken{Token: token, ExpiresOn: access.expires}, nil
}

// Scope is the subscription's resource id.
func (c *Client) Scope() string { return "/subscriptions/" + c.Subscription }

// Group is the resource id of a resource group of the subscription.
func (c *Client) Group(name string) string { return c.Scope() + "/resourceGroups/" + name }

// Of is the query that asks for a version of the API.
func Of(version string) url.Values { return url.Values{"api-version": {version}} }

// Expanded is the query that asks for a version of the API, with the instance view.
func Expanded(version string) url.Values {
	return url.Values{"api-version": {version}, "$expand": {"instanceView"}}
}

// Get decodes the answer about a resource id.
func (c *Client) Get(ctx context.Context, id string, query url.Values, answer any) error {
	return c.fetch(ctx, c.address(id, query), answer)
}

func (c *Client) address(id string, query url.Values) string {
	return runtime.JoinPaths(c.endpoint, id) + "?" + query.Encode()
}

// All decodes every page of a list.
func All[T any](ctx context.Context, c *Client, id string, query url.Values) ([]T, error) {
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
		if page.NextLink != "" && !strings.HasPrefix(page.NextLink, c.endpoint+"/") {
			return nil, fmt.Errorf("the next page is said to be elsewhere: %s", page.NextLink)
		}
		next = page.NextLink
	}
	return items, nil
}

func (c *Client) fetch(ctx context.Context, address string, answer any) error {
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

// Explain is an error of Azure's in a few words.
func Explain(err error) string {
	var refused *azcore.ResponseError
	if errors.As(err, &refused) {
		return fmt.Sprintf("Azure answers %d %s", refused.StatusCode, refused.ErrorCode)
	}
	return err.Error()
}

// Absent tells whether Azure says that something does not exist.
func Absent(err error) bool {
	var refused *azcore.ResponseError
	return errors.As(err, &refused) && refused.StatusCode == http.StatusNotFound
}
