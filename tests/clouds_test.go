package tests

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// cloud is what tests need to know of one, to ask the same of all.
type cloud struct {
	name string // as in kafkalink:cloud
	// tokens is how the types of its resources begin; machine and disk are those of instances and of data disks, filters
	// those that keep others out. service is that of an endpoint service, as the Pulumi CLI shows it.
	tokens, machine, disk, service string
	// serviceName is part of the name of one, by which consumers find it.
	serviceName string
	filters     []string
	// reports are the resources of the documents' set-up into which hosts write. settling is what an update does after a first refresh,
	// because the cloud shows in one resource what others have brought.
	reports   int
	settling  []string
	scenarios []string
	// ownNetwork is what the scenario own-network finds there.
	ownNetwork func(*simcloud.World) error
	// foreign is what other people have where the documents' set-up goes. Nil: nobody has anything.
	foreign func(*simcloud.World) error
	// images are pinned ones, between which every machine is replaced; the first is not the documents'.
	images []string
	// firstImage is what the default image is at first, imageOf what a machine was made from, and renew publishes newerImage and
	// withdraws the first. The pinned ones are those two in the configuration; withdrawn is what is said of one that is gone.
	firstImage, newerImage, firstPinned, newerPinned, withdrawn string
	imageOf                                                     func(machine *simcloud.Resource) string
	renew                                                       func(*simcloud.World) error
	// resize changes the size of the machines, link adds a second one, and wider lets more consumers in, by changes in place alone.
	resize, link, wider map[string]any
	// resized is what happens to a node's machine and configuration when the machine gets another size.
	resized []string
	// diskLabel and serviceLabel are its words for a data disk and for an endpoint service; lastBroker are the resources of node 5
	// of the scenario five-brokers that are deleted by themselves: others go with its machine.
	diskLabel, serviceLabel string
	lastBroker              []string
	// madeAgain are the types of resources that a second creation takes for its own.
	madeAgain []string
	// connect is a consumer's coming to an endpoint service, by its id, and disconnect its going; connected is what the cloud
	// says when the service is to be deleted meanwhile, and what kafkalink adds.
	connect, disconnect func(world *simcloud.World, service string) error
	connected           []string
	// tamper redirects a port of the load balancer behind Pulumi's back; tampered is what that looks like. regained is what the
	// next update does about it and about a NAT gateway that is gone, which natGateway is the type of.
	tamper     func(world *simcloud.World)
	tampered   automation.Drift
	natGateway string
	regained   []string
	// replacement is what happens to a node's machine and configuration when the machine is replaced.
	replacement []string
}

var azureCloud = cloud{
	name: "azure", tokens: "azure-native:", machine: "azure-native:compute:VirtualMachine", disk: "azure-native:compute:Disk",
	service: "azure-native:network:PrivateLinkService", serviceName: ".eastus.azure.privatelinkservice",
	settling:   []string{"update link-tidb-lb"},
	filters:    []string{"azure-native:network:NetworkInterface", "azure-native:network:NetworkSecurityGroup", "azure-native:network:LoadBalancer"},
	scenarios:  []string{"documents", "five-brokers", "separate-controllers", "own-network"},
	ownNetwork: corporateNetworkOnAzure,
	images: []string{
		"Canonical:ubuntu-24_04-lts:server:24.04.202411030", "Canonical:ubuntu-24_04-lts:server:24.04.202412060", "Canonical:ubuntu-24_04-lts:server:24.04.202501060",
	},
	firstImage: firstNoble, newerImage: newerNoble, firstPinned: nobleFamily + firstNoble, newerPinned: nobleFamily + newerNoble,
	withdrawn: "Azure does not have " + nobleFamily + firstNoble + " in eastus",
	imageOf:   azure.ImageVersion,
	renew:     renewOnAzure,
	resize:    map[string]any{"machines.size": "Standard_D4s_v5"}, // from a size with a local disk to one without
	resized:   []string{"delete configuration", "delete vm", "create vm", "create configuration"},
	wider:     map[string]any{"links.0.visibility.1": "00000000-6cee-4263-8491-924a3011ee31", "links.0.idleTimeoutMinutes": 30},
	link: map[string]any{"links.1": map[string]any{
		"name": "second", "pattern": "<broker_id>.xyz.eastus.azure.3199745.tidbcloud.com:<port>",
		"visibility": []any{"99549169-6cee-4263-8491-924a3011ee31"},
	}},
	diskLabel: "data disk", serviceLabel: "Private Link Service",
	lastBroker: []string{"brokers-5-vm", "brokers-5-nic", "brokers-5-data"},
	connect:    connectOnAzure, disconnect: disconnectOnAzure,
	connected: []string{
		"PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted", "\nconsumers are connected: have them delete their private endpoints, or remove their connections, rejected ones too: `az network private-link-service connection delete`, or Private endpoint connections of the Private Link Service in the portal\n",
	},
	tamper: func(world *simcloud.World) {
		world.Change(world.List("azure-native:network:LoadBalancer")[0].ID, func(balancer *simcloud.Resource) {
			balancer.Properties.Objects("loadBalancingRules")[1].Set("backendPort", 39099)
		})
	},
	tampered: automation.Drift{
		Resource:   automation.Resource{Name: "link-tidb-lb", Label: "load balancer of link tidb"},
		Properties: []automation.PropertyDrift{{Path: "loadBalancingRules[1].backendPort", In: "rule2", State: 39092.0, Cloud: 39099.0}},
	},
	natGateway:  "azure-native:network:NatGateway",
	regained:    []string{"update link-tidb-lb", "create network-nat-gateway"},
	replacement: []string{"delete configuration", "delete vm", "create vm", "create configuration"},
}

