package azure

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/azure"
)

// difference is a change of the cloud, and what it does to the documents' set-up; nothing else may change.
type difference struct {
	name   string
	change func(*simcloud.World)
	want   func(*fabric.Deployment)
}

func prove(t *testing.T, differences []difference) {
	t.Helper()
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			server := documents(t)
			want := expected(server)
			mutate(t, server, d.change)
			d.want(&want)
			require.Equal(t, want, Read(server.View()))
		})
	}
}

// set changes a property; nil removes it.
func set(world *simcloud.World, id, path string, value any) {
	world.Change(id, func(r *simcloud.Resource) { assign(r.Properties, path, value) })
}

func assign(p simcloud.Properties, path string, value any) {
	if value != nil {
		p.Set(path, simcloud.Plain(value))
		return
	}
	if at := strings.LastIndexByte(path, '.'); at >= 0 {
		p, path = p.Object(path[:at]), path[at+1:]
	}
	delete(p, path)
}

// setItem changes a property of an item of a list.
func setItem(world *simcloud.World, id, list string, item int, path string, value any) {
	world.Change(id, func(r *simcloud.Resource) { assign(r.Properties.Objects(list)[item], path, value) })
}

// setting is a change of a property, as a function.
func setting(id, path string, value any) func(*simcloud.World) {
	return func(world *simcloud.World) { set(world, id, path, value) }
}

func settingItem(id, list string, item int, path string, value any) func(*simcloud.World) {
	return func(world *simcloud.World) { setItem(world, id, list, item, path, value) }
}

func each(d *fabric.Deployment, change func(*fabric.Interface)) {
	for i := range d.Fabric.Interfaces {
		change(&d.Fabric.Interfaces[i])
	}
}

// inbound changes the rules of the one group of every interface.
func inbound(change func([]fabric.FilterRule) []fabric.FilterRule) func(*fabric.Deployment) {
	return func(d *fabric.Deployment) {
		each(d, func(i *fabric.Interface) { i.Inbound[0].Rules = change(i.Inbound[0].Rules) })
	}
}

func linkRule(change func(*fabric.FilterRule)) func(*fabric.Deployment) {
	return inbound(func(rules []fabric.FilterRule) []fabric.FilterRule { change(&rules[1]); return rules })
}

const allowLink = nsg + "/securityRules/allow-link-tidb"

