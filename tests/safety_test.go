package tests

import (
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
)

// TestNothingIsExposed deploys each scenario and reads, from what the engine recorded, that no broker has a public
// address, no rule admits the internet, every disk is encrypted and no secret is written down.
func TestNothingIsExposed(t *testing.T) {
	t.Parallel()
	for _, scenario := range azureCloud.scenarios {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, azureCloud, scenario)
			r.up(t)
			kinds := map[string]int{}
			for _, res := range r.state(t) {
				kinds[string(res.Type)]++
				name := res.URN.Name()
				switch string(res.Type) {
				case "azure-native:network:NetworkInterface":
					require.NotContains(t, text(t, res.Inputs), "publicIPAddress", name)
					require.NotNil(t, res.Inputs["networkSecurityGroup"], "%s has no filter", name)
				case "azure-native:network:NetworkSecurityGroup":
					requireClosed(t, res)
				case "azure-native:network:LoadBalancer":
					require.NotContains(t, text(t, res.Inputs["frontendIPConfigurations"]), "publicIPAddress", name)
				case "azure-native:compute:Disk":
					requireSealed(t, res)
				case "azure-native:compute:VirtualMachine":
					requireKeysOnly(t, res)
				case "azure-native:network:PublicIPAddress":
					require.Regexp(t, `-(nat-gateway|bastion)-ip$`, name, "only gateways have public addresses")
				}
				requireNoSecret(t, res)
			}
			for _, kind := range []string{"NetworkInterface", "NetworkSecurityGroup", "LoadBalancer"} {
				require.NotZero(t, kinds["azure-native:network:"+kind], kind)
			}
			require.Equal(t, kinds["azure-native:compute:VirtualMachine"], kinds["azure-native:compute:Disk"], "a data disk each")
		})
	}
}

// requireClosed wants every allow to name where from, and the last word to be a deny of all the rest.
func requireClosed(t *testing.T, group apitype.ResourceV3) {
	t.Helper()
	lowest := 0
	var last map[string]any
	for _, r := range group.Inputs["securityRules"].([]any) {
		rule := r.(map[string]any)
		if p := int(rule["priority"].(float64)); p > lowest {
			lowest, last = p, rule
		}
		if rule["access"] != "Allow" {
			continue
		}
		var sources []string
		if one, ok := rule["sourceAddressPrefix"].(string); ok {
			sources = append(sources, one)
		}
		many, _ := rule["sourceAddressPrefixes"].([]any)
		for _, s := range many {
			sources = append(sources, s.(string))
		}
		require.NotEmpty(t, sources, "%s names no source", rule["name"])
		for _, s := range sources {
			if s == "AzureLoadBalancer" {
				continue
			}
			p, err := netip.ParsePrefix(s)
			require.NoError(t, err, "%s admits %s", rule["name"], s)
			require.True(t, p.Addr().IsPrivate(), "%s admits %s", rule["name"], s)
		}
		require.NotEqual(t, "*", rule["destinationPortRange"], "%s admits every port", rule["name"])
	}
	require.Equal(t, "Deny", last["access"])
	require.Equal(t, "Inbound", last["direction"])
	require.Equal(t, []any{"*", "*", "*"}, []any{last["protocol"], last["sourceAddressPrefix"], last["destinationPortRange"]})
}

func requireSealed(t *testing.T, disk apitype.ResourceV3) {
	t.Helper()
	encryption, _ := disk.Inputs["encryption"].(map[string]any)
	require.Contains(t, []any{"EncryptionAtRestWithPlatformKey", "EncryptionAtRestWithCustomerKey"}, encryption["type"], disk.URN.Name())
	require.Equal(t, "DenyAll", disk.Inputs["networkAccessPolicy"])
	require.Equal(t, "Disabled", disk.Inputs["publicNetworkAccess"])
	require.True(t, disk.Protect, "%s can be deleted by mistake", disk.URN.Name())
}

func requireKeysOnly(t *testing.T, vm apitype.ResourceV3) {
	t.Helper()
	profile := vm.Inputs["osProfile"].(map[string]any)
	require.NotContains(t, profile, "adminPassword")
	require.Equal(t, true, profile["linuxConfiguration"].(map[string]any)["disablePasswordAuthentication"])
}

// secretText finds a password, key or token with its value, and private keys themselves. A path is none, nor is a
// reference such as ${file:…}.
var secretText = regexp.MustCompile(`(?i)-----BEGIN [A-Z ]*PRIVATE KEY|` +
	`(?:^|[^/a-z0-9._-])[a-z0-9._-]*(?:password|passwd|secret|token|credential|api[._-]?key)[a-z._-]*["']?\s*[=:]\s*["']?([^\s"'$]{3,})`)

func secrets(text string) (found []string) {
	for _, m := range secretText.FindAllStringSubmatch(text, -1) {
		if value := strings.Trim(m[1], ",}]"); value != "true" && value != "false" {
			found = append(found, m[0])
		}
	}
	return found
}

// requireNoSecret reads a resource whole, what machines boot with and what they are sent included.
func requireNoSecret(t *testing.T, res apitype.ResourceV3) {
	t.Helper()
	all := text(t, res.Inputs) + text(t, res.Outputs)
	if profile, ok := res.Inputs["osProfile"].(map[string]any); ok {
		userData, err := base64.StdEncoding.DecodeString(profile["customData"].(string))
		require.NoError(t, err)
		all += string(userData)
	}
	all = strings.ReplaceAll(all, `\n`, "\n")
	require.Empty(t, secrets(all), "%s %s", res.Type, res.URN.Name())
}

func text(t *testing.T, value any) string {
	t.Helper()
	out, err := json.Marshal(value)
	require.NoError(t, err)
	return string(out)
}

func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"ssl.keystore.password=hunter2", `"adminPassword":"hunter2"`, "api_key: abcdef", "-----BEGIN OPENSSH PRIVATE KEY-----", "SECRET=abc123",
	} {
		require.NotEmpty(t, secrets(s), s)
	}
	for _, s := range []string{"ssl.keystore.password=${file:/etc/kafka/secrets:pw}", "a broker's secrets live in files", "lock_passwd: true", `"disablePasswordAuthentication":true`, "ssh-ed25519 AAAAC3Nza"} {
		require.Empty(t, secrets(s), s)
	}
}
