package azure

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/azure"
)

type (
	object = map[string]any
	list   = []any
)

const (
	group   = "/subscriptions/" + cloud.Subscription + "/resourceGroups/kafka-pls"
	net     = group + "/providers/Microsoft.Network/"
	compute = group + "/providers/Microsoft.Compute/"

	vnet          = net + "virtualNetworks/kafka-pls-vnet"
	brokersSubnet = vnet + "/subnets/brokers-subnet"
	natSubnet     = vnet + "/subnets/private-link-subnet"
	gateway       = net + "natGateways/kafka-pls-vnet-nat-gateway"
	gatewayIP     = net + "publicIPAddresses/kafka-pls-vnet-nat-gateway-ip"
	nsg           = net + "networkSecurityGroups/kafka-brokers"
	balancer      = net + "loadBalancers/kafka-lb"
	service       = net + "privateLinkServices/kafka-pls"
	consumer      = "99549169-6cee-4263-8491-924a3011ee31"
)

func nic(n int) string  { return fmt.Sprintf("%snetworkInterfaces/broker-node-%d-nic", net, n) }
func vm(n int) string   { return fmt.Sprintf("%svirtualMachines/broker-node-%d", compute, n) }
func data(n int) string { return fmt.Sprintf("%sdisks/broker-node-%d-data", compute, n) }

