package aws

import (
	"strings"

	"github.com/kafkalink/kafkalink/stacks/base"
)

// DataDisk says whether a resource of the stack holds Kafka's data.
func DataDisk(token, name string) bool {
	return token == "aws:ebs/volume:Volume" && dataDisks.Of(name) != ""
}

var dataDisks = base.NewWords(`brokers-(\d+)-data`, "data volume of node $1")

// Label is a resource in the model's words, or "" for one that says enough by its type and name.
func Label(name string) string { return labels.Of(name) }

var labels = append(base.NewWords(
	`key-pair`, "key pair",
	`network-vpc`, "VPC",
	`network-igw`, "internet gateway",
	`network-public-subnet`, "public subnet",
	`network-public-(route-table|route|routes)`, "route of the public subnet",
	`network-nat-gateway`, "NAT gateway",
	`network-nat-gateway-ip`, "NAT gateway's address",
	`network-broker-subnet-(.+)`, "brokers' subnet in $1",
	`network-broker-(route-table|route)`, "brokers' route to the NAT gateway",
	`network-broker-routes-(.+)`, "brokers' route in $1",
	`network-security-group`, "brokers' security group",
	`network-(from|to)-.+`, "rule of the brokers' security group",
	`network-bastion`, "bastion",
	`network-bastion-security-group`, "bastion's security group",
	`network-bastion-(from|to)-.+`, "rule of the bastion's security group",
	`link-.+-for-(.+)-bootstrap-targets`, "bootstrap target group of link $1",
	`link-.+-for-(.+)-bootstrap-target-(\d+)`, "bootstrap target of link $1, broker $2",
	`link-.+-for-(.+)-(\d+)-targets`, "target group of link $1, broker $2",
	`link-.+-for-(.+)-(\d+)-target-\d+`, "target of link $1, broker $2",
	`link-(.+)-listener-(\d+)`, "listener of endpoint $1 on port $2",
	`link-(.+)-(from-lb|to-brokers)-\d+`, "security group rule of link $1",
	`link-(.+)-from-consumers-.+`, "consumers' security group rule of link $1",
	`link-(.+)-lb`, "load balancer of link $1",
	`link-(.+)-security-group`, "load balancer's security group of link $1",
	`link-(.+)-service`, "VPC endpoint service of link $1",
	`brokers-document`, "document of Systems Manager",
	`brokers-guard-report`, "report on whether the cluster can spare a node",
	`brokers-(\d+)-vm`, "machine of node $1",
	`brokers-(\d+)-nic`, "network interface of node $1",
	`brokers-(\d+)-attachment`, "attachment of the data volume of node $1",
	`brokers-(\d+)-(role|policy|profile)`, "$2 of node $1",
	`brokers-(\d+)-(configuration|cluster-ready)-report`, "report of node $1",
), append(dataDisks, base.Steps...)...)

// Restarts is the node that may be out for a while when the named properties of a resource change.
func Restarts(name string, changed []string) (node int, ok bool) {
	return base.Restarts(name, changed, []string{"vm", "attachment", "configuration"})
}

// Theirs are the properties of a resource that hosts write: their reports.
func Theirs(token string) []string {
	if token == "aws:ssm/parameter:Parameter" {
		return []string{"insecureValue", "value", "version"}
	}
	return nil
}

// Remedy is what to do about what AWS said of a resource, or "".
func Remedy(said string) string {
	if strings.Contains(said, "ExistingVpcEndpointConnections") {
		return "consumers are connected: have them delete their endpoints, or reject their connections: `aws ec2 reject-vpc-endpoint-connections`, or Endpoint connections of the endpoint service in the VPC console"
	}
	return ""
}
