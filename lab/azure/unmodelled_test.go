package azure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

func TestWhatIsNotModelledIsSaid(t *testing.T) {
	t.Parallel()
	const (
		linkRule = `network security group "kafka-brokers", rule "allow-link-tidb" (priority 110)`
		dropped  = linkRule + " matches nothing that is modelled, and is left out"
		rule1    = `load balancer "kafka-lb", rule "rule1": `
		nic1     = `network interface "broker-node-1-nic"`
		vm1      = `virtual machine "broker-node-1"`
		pls      = `private link service "kafka-pls": `
	)
	rule := func(path string, value any) func(*simcloud.World) {
		return settingItem(balancer, "loadBalancingRules", 0, path, value)
	}
	frontend := func(path string, value any) func(*simcloud.World) {
		return settingItem(balancer, "frontendIPConfigurations", 0, path, value)
	}
	frontendLost := func(why string) []string {
		why = `frontend "kafka-lb-ip" ` + why
		said := []string{pls + why + ", it leads nowhere"}
		for _, n := range []string{"1", "2", "3"} {
			said = append(said, `load balancer "kafka-lb", rule "rule`+n+`": `+why+", the rule is left out")
		}
		return said
	}
	for _, c := range []struct {
		name   string
		change func(*simcloud.World)
		said   []string
	}{
		{"service tag", setting(allowLink, "sourceAddressPrefix", "Storage.EastUS"), []string{
			linkRule + `: "Storage.EastUS" is neither an address nor a service tag that is modelled, and matches nothing`, dropped}},
		{"service tag among others", func(w *simcloud.World) {
			set(w, allowLink, "sourceAddressPrefixes", list{"10.0.1.0/28", "AzureCloud"})
		}, []string{linkRule + `: "AzureCloud" is neither an address nor a service tag that is modelled, and matches nothing`}},
		{"IPv6 in a rule", setting(allowLink, "sourceAddressPrefix", "fd00::/8"), []string{linkRule + `: "fd00::/8" is not of IPv4, and matches nothing`, dropped}},
		{"ports", setting(allowLink, "destinationPortRanges", list{"http"}), []string{linkRule + `: "http" is no range of ports, and matches nothing`, dropped}},
		{"protocol of a rule", setting(allowLink, "protocol", "Esp"), []string{linkRule + `: protocol "Esp" is not modelled, the rule is left out`}},
		{"direction", setting(allowLink, "direction", "Sideways"), []string{linkRule + `: direction "Sideways" is none, the rule is left out`}},
		{"no source", setting(allowLink, "sourceAddressPrefix", nil), []string{dropped}},
		{"application security groups", func(w *simcloud.World) {
			set(w, allowLink, "sourceAddressPrefix", nil)
			set(w, allowLink, "sourceApplicationSecurityGroups", list{ref("asg")})
		}, []string{linkRule + ": its source application security groups are left out", dropped}},
		{"group that does not exist", setting(nic(1), "networkSecurityGroup", ref(nsg+"-gone")), []string{
			nic1 + " refers to " + nsg + "-gone, which does not exist: the reference has no effect"}},
		{"gateway that does not exist", setting(brokersSubnet, "natGateway", ref(gateway+"-gone")), []string{
			`subnet "brokers-subnet" refers to ` + gateway + "-gone, which does not exist: the reference has no effect"}},
		{"several addresses of a gateway", func(w *simcloud.World) {
			put(w, tokenPublicIPAddress, gatewayIP+"2", group, nil, object{"ipAddress": "203.0.113.5"})
			set(w, gateway, "publicIpAddresses", list{ref(gatewayIP), ref(gatewayIP + "2")})
		}, []string{`NAT gateway "kafka-pls-vnet-nat-gateway": of its 2 public addresses only 203.0.113.4 is used`}},
		{"address prefixes of a gateway", setting(gateway, "publicIpPrefixes", list{ref("prefix")}), []string{
			`NAT gateway "kafka-pls-vnet-nat-gateway": its public IP prefixes are left out`}},
		{"route table", setting(brokersSubnet, "routeTable", ref("table")), []string{
			`subnet "brokers-subnet": its route table is left out: packets take Azure's own routes`}},
		{"peering", setting(vnet, "virtualNetworkPeerings", list{object{"name": "hub"}}), []string{
			`virtual network "kafka-pls-vnet": its peerings are left out, nothing crosses over`}},
		{"IPv6 network", setting(vnet, "addressSpace.addressPrefixes", list{"10.0.0.0/16", "fd00::/64"}), []string{
			`virtual network "kafka-pls-vnet": its address range fd00::/64 is not of IPv4 and is left out`}},
		{"DNS servers", setting(vnet, "dhcpOptions", object{"dnsServers": list{"10.0.0.53"}}), []string{
			`virtual network "kafka-pls-vnet": its own DNS servers are left out`}},
		{"bastion", func(w *simcloud.World) { put(w, tokenBastionHost, net+"bastionHosts/bastion", group, nil, nil) }, []string{
			`bastion host "bastion": nobody connects through it`}},
		{"second IP configuration", setting(nic(1), "ipConfigurations", list{
			object{"name": "second", "privateIPAddress": "10.0.0.40", "subnet": ref(brokersSubnet), "primary": false},
			object{"name": "kafka", "privateIPAddress": "10.0.0.11", "subnet": ref(brokersSubnet), "primary": true},
		}), []string{nic1 + `: its IP configuration "second" is not the primary one and is left out`}},
		{"IPv6 interface", settingItem(nic(1), "ipConfigurations", 0, "privateIPAddress", "fd00::4"), []string{nic1 + " has no IPv4 address: it is left out"}},
		{"address outside of its subnet", settingItem(nic(1), "ipConfigurations", 0, "privateIPAddress", "10.0.7.4"), []string{
			nic1 + ` has the address 10.0.7.4, which is not in subnet "brokers-subnet": it is left out`}},
		{"one address twice", settingItem(nic(2), "ipConfigurations", 0, "privateIPAddress", "10.0.0.11"), []string{
			nic1 + ` and network interface "broker-node-2-nic" have the same address 10.0.0.11: the latter is left out`}},
		{"high availability ports", func(w *simcloud.World) {
			rule("protocol", "All")(w)
			rule("frontendPort", 0)(w)
			rule("backendPort", 0)(w)
		},
			[]string{rule1 + "all ports at once (high availability ports) are not modelled, the rule is left out"}},
		{"UDP", rule("protocol", "Udp"), []string{rule1 + `protocol "Udp" is not modelled, the rule is left out`}},
		{"floating IP", rule("enableFloatingIP", true), []string{rule1 + "floating IP is not modelled, the rule is left out"}},
		{"no port", rule("backendPort", 70000), []string{rule1 + "frontend port 9093 and backend port 70000 are no ports, the rule is left out"}},
		{"load distribution", rule("loadDistribution", "SourceIP"), []string{rule1 + "load distribution SourceIP is not modelled, connections go to any member"}},
		{"frontend that does not exist", rule("frontendIPConfiguration", ref(balancer+"/frontendIPConfigurations/x")), []string{
			rule1 + `frontend "x" does not exist, the rule is left out`}},
		{"probe that does not exist", rule("probe", ref(balancer+"/probes/x")), []string{rule1 + `probe "x" does not exist: all targets count as healthy`}},
		{"probe over HTTP", settingItem(balancer, "probes", 0, "protocol", "Http"), []string{
			rule1 + `probe "kafka-lb-hp1" of protocol "Http" is asked over TCP only: any answer counts as healthy`}},
		{"probe without a port", settingItem(balancer, "probes", 0, "port", nil), []string{
			rule1 + `probe "kafka-lb-hp1" has no port: all targets count as healthy`}},
		{"public frontend", frontend("publicIPAddress", ref(gatewayIP)), frontendLost("is public, which is not modelled")},
		{"frontend without an address", frontend("privateIPAddress", nil), frontendLost("has no IPv4 address")},
		{"gateway load balancer", frontend("gatewayLoadBalancer", ref("gateway")), frontendLost("goes through a gateway load balancer, which is not modelled")},
		{"members by address", settingItem(balancer, "backendAddressPools", 1, "loadBalancerBackendAddresses", list{object{"ipAddress": "10.0.0.11"}}),
			[]string{`load balancer "kafka-lb", pool "pool2": its members by address are left out`}},
		{"inbound NAT rules", setting(balancer, "inboundNatRules", list{object{"name": "ssh"}}), []string{`load balancer "kafka-lb": its inbound NAT rules are left out`}},
		{"outbound rules", setting(balancer, "outboundRules", list{object{"name": "out"}}), []string{
			`load balancer "kafka-lb": its outbound rules are left out: it is no way out`}},
		{"proxy protocol", setting(service, "enableProxyProtocol", true), []string{pls + "no proxy protocol header is sent"}},
		{"size", setting(vm(1), "hardwareProfile.vmSize", "Standard_M8ms"), []string{vm1 + ": the memory of size Standard_M8ms is not known"}},
		{"Windows", setting(vm(1), "osProfile.windowsConfiguration", object{"timeZone": "UTC"}), []string{vm1 + ": it runs Linux all the same"}},
		{"custom data", setting(vm(1), "osProfile.customData", "#cloud-config"), []string{vm1 + ": its osProfile.customData is not base64 and is left out"}},
		{"a disk made with its machine", settingItem(vm(1), "storageProfile.dataDisks", 0, "createOption", "Empty"), []string{
			vm1 + `: its data disk "" is made along with it, which is not modelled: it is left out`}},
		{"a copied disk", setting(data(1), "creationData.createOption", "Copy"), []string{
			`disk "broker-node-1-data": its content (createOption "Copy") cannot be had, the disk is left out`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := documents(t)
			mutate(t, server, c.change)
			require.Equal(t, c.said, Read(server.View()).Unmodelled)
		})
	}
}

func TestARuleThatCannotMatchDoesNotMatchEverything(t *testing.T) {
	t.Parallel()
	server := documents(t)
	mutate(t, server, setting(allowLink, "sourceAddressPrefix", "Storage"))
	for _, rule := range Read(server.View()).Fabric.Interfaces[0].Inbound[0].Rules {
		require.NotContains(t, rule.Name, "allow-link-tidb")
	}
}
