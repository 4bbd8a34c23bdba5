package aws

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Run is the Pulumi program: it reads the stack's configuration, registers everything, and exports what the consumers
// of its links are told.
func Run(ctx *pulumi.Context) error { return base.Run(ctx, false, keys(), Decode) }

// RunFirst is Run for a stack that has never had a resource: its machines are made side by side.
func RunFirst(ctx *pulumi.Context) error { return base.Run(ctx, true, keys(), Decode) }

// Find looks up a resource of the stack by its type and inputs. Nil: it is not there.
func Find(ctx *pulumi.Context, token string, inputs map[string]any) (*rolling.Found, error) {
	return aws.Find(ctx, token, inputs)
}

// Register makes everything that the configuration says, and exports what the consumers of its links are told.
func (s *Stack) Register(ctx *pulumi.Context, first bool) error {
	deployed, err := aws.Survey(ctx, s.Machines, s.Cluster)
	if err != nil {
		return err
	}
	machines := &aws.BrokersArgs{Args: s.Rolling(deployed, first), Plan: s.Machines}
	if err := aws.Foresee(ctx, machines); err != nil {
		return err
	}
	key, err := s.keyPair(ctx)
	if err != nil {
		return err
	}
	network, err := aws.NewNetwork(ctx, "network", &aws.NetworkArgs{
		Cluster: s.Cluster, Hosts: s.Hosts, Plan: s.Network, Machines: s.Machines, KeyPair: key, Tags: s.Tags,
	})
	if err != nil {
		return err
	}
	targets := map[string]pulumi.StringInput{}
	for _, n := range s.Cluster.Brokers() {
		targets[strconv.Itoa(n.ID)] = pulumi.String(n.Address)
	}
	services := map[string]base.Service{}
	for _, e := range s.Endpoints {
		link, err := aws.NewLink(ctx, "link-"+e.Name, &aws.LinkArgs{
			Cluster: s.Cluster, Links: routes(e), Plan: e.Plan, VPCID: network.VPCID, SubnetIDs: inputs(network.SubnetIDs),
			SecurityGroupID: network.SecurityGroupID, Targets: targets,
			Retire: s.Operator.Retires(e.Name), Tags: s.Tags,
		})
		if err != nil {
			return err
		}
		services[e.Name] = base.Service{Name: link.ServiceName, ID: link.ServiceID}
	}
	machines.KeyPair, machines.ZoneNames = key, network.ZoneNames
	machines.SubnetIDs, machines.SecurityGroupID = inputs(network.HostSubnetIDs), network.HostSecurityGroupID
	brokers, err := aws.NewBrokers(ctx, "brokers", machines)
	if err != nil {
		return err
	}
	ctx.Export(kafka.OutputKey, s.Outputs(Cloud, kafka.KindAWS, services, brokers.Ready, s.Machines.MachineName))
	return nil
}

func inputs(ids map[string]pulumi.StringOutput) map[string]pulumi.StringInput {
	all := map[string]pulumi.StringInput{}
	for zone, id := range ids {
		all[zone] = id
	}
	return all
}

// keyPair by which people may log in: made from a public key, or there already. Nil: none.
func (s *Stack) keyPair(ctx *pulumi.Context) (pulumi.StringPtrInput, error) {
	switch {
	case s.Machines.AdminPublicKey != "":
		// Another key has another name, and is made beside the old one: were that deleted first, which is the provider's way with names
		// that a program gives, every machine that has it would be deleted before it.
		name := s.Machines.KeyPair + "-" + rolling.Digest(s.Machines.AdminPublicKey)[:8]
		key, err := ec2.NewKeyPair(ctx, "key-pair", &ec2.KeyPairArgs{
			KeyName: pulumi.String(name), PublicKey: pulumi.String(s.Machines.AdminPublicKey), Tags: pulumi.ToStringMap(s.Tags),
		}, pulumi.DeleteBeforeReplace(false))
		if err != nil {
			return nil, err
		}
		return key.KeyName.ToStringPtrOutput(), nil
	case s.Machines.KeyPair != "":
		if _, err := ec2.LookupKeyPair(ctx, &ec2.LookupKeyPairArgs{KeyName: pulumi.StringRef(s.Machines.KeyPair)}); err != nil {
			return nil, fmt.Errorf("machines.keyPair: cannot find %s in this region; create it, let it be made by giving adminPublicKey, or leave it out: %w", s.Machines.KeyPair, err)
		}
		return pulumi.String(s.Machines.KeyPair), nil
	}
	return nil, nil
}
