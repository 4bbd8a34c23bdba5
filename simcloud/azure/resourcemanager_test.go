package azure_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

const commandPath = "/subscriptions/" + azure.Subscription + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1/runCommands/configure"

// ask sends Resource Manager a GET with a token of the provider's, and returns the status and the body.
func ask(s *setup, path string) (int, Map) {
	got, err := s.Invoke("azure-native:authorization:getClientToken", Map{})
	require.NoError(s.T, err)
	return askWith(s, path, got["token"].(string), got["token"].(string))
}

// askWith takes the address from one token and sends another.
func askWith(s *setup, path, address, token string) (int, Map) {
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(address, ".")[1])
	require.NoError(s.T, err)
	var claims struct {
		Audience    string `json:"aud"`
		Certificate []byte `json:"kafkalink_simulated_certificate"`
	}
	require.NoError(s.T, json.Unmarshal(payload, &claims))
	certificate, err := x509.ParseCertificate(claims.Certificate)
	require.NoError(s.T, err)
	trusted := x509.NewCertPool()
	trusted.AddCert(certificate)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, claims.Audience+path, nil)
	require.NoError(s.T, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	require.NoError(s.T, err)
	defer response.Body.Close() //nolint:errcheck // it was read
	var body Map
	require.NoError(s.T, json.NewDecoder(response.Body).Decode(&body))
	return response.StatusCode, body
}

// report reads a command's instance view.
func report(s *setup) Map {
	status, body := ask(s, commandPath+"?api-version=2024-07-01&%24expand=instanceView")
	require.Equal(s.T, http.StatusOK, status)
	return body["properties"].(Map)["instanceView"].(Map)
}

func TestTheInstanceViewIsShownByResourceManagerAloneAndOnlyToWhoAsksForIt(t *testing.T) {
	t.Parallel()
	s := startWith(t, simcloud.Options{DataPlane: &host{}})
	s.Make("RunCommand", "configure", command("a"))
	got, err := s.Invoke("azure-native:compute:getVirtualMachineRunCommandByVirtualMachine",
		Map{"resourceGroupName": "rg", "vmName": "vm1", "runCommandName": "configure", "expand": "instanceView"})
	require.NoError(t, err)
	assert.NotContains(t, got, "instanceView", "the provider's function drops the query")

	status, body := ask(s, strings.ToUpper(commandPath)+"?api-version=2024-07-01")
	require.Equal(t, http.StatusOK, status)
	assert.NotContains(t, body["properties"], "instanceView")
	assert.Equal(t, "configure", body["name"])
	assert.Equal(t, "a", body["properties"].(Map)["source"].(Map)["script"])
	assert.Equal(t, "Succeeded", report(s)["executionState"])
}

func TestWhatResourceManagerRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	got, err := s.Invoke("azure-native:authorization:getClientToken", Map{})
	require.NoError(t, err)
	token := got["token"].(string)
	for name, c := range map[string]struct {
		path, token string
		status      int
		code        string
	}{
		"no token":      {commandPath + "?api-version=1", "", 401, "AuthenticationFailed"},
		"other's token": {commandPath + "?api-version=1", "e30.e30.abc", 401, "InvalidAuthenticationToken"},
		"no version":    {commandPath, token, 400, "MissingApiVersionParameter"},
		"not there":     {commandPath + "?api-version=1", token, 404, "ResourceNotFound"},
	} {
		status, body := askWith(s, c.path, token, c.token)
		assert.Equal(t, c.status, status, name)
		assert.Equal(t, c.code, body["error"].(Map)["code"], name)
	}
}

func TestAMachineWithoutPowerTakesNoCommand(t *testing.T) {
	t.Parallel()
	s := startWith(t, simcloud.Options{DataPlane: &host{}})
	state := s.Make("RunCommand", "configure", command("a"))
	vm := commandPath[:strings.Index(commandPath, "/runCommands")]
	power := func() any {
		_, body := ask(s, vm+"?api-version=2024-07-01&%24expand=instanceView")
		return body["properties"].(Map)["instanceView"].(Map)["statuses"].([]any)[1].(Map)["code"]
	}
	assert.Equal(t, "PowerState/running", power())
	require.NoError(t, s.Server.Mutate(func(w *simcloud.World) error {
		w.Change(s.By["vm1"].ID, func(r *simcloud.Resource) { r.Computed["powerState"] = "deallocated" })
		return nil
	}))
	assert.Equal(t, "PowerState/deallocated", power())
	const refused = "Cannot modify extensions in the VM when the VM is not running."
	require.ErrorContains(t, s.Update(state, command("b")), refused)
	require.ErrorContains(t, s.Delete(state), refused)
	require.NoError(t, s.Delete(s.By["vm1"]))
}
