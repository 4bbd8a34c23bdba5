package aws

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// recorder takes whatever is made.
type recorder struct {
	mu   sync.Mutex
	made map[string]resource.PropertyMap // inputs, by type and name
}

func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made[args.TypeToken+" "+args.Name] = args.Inputs
	outputs := args.Inputs.Copy()
	outputs["arn"] = resource.NewStringProperty("arn:" + args.Name)
	return args.Name + "-id", outputs, nil
}

func (*recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, fmt.Errorf("asked for %s", args.Token)
}

// foreign is a cluster that others run: three brokers whose ids begin at 101, of which nothing is known but their zones.
func foreign() *kafka.Cluster {
	c := &kafka.Cluster{Name: "legacy", Links: []kafka.Link{{
		Name: "tidb", Endpoint: "tidb", Pattern: "b<broker_id>.example.com:<port>", Listener: "EXTERNAL", ListenerPort: 19092, PortBase: 9000, BootstrapPort: 9092,
	}}}
	for i, zone := range []string{"usw2-az1", "usw2-az2", "usw2-az3"} {
		c.Nodes = append(c.Nodes, kafka.Node{ID: 101 + i, Roles: []kafka.Role{kafka.RoleBroker}, Zone: zone})
	}
	return c
}

// exposes runs a program of only a link, and returns what it made. Its arguments may be changed.
func exposes(t *testing.T, targets map[string]pulumi.StringInput, changes ...func(*LinkArgs)) (map[string]resource.PropertyMap, error) {
	t.Helper()
	cluster := foreign()
	plan := LinkPlan{Principals: []string{"arn:aws:iam::111122223333:root"}, Consumers: []string{"10.250.0.0/16"}}.WithDefaults(cluster.Name, cluster.Links[0])
	r := &recorder{made: map[string]resource.PropertyMap{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		args := &LinkArgs{
			Cluster: cluster, Plan: plan, Targets: targets,
			Links: []LinkRoutes{{Link: cluster.Links[0], TargetGroup: plan.TargetGroup, BootstrapTargetGroup: plan.BootstrapTargetGroup}},
			VPCID: pulumi.String("vpc-1"), SecurityGroupID: pulumi.String("sg-1"),
			SubnetIDs: map[string]pulumi.StringInput{"usw2-az1": pulumi.String("subnet-1"), "usw2-az2": pulumi.String("subnet-2"), "usw2-az3": pulumi.String("subnet-3")},
		}
		for _, change := range changes {
			change(args)
		}
		_, err := NewLink(ctx, "link", args)
		return err
	}, pulumi.WithMocks("house", "dev", r))
	return r.made, err
}

func TestALinkExposesAClusterThatOthersRun(t *testing.T) {
	t.Parallel()
	made, err := exposes(t, map[string]pulumi.StringInput{"101": pulumi.String("192.168.7.1"), "102": pulumi.String("192.168.8.1"), "103": pulumi.String("192.168.9.1")})
	require.NoError(t, err)
	var targets, ports []string
	for name, inputs := range made {
		kind, name, _ := strings.Cut(name, " ")
		switch kind {
		case "aws:lb/targetGroupAttachment:TargetGroupAttachment":
			targets = append(targets, fmt.Sprintf("%s: %s:%v", name, inputs["targetId"].StringValue(), inputs["port"].NumberValue()))
		case "aws:lb/listener:Listener":
			ports = append(ports, fmt.Sprintf("%s: %v", name, inputs["port"].NumberValue()))
		}
	}
	slices.Sort(targets)
	slices.Sort(ports)
	require.Equal(t, []string{
		"link-for-tidb-101-target-101: 192.168.7.1:19092", "link-for-tidb-102-target-102: 192.168.8.1:19092", "link-for-tidb-103-target-103: 192.168.9.1:19092",
		"link-for-tidb-bootstrap-target-101: 192.168.7.1:19092", "link-for-tidb-bootstrap-target-102: 192.168.8.1:19092", "link-for-tidb-bootstrap-target-103: 192.168.9.1:19092",
	}, targets)
	require.Equal(t, []string{"link-listener-9092: 9092", "link-listener-9101: 9101", "link-listener-9102: 9102", "link-listener-9103: 9103"}, ports)
}

func TestALinkWithoutATargetForABrokerMakesNothing(t *testing.T) {
	t.Parallel()
	made, err := exposes(t, map[string]pulumi.StringInput{"102": pulumi.String("192.168.8.1"), "1": pulumi.String("192.168.7.1"), "103": nil})
	require.ErrorContains(t, err, "link: no target for broker 101, broker 103; give the private address of every broker of the cluster by its node id")
	delete(made, "pulumi:pulumi:Stack dev")
	for name := range made {
		require.NotContains(t, name, "link")
	}
}

func TestALinkIsRefusedWhoseLoadBalancerCannotReachABroker(t *testing.T) {
	t.Parallel()
	targets := map[string]pulumi.StringInput{"101": pulumi.String("192.168.7.1"), "102": pulumi.String("192.168.8.1"), "103": pulumi.String("192.168.9.1")}
	withoutZone := func(args *LinkArgs) { delete(args.SubnetIDs, "usw2-az2") }
	_, err := exposes(t, targets, withoutZone)
	require.ErrorContains(t, err, "link: no load balancer node leads to broker 102 in usw2-az2; give a subnet in every broker's zone, by the zone's id, or set crossZone")
	_, err = exposes(t, targets, withoutZone, func(args *LinkArgs) { args.Plan.CrossZone = true })
	require.NoError(t, err)
	_, err = exposes(t, targets, func(args *LinkArgs) { args.SecurityGroupID = nil })
	require.ErrorContains(t, err, "link: no security group of the brokers")
}
