package azure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/v2/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// names are the inputs by which Azure finds a resource of the components, by type token, beside its resource group.
var names = map[string][]string{
	"azure-native:compute:Disk":                                     {"diskName"},
	"azure-native:compute:VirtualMachine":                           {"vmName"},
	"azure-native:compute:VirtualMachineRunCommandByVirtualMachine": {"vmName", "runCommandName"},
	"azure-native:network:BastionHost":                              {"bastionHostName"},
	"azure-native:network:LoadBalancer":                             {"loadBalancerName"},
	"azure-native:network:NatGateway":                               {"natGatewayName"},
	"azure-native:network:NetworkInterface":                         {"networkInterfaceName"},
	"azure-native:network:NetworkSecurityGroup":                     {"networkSecurityGroupName"},
	"azure-native:network:PrivateLinkService":                       {"serviceName"},
	"azure-native:network:PublicIPAddress":                          {"publicIpAddressName"},
	"azure-native:network:Subnet":                                   {"virtualNetworkName", "subnetName"},
	"azure-native:network:VirtualNetwork":                           {"virtualNetworkName"},
	"azure-native:resources:ResourceGroup":                          {},
}

// Find looks up a resource of the components by its type token and inputs. Nil: Azure does not have it.
func Find(ctx *pulumi.Context, token string, inputs map[string]any) (*rolling.Found, error) {
	parts := strings.Split(token, ":")
	properties, known := names[token]
	if !known {
		return nil, fmt.Errorf("how to find a %s in Azure is not known", token)
	}
	arguments := map[string]any{}
	for _, property := range slices.Concat([]string{"resourceGroupName"}, properties) {
		name, ok := inputs[property].(string)
		if !ok || name == "" {
			return nil, fmt.Errorf("a %s without %s cannot be found", token, property)
		}
		arguments[property] = name
	}
	parts[2] = "get" + parts[2]
	var outputs map[string]any
	err := ctx.Invoke(strings.Join(parts, ":"), arguments, &outputs, utilities.PkgInvokeDefaultOpts(nil)...)
	switch {
	case Missing(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("cannot be read; check that these credentials may: %w", err)
	}
	found := &rolling.Found{Outputs: outputs}
	found.ID, _ = outputs["id"].(string)
	if state, told := outputs["provisioningState"].(string); told && state != "Succeeded" {
		found.Unfinished = "its provisioning state is " + state
	}
	return found, nil
}

// Missing tells what is not there from what cannot be read, like SubscriptionNotFound. The provider gives no code, only
// Azure's text.
func Missing(err error) bool { return err != nil && notFound.MatchString(err.Error()) }

// notFound are Azure's codes of a resource that is not there; the bare one is that of parts of others, like a subnet.
var notFound = regexp.MustCompile(`\b((Parent)?Resource(Group)?)?NotFound\b`)
