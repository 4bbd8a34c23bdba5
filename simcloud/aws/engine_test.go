package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func deploy(t *testing.T, options simcloud.Options, program pulumi.RunFunc) *simtest.Deployment {
	options.Clouds = []*simcloud.Cloud{aws.Cloud(aws.Account{})}
	return simtest.Deploy(t, options, map[string]string{"aws:region": "us-west-2"}, program)
}

// made is a resource of a program, with the outputs that others ask for.
type made struct {
	pulumi.CustomResourceState
	AvailabilityZone pulumi.StringOutput `pulumi:"availabilityZone"`
	PrivateIP        pulumi.StringOutput `pulumi:"privateIp"`
}

// deployer registers the resources of a program and stops at the first that fails.
type deployer struct {
	ctx   *pulumi.Context
	names map[string]*made
	err   error
}

func (d *deployer) add(kind, name string, inputs pulumi.Map, options ...pulumi.ResourceOption) *made {
	state := &made{}
	if d.err == nil {
		d.err = d.ctx.RegisterResource(token(kind), name, inputs, state, options...)
	}
	d.names[name] = state
	return state
}

func (d *deployer) id(name string) pulumi.StringOutput { return d.names[name].ID().ToStringOutput() }

// after depends on what must be there first, though no input says so.
func (d *deployer) after(names ...string) pulumi.ResourceOption {
	var first []pulumi.Resource
	for _, name := range names {
		first = append(first, d.names[name])
	}
	return pulumi.DependsOn(first)
}

func text(value string) pulumi.String { return pulumi.String(value) }

// documents deploys the set-up of three brokers, each after the one before.
func documents(instanceType, userData, command string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		d := &deployer{ctx: ctx, names: map[string]*made{}}
		d.network()
		d.brokers(instanceType, userData, command)
		d.link()
		return d.err
	}
}

func (d *deployer) network() {
	d.add("Vpc", "vpc", pulumi.Map{"cidrBlock": text("10.0.0.0/16")})
	d.add("InternetGateway", "igw", pulumi.Map{"vpcId": d.id("vpc")})
	d.add("Subnet", "public", d.subnet("10.0.192.0/18", "usw2-az1"))
	d.add("RouteTable", "front", pulumi.Map{"vpcId": d.id("vpc")})
	d.add("Route", "to-igw", pulumi.Map{"routeTableId": d.id("front"), "destinationCidrBlock": text("0.0.0.0/0"), "gatewayId": d.id("igw")})
	d.add("RouteTableAssociation", "public-front", pulumi.Map{"routeTableId": d.id("front"), "subnetId": d.id("public")})
	d.add("Eip", "eip", pulumi.Map{"domain": text("vpc")})
	d.add("NatGateway", "nat", pulumi.Map{"allocationId": d.id("eip"), "subnetId": d.id("public")}, d.after("to-igw", "public-front"))
	d.add("RouteTable", "back", pulumi.Map{"vpcId": d.id("vpc")})
	d.add("Route", "to-nat", pulumi.Map{"routeTableId": d.id("back"), "destinationCidrBlock": text("0.0.0.0/0"), "natGatewayId": d.id("nat")})
	for i, cidr := range []string{"10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"} {
		d.add("Subnet", "private"+number(i), d.subnet(cidr, zoneIDs[i]))
		d.add("RouteTableAssociation", "private-back"+number(i), pulumi.Map{"routeTableId": d.id("back"), "subnetId": d.id("private" + number(i))})
	}
	d.add("SecurityGroup", "group", pulumi.Map{"vpcId": d.id("vpc")})
	d.add("EgressRule", "out", pulumi.Map{"securityGroupId": d.id("group"), "ipProtocol": text("-1"), "cidrIpv4": text("0.0.0.0/0")})
	d.add("IngressRule", "in", pulumi.Map{"securityGroupId": d.id("group"), "ipProtocol": text("tcp"), "fromPort": pulumi.Int(39092), "toPort": pulumi.Int(39092), "cidrIpv4": text("10.0.0.0/16")})
}

func (d *deployer) subnet(cidr, zone string) pulumi.Map {
	return pulumi.Map{"vpcId": d.id("vpc"), "cidrBlock": text(cidr), "availabilityZoneId": text(zone)}
}

func (d *deployer) brokers(instanceType, userData, command string) {
	d.add("Role", "role", pulumi.ToMap(with(role(""), "name", nil)))
	d.add("RolePolicy", "policy", pulumi.Map{"role": d.id("role"), "policy": text(policy("ssm:PutParameter", "arn:aws:ssm:*:*:parameter/kafkalink/*"))})
	d.add("InstanceProfile", "profile", pulumi.Map{"role": d.id("role")})
	d.add("Document", "document", pulumi.ToMap(document()))
	last := []string{"to-nat", "private-back1", "private-back2", "private-back3", "policy", "out"}
	for i := range zoneIDs {
		n := number(i)
		d.add("NetworkInterface", "eni"+n, pulumi.Map{"subnetId": d.id("private" + n), "securityGroups": pulumi.Array{d.id("group")}})
		d.add("Volume", "volume"+n, pulumi.Map{"availabilityZone": d.names["private"+n].AvailabilityZone, "size": pulumi.Int(64), "type": text("gp3"), "encrypted": pulumi.Bool(true)})
		d.add("Instance", "broker"+n, pulumi.Map{"ami": text(aws.AmazonLinux("us-west-2")), "instanceType": text(instanceType), "iamInstanceProfile": d.id("profile"),
			"userData": text(userData), "userDataReplaceOnChange": pulumi.Bool(true), "networkInterfaces": pulumi.Array{pulumi.Map{"networkInterfaceId": d.id("eni" + n), "deviceIndex": pulumi.Int(0)}},
		}, d.after(last...), pulumi.DeleteBeforeReplace(true))
		d.add("VolumeAttachment", "attachment"+n, pulumi.Map{"deviceName": text("/dev/sdf"), "volumeId": d.id("volume" + n), "instanceId": d.id("broker" + n),
			"stopInstanceBeforeDetaching": pulumi.Bool(true)}, pulumi.DeleteBeforeReplace(true))
		d.add("Association", "configure"+n, pulumi.Map{"name": d.id("document"), "parameters": pulumi.Map{"command": text(command + " " + n)},
			"targets": pulumi.Array{pulumi.Map{"key": text("InstanceIds"), "values": pulumi.Array{d.id("broker" + n)}}}}, d.after("attachment"+n), pulumi.DeleteBeforeReplace(true))
		last = append(last, "configure"+n)
	}
}

