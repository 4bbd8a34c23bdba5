package readiness

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// usage is one of a subscription's quotas in a region.
type usage struct {
	Name struct {
		Value          string `json:"value"`
		LocalizedValue string `json:"localizedValue"`
	} `json:"name"`
	CurrentValue int `json:"currentValue"`
	Limit        int `json:"limit"`
}

// networkQuotas are the quotas that a resource of a type counts in. Azure lists those that a region has.
var networkQuotas = map[string][]string{
	"azure-native:network:LoadBalancer":         {"LoadBalancers", "StandardSkuLoadBalancers"},
	"azure-native:network:NatGateway":           {"NatGateways"},
	"azure-native:network:NetworkInterface":     {"NetworkInterfaces"},
	"azure-native:network:NetworkSecurityGroup": {"NetworkSecurityGroups"},
	"azure-native:network:PrivateLinkService":   {"PrivateLinkServices"},
	"azure-native:network:PublicIPAddress": {
		"PublicIPAddresses", "StaticPublicIPAddresses", "StandardSkuPublicIpAddresses", "IPv4StandardSkuPublicIpAddresses",
	},
	"azure-native:network:VirtualNetwork": {"VirtualNetworks"},
}

// quotas compares what the plan adds with what the subscription has left in a region. What only is replaced adds nothing.
func (c *client) quotas(ctx context.Context, region string, planned, machines []Planned, sizes map[string]size) []Check {
	compute, network := map[string]int{}, map[string]int{}
	for _, m := range machines {
		s := sizes[strings.ToLower(sizeOf(m))]
		compute["cores"] += s.vCPUs()
		compute[s.Family] += s.vCPUs()
		if m.Was == nil {
			compute["virtualMachines"]++
			continue
		}
		was := sizes[strings.ToLower(sizeIn(m.Was))]
		compute["cores"] -= was.vCPUs()
		compute[was.Family] -= was.vCPUs()
	}
	for _, p := range planned {
		if p.Was == nil && normal(examination.Text(p.Inputs, "location")) == region {
			for _, name := range networkQuotas[p.Token] {
				network[name]++
			}
		}
	}
	return append(c.left(ctx, "Microsoft.Compute", "2024-07-01", region, compute),
		c.left(ctx, "Microsoft.Network", "2024-05-01", region, network)...)
}

// left checks that a resource provider's quotas leave what is added.
func (c *client) left(ctx context.Context, namespace, version, region string, added map[string]int) []Check {
	subject := fmt.Sprintf("quotas of %s in %s", namespace, region)
	usages, err := resourcemanager.All[usage](ctx, c.Client, fmt.Sprintf("%s/providers/%s/locations/%s/usages", c.Scope(), namespace, region), resourcemanager.Of(version))
	if err != nil {
		return []Check{unknown(subject, err)}
	}
	var checks []Check
	enough := 0
	for _, u := range usages {
		more := added[u.Name.Value]
		if more <= 0 {
			continue
		}
		if short := examination.Short(u.Name.LocalizedValue, more, u.CurrentValue, u.Limit); short != nil {
			checks = append(checks, examination.Judge(fmt.Sprintf("quota %s in %s", u.Name.Value, region), short, "",
				"ask for more in the portal under Quotas, or plan less, or in another region"))
			continue
		}
		enough++
	}
	if enough > 0 {
		checks = append(checks, Check{Subject: subject, Detail: fmt.Sprintf("enough of %d", enough)})
	}
	return checks
}