func TestSecurityRulesDecideWhatPasses(t *testing.T) {
	t.Parallel()
	prove(t, []difference{
		{"a rule that goes", func(w *simcloud.World) { w.Delete(allowLink) }, inbound(func(rules []fabric.FilterRule) []fabric.FilterRule {
			return slices.Delete(rules, 1, 2)
		})},
		{"priority", setting(allowLink, "priority", 4095), inbound(func(rules []fabric.FilterRule) []fabric.FilterRule {
			rules[1], rules[2] = rules[2], rules[1]
			rules[2].Name = `rule "allow-link-tidb" (priority 4095)`
			return rules
		})},
		{"access", setting(allowLink, "access", "Deny"), linkRule(func(r *fabric.FilterRule) { r.Allow = false })},
		{"protocol", setting(allowLink, "protocol", "Udp"), linkRule(func(r *fabric.FilterRule) { r.Protocol = "udp" })},
		{"any protocol", setting(allowLink, "protocol", "*"), linkRule(func(r *fabric.FilterRule) { r.Protocol = "" })},
		{"source", setting(allowLink, "sourceAddressPrefix", "10.0.1.5"), linkRule(func(r *fabric.FilterRule) {
			r.Sources = mustParse("10.0.1.5/32")
		})},
		{"several sources", func(w *simcloud.World) {
			set(w, allowLink, "sourceAddressPrefix", nil)
			set(w, allowLink, "sourceAddressPrefixes", list{"10.0.2.9/24", "10.0.2.7", "10.0.2.0/24"})
		}, linkRule(func(r *fabric.FilterRule) { r.Sources = mustParse("10.0.2.0/24") })},
		{"every source", setting(allowLink, "sourceAddressPrefix", "0.0.0.0/0"), linkRule(func(r *fabric.FilterRule) { r.Sources = nil })},
		{"the virtual network", setting(allowLink, "sourceAddressPrefix", "VirtualNetwork"), linkRule(func(r *fabric.FilterRule) {
			r.Sources = mustParse("10.0.0.0/16", "168.63.129.16/32")
		})},
		{"destination", setting(allowLink, "destinationAddressPrefix", "10.0.0.11"), linkRule(func(r *fabric.FilterRule) {
			r.Destinations = mustParse("10.0.0.11/32")
		})},
		{"source ports", setting(allowLink, "sourcePortRange", "1024-65535"), linkRule(func(r *fabric.FilterRule) {
			r.SourcePorts = []fabric.PortRange{{First: 1024, Last: 65535}}
		})},
		{"destination ports", setting(allowLink, "destinationPortRanges", list{"39092-39094", "22", "39094-39099"}),
			linkRule(func(r *fabric.FilterRule) {
				r.DestinationPorts = []fabric.PortRange{{First: 22, Last: 22}, {First: 39092, Last: 39099}}
			})},
		{"every port", setting(allowLink, "destinationPortRanges", list{"0-65535"}), linkRule(func(r *fabric.FilterRule) {
			r.DestinationPorts = nil
		})},
		{"direction", setting(allowLink, "direction", "Outbound"), func(d *fabric.Deployment) {
			each(d, func(i *fabric.Interface) {
				moved := i.Inbound[0].Rules[1]
				i.Inbound[0].Rules = slices.Delete(i.Inbound[0].Rules, 1, 2)
				i.Outbound[0].Rules = slices.Insert(i.Outbound[0].Rules, 0, moved)
			})
		}},
		{"a rule written in the group", setting(nsg, "securityRules", list{inboundRule("Deny", 90, "Icmp", object{
			"name": "inline", "sourceAddressPrefix": "*", "destinationPortRange": "*",
		}), inboundRule("Deny", 91, "*", object{
			"name": "ALLOW-link-tidb", "sourceAddressPrefix": "*", "destinationPortRange": "*",
		})}), inbound(func(rules []fabric.FilterRule) []fabric.FilterRule {
			return slices.Insert(rules, 0, fabric.FilterRule{Name: `rule "inline" (priority 90)`, Protocol: "icmp"})
		})},
	})
}

func TestTheInternetIsOutsideOfTheNetwork(t *testing.T) {
	t.Parallel()
	server := documents(t)
	mutate(t, server, func(world *simcloud.World) {
		set(world, allowLink, "sourceAddressPrefix", "Internet")
		set(world, vnet, "addressSpace.addressPrefixes", list{"10.0.0.0/16", "203.0.112.0/24"})
	})
	sources := Read(server.View()).Fabric.Interfaces[0].Inbound[0].Rules[1].Sources
	in := func(text string) bool {
		return slices.ContainsFunc(sources, func(p netip.Prefix) bool { return p.Contains(address(text)) })
	}
	for _, outside := range []string{"203.0.113.10", "1.1.1.1", "8.8.8.8", "168.63.129.15", "168.63.129.17", "223.255.255.255"} {
		require.True(t, in(outside), outside)
	}
	for _, inside := range []string{
		"10.0.0.11", "10.9.9.9", "192.168.100.2", "172.16.0.1", "168.63.129.16", "203.0.112.7", "0.0.0.0", "224.0.0.1", "255.255.255.255",
	} {
		require.False(t, in(inside), inside)
	}
	require.Equal(t, sources, widest(sources), "no range lies in another")
}

