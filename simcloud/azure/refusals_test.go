package azure_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

// create tries to make a resource beside those of the set-up.
func create(kind, name string, inputs Map) func(*setup) error {
	return func(s *setup) error {
		_, err := s.Create(token(kind), name, inputs)
		return err
	}
}

// update tries to change a resource of the set-up.
func update(name string, inputs Map) func(*setup) error {
	return simtest.Update(name, func(*setup) Map { return inputs })
}

var (
	remove = simtest.Remove
	after  = simtest.After
	mutate = simtest.Mutate
)

var connect = mutate(func(s *setup, world *simcloud.World) error {
	_, err := azure.Connect(world, s.By["service"].ID, azure.Endpoint{Name: "tidb", Subscription: "99549169-6cee-4263-8491-924a3011ee31"})
	return err
})

func refusal(status int, code, message string) string {
	return fmt.Sprintf("Status=%d Code=%q Message=%q", status, code, message)
}

// lbWith changes one item of a list of the load balancer.
func lbWith(list string, index int, path string, value any) Map {
	lb := loadBalancer()
	item := lb[list].([]any)[index].(Map)
	lb[list].([]any)[index] = with(item, path, value)
	return lb
}

func nicWith(name, path string, value any, pools ...string) Map {
	inputs := nic(name, pools...)
	inputs["ipConfigurations"] = list{with(inputs["ipConfigurations"].([]any)[0].(Map), path, value)}
	return inputs
}

func inVM1(path string, value any) Map {
	return with(machine("vm1", "nic1", "disk1", "1"), path, value)
}

func addresses(count int) []any {
	all := list{}
	for i := range count {
		all = append(all, Map{"name": fmt.Sprintf("nat%d", i), "subnet": subnetID("pls")})
	}
	return all
}

// situation is what someone does to the set-up, and the exact refusal. In the texts ~ stands for the
// resource group's providers, and GUID for one that the cloud chose.
type situation simtest.Situation

func TestRefusals(t *testing.T) {
	t.Parallel()
	simtest.Refusals(t, start, readable, map[string]map[string]situation{
		"arm": armRefusals(), "network": networkRefusals(), "interface": interfaceRefusals(),
		"load balancer": loadBalancerRefusals(), "private link service": serviceRefusals(), "compute": computeRefusals(),
	})
}

var chosenGUID = regexp.MustCompile(`\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func readable(_ *setup, said string) string {
	return chosenGUID.ReplaceAllString(strings.ReplaceAll(said, prefix, "~"), ".GUID")
}

// secondBalancer makes a load balancer like that of the set-up beside it.
func secondBalancer(s *setup) error {
	lb := with(loadBalancer(), "loadBalancerName", "lb2")
	for _, rule := range lb["loadBalancingRules"].([]any) {
		for _, name := range []string{"frontendIPConfiguration", "backendAddressPool", "probe"} {
			reference := rule.(Map)[name].(Map)
			reference["id"] = strings.Replace(reference["id"].(string), "/lb/", "/lb2/", 1)
		}
	}
	return create("LoadBalancer", "lb2", lb)(s)
}

func basicBalancer() Map {
	return Map{"resourceGroupName": "rg", "loadBalancerName": "basic", "frontendIPConfigurations": list{Map{"name": "front", "subnet": subnetID("brokers")}}}
}

func frontOf(balancer string) []any {
	return list{Map{"id": prefix + "Microsoft.Network/loadBalancers/" + balancer + "/frontendIPConfigurations/front"}}
}

// nic2 makes an interface that no machine has.
func nic2(s *setup) error { return create("NetworkInterface", "nic2", nic("nic2"))(s) }

// otherNetwork makes a network with a subnet.
func otherNetwork(s *setup) error {
	return create("VirtualNetwork", "other", Map{"resourceGroupName": "rg", "virtualNetworkName": "other",
		"addressSpace": Map{"addressPrefixes": list{"10.1.0.0/16"}}, "subnets": list{Map{"name": "s", "addressPrefix": "10.1.0.0/24"}}})(s)
}

func inOther() Map { return Map{"id": prefix + "Microsoft.Network/virtualNetworks/other/subnets/s"} }

// manyRules are rules of one pool, each with ports of its own.
func manyRules(count int) []any {
	rules := list{}
	for i := range count {
		rules = append(rules, Map{"name": fmt.Sprintf("rule%d", i), "protocol": "Tcp", "frontendPort": 10000 + i, "backendPort": 10000 + i,
			"frontendIPConfiguration": part("frontendIPConfigurations", "front"), "backendAddressPool": part("backendAddressPools", "pool1")})
	}
	return rules
}
