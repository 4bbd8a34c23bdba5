package aws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// withRole gives the first broker a role that may put one parameter.
func withRole(d *deployment) []fabric.Facility {
	d.change(func(world *simcloud.World) {
		world.Put(&simcloud.Resource{ID: "role kafka", Type: "aws:iam/role:Role", Properties: simcloud.Properties{
			"name":             "kafka",
			"assumeRolePolicy": `{"Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],"Principal":{"Service":"ec2.amazonaws.com"}}]}`,
		}})
		world.Put(&simcloud.Resource{ID: "role kafka:policy", Parent: "role kafka", Type: "aws:iam/rolePolicy:RolePolicy", Properties: simcloud.Properties{
			"role":   "kafka",
			"policy": `{"Statement":[{"Effect":"Allow","Action":["ssm:PutParameter"],"Resource":"arn:aws:ssm:us-west-2:123456789012:parameter/kafkalink/1"}]}`,
		}})
		world.Put(&simcloud.Resource{ID: "instance profile kafka", Type: "aws:iam/instanceProfile:InstanceProfile", Properties: simcloud.Properties{"name": "kafka", "role": "kafka"}})
	})
	d.set(broker(1), "iamInstanceProfile", "kafka")
	return Facilities(Account{
		Region: "us-west-2", View: d.View,
		PutParameter: func(instance, name, value string, overwrite bool) error {
			return cloud.PutParameter(d.Server, instance, name, value, overwrite)
		},
	})
}

