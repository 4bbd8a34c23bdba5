package azure

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/stacks/base"
)

// DataDisk says whether a resource of the stack holds Kafka's data.
func DataDisk(token, name string) bool {
	return token == "azure-native:compute:Disk" && dataDisks.Of(name) != ""
}

var dataDisks = base.NewWords(`brokers-(\d+)-data`, "data disk of node $1")

// Label is a resource in the model's words, or "" for one that says enough by its type and name.
func Label(name string) string { return labels.Of(name) }

var labels = append(base.NewWords(
	`resource-group`, "resource group",
	`network-security-group`, "brokers' security group",
	`network-vnet`, "virtual network",
	`network-nat-gateway`, "NAT gateway",
	`network-nat-gateway-ip`, "NAT gateway's address",
	`network-brokers-subnet`, "brokers' subnet",
	`network-nat-subnet`, "Private Link Service's subnet",
	`network-bastion`, "bastion",
	`network-bastion-subnet`, "bastion's subnet",
	`network-bastion-ip`, "bastion's address",
	`link-(.+)-lb`, "load balancer of link $1",
	`link-(.+)-service`, "Private Link Service of link $1",
	`brokers-(\d+)-vm`, "machine of node $1",
	`brokers-(\d+)-nic`, "network interface of node $1",
), append(dataDisks, base.Steps...)...)

// Restarts is the node that may be out for a while when the named properties of a resource change.
func Restarts(name string, changed []string) (node int, ok bool) {
	return base.Restarts(name, changed, []string{"vm", "configuration"})
}

// reserved is how Azure refuses to delete a network interface for a while after its machine was. The provider does not wait for that.
var reserved = regexp.MustCompile(`(?s)NicReservedForAnotherVm.* retry after ([0-9]+) seconds`)

// Passes is how long Azure asks to wait in what it said of a resource, and 0 for what does not pass.
func Passes(said string) time.Duration {
	found := reserved.FindStringSubmatch(said)
	if found == nil {
		return 0
	}
	seconds, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// Theirs are the properties of a resource that Azure fills from others: a load balancer's pools show their interfaces, which bring
// themselves.
func Theirs(token string) []string {
	if token == "azure-native:network:LoadBalancer" {
		return []string{"backendAddressPools[].loadBalancerBackendAddresses"}
	}
	return nil
}

// Remedy is what to do about what Azure said of a resource, or "".
func Remedy(said string) string {
	if strings.Contains(said, "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted") {
		return "consumers are connected: have them delete their private endpoints, or remove their connections, rejected ones too: `az network private-link-service connection delete`, or Private endpoint connections of the Private Link Service in the portal"
	}
	return ""
}