func TestGroupsOfSubnetAndInterfaceAreBothAsked(t *testing.T) {
	t.Parallel()
	const other = net + "networkSecurityGroups/subnets"
	prove(t, []difference{
		{"no group", setting(nic(2), "networkSecurityGroup", nil), func(d *fabric.Deployment) {
			d.Fabric.Interfaces[1].Inbound, d.Fabric.Interfaces[1].Outbound = nil, nil
		}},
		{"the subnet's too", func(w *simcloud.World) {
			put(w, tokenSecurityGroup, other, group, nil, nil)
			set(w, brokersSubnet, "networkSecurityGroup", ref(other))
		}, func(d *fabric.Deployment) {
			filter := func(rules []fabric.FilterRule) fabric.Filter {
				return fabric.Filter{Name: `network security group "subnets" of subnet "brokers-subnet"`, Rules: rules}
			}
			each(d, func(i *fabric.Interface) {
				i.Inbound = []fabric.Filter{filter(expectedInbound()[4:]), i.Inbound[0]}
				i.Outbound = []fabric.Filter{i.Outbound[0], filter(expectedOutbound())}
			})
		}},
		{"address space", setting(vnet, "addressSpace.addressPrefixes", list{"10.0.0.0/20", "10.1.0.0/16"}), func(d *fabric.Deployment) {
			space := mustParse("10.0.0.0/20", "10.1.0.0/16", "168.63.129.16/32")
			each(d, func(i *fabric.Interface) {
				i.Inbound[0].Rules[4].Sources, i.Inbound[0].Rules[4].Destinations = space, space
				i.Outbound[0].Rules[0].Sources, i.Outbound[0].Rules[0].Destinations = space, space
			})
		}},
	})
}

func TestTheWayOut(t *testing.T) {
	t.Parallel()
	const own = net + "publicIPAddresses/own"
	giveOwn := func(w *simcloud.World) {
		put(w, tokenPublicIPAddress, own, group, nil, object{"ipAddress": "203.0.113.77"})
		setItem(w, nic(1), "ipConfigurations", 0, "publicIPAddress", ref(own))
	}
	said := `network interface "broker-node-1-nic": nothing from the internet reaches its public IP address "own"`
	none := func(d *fabric.Deployment) { each(d, func(i *fabric.Interface) { i.Egress = fabric.Egress{} }) }
	prove(t, []difference{
		{"no gateway", setting(brokersSubnet, "natGateway", nil), none},
		{"a gateway without an address", setting(gateway, "publicIpAddresses", nil), none},
		{"an address that is not assigned yet", func(w *simcloud.World) {
			w.Change(gatewayIP, func(r *simcloud.Resource) { delete(r.Computed, "ipAddress") })
		}, none},
		{"another address", func(w *simcloud.World) {
			w.Change(gatewayIP, func(r *simcloud.Resource) { r.Computed["ipAddress"] = "203.0.113.99" })
		}, func(d *fabric.Deployment) {
			each(d, func(i *fabric.Interface) { i.Egress.Address = address("203.0.113.99") })
		}},
		{"a gateway goes before an address of one's own", giveOwn, func(d *fabric.Deployment) { d.Unmodelled = []string{said} }},
		{"an address of one's own", func(w *simcloud.World) { giveOwn(w); set(w, brokersSubnet, "natGateway", nil) },
			func(d *fabric.Deployment) {
				none(d)
				d.Fabric.Interfaces[0].Egress = fabric.Egress{Through: `public IP address "own"`, Address: address("203.0.113.77")}
				d.Unmodelled = []string{said}
			}},
	})
}

