package tests

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
)

// TestNothingIsExposed deploys each scenario and reads, from what the engine recorded, that no broker has a public
// address, no rule admits the internet, every disk is encrypted and no secret is written down.
func TestNothingIsExposed(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		for _, scenario := range c.scenarios {
			t.Run(scenario, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, c, scenario)
				r.up(t)
				kinds, ofNodes := map[string]int{}, map[string]int{}
				for _, res := range r.state(t) {
					kinds[string(res.Type)]++
					if strings.HasPrefix(res.URN.Name(), "brokers-") {
						ofNodes[string(res.Type)]++
					}
					if closed, known := exposures[string(res.Type)]; known {
						closed(t, res)
					}
					requireNoSecret(t, res)
				}
				for _, kind := range c.filters {
					require.NotZero(t, kinds[kind], kind)
				}
				require.Equal(t, ofNodes[c.machine], ofNodes[c.disk], "a data disk each")
			})
		}
	})
}

// exposures are what of a resource must not be open, by type.
var exposures = map[string]func(*testing.T, apitype.ResourceV3){
	"azure-native:network:NetworkInterface": func(t *testing.T, nic apitype.ResourceV3) {
		require.NotContains(t, text(t, nic.Inputs), "publicIPAddress", nic.URN.Name())
		require.NotNil(t, nic.Inputs["networkSecurityGroup"], "%s has no filter", nic.URN.Name())
	},
	"azure-native:network:NetworkSecurityGroup": requireClosed,
	"azure-native:network:LoadBalancer": func(t *testing.T, balancer apitype.ResourceV3) {
		require.NotContains(t, text(t, balancer.Inputs["frontendIPConfigurations"]), "publicIPAddress", balancer.URN.Name())
	},
	"azure-native:compute:Disk":           requireSealed,
	"azure-native:compute:VirtualMachine": requireKeysOnly,
	"azure-native:network:PublicIPAddress": func(t *testing.T, address apitype.ResourceV3) {
		require.Regexp(t, `-(nat-gateway|bastion)-ip$`, address.URN.Name(), "only gateways have public addresses")
	},
	"aws:ec2/networkInterface:NetworkInterface": func(t *testing.T, nic apitype.ResourceV3) {
		require.NotEmpty(t, nic.Inputs["securityGroups"], "%s has no filter", nic.URN.Name())
	},
	"aws:ec2/securityGroup:SecurityGroup": func(t *testing.T, group apitype.ResourceV3) {
		require.NotContains(t, group.Inputs, "ingress", "%s has rules of its own", group.URN.Name())
		require.NotContains(t, group.Inputs, "egress", "%s has rules of its own", group.URN.Name())
	},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": requireNarrow,
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": func(t *testing.T, rule apitype.ResourceV3) {
		require.Equal(t, "tcp", rule.Inputs["ipProtocol"], rule.URN.Name())
		require.Equal(t, rule.Inputs["fromPort"], rule.Inputs["toPort"], "%s lets out to more than one port", rule.URN.Name())
	},
	"aws:lb/loadBalancer:LoadBalancer": func(t *testing.T, balancer apitype.ResourceV3) {
		require.Equal(t, true, balancer.Inputs["internal"], balancer.URN.Name())
		require.NotEmpty(t, balancer.Inputs["securityGroups"], balancer.URN.Name())
		require.Equal(t, "on", balancer.Inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"], balancer.URN.Name())
	},
	"aws:ebs/volume:Volume": func(t *testing.T, volume apitype.ResourceV3) {
		require.Equal(t, true, volume.Inputs["encrypted"], volume.URN.Name())
		require.True(t, volume.Protect, "%s can be deleted by mistake", volume.URN.Name())
	},
	"aws:ec2/instance:Instance": func(t *testing.T, vm apitype.ResourceV3) {
		options := vm.Inputs["metadataOptions"].(map[string]any)
		require.Equal(t, []any{"required", 1.0}, []any{options["httpTokens"], options["httpPutResponseHopLimit"]}, vm.URN.Name())
		require.Equal(t, true, vm.Inputs["rootBlockDevice"].(map[string]any)["encrypted"], vm.URN.Name())
		if public, _ := vm.Outputs["associatePublicIpAddress"].(bool); public {
			require.Equal(t, "network-bastion", vm.URN.Name(), "only a bastion has a public address")
		}
	},
	"aws:ec2/subnet:Subnet": func(t *testing.T, subnet apitype.ResourceV3) {
		if public, _ := subnet.Inputs["mapPublicIpOnLaunch"].(bool); public {
			require.Equal(t, "network-public-subnet", subnet.URN.Name(), "only a bastion's subnet gives public addresses")
		}
	},
	"aws:ec2/vpcEndpointService:VpcEndpointService": func(t *testing.T, service apitype.ResourceV3) {
		require.True(t, service.Protect, "%s can be deleted by mistake", service.URN.Name())
		if service.Inputs["acceptanceRequired"] == false {
			require.NotContains(t, service.Inputs["allowedPrincipals"], "*", "%s connects anybody, unseen", service.URN.Name())
		}
	},
	"aws:iam/rolePolicy:RolePolicy": func(t *testing.T, policy apitype.ResourceV3) {
		var read struct {
			Statement []struct {
				Action   []string
				Resource string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(policy.Inputs["policy"].(string)), &read))
		for _, s := range read.Statement {
			for _, action := range s.Action {
				require.NotContains(t, action, "*", "%s allows more than it names", policy.URN.Name())
				require.NotRegexp(t, `^ssm:GetParameter`, action, "%s may read what is others'", policy.URN.Name())
				if action == "ssm:PutParameter" {
					node := regexp.MustCompile(`brokers-(\d+)-policy`).FindStringSubmatch(policy.URN.Name())[1]
					require.Regexp(t, `:parameter/kafkalink/[a-z]+/`+node+`/\*$`, s.Resource, "%s may write what is others'", policy.URN.Name())
				}
			}
		}
	},
}

// requireNarrow wants a rule to say from where, and to let in no more than the ports that follow each other.
func requireNarrow(t *testing.T, rule apitype.ResourceV3) {
	t.Helper()
	name := rule.URN.Name()
	require.Equal(t, "tcp", rule.Inputs["ipProtocol"], name)
	require.LessOrEqual(t, rule.Inputs["toPort"].(float64)-rule.Inputs["fromPort"].(float64), 5.0, name)
	cidr, isRange := rule.Inputs["cidrIpv4"].(string)
	if !isRange {
		require.NotEmpty(t, rule.Inputs["referencedSecurityGroupId"], name)
		return
	}
	p, err := netip.ParsePrefix(cidr)
	require.NoError(t, err, name)
	if !strings.HasPrefix(name, "network-bastion-from-") {
		require.True(t, p.Addr().IsPrivate(), "%s admits %s", name, cidr)
	}
	require.Positive(t, p.Bits(), "%s admits the internet", name)
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
		if value := strings.Trim(m[1], ",}]"); !slices.Contains([]string{"true", "false", "required"}, value) { // of "httpTokens"
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
		all += decoded(t, profile["customData"])
	}
	if userData, ok := res.Inputs["userDataBase64"]; ok {
		all += decoded(t, userData)
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
	for _, s := range []string{"ssl.keystore.password=${file:/etc/kafka/secrets:pw}", "a broker's secrets live in files", "lock_passwd: true", `"disablePasswordAuthentication":true`, `"httpTokens":"required"`, "ssh-ed25519 AAAAC3Nza"} {
		require.Empty(t, secrets(s), s)
	}
}
