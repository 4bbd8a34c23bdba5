package azure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DataDisk says whether a resource of the stack holds Kafka's data.
func DataDisk(token, name string) bool {
	return token == "azure-native:compute:Disk" && machinePart.MatchString(name)
}

// machinePart matches the names of the resources of one node.
var machinePart = regexp.MustCompile(`^brokers-(\d+)-(vm|nic|data|configuration|cluster-ready)$`)

// linkPart matches the names of the resources of one endpoint service.
var linkPart = regexp.MustCompile(`^link-(.+)-(lb|service)$`)

// Label is a resource in the model's words, or "" for one that says enough by its type and name.
func Label(name string) string {
	if m := linkPart.FindStringSubmatch(name); m != nil {
		return map[string]string{"lb": "load balancer", "service": "Private Link Service"}[m[2]] + " of link " + m[1]
	}
	if name == "brokers-guard" {
		return "whether the cluster can spare a node"
	}
	m := machinePart.FindStringSubmatch(name)
	if m == nil {
		return map[string]string{
			"resource-group":         "resource group",
			"network-security-group": "brokers' security group",
			"network-vnet":           "virtual network",
			"network-nat-gateway":    "NAT gateway",
			"network-nat-gateway-ip": "NAT gateway's address",
			"network-brokers-subnet": "brokers' subnet",
			"network-nat-subnet":     "Private Link Service's subnet",
			"network-bastion":        "bastion",
			"network-bastion-subnet": "bastion's subnet",
			"network-bastion-ip":     "bastion's address",
		}[name]
	}
	if m[2] == "cluster-ready" {
		return "whole cluster in sync"
	}
	return map[string]string{
		"vm": "machine", "nic": "network interface", "data": "data disk", "configuration": "configuration",
	}[m[2]] + " of node " + m[1]
}

// LetGo is how a protected resource is meant to be taken out of the configuration, "" if there is no way.
func LetGo(name string) string {
	if m := machinePart.FindStringSubmatch(name); m != nil && m[2] == "data" {
		return "move the partitions of node " + m[1] + " away, with it still configured add it to operator.retire, up, then take it out"
	}
	if m := linkPart.FindStringSubmatch(name); m != nil && m[2] == "service" {
		return "disconnect its consumers, with it still configured add " + m[1] + " to operator.retireEndpoints, up, then take it out"
	}
	return ""
}

// Restarts is the node that may be out for a while when the named properties of a resource change. Tags alone take
// nobody out.
func Restarts(name string, changed []string) (node int, ok bool) {
	m := machinePart.FindStringSubmatch(name)
	if m == nil || (m[2] != "vm" && m[2] != "configuration") {
		return 0, false
	}
	if len(changed) > 0 && !slices.ContainsFunc(changed, func(path string) bool { return !strings.HasPrefix(path, "tags") }) {
		return 0, false
	}
	node, err := strconv.Atoi(m[1])
	return node, err == nil
}