func TestInterfacesComeGoAndMove(t *testing.T) {
	t.Parallel()
	prove(t, []difference{
		{"address", settingItem(nic(1), "ipConfigurations", 0, "privateIPAddress", "10.0.0.200"), func(d *fabric.Deployment) {
			d.Fabric.Interfaces[0].Address = address("10.0.0.200")
			d.Fabric.Rules[0].Targets[0].Address = port4("10.0.0.200", 39092)
		}},
		{"subnet", func(w *simcloud.World) {
			setItem(w, nic(1), "ipConfigurations", 0, "subnet", ref(natSubnet))
			setItem(w, nic(1), "ipConfigurations", 0, "privateIPAddress", "10.0.1.9")
		}, func(d *fabric.Deployment) {
			i := &d.Fabric.Interfaces[0]
			i.Address, i.Subnet, i.Egress = address("10.0.1.9"), netip.MustParsePrefix("10.0.1.0/28"), fabric.Egress{}
			d.Fabric.Rules[0].Targets[0].Address = port4("10.0.1.9", 39092)
		}},
		{"a subnet with a list of ranges", func(w *simcloud.World) {
			set(w, brokersSubnet, "addressPrefix", nil)
			set(w, brokersSubnet, "addressPrefixes", list{"10.0.9.0/24", "10.0.0.0/25"})
		}, func(d *fabric.Deployment) {
			each(d, func(i *fabric.Interface) { i.Subnet = netip.MustParsePrefix("10.0.0.0/25") })
		}},
		{"a machine that goes", func(w *simcloud.World) { w.Delete(vm(2)) }, func(d *fabric.Deployment) {
			d.Fabric.Interfaces[1].Machine = ""
			d.Machines = slices.Delete(d.Machines, 1, 2)
		}},
		{"an interface that goes", func(w *simcloud.World) { w.Delete(nic(2)) }, func(d *fabric.Deployment) {
			d.Fabric.Interfaces = slices.Delete(d.Fabric.Interfaces, 1, 2)
			d.Fabric.Rules[1].Targets = nil
			d.Machines[1].Interface = ""
			d.Unmodelled = []string{`virtual machine "broker-node-2" refers to ` + nic(2) + `, which does not exist: the reference has no effect`}
		}},
		{"the network that goes", func(w *simcloud.World) { w.Delete(vnet) }, func(d *fabric.Deployment) {
			d.Fabric.Interfaces = nil
			for n := range d.Fabric.Rules {
				d.Fabric.Rules[n].Targets = nil
				d.Unmodelled = append(d.Unmodelled, called("network interface", nic(n+1))+" is in no subnet: it is left out")
			}
		}},
		{"ids in another case", func(w *simcloud.World) {
			setItem(w, nic(1), "ipConfigurations", 0, "subnet", ref(strings.ToUpper(brokersSubnet)))
			set(w, nic(1), "networkSecurityGroup", ref(strings.ToUpper(nsg)))
			setItem(w, nic(1), "ipConfigurations", 0, "loadBalancerBackendAddressPools", list{ref(strings.ToUpper(pool(1)))})
			set(w, vm(1), "networkProfile.networkInterfaces", list{ref(strings.ToUpper(nic(1)))})
			set(w, service, "loadBalancerFrontendIpConfigurations", list{ref(strings.ToUpper(balancer + "/frontendIPConfigurations/kafka-lb-ip"))})
		}, func(*fabric.Deployment) {}},
	})
}