var awsCloud = cloud{
	name: "aws", tokens: "aws:", machine: "aws:ec2/instance:Instance", disk: "aws:ebs/volume:Volume",
	service: "aws:ec2:VpcEndpointService", serviceName: "com.amazonaws.vpce.us-west-2.vpce-svc-",
	reports:    5,
	filters:    []string{"aws:ec2/networkInterface:NetworkInterface", "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:lb/loadBalancer:LoadBalancer"},
	scenarios:  []string{"documents", "five-brokers", "separate-controllers", "own-network"},
	ownNetwork: corporateNetworkOnAWS,
	foreign:    foreignOnAWS,
	images: []string{
		"al2023-ami-2023.5.20240903.0-kernel-6.1-x86_64", "al2023-ami-2023.6.20241212.0-kernel-6.1-x86_64", "al2023-ami-2023.5.20240916.0-kernel-6.1-x86_64",
	},
	firstImage: aws.AmazonLinux("us-west-2"), newerImage: newerAmazonLinux,
	firstPinned: "al2023-ami-2023.6.20241212.0-kernel-6.1-x86_64", newerPinned: newerAmazonLinux,
	withdrawn: "cannot find Amazon's image al2023-ami-2023.6.20241212.0-kernel-6.1-x86_64 for x86 in this region",
	imageOf:   func(machine *simcloud.Resource) string { return machine.Properties.Text("ami") },
	renew:     renewOnAWS,
	resize:    map[string]any{"machines.type": "t2.xlarge"},
	resized:   []string{"update vm", "update configuration"},
	wider:     map[string]any{"links.0.principals.1": "arn:aws:iam::444455556666:root", "links.0.idleTimeoutSeconds": 600, "machines.dataDisk": map[string]any{"sizeGiB": 200}},
	link: map[string]any{"links.1": map[string]any{
		"name": "second", "pattern": "<broker_id>.<zone>.two.aws.plc.tidbcloud.com:<port>",
		"principals": []any{"arn:aws:iam::444455556666:root"}, "consumers": []any{"10.251.0.0/16"},
	}},
	diskLabel: "data volume", serviceLabel: "VPC endpoint service",
	lastBroker: []string{
		"brokers-5-configuration", "brokers-5-configuration-report", "brokers-5-vm", "brokers-5-nic", "brokers-5-data",
		"brokers-5-profile", "brokers-5-policy", "brokers-5-role",
		"link-tidb-listener-9097", "link-tidb-for-tidb-5-target-5", "link-tidb-for-tidb-5-targets", "link-tidb-for-tidb-bootstrap-target-5",
		"link-analytics-listener-9097", "link-analytics-for-analytics-5-target-5", "link-analytics-for-analytics-5-targets",
	},
	madeAgain: []string{"aws:ec2/volumeAttachment:VolumeAttachment", "aws:iam/rolePolicy:RolePolicy", "aws:lb/targetGroupAttachment:TargetGroupAttachment"},
	connect:   connectOnAWS, disconnect: disconnectOnAWS,
	connected: []string{
		"ExistingVpcEndpointConnections", "\nconsumers are connected: have them delete their endpoints, or reject their connections: `aws ec2 reject-vpc-endpoint-connections`, or Endpoint connections of the endpoint service in the VPC console\n",
	},
	tamper: func(world *simcloud.World) {
		for _, listener := range world.List("aws:lb/listener:Listener") {
			if listener.Properties.Number("port") == 9094 {
				world.Change(listener.ID, func(l *simcloud.Resource) { l.Properties["port"] = 9099.0 })
			}
		}
	},
	tampered: automation.Drift{
		Resource:   automation.Resource{Name: "link-tidb-listener-9094", Label: "listener of endpoint tidb on port 9094"},
		Properties: []automation.PropertyDrift{{Path: "port", State: 9094.0, Cloud: 9099.0}},
	},
	natGateway:  "aws:ec2/natGateway:NatGateway",
	regained:    []string{"update link-tidb-listener-9094", "create network-nat-gateway", "update network-broker-route"},
	replacement: []string{"delete configuration", "delete vm", "create vm", "create attachment", "create configuration"},
}

var clouds = []cloud{azureCloud, awsCloud}

// onEachCloud asks the same of every cloud.
func onEachCloud(t *testing.T, test func(t *testing.T, c cloud)) {
	t.Helper()
	for _, c := range clouds {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			test(t, c)
		})
	}
}

// program is what the binary does with the cloud's stacks.
func (c cloud) program(t testing.TB) automation.Program {
	t.Helper()
	programs := wiring.Programs()
	i := slices.IndexFunc(programs, func(p automation.Program) bool { return p.Cloud == c.name })
	require.GreaterOrEqual(t, i, 0)
	return programs[i]
}

// image replaces every machine: the i-th of the cloud's.
func (c cloud) image(i int) map[string]any {
	return map[string]any{"machines.image": c.images[i%len(c.images)]}
}

func (c cloud) testdata(path ...string) string {
	return filepath.Join(append([]string{"testdata", c.name}, path...)...)
}
