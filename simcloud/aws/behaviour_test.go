package aws_test

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

func TestIDsAreAWSs(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, want := range map[string]string{
		"vpc": `^vpc-[0-9a-f]{17}$`, "to-igw": `^r-rtb-[0-9a-f]{17}1080289494$`, "public-front": `^rtbassoc-[0-9a-f]{17}$`, "in": `^sgr-[0-9a-f]{17}$`, "role": `^broker$`,
		"policy": `^broker:report$`, "profile": `^broker$`, "document": `^kafka-configure$`, "attachment1": `^vai-\d+$`, "configure1": `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
		"lb":       `^arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/net/kafka/[0-9a-f]{16}$`,
		"targets1": `^arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/broker-1/[0-9a-f]{16}$`,
		"target1":  `:targetgroup/broker-1/[0-9a-f]{16}-\d{26}$`, "listener1": `:listener/net/kafka/[0-9a-f]{16}/[0-9a-f]{16}$`,
		"service": `^vpce-svc-[0-9a-f]{17}$`, "consumer": `^vpce-svc-perm-[0-9a-f]{17}$`,
	} {
		assert.Regexp(t, want, s.By[name].ID, name)
	}
}

func TestIDsFollowFromNamesNotFromTheOrderOfEvents(t *testing.T) {
	t.Parallel()
	one, other := empty(t, simcloud.Options{}), empty(t, simcloud.Options{})
	vpc := func(s *setup, name string) string {
		return s.Make("Vpc", name, Map{"cidrBlock": "10.0.0.0/16"}).ID
	}
	a, b := vpc(one, "a"), vpc(one, "b")
	assert.Equal(t, b, vpc(other, "b"))
	assert.Equal(t, a, vpc(other, "a"))
	assert.NotEqual(t, a, b, "two that are equal differ")
	assert.NotEqual(t, a, vpc(one, "a"), "so do two of one name")
}

func TestOutputsAreWhatProgramsUse(t *testing.T) {
	t.Parallel()
	s := start(t)
	lb, service, broker := s.By["lb"].Outputs, s.By["service"].Outputs, s.By["broker1"].Outputs
	assert.Regexp(t, `^kafka-[0-9a-f]{16}\.elb\.us-west-2\.amazonaws\.com$`, lb["dnsName"])
	assert.Regexp(t, `^net/kafka/[0-9a-f]{16}$`, lb["arnSuffix"])
	assert.Equal(t, "on", lb["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])
	assert.Equal(t, "com.amazonaws.vpce.us-west-2."+s.By["service"].ID, service["serviceName"])
	assert.Equal(t, list{"us-west-2a", "us-west-2b", "us-west-2c"}, service["availabilityZones"])
	assert.Equal(t, "arn:aws:ec2:us-west-2:123456789012:instance/"+s.By["broker1"].ID, broker["arn"])
	assert.Equal(t, "10.0.0.4", broker["privateIp"])
	assert.Equal(t, "us-west-2a", broker["availabilityZone"])
	assert.Equal(t, "running", broker["instanceState"])
	assert.Equal(t, s.By["eni1"].ID, broker["primaryNetworkInterfaceId"])
	assert.Regexp(t, "^[0-9a-f]{40}$", broker["userData"], "a hash, as the provider shows it")
	assert.Equal(t, Map{"Name": "eni1"}, broker["tagsAll"])
	assert.Equal(t, "required", broker["metadataOptions"].(Map)["httpTokens"])
	assert.NotContains(t, broker, "bootProblem")
	require.True(t, s.Refresh(s.By["eip"]))
	assert.Equal(t, "198.51.100.4", s.By["eip"].Outputs["publicIp"])
	assert.Equal(t, "198.51.100.4", s.By["nat"].Outputs["publicIp"])
	require.True(t, s.Refresh(s.By["service"]))
	assert.Equal(t, list{consumer}, s.By["service"].Outputs["allowedPrincipals"])
	require.True(t, s.Refresh(s.By["targets1"]))
	assert.Equal(t, list{s.By["lb"].ID}, s.By["targets1"].Outputs["loadBalancerArns"])
}

func TestEveryAccountHasItsOwnZones(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		account aws.Account
		want    map[string]string
	}{
		"by default": {aws.Account{}, map[string]string{"usw2-az1": "us-west-2a", "usw2-az2": "us-west-2c", "usw2-az3": "us-west-2b"}},
		"in order": {aws.Account{ID: "111111111111", Zones: map[string][]string{"us-west-2": {"usw2-az1", "usw2-az2", "usw2-az3"}}},
			map[string]string{"usw2-az1": "us-west-2a", "usw2-az2": "us-west-2b", "usw2-az3": "us-west-2c"}},
		"backwards, and a fourth": {aws.Account{ID: "222222222222", Zones: map[string][]string{"us-west-2": {"usw2-az3", "usw2-az2", "usw2-az1", "usw2-az4"}}},
			map[string]string{"usw2-az1": "us-west-2c", "usw2-az2": "us-west-2b", "usw2-az3": "us-west-2a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyAs(t, simcloud.Options{}, test.account)
			network(s)
			access(s)
			brokers(s)
			link(s)
			for i, id := range zoneIDs {
				subnet := s.By["private"+number(i)].Outputs
				assert.Equal(t, id, subnet["availabilityZoneId"])
				assert.Equal(t, test.want[id], subnet["availabilityZone"])
				assert.Equal(t, test.want[id], s.By["broker"+number(i)].Outputs["availabilityZone"])
			}
			zones, err := s.Invoke("aws:index/getAvailabilityZones:getAvailabilityZones", Map{"state": "available"})
			require.NoError(t, err)
			for i, name := range zones["names"].([]any) {
				if want, ok := test.want[zones["zoneIds"].([]any)[i].(string)]; ok {
					assert.Equal(t, want, name)
				}
			}
			who, err := s.Invoke("aws:index/getCallerIdentity:getCallerIdentity", Map{})
			require.NoError(t, err)
			if test.account.ID != "" {
				assert.Equal(t, test.account.ID, who["accountId"])
			}
			for _, zone := range aws.ServiceZones(s.Server.View(), s.By["service"].ID) {
				assert.Equal(t, test.want[zone.ID], zone.Name)
			}
		})
	}
}

func TestAnyRegionHasZones(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"us-west-2": "usw2-az1", "us-east-1": "use1-az1", "eu-central-1": "euc1-az1", "ap-southeast-1": "apse1-az1", "ap-northeast-3": "apne3-az1", "us-gov-west-1": "usgw1-az1", "sa-east-1": "sae1-az1",
	} {
		zones := aws.Account{}.ZonesOf(region)
		require.Len(t, zones, 3)
		assert.Equal(t, aws.Zone{Name: region + "a", ID: want}, zones[0])
		assert.Regexp(t, "-az3$", zones[1].ID, "out of order")
	}
}

func TestAddressesAreTheLowestFreeOnes(t *testing.T) {
	t.Parallel()
	s := start(t)
	lb, _ := s.Server.View().Get(s.By["lb"].ID)
	assert.Equal(t, map[string]string{s.By["private1"].ID: "10.0.0.5", s.By["private2"].ID: "10.0.64.5", s.By["private3"].ID: "10.0.128.5"}, aws.NodeAddresses(lb))
	fixed := s.Make("NetworkInterface", "fixed", with(eni(s, "private1"), "privateIps", list{"10.0.0.6"}))
	assert.Equal(t, "10.0.0.6", fixed.Outputs["privateIp"])
	next := s.Make("NetworkInterface", "next", eni(s, "private1"))
	assert.Equal(t, "10.0.0.7", next.Outputs["privateIp"])
	require.NoError(t, s.Delete(fixed))
	require.NoError(t, s.Update(next, with(eni(s, "private1"), "description", "x")))
	assert.Equal(t, "10.0.0.7", next.Outputs["privateIp"], "an address stays, though a lower one is free")
}

func TestNamesAreChosenAsTheProviderChoosesThem(t *testing.T) {
	t.Parallel()
	s := start(t)
	group := s.Make("SecurityGroup", "auto", Map{"vpcId": s.By["vpc"].ID})
	assert.Regexp(t, `^auto-[0-9a-f]{7}$`, group.Outputs["name"])
	assert.Equal(t, "Managed by Pulumi", group.Outputs["description"])
	again, err := s.Diff(group, Map{"vpcId": s.By["vpc"].ID})
	require.NoError(t, err)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, again.Changes, "a chosen name stays: %v", again.DetailedDiff)
	moved, err := s.Diff(group, Map{"vpcId": s.By["vpc"].ID, "description": "other"})
	require.NoError(t, err)
	assert.Equal(t, []string{"description"}, moved.Replaces)
	assert.False(t, moved.DeleteBeforeReplace, "a chosen name lets the new one come first")
	moved, err = s.Diff(s.By["group"], with(of("group")(s), "description", "other"))
	require.NoError(t, err)
	assert.True(t, moved.DeleteBeforeReplace, "a given name is free only when the old one is gone")

	prefixed := s.Make("Role", "prefixed", with(with(role(""), "name", nil), "namePrefix", "broker-"))
	assert.Regexp(t, `^broker-\d{26}$`, prefixed.ID)
	again, err = s.Diff(prefixed, with(with(role(""), "name", nil), "namePrefix", "broker-"))
	require.NoError(t, err)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, again.Changes, "%v", again.DetailedDiff)
	_, err = s.Create(token("TargetGroup"), "a-name-that-is-rather-long-for-one", with(targets(s, ""), "name", nil))
	assert.EqualError(t, err, "'name' cannot be chosen: the resource's name and 8 random characters are longer than 32")
}

func TestDefaultTagsAreAdded(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	s.Configure(Map{"region": "eu-central-1", "defaultTags": `{"tags":{"team":"data","Name":"nobody"}}`})
	vpc := s.Make("Vpc", "vpc", Map{"cidrBlock": "10.0.0.0/16", "tags": Map{"Name": "kafka"}})
	assert.Equal(t, Map{"team": "data", "Name": "kafka"}, vpc.Outputs["tagsAll"])
	assert.Contains(t, vpc.Outputs["arn"], "eu-central-1")
	_, err := s.Invoke("aws:ec2/getVpc:getVpc", Map{"tags": Map{"team": "data"}})
	require.NoError(t, err)
	s.Configure(Map{"region": "us-west-2"})
	_, err = s.Invoke("aws:ec2/getVpc:getVpc", Map{"tags": Map{"team": "data"}})
	assert.EqualError(t, err, "no matching EC2 VPC found", "another region")
}

func TestWhatReplaces(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Make("Parameter", "advanced", Map{"name": "/kafkalink/x", "type": "String", "value": "x", "tier": "Advanced"})
	s.Make("Vpc", "dedicated", Map{"cidrBlock": "10.9.0.0/16", "instanceTenancy": "dedicated"})
	s.Make("Instance", "placed", with(with(instance(s, "eni1"), "networkInterfaces", nil), "subnetId", s.By["private1"].ID))
	in := func(name, path string, value any) func() Map {
		return func() Map { return with(of(name)(s), path, value) }
	}
	for name, test := range map[string]struct {
		resource string
		inputs   func() Map
		replaces []string
	}{
		"a network's range":                {"vpc", in("vpc", "cidrBlock", "10.0.0.0/17"), []string{"cidrBlock"}},
		"an instance's image":              {"broker1", in("broker1", "ami", "ami-1"), []string{"ami"}},
		"not how many IPv6 addresses":      {"placed", in("placed", "ipv6AddressCount", 1), nil},
		"an instance's IPv6 addresses":     {"placed", in("placed", "ipv6Addresses", list{"2001:db8::1"}), []string{"ipv6Addresses"}},
		"not a volume's type":              {"volume1", in("volume1", "type", "gp2"), nil},
		"an instance's key":                {"broker1", in("broker1", "keyName", "other"), []string{"keyName"}},
		"an instance's interfaces":         {"broker1", in("broker1", "networkInterfaces", list{Map{"networkInterfaceId": "eni-1", "deviceIndex": 0}}), []string{"networkInterfaces"}},
		"not an instance's type":           {"broker1", in("broker1", "instanceType", "m6i.xlarge"), nil},
		"not an instance's user-data":      {"broker1", in("broker1", "userData", "#cloud-config\nx"), nil},
		"user-data that says so":           {"broker1", func() Map { return with(in("broker1", "userData", "x")(), "userDataReplaceOnChange", true) }, []string{"userData"}},
		"not that it says so":              {"broker1", in("broker1", "userDataReplaceOnChange", true), nil},
		"not its root volume's size":       {"broker1", in("broker1", "rootBlockDevice.volumeSize", 30), nil},
		"its root volume's encryption":     {"broker1", in("broker1", "rootBlockDevice.encrypted", false), []string{"rootBlockDevice"}},
		"a volume's zone":                  {"volume1", in("volume1", "availabilityZone", "us-west-2b"), []string{"availabilityZone"}},
		"not a volume's size":              {"volume1", in("volume1", "size", 128), nil},
		"an attachment's volume":           {"attachment1", in("attachment1", "volumeId", "vol-1"), []string{"volumeId"}},
		"an interface's subnet":            {"eni1", in("eni1", "subnetId", "subnet-1"), []string{"subnetId"}},
		"an interface's first address":     {"eni1", in("eni1", "privateIps", list{"10.0.0.99"}), []string{"privateIps"}},
		"not an interface's other address": {"eni1", in("eni1", "privateIps", list{"10.0.0.4", "10.0.0.99"}), nil},
		"a rule's sort of source":          {"in", func() Map { return with(in("in", "cidrIpv4", nil)(), "cidrIpv6", "::/0") }, []string{"cidrIpv4", "cidrIpv6"}},
		"not a rule's source":              {"in", in("in", "cidrIpv4", "10.0.0.0/8"), nil},
		"a balancer's fewer subnets":       {"lb", in("lb", "subnets", list{"subnet-1"}), []string{"subnets"}},
		"a balancer's other subnets":       {"lb", in("lb", "subnets", list{"subnet-1", "subnet-2", "subnet-3"}), []string{"subnets"}},
		"not a balancer's more subnets": {"lb", func() Map {
			return in("lb", "subnets", append(list{"subnet-1"}, s.By["lb"].Inputs["subnets"].([]any)...))()
		}, nil},
		"a balancer that loses all groups": {"lb", in("lb", "securityGroups", list{}), []string{"securityGroups"}},
		"not a balancer's other groups":    {"lb", in("lb", "securityGroups", list{"sg-1"}), nil},
		"a group's port":                   {"targets1", in("targets1", "port", 1), []string{"port"}},
		"not a group's check":              {"targets1", in("targets1", "healthCheck.interval", 30), nil},
		"a target":                         {"target1", in("target1", "targetId", "10.0.0.9"), []string{"targetId"}},
		"not a listener's port":            {"listener1", in("listener1", "port", 1), nil},
		"a network's tenancy":              {"vpc", in("vpc", "instanceTenancy", "dedicated"), []string{"instanceTenancy"}},
		"not its tenancy back to default":  {"dedicated", in("dedicated", "instanceTenancy", "default"), nil},
		"a parameter's data type":          {"advanced", in("advanced", "dataType", "aws:ec2:image"), []string{"dataType"}},
		"not a document's type":            {"document", in("document", "documentType", "Session"), nil},
		"not an association's targets":     {"configure1", in("configure1", "targets", list{Map{"key": "InstanceIds", "values": list{"i-1"}}}), nil},
		"not an association's parameters":  {"configure1", in("configure1", "parameters", Map{"command": "x"}), nil},
		"an association's document":        {"configure1", in("configure1", "name", "other"), []string{"name"}},
		"not a document's content":         {"document", in("document", "content", content("true")), nil},
		"a principal":                      {"consumer", in("consumer", "principalArn", "*"), []string{"principalArn"}},
		"not a service's balancers":        {"service", in("service", "networkLoadBalancerArns", list{"arn"}), nil},
		"a parameter's lower tier":         {"advanced", in("advanced", "tier", "Standard"), []string{"tier"}},
		"not a role's trust":               {"role", in("role", "assumeRolePolicy", trust("lambda.amazonaws.com")), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diff, err := s.Diff(s.By[test.resource], test.inputs())
			require.NoError(t, err)
			assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, diff.Changes)
			assert.ElementsMatch(t, test.replaces, diff.Replaces)
		})
	}
}

func TestWhatIsNoChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, test := range map[string]struct {
		resource string
		inputs   func() Map
	}{
		"sets in another order": {"lb", func() Map {
			return with(of("lb")(s), "subnets", list{s.By["private3"].ID, s.By["private1"].ID, s.By["private2"].ID})
		}},
		"policies in another layout":               {"role", func() Map { return with(of("role")(s), "assumeRolePolicy", " "+trust("ec2.amazonaws.com")+"\n") }},
		"computed values no longer set":            {"broker1", func() Map { return with(of("broker1")(s), "userData", nil) }},
		"computed values set to what they are":     {"nat", func() Map { return with(of("nat")(s), "privateIp", s.By["nat"].Outputs["privateIp"]) }},
		"computed objects set to what they are":    {"targets1", func() Map { return with(of("targets1")(s), "healthCheck", Map{"protocol": "TCP", "interval": 10}) }},
		"an address where the cloud had given one": {"eni1", func() Map { return with(of("eni1")(s), "privateIps", list{"10.0.0.4"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diff, err := s.Diff(s.By[test.resource], test.inputs())
			require.NoError(t, err)
			assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, diff.Changes, "%v", diff.DetailedDiff)
		})
	}
}

func TestAPreviewOfAnUpdateCarriesOverWhatStays(t *testing.T) {
	t.Parallel()
	s := start(t)
	shown := s.PreviewUpdate(s.By["broker1"], with(of("broker1")(s), "instanceType", "m6i.xlarge"))
	assert.Equal(t, "m6i.xlarge", shown["instanceType"])
	assert.Equal(t, "10.0.0.4", shown["privateIp"])
	assert.Equal(t, s.By["broker1"].Outputs["arn"], shown["arn"])
	assert.IsType(t, resource.Computed{}, shown["publicIp"])
	shown = s.PreviewUpdate(s.By["document"], with(of("document")(s), "content", content("true")))
	assert.IsType(t, resource.Computed{}, shown["latestVersion"])
	created := s.PreviewCreate(token("Vpc"), "new", Map{"cidrBlock": "10.9.0.0/16"})
	assert.IsType(t, resource.Computed{}, created["arn"])
}

func TestWhatMayBeMadeAgainIsThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	for kind, name := range map[string]string{"VolumeAttachment": "attachment1", "TargetGroupAttachment": "target1", "RolePolicy": "policy"} {
		again := s.Make(kind, "again", s.By[name].Inputs)
		assert.Equal(t, s.By[name].ID, again.ID)
	}
}

func TestNothingDriftsByItself(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.NothingDrifts()
	for name, state := range s.By {
		again, err := s.Diff(state, of(name)(s))
		require.NoError(t, err)
		assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, again.Changes, "%s: %v", name, again.DetailedDiff)
	}
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		world.Change(s.By["targets1"].ID, func(r *simcloud.Resource) { r.Properties.Set("healthCheck.interval", 99.0) })
		world.Delete(s.By["in"].ID)
		return nil
	}))
	wanted := of("targets1")(s)
	require.True(t, s.Refresh(s.By["targets1"]))
	diff, err := s.Diff(s.By["targets1"], wanted)
	require.NoError(t, err)
	assert.Contains(t, diff.DetailedDiff, "healthCheck.interval")
	assert.Len(t, diff.DetailedDiff, 1)
	assert.False(t, s.Refresh(s.By["in"]))
}

func TestImportGivesTheInputsThatMakeTheSame(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{"vpc", "private1", "nat", "role", "profile", "document", "key", "volume1", "targets1", "listener1", "service"} {
		state := s.By[name]
		imported := s.Import(string(resource.URN(state.URN).Type()), name, state.ID)
		require.NotNil(t, imported, name)
		for _, input := range []string{"name", "cidrBlock", "vpcId", "subnetId", "size", "port", "content", "keyName"} {
			assert.Equal(t, state.Inputs[input], imported.Inputs[input], "%s of %s", input, name)
		}
	}
	assert.Nil(t, s.Import(token("Subnet"), "x", s.By["vpc"].ID), "what is of another type is not there")
	assert.NotNil(t, s.Import(token("Role"), "x", "broker"), "a role and its profile may have one name")
}

func TestDeletionsTakeAlongWhatLiesIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{"consumer", "service", "listener1", "listener2", "listener3", "lb"} {
		require.NoError(t, s.Delete(s.By[name]), name)
	}
	require.NoError(t, s.Delete(s.By["targets1"]))
	assert.False(t, s.Refresh(s.By["target1"]))
	require.NoError(t, s.Delete(s.By["broker1"]))
	assert.False(t, s.Refresh(s.By["attachment1"]), "a volume leaves an instance that ends")
	require.NoError(t, s.Delete(s.By["volume1"]))
	require.NoError(t, s.Delete(s.By["eni1"]), "an interface outlives its instance, then goes")
	require.NoError(t, s.Delete(s.By["private1"]))
	assert.False(t, s.Refresh(s.By["private-back1"]))
	require.NoError(t, s.Delete(s.By["to-nat"]))
	require.NoError(t, s.Delete(s.By["nat"]))
	require.NoError(t, s.Delete(s.By["igw"]))
	assert.NoError(t, s.Delete(s.By["igw"]), "what is gone is deleted")
	require.True(t, s.Refresh(s.By["to-igw"]))
	assert.Equal(t, "blackhole", s.By["to-igw"].Outputs["state"])
}

func TestARouteTableLeavesItsSubnetsWhenItGoes(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Delete(s.By["back"]))
	assert.False(t, s.Refresh(s.By["private-back1"]))
	assert.NoError(t, s.Delete(s.By["private-back1"]), "its association is gone")
}

func TestAZonesNameIsKeptByTheProvidersDefaultWithinItsBlock(t *testing.T) {
	t.Parallel()
	s := start(t)
	const path = "targetGroupHealth"
	count := func(name string, health any) any {
		inputs := with(targets(s, name), path, health)
		shown := s.Make("TargetGroup", name, inputs).Outputs[path].(Map)
		return shown["dnsFailover"].(Map)["minimumHealthyTargetsCount"]
	}
	assert.Equal(t, "1", count("none", nil), "AWS's own")
	assert.Equal(t, "1", count("beside", Map{"unhealthyStateRouting": Map{"minimumHealthyTargetsCount": 1}}))
	assert.Equal(t, "off", count("within", Map{"dnsFailover": Map{"minimumHealthyTargetsPercentage": "off"}}))
}

func TestAVolumeChangesItsTypeInPlace(t *testing.T) {
	t.Parallel()
	s := start(t)
	volume := func(changes Map) Map {
		inputs := Map{"availabilityZone": "us-west-2a", "size": 64}
		maps.Copy(inputs, changes)
		return inputs
	}
	made := s.Make("Volume", "spare", volume(Map{"type": "gp3"}))
	for _, test := range []struct {
		inputs           Map
		iops, throughput float64
		refused          string
	}{
		{Map{"type": "gp2"}, 192, 0, ""},
		{Map{"type": "gp3"}, 0, 0, "Volume iops of 192 is not supported for volume type gp3: 3000 to 16000."}, // the provider sends what it saw
		{Map{"type": "gp3", "iops": 3000}, 3000, 125, ""},
		{Map{"type": "gp3", "iops": 4000, "throughput": 250}, 4000, 250, ""},
		{Map{"type": "gp3"}, 4000, 250, ""}, // what is no longer said stays
		{Map{"type": "io2"}, 4000, 0, ""},
		{Map{"type": "gp2", "iops": 4000}, 0, 0, "The parameter iops is not supported for gp2 volumes."},
		{Map{"type": "st1", "size": 125}, 0, 0, ""},
	} {
		err := s.Update(made, volume(test.inputs))
		if test.refused != "" {
			require.ErrorContains(t, err, test.refused)
			continue
		}
		require.NoError(t, err, "%v", test.inputs)
		assert.Equal(t, test.iops, made.Outputs["iops"], "%v", test.inputs)
		shown, _ := made.Outputs["throughput"].(float64)
		assert.Equal(t, test.throughput, shown, "%v", test.inputs)
	}
}

func TestAVPCComesWithAGroupAndARouteTable(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	vpc := s.Make("Vpc", "vpc", Map{"cidrBlock": "10.0.0.0/16"})
	group, err := s.Invoke("aws:ec2/getSecurityGroup:getSecurityGroup", Map{"vpcId": vpc.ID, "name": "default"})
	require.NoError(t, err)
	assert.Equal(t, vpc.Outputs["defaultSecurityGroupId"], group["id"])
	table, err := s.Invoke("aws:ec2/getRouteTable:getRouteTable", Map{"vpcId": vpc.ID, "filters": list{Map{"name": "association.main", "values": list{"true"}}}})
	require.NoError(t, err)
	assert.Equal(t, vpc.Outputs["mainRouteTableId"], table["routeTableId"])
	require.NoError(t, s.Delete(vpc))
	assert.Empty(t, s.Server.View().List(""))
}

func TestConsumersConnectWhereBothAre(t *testing.T) {
	t.Parallel()
	s := start(t)
	service := s.By["service"].Outputs["serviceName"].(string)
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		made, err := aws.Connect(world, service, aws.Endpoint{ID: "vpce-1", Principal: "arn:aws:iam::380838443567:role/tidb", ZoneIDs: []string{"usw2-az4", "usw2-az3", "usw2-az1"}})
		require.NoError(t, err)
		assert.Equal(t, aws.Connection{Endpoint: "vpce-1", Principal: "arn:aws:iam::380838443567:role/tidb", State: aws.PendingAcceptance, ZoneIDs: []string{"usw2-az1", "usw2-az3"}, Client: "172.31.0.10"}, made)
		return aws.Accept(world, service, "vpce-1")
	}))
	assert.Equal(t, aws.Available, aws.Connections(s.Server.View(), service)[0].State)
	require.Error(t, s.Delete(s.By["service"]))
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error { return aws.Reject(world, service, "vpce-1") }))
	assert.Equal(t, aws.Rejected, aws.Connections(s.Server.View(), s.By["service"].ID)[0].State)

	require.NoError(t, s.Update(s.By["service"], with(with(of("service")(s), "acceptanceRequired", false), "allowedPrincipals", list{"*"})))
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		made, err := aws.Connect(world, s.By["service"].ID, aws.Endpoint{Principal: "arn:aws:iam::999999999999:user/anyone", ZoneIDs: zoneIDs})
		require.NoError(t, err)
		assert.Regexp(t, `^vpce-[0-9a-f]{17}$`, made.Endpoint)
		assert.Equal(t, aws.Available, made.State)
		return aws.Disconnect(world, service, made.Endpoint)
	}))
	assert.Len(t, aws.Connections(s.Server.View(), service), 1)
	assert.NoError(t, s.Delete(s.By["service"]), "rejected connections do not hold a service")
	assert.Nil(t, aws.Connections(s.Server.View(), service))
}

func TestWhatExistsIsThereBeforeAProgram(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	existing := aws.Existing{
		KeyPairs: []string{"operators"},
		Images:   []aws.Image{{ID: "ami-0fedcba9876543210", Name: "house image", Owner: "self", Architecture: "x86_64", RootDevice: "/dev/xvda", Agent: true}},
		Subnets: []aws.ExistingSubnet{
			{ID: "subnet-11111111111111111", Vpc: "vpc-11111111111111111", CIDR: "10.5.1.0/24", ZoneID: "usw2-az1", WayOut: true},
			{ID: "subnet-22222222222222222", Vpc: "vpc-11111111111111111", CIDR: "10.5.2.0/24", ZoneID: "usw2-az2"},
		},
	}
	require.NoError(t, s.Server.Mutate(existing.Put))
	view := s.Server.View()
	assert.NoError(t, aws.WayOut(view, "subnet-11111111111111111", 443))
	assert.ErrorContains(t, aws.WayOut(view, "subnet-22222222222222222", 443), "has no route to 0.0.0.0/0")
	got, err := s.Invoke("aws:ec2/getSubnet:getSubnet", Map{"id": "subnet-22222222222222222"})
	require.NoError(t, err)
	assert.Equal(t, "us-west-2c", got["availabilityZone"])
	pair, err := s.Invoke("aws:ec2/getKeyPair:getKeyPair", Map{"keyName": "operators"})
	require.NoError(t, err)
	assert.Regexp(t, `^key-[0-9a-f]{17}$`, pair["keyPairId"])
	s.Make("Instance", "house", Map{"ami": "ami-0fedcba9876543210", "instanceType": "t2.small", "subnetId": "subnet-11111111111111111", "keyName": "operators"})
	assert.Equal(t, "10.5.1.4", s.By["house"].Outputs["privateIp"])
	existing.Subnets[0].ZoneID = "usw2-az9"
	assert.EqualError(t, s.Server.Mutate(existing.Put), "api error InvalidZone.NotFound: The zone 'usw2-az9' does not exist.")
}

func TestHypervisors(t *testing.T) {
	t.Parallel()
	assert.Equal(t, aws.Xen, aws.HypervisorOf("t2.large"))
	assert.Equal(t, aws.Nitro, aws.HypervisorOf("m7g.medium"))
	assert.Empty(t, aws.HypervisorOf("m6i.nano"))
}

func TestABalancerMayNameItsAddresses(t *testing.T) {
	t.Parallel()
	s := start(t)
	mapping := func(subnet, address string) any {
		return Map{"subnetId": s.By[subnet].ID, "privateIpv4Address": address}
	}
	mapped := func(mappings ...any) Map {
		return with(with(with(balancer(s), "name", "mapped"), "subnets", nil), "subnetMappings", mappings)
	}
	lb := s.Make("LoadBalancer", "mapped", mapped(mapping("private1", "10.0.0.200"), mapping("private2", "10.0.64.200")))
	r, _ := s.Server.View().Get(lb.ID)
	assert.Equal(t, map[string]string{s.By["private1"].ID: "10.0.0.200", s.By["private2"].ID: "10.0.64.200"}, aws.NodeAddresses(r))
	more := mapped(mapping("private2", "10.0.64.200"), mapping("private1", "10.0.0.200"), mapping("private3", "10.0.128.200"))
	diff, err := s.Diff(lb, more)
	require.NoError(t, err)
	assert.Empty(t, diff.Replaces, "one more is added in place")
	diff, err = s.Diff(lb, mapped(mapping("private1", "10.0.0.201"), mapping("private2", "10.0.64.200"), mapping("private3", "10.0.128.200")))
	require.NoError(t, err)
	assert.Equal(t, []string{"subnetMappings"}, diff.Replaces, "unless another changes")
	require.NoError(t, s.Update(lb, more))
	r, _ = s.Server.View().Get(lb.ID)
	assert.Equal(t, "10.0.128.200", aws.NodeAddresses(r)[s.By["private3"].ID])

	s.Make("Eip", "fixed", Map{"domain": "vpc"})
	s.Make("LoadBalancer", "open", Map{"name": "open", "loadBalancerType": "network", "subnetMappings": list{Map{"subnetId": s.By["public"].ID, "allocationId": s.By["fixed"].ID}}})
	assert.Equal(t, s.By["fixed"].ID, s.By["open"].Outputs["subnetMappings"].([]any)[0].(Map)["allocationId"])
	assert.ErrorContains(t, s.Delete(s.By["fixed"]), "InvalidIPAddress.InUse")
}

func TestDatagramsAndStreamsShareAPort(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Make("TargetGroup", "datagrams", with(targets(s, "datagrams"), "protocol", "UDP"))
	s.Make("Listener", "datagrams", with(listener(s, "datagrams", 9093), "protocol", "UDP"))
	assert.NotContains(t, s.By["datagrams"].Outputs, "tcpIdleTimeoutSeconds")
	assert.Equal(t, 350.0, s.By["listener1"].Outputs["tcpIdleTimeoutSeconds"])
	assert.Equal(t, "true", s.Make("TargetGroup", "more", with(targets(s, "more"), "protocol", "UDP")).Outputs["preserveClientIp"])
	assert.Equal(t, "false", s.By["targets1"].Outputs["preserveClientIp"], "of addresses and TCP")
}

func TestInstancesAreTargetsToo(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Make("TargetGroup", "machines", with(targets(s, "machines"), "targetType", "instance"))
	one := Map{"targetGroupArn": s.By["machines"].ID, "targetId": s.By["broker1"].ID}
	s.Make("TargetGroupAttachment", "machine", one)
	s.Make("Listener", "in-front", listener(s, "machines", 9999))
	_, err := s.Create(token("TargetGroupAttachment"), "again", with(one, "port", 39092))
	assert.ErrorContains(t, err, "is in '"+s.By["machines"].ID+"' already", "the group's port is the target's")
	s.Make("TargetGroupAttachment", "far", Map{"targetGroupArn": s.By["targets1"].ID, "targetId": "172.16.0.1", "port": 1, "availabilityZone": "all"})
}

func TestPoliciesMayBeObjects(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	object := Map{"Statement": list{Map{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": Map{"Service": "ec2.amazonaws.com"}}}}
	made := s.Make("Role", "role", with(role("x"), "assumeRolePolicy", object))
	assert.JSONEq(t, written(object), made.Outputs["assumeRolePolicy"].(string))
	object["Statement"].([]any)[0].(Map)["Resource"] = resource.MakeComputed(resource.NewStringProperty(""))
	checked, err := s.Check(token("Role"), "role", nil, with(role("x"), "assumeRolePolicy", object))
	require.NoError(t, err)
	assert.IsType(t, resource.Computed{}, checked["assumeRolePolicy"])
}

func TestARoleGoesWithItsPoliciesWhereTheProviderIsTold(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	access(s)
	require.NoError(t, s.Update(s.By["role"], with(of("role")(s), "forceDetachPolicies", true)))
	require.NoError(t, s.Delete(s.By["role"]))
	assert.False(t, s.Refresh(s.By["policy"]))
	require.True(t, s.Refresh(s.By["profile"]))
	assert.NotContains(t, s.By["profile"].Outputs, "role", "a profile stays, without it")
}

func TestRulesOfGroupsMayBeWrittenInManyWays(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, err := s.Create(token("IngressRule"), "x", with(ingress(s), "ipProtocol", "6"))
	assert.ErrorContains(t, err, "InvalidPermission.Duplicate")
	s.Make("IngressRule", "udp", with(ingress(s), "ipProtocol", "17"))
	inline := s.Make("SecurityGroup", "inline", Map{"vpcId": s.By["vpc"].ID,
		"ingress": list{Map{"protocol": "tcp", "fromPort": 22, "toPort": 22, "self": true, "securityGroups": list{s.By["group"].ID}}},
		"egress":  list{Map{"protocol": "tcp", "fromPort": 0, "toPort": 65535, "cidrBlocks": list{"0.0.0.0/0"}}}})
	assert.ErrorContains(t, s.Delete(s.By["group"]), "DependencyViolation")
	s.Make("Instance", "inline", Map{"ami": aws.AmazonLinux("us-west-2"), "instanceType": "t3.micro", "subnetId": s.By["private1"].ID, "vpcSecurityGroupIds": list{inline.ID}})
	assert.NoError(t, aws.WayOut(s.Server.View(), s.By["inline"].ID, 443))
	bare := s.Make("Instance", "bare", Map{"ami": aws.AmazonLinux("us-west-2"), "instanceType": "t3.micro", "subnetId": s.By["private1"].ID})
	assert.Equal(t, list{s.By["vpc"].Outputs["defaultSecurityGroupId"]}, bare.Outputs["vpcSecurityGroupIds"])
	assert.NoError(t, aws.WayOut(s.Server.View(), bare.ID, 443), "the VPC's own group lets everything out")
}