func TestTheLoadBalancerSendsToThePoolsMembers(t *testing.T) {
	t.Parallel()
	rule := func(path string, value any) func(*simcloud.World) {
		return settingItem(balancer, "loadBalancingRules", 0, path, value)
	}
	probe := func(path string, value any) func(*simcloud.World) {
		return settingItem(balancer, "probes", 0, path, value)
	}
	member := func(n int, pools ...int) func(*simcloud.World) {
		references := list{}
		for _, p := range pools {
			references = append(references, ref(pool(p)))
		}
		return settingItem(nic(n), "ipConfigurations", 0, "loadBalancerBackendAddressPools", references)
	}
	target := func(n int) fabric.Target {
		return fabric.Target{Interface: nic(n), Address: port4([]string{"10.0.0.11", "10.0.0.12", "10.0.0.13"}[n-1], 39092)}
	}
	first := func(change func(*fabric.Rule)) func(*fabric.Deployment) {
		return func(d *fabric.Deployment) { change(&d.Fabric.Rules[0]) }
	}
	prove(t, []difference{
		{"frontend port", rule("frontendPort", 9999), first(func(r *fabric.Rule) { r.Frontend = port4("10.0.0.4", 9999) })},
		{"backend port", rule("backendPort", 9092), first(func(r *fabric.Rule) { r.Targets[0].Address = port4("10.0.0.11", 9092) })},
		{"another pool", rule("backendAddressPool", ref(pool(2))), first(func(r *fabric.Rule) { r.Targets = []fabric.Target{target(2)} })},
		{"several pools", rule("backendAddressPools", list{ref(pool(1)), ref(pool(3))}), first(func(r *fabric.Rule) {
			r.Targets = []fabric.Target{target(1), target(3)}
		})},
		{"no pool", rule("backendAddressPool", nil), first(func(r *fabric.Rule) { r.Targets = nil })},
		{"a pool that goes", setting(balancer, "backendAddressPools", list{object{"name": "pool2"}, object{"name": "pool3"}}),
			first(func(r *fabric.Rule) { r.Targets = nil })},
		{"a member that leaves", member(1), first(func(r *fabric.Rule) { r.Targets = nil })},
		{"members in each other's place", func(w *simcloud.World) { member(1, 2)(w); member(2, 1)(w) }, func(d *fabric.Deployment) {
			d.Fabric.Rules[0].Targets, d.Fabric.Rules[1].Targets = []fabric.Target{target(2)}, []fabric.Target{target(1)}
		}},
		{"two members", member(2, 1, 2), first(func(r *fabric.Rule) { r.Targets = []fabric.Target{target(1), target(2)} })},
		{"no probe", rule("probe", nil), first(func(r *fabric.Rule) { r.Probe = fabric.Probe{} })},
		{"another probe", rule("probe", ref(balancer+"/probes/kafka-lb-hp2")), first(func(r *fabric.Rule) { r.Probe.Name = `probe "kafka-lb-hp2"` })},
		{"probe port", probe("port", 9092), first(func(r *fabric.Rule) { r.Probe.Port = 9092 })},
		{"probe interval", probe("intervalInSeconds", 30), first(func(r *fabric.Rule) { r.Probe.Interval = 30 * time.Second })},
		{"usual probe interval", probe("intervalInSeconds", nil), first(func(r *fabric.Rule) { r.Probe.Interval = 15 * time.Second })},
		{"probe threshold", probe("probeThreshold", 4), first(func(r *fabric.Rule) { r.Probe.Threshold = 4 })},
		{"numberOfProbes is not respected", func(w *simcloud.World) { probe("probeThreshold", nil)(w); probe("numberOfProbes", 5)(w) },
			first(func(r *fabric.Rule) { r.Probe.Threshold = 1 })},
		{"frontend address", settingItem(balancer, "frontendIPConfigurations", 0, "privateIPAddress", "10.0.0.9"), func(d *fabric.Deployment) {
			for i := range d.Fabric.Rules {
				d.Fabric.Rules[i].Frontend = netip.AddrPortFrom(address("10.0.0.9"), d.Fabric.Rules[i].Frontend.Port())
			}
			d.Fabric.Services[0].Frontend = address("10.0.0.9")
		}},
		{"no rules", setting(balancer, "loadBalancingRules", nil), func(d *fabric.Deployment) { d.Fabric.Rules = nil }},
		{"a second frontend", func(w *simcloud.World) {
			w.Change(balancer, func(r *simcloud.Resource) {
				frontends := r.Properties["frontendIPConfigurations"].([]any)
				r.Properties["frontendIPConfigurations"] = append(frontends, object{"name": "other", "privateIPAddress": "10.0.0.5"})
			})
			rule("frontendIPConfiguration", ref(balancer+"/frontendIPConfigurations/other"))(w)
		}, first(func(r *fabric.Rule) { r.Frontend = port4("10.0.0.5", 9093) })},
		{"a balancer that goes", func(w *simcloud.World) { w.Delete(balancer) }, func(d *fabric.Deployment) {
			d.Fabric.Rules, d.Fabric.Services[0].Frontend = nil, netip.Addr{}
			d.Unmodelled = []string{`private link service "kafka-pls": frontend "kafka-lb-ip" does not exist, it leads nowhere`}
		}},
	})
}