func (d *deployer) link() {
	d.add("SecurityGroup", "front-group", pulumi.Map{"vpcId": d.id("vpc")})
	d.add("LoadBalancer", "lb", pulumi.Map{"name": text("kafka"), "internal": pulumi.Bool(true), "loadBalancerType": text("network"),
		"securityGroups": pulumi.Array{d.id("front-group")}, "subnets": pulumi.Array{d.id("private1"), d.id("private2"), d.id("private3")}})
	for i := range zoneIDs {
		n := number(i)
		d.add("TargetGroup", "targets"+n, pulumi.Map{"port": pulumi.Int(39092), "protocol": text("TCP"), "targetType": text("ip"), "vpcId": d.id("vpc")})
		d.add("TargetGroupAttachment", "target"+n, pulumi.Map{"targetGroupArn": d.id("targets" + n), "targetId": d.names["eni"+n].PrivateIP, "port": pulumi.Int(39092)})
		d.add("Listener", "listener"+n, pulumi.Map{"loadBalancerArn": d.id("lb"), "port": pulumi.Int(9093 + i), "protocol": text("TCP"),
			"defaultActions": pulumi.Array{pulumi.Map{"type": text("forward"), "targetGroupArn": d.id("targets" + n)}}})
	}
	d.add("EndpointService", "service", pulumi.Map{"acceptanceRequired": pulumi.Bool(true), "networkLoadBalancerArns": pulumi.Array{d.id("lb")}})
	d.add("AllowedPrinciple", "consumer", pulumi.Map{"vpcEndpointServiceId": d.id("service"), "principalArn": text(consumer)})
}

const resources = 10 + 3*2 + 3 + 4 + 3*5 + 2 + 3*3 + 2

func TestTheRealEngineDeploysRefreshesAndDestroys(t *testing.T) {
	t.Parallel()
	program := documents("m6i.large", "#cloud-config", "echo")
	d := deploy(t, simcloud.Options{Latency: simcloud.Latency{Scale: 0.0005, Seed: 1}}, program)

	d.Creates(resources)
	for _, r := range d.Server.View().List(token("Instance")) {
		assert.Empty(t, aws.BootProblem(d.Server.View(), r.ID))
		assert.NoError(t, aws.Managed(d.Server.View(), r.ID))
	}
	d.Keeps(program, resources, 0, func(world *simcloud.World) {
		world.Change(world.List(token("Listener"))[0].ID, func(r *simcloud.Resource) { r.Properties["port"] = 1234.0 })
		world.Delete(world.List(token("EndpointService"))[0].ID)
	}, map[string]int{"create": 2, "update": 1, "same": resources - 2})
}

func TestAFailedOperationIsRecoveredFrom(t *testing.T) {
	t.Parallel()
	d := deploy(t, simcloud.Options{FailMatch: func(op simcloud.Operation) bool { return op.Name == "broker2" }}, documents("m6i.large", "#cloud-config", "echo"))
	_, err := d.Up()
	require.ErrorContains(t, err, "create of aws:ec2/instance:Instance \"broker2\"")
	_, err = d.Up()
	require.NoError(t, err)
	assert.Len(t, d.Server.View().List(token("Instance")), 3)
}

func TestTheLogTellsTheOrderOfChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change pulumi.RunFunc
		want   []string
	}{
		"a resize is an update in place": {documents("m6i.xlarge", "#cloud-config", "echo"), []string{
			"update broker1 instanceType", "update broker2 instanceType", "update broker3 instanceType",
		}},
		"a configuration is an update of its association": {documents("m6i.large", "#cloud-config", "true"), []string{
			"update configure1 parameters.command", "update configure2 parameters.command", "update configure3 parameters.command",
		}},
		"other user-data is a replacement where the program says so": {documents("m6i.large", "#cloud-config\n", "echo"), []string{
			"delete attachment1", "delete broker1", "create broker1", "create attachment1", "update configure1 targets[0].values[0]",
			"delete attachment2", "delete broker2", "create broker2", "create attachment2", "update configure2 targets[0].values[0]",
			"delete attachment3", "delete broker3", "create broker3", "create attachment3", "update configure3 targets[0].values[0]",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, simcloud.Options{}, documents("m6i.large", "#cloud-config", "echo"))
			assert.Equal(t, test.want, d.Order(test.change))
		})
	}
}