func serve(f fabric.Facility, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	f.Handler.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

func fromBroker(n int, method, path string, headers map[string]string) *http.Request {
	r := httptest.NewRequest(method, "http://169.254.169.254"+path, nil)
	r.RemoteAddr = brokerAddress(n) + ":40000"
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return r
}

func session(t *testing.T, f fabric.Facility, n int) map[string]string {
	t.Helper()
	status, text := serve(f, fromBroker(n, http.MethodPut, "/latest/api/token", map[string]string{lifetimeHeader: "60"}))
	require.Equal(t, http.StatusOK, status)
	return map[string]string{tokenHeader: text}
}

func TestMetadataIsToldToWhoAskedForATokenFirst(t *testing.T) {
	t.Parallel()
	d := documents(t)
	service := withRole(d)[0]
	require.Empty(t, service.Name)
	require.Equal(t, "169.254.169.254:80", service.Address.String())
	mine := session(t, service, 1)
	for _, c := range []struct {
		about  string
		n      int
		method string
		path   string
		header map[string]string
		status int
		want   string
	}{
		{"without a token", 1, "GET", "/latest/meta-data/instance-id", nil, 401, "401 - Unauthorized"},
		{"another's token", 2, "GET", "/latest/meta-data/instance-id", mine, 401, "401 - Unauthorized"},
		{"a token for too long", 1, "PUT", "/latest/api/token", map[string]string{lifetimeHeader: "21601"}, 400, "400 - Bad Request"},
		{"a token that is asked for by GET", 1, "GET", "/latest/api/token", map[string]string{lifetimeHeader: "60"}, 405, "405 - Method Not Allowed"},
		{"a token through a proxy", 1, "PUT", "/latest/api/token", map[string]string{lifetimeHeader: "60", "X-Forwarded-For": "10.0.0.1"}, 403, "403 - Forbidden"},
		{"id", 1, "GET", "/latest/meta-data/instance-id", mine, 200, d.ids[broker(1)]},
		{"region", 1, "GET", "/latest/meta-data/placement/region", mine, 200, "us-west-2"},
		{"zone", 1, "GET", "/latest/meta-data/placement/availability-zone", mine, 200, "us-west-2a"},
		{"the zone's id", 1, "GET", "/latest/meta-data/placement/availability-zone-id", mine, 200, "usw2-az1"},
		{"user-data", 1, "GET", "/latest/user-data", mine, 200, "#cloud-config\n# brokers-1-vm"},
		{"the role", 1, "GET", "/latest/meta-data/iam/security-credentials/", mine, 200, "kafka"},
		{"a directory", 1, "GET", "/latest/meta-data/placement", mine, 200, "availability-zone\navailability-zone-id\nregion"},
		{"nothing", 1, "GET", "/latest/meta-data/spot", mine, 404, "404 - Not Found"},
		{"no role", 2, "GET", "/latest/meta-data/iam/security-credentials/", session(t, service, 2), 404, "404 - Not Found"},
	} {
		status, got := serve(service, fromBroker(c.n, c.method, c.path, c.header))
		require.Equal(t, c.status, status, c.about)
		require.Equal(t, c.want, got, c.about)
	}
	stranger := fromBroker(1, "GET", "/latest/meta-data/instance-id", mine)
	stranger.RemoteAddr = "10.0.0.99:40000"
	status, _ := serve(service, stranger)
	require.Equal(t, 404, status)
	d.set(broker(1), "metadataOptions.httpTokens", "optional")
	status, got := serve(service, fromBroker(1, "GET", "/latest/meta-data/instance-id", nil))
	require.Equal(t, 200, status)
	require.Equal(t, d.ids[broker(1)], got)
	d.set(broker(1), "metadataOptions.httpEndpoint", "disabled")
	status, _ = serve(service, fromBroker(1, "GET", "/latest/meta-data/instance-id", mine))
	require.Equal(t, 403, status)
}

// TestSignaturesAreAWSs holds ours against the example of docs.aws.amazon.com, "Signature Version 4 signing process".
func TestSignaturesAreAWSs(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	at, err := time.Parse(signatureTime, "20150830T123600Z")
	require.NoError(t, err)
	request := canonicalRequest(r, []string{"content-type", "host", "x-amz-date"}, nil)
	got := signature("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", at, []string{"20150830", "us-east-1", "iam", "aws4_request"}, request)
	require.Equal(t, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", got)
}

func TestParametersArePutInTheNameOfWhoSigned(t *testing.T) {
	t.Parallel()
	d := documents(t)
	facilities := withRole(d)
	service := facilities[1]
	require.Equal(t, "ssm.us-west-2.amazonaws.com", service.Name)
	status, text := serve(facilities[0], fromBroker(1, "GET", "/latest/meta-data/iam/security-credentials/kafka", session(t, facilities[0], 1)))
	require.Equal(t, 200, status)
	var given credential
	require.NoError(t, json.Unmarshal([]byte(text), &given))

	put := `{"Name":"/kafkalink/1","Value":"%s","Type":"String","Overwrite":%v}`
	for _, c := range []struct {
		about, body string
		alter       func(*http.Request, *credential)
		status      int
		want        string
	}{
		{"a parameter", fmt.Sprintf(put, "one", false), nil, 200, `{"Tier":"Standard","Version":1}`},
		{"once more", fmt.Sprintf(put, "two", false), nil, 400, "ParameterAlreadyExists"},
		{"over it", fmt.Sprintf(put, "two", true), nil, 200, `{"Tier":"Standard","Version":2}`},
		{"another's parameter", `{"Name":"/kafkalink/2","Value":"x","Type":"String"}`, nil, 400, "AccessDeniedException"},
		{"another type", `{"Name":"/kafkalink/1","Value":"x","Type":"SecureString"}`, nil, 400, "ValidationException"},
		{"no JSON", `{`, nil, 400, "SerializationException"},
		{"another operation", "{}", func(r *http.Request, _ *credential) { r.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter") }, 400, "UnknownOperationException"},
		{"another secret", fmt.Sprintf(put, "x", true), func(_ *http.Request, c *credential) { c.SecretAccessKey += "x" }, 400, "InvalidSignatureException"},
		{"another session", fmt.Sprintf(put, "x", true), func(_ *http.Request, c *credential) { c.Token += "x" }, 400, "UnrecognizedClientException"},
		{"an unknown key", fmt.Sprintf(put, "x", true), func(_ *http.Request, c *credential) { c.AccessKeyID += "X" }, 400, "UnrecognizedClientException"},
		{"a late request", fmt.Sprintf(put, "x", true), func(r *http.Request, _ *credential) {
			r.Header.Set("X-Amz-Date", time.Now().Add(-time.Hour).UTC().Format(signatureTime))
		}, 400, "ExpiredTokenException"},
	} {
		r := httptest.NewRequest("POST", "https://ssm.us-west-2.amazonaws.com/", strings.NewReader(c.body))
		r.Header.Set("X-Amz-Target", "AmazonSSM.PutParameter")
		r.Header.Set("X-Amz-Date", time.Now().UTC().Format(signatureTime))
		signing := given
		if c.alter != nil {
			c.alter(r, &signing)
		}
		sign(t, r, c.body, signing)
		status, got := serve(service, r)
		require.Equal(t, c.status, status, "%s: %s", c.about, got)
		require.Contains(t, got, c.want, c.about)
	}
	unsigned := httptest.NewRequest("POST", "https://ssm.us-west-2.amazonaws.com/", strings.NewReader("{}"))
	_, got := serve(service, unsigned)
	require.Contains(t, got, "MissingAuthenticationTokenException")
}

func sign(t *testing.T, r *http.Request, body string, c credential) {
	t.Helper()
	r.Header.Set("X-Amz-Security-Token", c.Token)
	at, err := time.Parse(signatureTime, r.Header.Get("X-Amz-Date"))
	require.NoError(t, err)
	scope := []string{at.Format("20060102"), "us-west-2", "ssm", "aws4_request"}
	signed := []string{"host", "x-amz-date", "x-amz-security-token", "x-amz-target"}
	text := signature(c.SecretAccessKey, at, scope, canonicalRequest(r, signed, []byte(body)))
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
		c.AccessKeyID, strings.Join(scope, "/"), strings.Join(signed, ";"), text))
}