func TestTheServiceTranslatesItsConsumers(t *testing.T) {
	t.Parallel()
	theirs := func(decide func(world *simcloud.World, service, connection string) error) func(*simcloud.World) {
		return func(w *simcloud.World) { require.NoError(t, decide(w, service, cloud.Connections(w, service)[0].Name)) }
	}
	refused := func(text string) func(*fabric.Deployment) {
		return func(d *fabric.Deployment) {
			d.Fabric.Connections[0].Approved, d.Fabric.Connections[0].Status = false, text
		}
	}
	prove(t, []difference{
		{"more addresses", setting(service, "ipConfigurations", list{object{"privateIPAddress": "10.0.1.6"}, object{"privateIPAddress": "10.0.1.5"}}),
			func(d *fabric.Deployment) {
				d.Fabric.Services[0].Sources = []netip.Addr{address("10.0.1.6"), address("10.0.1.5")}
			}},
		{"pending", theirs(cloud.Withhold), refused("Pending")},
		{"rejected", theirs(cloud.Reject), refused("Rejected")},
		{"disconnected", theirs(cloud.Disconnect), func(d *fabric.Deployment) { d.Fabric.Connections = nil }},
		{"no addresses", setting(service, "ipConfigurations", nil), func(d *fabric.Deployment) {
			d.Fabric.Services[0].Sources = nil
			d.Unmodelled = []string{`private link service "kafka-pls": it has no IPv4 address to translate to`}
		}},
		{"no frontend", setting(service, "loadBalancerFrontendIpConfigurations", nil), func(d *fabric.Deployment) {
			d.Fabric.Services[0].Frontend = netip.Addr{}
			d.Unmodelled = []string{`private link service "kafka-pls": it has no load balancer frontend`}
		}},
		{"the first of two frontends", func(w *simcloud.World) {
			w.Change(service, func(r *simcloud.Resource) {
				frontends := r.Properties["loadBalancerFrontendIpConfigurations"].([]any)
				r.Properties["loadBalancerFrontendIpConfigurations"] = append(frontends, ref("other"))
			})
		}, func(d *fabric.Deployment) {
			d.Unmodelled = []string{`private link service "kafka-pls": of its 2 load balancer frontends only the first is used`}
		}},
		{"a frontend that goes", func(w *simcloud.World) {
			set(w, balancer, "loadBalancingRules", nil)
			set(w, balancer, "frontendIPConfigurations", list{object{"name": "other", "privateIPAddress": "10.0.0.4"}})
		}, func(d *fabric.Deployment) {
			d.Fabric.Rules, d.Fabric.Services[0].Frontend = nil, netip.Addr{}
			d.Unmodelled = []string{`private link service "kafka-pls": frontend "kafka-lb-ip" does not exist, it leads nowhere`}
		}},
		{"a service that goes", func(w *simcloud.World) { w.Delete(service) }, func(d *fabric.Deployment) {
			d.Fabric.Services, d.Fabric.Connections = nil, nil
		}},
	})
}

