package resourcemanager

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnImageIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	image := ParseImage("Canonical:ubuntu-24_04-lts:server:latest")
	require.Equal(t, Image{"Canonical", "ubuntu-24_04-lts", "server", "latest"}, image)
	require.Equal(t, "Canonical:ubuntu-24_04-lts:server:latest", image.String())
	require.Equal(t, Image{Publisher: "Canonical"}, ParseImage("Canonical"))
	require.Empty(t, Image{SKU: "server"}.String())
}

// TestAnImageThatIsGoneIsToldFromOneThatMayNotBeRead answers as Azure does for images that are there, never were, are withdrawn,
// or belong to a SKU that is.
func TestAnImageThatIsGoneIsToldFromOneThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	const path = "/subscriptions/s-1/providers/Microsoft.Compute/locations/eastus/publishers/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server/versions"
	for name, c := range map[string]struct {
		version      string
		list         []any
		status       int
		code         string
		architecture string
		withdrawn    bool
	}{
		"pinned":                      {version: "24.4.9", status: 200, architecture: "x64"},
		"the newest":                  {version: "latest", list: []any{map[string]any{"name": "24.4.9"}}, status: 200, architecture: "x64"},
		"no version":                  {version: "latest", list: []any{}, withdrawn: true},
		"not there":                   {version: "24.4.9", status: 404, code: "NotFound", withdrawn: true},
		"withdrawn":                   {version: "24.4.9", status: 404, code: "ImageVersionDeprecated", withdrawn: true},
		"withdrawn, in another dress": {version: "24.4.9", status: 400, code: "ImageVersionDeprecated", withdrawn: true},
		"not to be read":              {version: "24.4.9", status: 403, code: "AuthorizationFailed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _, _ := standIn(t, func(w http.ResponseWriter, r *http.Request) {
				var body any = c.list
				if r.URL.Path != path {
					require.Equal(t, path+"/24.4.9", r.URL.Path)
					body = map[string]any{"properties": map[string]any{"architecture": "x64"}}
				}
				if r.URL.Path != path && c.status != http.StatusOK {
					w.Header().Set("x-ms-error-code", c.code)
					w.WriteHeader(c.status)
				}
				require.NoError(t, json.NewEncoder(w).Encode(body))
			})
			architecture, err := client.Architecture(t.Context(), "eastus", ParseImage("Canonical:ubuntu-24_04-lts:server:"+c.version))
			require.Equal(t, c.architecture == "", err != nil)
			require.Equal(t, c.withdrawn, Withdrawn(err))
			if err == nil {
				require.Equal(t, c.architecture, architecture)
			}
		})
	}
}
