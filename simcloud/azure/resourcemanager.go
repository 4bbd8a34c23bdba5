package azure

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

// SimulatedCertificate is the claim of a simulated token that holds the certificate with which the simulated Resource Manager
// answers, DER in base64. The token's audience is its address, on loopback.
const SimulatedCertificate = "kafkalink_simulated_certificate"

// clientConfig tells who the provider is logged in as.
func clientConfig() *simcloud.Function {
	return &simcloud.Function{
		Token: "azure-native:authorization:getClientConfig",
		Invoke: func(_ simcloud.View, settings map[string]string, _ simcloud.Properties) (simcloud.Properties, error) {
			return simcloud.Properties{
				"clientId": Subscription, "objectId": Subscription, "tenantId": Subscription, "subscriptionId": settings["subscriptionId"],
			}, nil
		},
	}
}

// clientToken gives a token for Resource Manager. Its form is that of a real one, its audience this server's address.
func clientToken() *simcloud.Function {
	return &simcloud.Function{
		Token: "azure-native:authorization:getClientToken", Optional: []string{"endpoint"},
		Invoke: func(_ simcloud.View, settings map[string]string, _ simcloud.Properties) (simcloud.Properties, error) {
			claims, err := json.Marshal(map[string]any{
				"aud": settings[simcloud.SettingOrigin], "exp": time.Now().Add(time.Hour).Unix(),
				SimulatedCertificate: settings[simcloud.SettingCertificate],
			})
			if err != nil {
				return nil, err
			}
			part := base64.RawURLEncoding.EncodeToString
			return simcloud.Properties{"token": part([]byte(`{"typ":"JWT","alg":"none"}`)) + "." + part(claims) + "." + signature}, nil
		},
	}
}

// signature ends the tokens that the simulated Resource Manager takes.
const signature = "c2ltdWxhdGVk"

// powerState is what is computed of a machine that somebody stopped or deallocated: "stopped", "deallocated". Nothing: it runs.
const powerState = "powerState"

// runs says whether a machine has power.
func runs(machine *simcloud.Resource) bool {
	state := machine.Computed.Text(powerState)
	return state == "" || state == "running"
}

// resourceManager answers GET requests for resources by their ids, and for platform images. $expand=instanceView adds the
// instance view.
func resourceManager(cloud *simcloud.Cloud) func(func() simcloud.View) http.Handler {
	return func(view func() simcloud.View) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := read(cloud, view(), r)
			status := http.StatusOK
			if err != nil {
				refused := &refusal{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}
				errors.As(err, &refused)
				status, body = refused.status, map[string]any{"error": map[string]any{"code": refused.code, "message": refused.message}}
				w.Header().Set("x-ms-error-code", refused.code)
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(body) // a client that went away
		})
	}
}

func read(cloud *simcloud.Cloud, view simcloud.View, r *http.Request) (any, error) {
	switch token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case !found:
		return nil, refuse(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
	case !strings.HasSuffix(token, "."+signature):
		return nil, refuse(401, "InvalidAuthenticationToken", "The access token is invalid.")
	case r.Method != http.MethodGet:
		return nil, refuse(405, "MethodNotAllowed", "The simulated Resource Manager answers GET alone.")
	case r.URL.Query().Get("api-version") == "":
		return nil, refuse(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
	}
	if answer, asked, err := readImages(view, r.URL.Path, r.URL.Query()); asked {
		return answer, err
	}
	found, ok := view.Get(r.URL.Path)
	if !ok {
		return nil, missing("", r.URL.Path, "")
	}
	shown := cloud.Show(view, found)
	if strings.EqualFold(r.URL.Query().Get("$expand"), "instanceView") {
		expand(found, shown)
	}
	body, properties := map[string]any{"id": found.ID}, map[string]any{}
	for name, value := range shown {
		if slices.Contains(topLevel, name) {
			body[name] = value
		} else {
			properties[name] = value
		}
	}
	body["properties"] = properties
	return body, nil
}

// topLevel are the properties that Resource Manager has beside "properties".
var topLevel = []string{"etag", "extendedLocation", "identity", "location", "name", "plan", "sku", "tags", "type", "zones"}

// expand adds the instance view of a machine or of a Run Command.
func expand(r *simcloud.Resource, shown simcloud.Properties) {
	switch r.Type {
	case tokenVirtualMachine:
		state := "running"
		if !runs(r) {
			state = r.Computed.Text(powerState)
		}
		shown["instanceView"] = map[string]any{"statuses": []any{
			map[string]any{"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"},
			map[string]any{"code": "PowerState/" + state, "level": "Info", "displayStatus": "VM " + state},
		}}
	case tokenRunCommand:
		shown["instanceView"] = r.Computed["instanceView"]
	}
}