func TestMachinesAndDisks(t *testing.T) {
	t.Parallel()
	first := func(change func(*fabric.Machine)) func(*fabric.Deployment) {
		return func(d *fabric.Deployment) { change(&d.Machines[0]) }
	}
	noAgent := first(func(m *fabric.Machine) { m.Agent = false })
	paths := func(path string) func(*fabric.Machine) {
		return func(m *fabric.Machine) { m.Disks[0].Paths = []string{path} }
	}
	const profile, storage = "osProfile.", "storageProfile."
	text := base64.StdEncoding.EncodeToString([]byte("else"))
	prove(t, []difference{
		{"another machine of the same name", func(w *simcloud.World) {
			w.Change(vm(1), func(r *simcloud.Resource) { r.Computed["vmId"] = "new" })
		}, first(func(m *fabric.Machine) { m.InstanceID = "new" })},
		{"computer name", setting(vm(1), profile+"computerName", "other"), first(func(m *fabric.Machine) { m.Hostname = "other" })},
		{"custom data", setting(vm(1), profile+"customData", text), first(func(m *fabric.Machine) { m.UserData = []byte("else") })},
		{"custom data before user data", setting(vm(1), "userData", text), func(*fabric.Deployment) {}},
		{"user data", func(w *simcloud.World) { set(w, vm(1), profile+"customData", nil); set(w, vm(1), "userData", text) },
			first(func(m *fabric.Machine) { m.UserData = []byte("else") })},
		{"no data", setting(vm(1), profile+"customData", nil), first(func(m *fabric.Machine) { m.UserData = nil })},
		{"no agent", setting(vm(1), profile+"linuxConfiguration.provisionVMAgent", false), noAgent},
		{"an agent that may run nothing", setting(vm(1), profile+"allowExtensionOperations", false), noAgent},
		{"an agent is usual", setting(vm(1), profile+"linuxConfiguration.provisionVMAgent", nil), func(*fabric.Deployment) {}},
		{"admin", setting(vm(1), profile+"adminUsername", "ops"), first(func(m *fabric.Machine) { m.AdminUser = "ops" })},
		{"keys", setting(vm(1), profile+"linuxConfiguration.ssh.publicKeys", list{object{"keyData": "a"}, object{"keyData": "b"}}),
			first(func(m *fabric.Machine) { m.AdminKeys = []string{"a", "b"} })},
		{"size", setting(vm(1), "hardwareProfile.vmSize", "Standard_E4s_v5"), first(func(m *fabric.Machine) { m.MemoryMiB = 32 << 10 })},
		{"an NVMe size", setting(vm(1), "hardwareProfile.vmSize", "Standard_D2s_v6"), first(paths("/dev/disk/azure/data/by-lun/0"))},
		{"an NVMe controller", setting(vm(1), storage+"diskControllerType", "NVMe"), first(paths("/dev/disk/azure/data/by-lun/0"))},
		{"lun", settingItem(vm(1), storage+"dataDisks", 0, "lun", 7), first(paths("/dev/disk/azure/scsi1/lun7"))},
		{"another disk", settingItem(vm(1), storage+"dataDisks", 0, "managedDisk", ref(data(3))), first(func(m *fabric.Machine) { m.Disks[0].Disk = data(3) })},
		{"a detached disk", setting(vm(1), storage+"dataDisks", nil), first(func(m *fabric.Machine) { m.Disks = nil })},
		{"a primary interface among several", func(w *simcloud.World) {
			w.Delete(vm(3))
			set(w, vm(1), "networkProfile.networkInterfaces", list{ref(nic(1)), object{"id": nic(3), "primary": true}})
		}, func(d *fabric.Deployment) {
			d.Machines = d.Machines[:2]
			d.Machines[0].Interface = nic(3)
			d.Fabric.Interfaces[0].Machine, d.Fabric.Interfaces[2].Machine = "", vm(1)
			d.Unmodelled = []string{`virtual machine "broker-node-1": nothing answers at its network interface "broker-node-1-nic", which is not the primary one`}
		}},
		{"a disk that grows", setting(data(1), "diskSizeGB", 256), func(d *fabric.Deployment) { d.Disks[0].SizeGiB = 256 }},
		{"another disk of the same name", func(w *simcloud.World) {
			w.Change(data(1), func(r *simcloud.Resource) { r.Computed["uniqueId"] = "new" })
		}, func(d *fabric.Deployment) { d.Disks[0].Content = "new" }},
		{"a disk of no machine", func(w *simcloud.World) { w.Delete(vm(1)) }, func(d *fabric.Deployment) {
			d.Machines = d.Machines[1:]
			d.Fabric.Interfaces[0].Machine = ""
		}},
		{"a disk that goes", func(w *simcloud.World) { w.Delete(data(1)) }, func(d *fabric.Deployment) {
			d.Disks = d.Disks[1:]
			d.Machines[0].Disks = nil
			d.Unmodelled = []string{`virtual machine "broker-node-1" refers to ` + data(1) + `, which does not exist: the reference has no effect`}
		}},
	})
}