// documents is a cloud in which the documents' set-up is deployed, with three brokers, as the simulated Azure stores
// it.
func documents(t *testing.T) *simcloud.Server {
	t.Helper()
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{cloud.Cloud()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	mutate(t, server, func(world *simcloud.World) {
		putNetwork(world)
		putSecurity(world)
		putLink(world)
		for n := 1; n <= 3; n++ {
			putBroker(world, n)
		}
		connect(t, world)
	})
	return server
}

// connect is TiDB Cloud's private endpoint.
func connect(t *testing.T, world *simcloud.World) {
	t.Helper()
	_, err := cloud.Connect(world, service, cloud.Endpoint{Name: "tidb", Subscription: consumer})
	require.NoError(t, err)
}

func mutate(t *testing.T, server *simcloud.Server, change func(*simcloud.World)) {
	t.Helper()
	require.NoError(t, server.Mutate(func(world *simcloud.World) error { change(world); return nil }))
}

func put(world *simcloud.World, token, id, parent string, properties, computed object) {
	world.Put(&simcloud.Resource{ID: id, Type: token, Parent: parent, Properties: plain(properties), Computed: plain(computed)})
}

func plain(values object) simcloud.Properties {
	if values == nil {
		return simcloud.Properties{}
	}
	return simcloud.Properties(simcloud.Plain(values).(map[string]any))
}

func ref(id string) object { return object{"id": id} }

func putNetwork(world *simcloud.World) {
	put(world, "azure-native:resources:ResourceGroup", group, "", object{"location": "eastus"}, nil)
	put(world, tokenVirtualNetwork, vnet, group, object{"addressSpace": object{"addressPrefixes": list{"10.0.0.0/16"}}}, nil)
	put(world, tokenPublicIPAddress, gatewayIP, group, nil, object{"ipAddress": "203.0.113.4"})
	put(world, tokenNATGateway, gateway, group, object{"publicIpAddresses": list{ref(gatewayIP)}}, nil)
	put(world, tokenSubnet, brokersSubnet, vnet, object{"addressPrefix": "10.0.0.0/24", "natGateway": ref(gateway)}, nil)
	put(world, tokenSubnet, natSubnet, vnet, object{
		"addressPrefix": "10.0.1.0/28", "privateLinkServiceNetworkPolicies": "Disabled",
	}, nil)
}

func inboundRule(access string, priority int, protocol string, more object) object {
	rule := object{
		"access": access, "direction": "Inbound", "priority": priority, "protocol": protocol,
		"sourcePortRange": "*", "destinationAddressPrefix": "*",
	}
	for name, value := range more {
		rule[name] = value
	}
	return rule
}

func putRule(world *simcloud.World, name string, properties object) {
	put(world, tokenSecurityRule, nsg+"/securityRules/"+name, nsg, properties, nil)
}

func putSecurity(world *simcloud.World) {
	put(world, tokenSecurityGroup, nsg, group, nil, nil)
	putRule(world, "allow-cluster", inboundRule("Allow", 100, "Tcp", object{
		"sourceAddressPrefixes": list{"10.0.0.11/32", "10.0.0.12/32", "10.0.0.13/32"}, "destinationPortRanges": list{"9092", "29092"},
	}))
	putRule(world, "allow-link-tidb", inboundRule("Allow", 110, "Tcp", object{
		"sourceAddressPrefix": "10.0.1.0/28", "destinationPortRanges": list{"39092"},
	}))
	putRule(world, "allow-probes", inboundRule("Allow", 120, "Tcp", object{
		"sourceAddressPrefix": "AzureLoadBalancer", "destinationPortRanges": list{"39092"},
	}))
	putRule(world, "deny-everything-else", inboundRule("Deny", 4096, "*", object{
		"sourceAddressPrefix": "*", "destinationPortRange": "*",
	}))
}

func putLink(world *simcloud.World) {
	var pools, probes, rules list
	for n := 1; n <= 3; n++ {
		pools = append(pools, object{"name": fmt.Sprintf("pool%d", n)})
		probes = append(probes, object{
			"name": fmt.Sprintf("kafka-lb-hp%d", n), "protocol": "Tcp", "port": 39092,
			"intervalInSeconds": 5, "numberOfProbes": 1, "probeThreshold": 2,
		})
		rules = append(rules, object{
			"name": fmt.Sprintf("rule%d", n), "protocol": "Tcp", "frontendPort": 9092 + n, "backendPort": 39092,
			"enableFloatingIP": false, "loadDistribution": "Default", "idleTimeoutInMinutes": 4, "enableTcpReset": true,
			"frontendIPConfiguration": ref(balancer + "/frontendIPConfigurations/kafka-lb-ip"),
			"backendAddressPool":      ref(pool(n)),
			"probe":                   ref(fmt.Sprintf("%s/probes/kafka-lb-hp%d", balancer, n)),
		})
	}
	put(world, tokenLoadBalancer, balancer, group, object{
		"sku": object{"name": "Standard", "tier": "Regional"},
		"frontendIPConfigurations": list{object{
			"name": "kafka-lb-ip", "subnet": ref(brokersSubnet), "privateIPAddress": "10.0.0.4", "privateIPAllocationMethod": "Dynamic",
			"zones": list{"1", "2", "3"},
		}},
		"backendAddressPools": pools, "probes": probes, "loadBalancingRules": rules,
	}, nil)
	put(world, tokenPrivateLinkService, service, group, object{
		"ipConfigurations":                     list{object{"name": "nat-1", "subnet": ref(natSubnet), "privateIPAddress": "10.0.1.4"}},
		"loadBalancerFrontendIpConfigurations": list{ref(balancer + "/frontendIPConfigurations/kafka-lb-ip")},
		"visibility":                           object{"subscriptions": list{consumer}},
		"autoApproval":                         object{"subscriptions": list{consumer}},
		"enableProxyProtocol":                  false,
	}, nil)
}

func pool(n int) string { return fmt.Sprintf("%s/backendAddressPools/pool%d", balancer, n) }

func putBroker(world *simcloud.World, n int) {
	name := fmt.Sprintf("broker-node-%d", n)
	put(world, tokenNetworkInterface, nic(n), group, object{
		"ipConfigurations": list{object{
			"name": "kafka", "primary": true, "privateIPAddress": fmt.Sprintf("10.0.0.%d", 10+n), "subnet": ref(brokersSubnet),
			"privateIPAllocationMethod":       "Static",
			"loadBalancerBackendAddressPools": list{ref(pool(n))},
		}},
		"networkSecurityGroup": ref(nsg),
	}, nil)
	put(world, tokenDisk, data(n), group, object{
		"creationData": object{"createOption": "Empty"}, "diskSizeGB": 128,
	}, object{"uniqueId": fmt.Sprintf("content-%d", n)})
	put(world, tokenDisk, compute+"disks/"+name+"-os", group, object{
		"creationData": object{"createOption": "FromImage"}, "osType": "Linux", "diskSizeGB": 30,
	}, nil)
	put(world, tokenVirtualMachine, vm(n), group, object{
		"hardwareProfile": object{"vmSize": "Standard_D2s_v3"}, "zones": list{fmt.Sprint(n)},
		"networkProfile":     object{"networkInterfaces": list{object{"id": nic(n), "primary": true}}},
		"diagnosticsProfile": object{"bootDiagnostics": object{"enabled": true}},
		"osProfile": object{
			"adminUsername": "azureuser", "computerName": name, "customData": base64.StdEncoding.EncodeToString([]byte(userData(n))),
			"linuxConfiguration": object{
				"provisionVMAgent": true, "ssh": object{"publicKeys": list{object{"keyData": "ssh-ed25519 AAAA\n"}}},
			},
		},
		"storageProfile": object{
			"osDisk":    object{"createOption": "FromImage", "deleteOption": "Delete", "managedDisk": ref(compute + "disks/" + name + "-os")},
			"dataDisks": list{object{"lun": 0, "createOption": "Attach", "managedDisk": ref(data(n))}},
		},
	}, object{"vmId": fmt.Sprintf("machine-%d", n)})
}

func userData(n int) string { return fmt.Sprintf("#cloud-config\nhostname: broker-node-%d\n", n) }

// expected is what the documents' set-up has to be read as.
func expected(server *simcloud.Server) fabric.Deployment {
	d := fabric.Deployment{Fabric: fabric.Fabric{
		Services: []fabric.Service{{
			ID: service, Name: `private link service "kafka-pls"`, Frontend: address("10.0.0.4"), Sources: []netip.Addr{address("10.0.1.4")},
			Idle: fabric.Idle{After: 5 * time.Minute},
		}},
		Prober: address("168.63.129.16"),
	}}
	for n := 1; n <= 3; n++ {
		at := address(fmt.Sprintf("10.0.0.%d", 10+n))
		d.Fabric.Interfaces = append(d.Fabric.Interfaces, fabric.Interface{
			ID: nic(n), Name: fmt.Sprintf("network interface %q", nameOf(nic(n))), Machine: vm(n), Network: vnet,
			Address: at, Subnet: netip.MustParsePrefix("10.0.0.0/24"),
			Inbound:  []fabric.Filter{{Name: `network security group "kafka-brokers"`, Rules: expectedInbound()}},
			Outbound: []fabric.Filter{{Name: `network security group "kafka-brokers"`, Rules: expectedOutbound()}},
			Egress:   fabric.Egress{Through: `NAT gateway "kafka-pls-vnet-nat-gateway"`, Address: address("203.0.113.4")},
		})
		d.Fabric.Rules = append(d.Fabric.Rules, fabric.Rule{
			Name: fmt.Sprintf(`load balancer "kafka-lb", rule "rule%d"`, n), Frontend: port4("10.0.0.4", 9092+n),
			Targets: []fabric.Target{{Interface: nic(n), Address: netip.AddrPortFrom(at, 39092)}},
			Probe:   fabric.Probe{Name: fmt.Sprintf(`probe "kafka-lb-hp%d"`, n), Port: 39092, Interval: 5 * time.Second, Threshold: 2},
			Idle:    fabric.Idle{After: 4 * time.Minute, Resets: true},
		})
		d.Disks = append(d.Disks, fabric.Disk{
			ID: data(n), Name: nameOf(data(n)), Content: fmt.Sprintf("content-%d", n), SizeGiB: 128,
		})
		d.Machines = append(d.Machines, fabric.Machine{
			ID: vm(n), InstanceID: fmt.Sprintf("machine-%d", n), Name: nameOf(vm(n)), Hostname: nameOf(vm(n)),
			UserData: []byte(userData(n)), Interface: nic(n),
			Disks:     []fabric.Attachment{{Disk: data(n), Paths: []string{"/dev/disk/azure/scsi1/lun0"}}},
			AdminUser: "azureuser", AdminKeys: []string{"ssh-ed25519 AAAA"}, MemoryMiB: 8192, Agent: true,
		})
	}
	for _, c := range cloud.Connections(server.View(), service) { // the simulated cloud names them
		d.Fabric.Connections = append(d.Fabric.Connections, fabric.Connection{
			ID: c.ID, Name: `private endpoint "tidb"`, Service: service, Approved: true, Status: "Approved",
		})
	}
	return d
}

func expectedInbound() []fabric.FilterRule {
	return []fabric.FilterRule{
		{
			Name: `rule "allow-cluster" (priority 100)`, Allow: true, Protocol: "tcp",
			Sources:          mustParse("10.0.0.11/32", "10.0.0.12/32", "10.0.0.13/32"),
			DestinationPorts: []fabric.PortRange{{First: 9092, Last: 9092}, {First: 29092, Last: 29092}},
		},
		{
			Name: `rule "allow-link-tidb" (priority 110)`, Allow: true, Protocol: "tcp", Sources: mustParse("10.0.1.0/28"),
			DestinationPorts: []fabric.PortRange{{First: 39092, Last: 39092}},
		},
		{
			Name: `rule "allow-probes" (priority 120)`, Allow: true, Protocol: "tcp", Sources: mustParse("168.63.129.16/32"),
			DestinationPorts: []fabric.PortRange{{First: 39092, Last: 39092}},
		},
		{Name: `rule "deny-everything-else" (priority 4096)`},
		{
			Name: `rule "AllowVnetInBound" (priority 65000)`, Allow: true,
			Sources: mustParse("10.0.0.0/16", "168.63.129.16/32"), Destinations: mustParse("10.0.0.0/16", "168.63.129.16/32"),
		},
		{Name: `rule "AllowAzureLoadBalancerInBound" (priority 65001)`, Allow: true, Sources: mustParse("168.63.129.16/32")},
		{Name: `rule "DenyAllInBound" (priority 65500)`},
	}
}

func expectedOutbound() []fabric.FilterRule {
	return []fabric.FilterRule{
		{
			Name: `rule "AllowVnetOutBound" (priority 65000)`, Allow: true,
			Sources: mustParse("10.0.0.0/16", "168.63.129.16/32"), Destinations: mustParse("10.0.0.0/16", "168.63.129.16/32"),
		},
		{
			Name: `rule "AllowInternetOutBound" (priority 65001)`, Allow: true,
			Destinations: without(reading.Everything, append(mustParse("10.0.0.0/16", "168.63.129.16/32"), notInternet...)),
		},
		{Name: `rule "DenyAllOutBound" (priority 65500)`},
	}
}

func address(text string) netip.Addr { return netip.MustParseAddr(text) }

func port4(text string, port int) netip.AddrPort {
	return netip.AddrPortFrom(address(text), uint16(port))
}
