package resourcemanager

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/log"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager/resourcemanagertest"
)

func TestATokenIsSentOnlyToTheResourceManagerItIsFor(t *testing.T) {
	t.Parallel()
	for audience, want := range map[string]string{
		"https://management.azure.com":              "https://management.azure.com",
		"https://management.azure.com/":             "https://management.azure.com",
		"https://management.core.windows.net/":      "https://management.azure.com",
		"https://management.usgovcloudapi.net/":     "https://management.usgovcloudapi.net",
		"https://management.core.usgovcloudapi.net": "https://management.usgovcloudapi.net",
		"https://management.chinacloudapi.cn":       "https://management.chinacloudapi.cn",
		"https://management.core.chinacloudapi.cn/": "https://management.chinacloudapi.cn",
		"":                        "",
		"https://vault.azure.net": "",
		"https://management.azure.com.elsewhere.com": "",
		"http://management.azure.com":                "",
		"https://127.0.0.1:1":                        "", // without a certificate
	} {
		got, err := accessOf(resourcemanagertest.Token(audience, nil))
		require.Equal(t, want, got.endpoint, audience)
		if want == "" {
			require.ErrorContains(t, err, fmt.Sprintf("the provider's token is for %q", audience))
			require.ErrorContains(t, err, "ARM_ENVIRONMENT")
		} else {
			require.NoError(t, err)
		}
	}
	for _, damaged := range []string{"", "opaque", "a.%.c", "a.bnVs.", "a." + base64.RawURLEncoding.EncodeToString([]byte(`{"aud":[]}`)) + ".c"} {
		_, err := accessOf(damaged)
		require.ErrorContains(t, err, `the provider's token is for ""`)
	}
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	for _, elsewhere := range []string{"https://10.0.0.1:443", "https://localhost.elsewhere.com", "http://127.0.0.1:80"} {
		_, err := accessOf(resourcemanagertest.Token(elsewhere, server.Certificate()))
		require.Error(t, err, "a certificate counts on loopback alone")
	}
}

// standIn is a Resource Manager on loopback.
func standIn(t *testing.T, handler http.HandlerFunc) (*Client, *httptest.Server, string) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	token := resourcemanagertest.Token(server.URL, server.Certificate())
	client, err := New(t.Context(), Credentials{Subscription: "s-1", Token: func(context.Context) (string, error) { return token, nil }})
	require.NoError(t, err)
	return client, server, token
}

func TestWhatIsThrottledIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError} {
		var asked atomic.Int32
		var held string
		client, _, token := standIn(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+held || r.URL.Query().Get("$expand") != "instanceView" {
				t.Errorf("asked %s", r.URL)
			}
			if asked.Add(1) < 3 {
				w.Header().Set("Retry-After-Ms", "1") // Azure's own header beside Retry-After
				w.WriteHeader(status)
				return
			}
			fmt.Fprint(w, `{"name":"found"}`)
		})
		held = token
		var answer struct {
			Name string `json:"name"`
		}
		require.NoError(t, client.Get(t.Context(), client.Group("g"), Expanded("2024-07-01"), &answer))
		require.Equal(t, "found", answer.Name)
		require.EqualValues(t, 3, asked.Load())
	}
}

func TestARedirectTakesNoTokenElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed to %s with %d headers", r.URL, len(r.Header))
	}))
	t.Cleanup(elsewhere.Close)
	client, _, _ := standIn(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	require.Error(t, client.Get(t.Context(), client.Scope(), Of("2022-12-01"), &struct{}{}))
}

func TestANextPageElsewhereIsNotAsked(t *testing.T) {
	t.Parallel()
	client, _, _ := standIn(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"value":[],"nextLink":"https://elsewhere.test/"}`)
	})
	_, err := All[string](t.Context(), client, client.Scope(), Of("2022-12-01"))
	require.ErrorContains(t, err, "the next page is said to be elsewhere")
}

func TestATokenForAnotherResourceManagerThanTheFirstIsNotSent(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	tokens := []string{resourcemanagertest.Token(server.URL, server.Certificate()), resourcemanagertest.Token("https://management.azure.com", nil)}
	client, err := New(t.Context(), Credentials{Token: func(context.Context) (string, error) {
		token := tokens[0]
		tokens = tokens[1:]
		return token, nil
	}})
	require.NoError(t, err)
	require.ErrorContains(t, client.Get(t.Context(), client.Scope(), Of("2022-12-01"), &struct{}{}), "is now for https://management.azure.com")
	require.Zero(t, asked.Load())
}

func TestRequestsGoThroughTheProxyButNotToTheSimulatedAzure(t *testing.T) {
	t.Parallel()
	proxy := func(*url.URL) (*url.URL, error) { return url.Parse("http://proxy.test:8080") }
	request := httptest.NewRequest(http.MethodGet, "https://management.azure.com/", nil)
	through, err := transport(access{}, proxy).Proxy(request)
	require.NoError(t, err)
	require.Equal(t, "http://proxy.test:8080", through.String())
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	require.Nil(t, transport(access{certificate: server.Certificate()}, proxy).Proxy)
}

// TestATokenIsNotLogged turns on what the SDK logs for whoever sets AZURE_SDK_GO_LOGGING.
func TestATokenIsNotLogged(t *testing.T) { // not parallel: the SDK has one log for the process
	var logged bytes.Buffer
	log.SetListener(func(_ log.Event, text string) { logged.WriteString(text) })
	t.Cleanup(func() { log.SetListener(nil) })
	client, _, token := standIn(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	err := client.Get(t.Context(), client.Scope(), Of("2022-12-01"), &struct{}{})
	require.Error(t, err)
	require.NotContains(t, err.Error(), token)
	require.Equal(t, "Azure answers 403 ", Explain(err))
	require.NotEmpty(t, logged.String())
	require.NotContains(t, logged.String(), token)
}
