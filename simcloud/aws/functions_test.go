package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func function(name string) string {
	module := "ec2"
	switch name {
	case "getAvailabilityZones", "getCallerIdentity", "getRegion":
		module = "index"
	case "getSecurityGroupRules":
		module = "vpc"
	case "getVolume":
		module = "ebs"
	case "getRole", "getInstanceProfile", "getPrincipalPolicySimulation":
		module = "iam"
	case "getResources":
		module = "resourcegroupstaggingapi"
	case "getServiceQuota":
		module = "servicequotas"
	case "getLoadBalancer", "getLbs", "getTargetGroup", "getListener":
		module = "lb"
	case "getDocument", "getParameter":
		module = "ssm"
	}
	return "aws:" + module + "/" + name + ":" + name
}

func filter(name string, values ...any) Map {
	return Map{"filters": list{Map{"name": name, "values": values}}}
}

// TestFunctionsFindWhatIsThere asks for what a creation that was cut off has left, by tags and by names; what they answer has
// the names and types that the SDK declares.
func TestFunctionsFindWhatIsThere(t *testing.T) {
	t.Parallel()
	schema := simtest.ReadSchema(t, "schema.json")
	s := start(t)
	s.Make("Parameter", "parameter", Map{"name": "/kafkalink/x", "type": "String", "value": "x"})
	require.NoError(t, s.Server.Mutate(aws.Existing{Images: []aws.Image{
		{ID: "ami-0aaaaaaaaaaaaaaaa", Name: "al2023-ami-2023.9.20250901.0-kernel-6.1-x86_64", Architecture: "x86_64", Created: "2025-09-01T01:00:00.000Z", Deprecated: true},
	}}.Put))
	for _, name := range []string{"igw", "front", "eip", "nat", "eni1", "volume1", "lb", "targets1", "service", "key"} {
		tagged := with(of(name)(s), "tags", Map{"Name": "our " + name})
		require.NoError(t, s.Update(s.By[name], tagged), name)
	}
	tagged := func(kind, name string) Map {
		return Map{"resourceTypeFilters": list{kind}, "tagFilters": list{Map{"key": "Name", "values": list{name}}}}
	}
	byTag := func(name string) Map { return Map{"tags": Map{"Name": "our " + name}} }
	for name, test := range map[string]struct {
		function  string
		arguments Map
		result    string
		want      any
	}{
		"zones":                      {"getAvailabilityZones", Map{"state": "available", "excludeNames": list{"us-west-2b"}}, "zoneIds", list{"usw2-az1", "usw2-az2"}},
		"zones by filter":            {"getAvailabilityZones", filter("zone-id", "usw2-az3"), "names", list{"us-west-2b"}},
		"the account":                {"getCallerIdentity", Map{}, "accountId", aws.DefaultAccount},
		"the region":                 {"getRegion", Map{}, "name", "us-west-2"},
		"another region":             {"getRegion", Map{"name": "eu-central-1"}, "name", "eu-central-1"},
		"the newest image":           {"getAmi", with(filter("name", "al2023-ami-2023*-x86_64"), "mostRecent", true), "id", aws.AmazonLinux("us-west-2")},
		"a deprecated image":         {"getAmi", with(with(filter("name", "al2023-ami-2023*-x86_64"), "mostRecent", true), "includeDeprecated", true), "id", "ami-0aaaaaaaaaaaaaaaa"},
		"an image by owner":          {"getAmi", Map{"owners": list{"136693071363"}, "nameRegex": "^debian-12-amd64"}, "rootDeviceName", "/dev/xvda"},
		"a parameter":                {"getParameter", Map{"name": "/kafkalink/x"}, "value", "x"},
		"a published parameter":      {"getParameter", Map{"name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"}, "value", aws.AmazonLinux("us-west-2")},
		"a network by tag":           {"getVpc", Map{"tags": Map{"Name": "kafka"}}, "id", "<vpc>"},
		"a network by filter":        {"getVpc", filter("tag:Name", "kaf*"), "mainRouteTableId", s.By["vpc"].Outputs["mainRouteTableId"]},
		"a network by range":         {"getVpc", Map{"cidrBlock": "10.0.0.0/16"}, "id", "<vpc>"},
		"a subnet by zone":           {"getSubnet", Map{"vpcId": s.By["vpc"].ID, "availabilityZoneId": "usw2-az2"}, "availableIpAddressCount", 16384.0 - 5 - 2},
		"a subnet by tag key":        {"getSubnet", filter("subnet-id", s.By["private1"].ID), "availabilityZone", "us-west-2a"},
		"an internet gateway":        {"getInternetGateway", filter("attachment.vpc-id", s.By["vpc"].ID), "attachments", list{Map{"state": "available", "vpcId": s.By["vpc"].ID}}},
		"an internet gateway by tag": {"getInternetGateway", byTag("igw"), "internetGatewayId", "<igw>"},
		"a route table of a subnet":  {"getRouteTable", Map{"subnetId": s.By["private1"].ID}, "routeTableId", "<back>"},
		"a route table by tag":       {"getRouteTable", byTag("front"), "id", "<front>"},
		"a NAT gateway":              {"getNatGateway", Map{"vpcId": s.By["vpc"].ID, "state": "available"}, "publicIp", "198.51.100.4"},
		"a NAT gateway by tag":       {"getNatGateway", byTag("nat"), "id", "<nat>"},
		"an address":                 {"getElasticIp", Map{"publicIp": "198.51.100.4"}, "id", "<eip>"},
		"an address by tag":          {"getElasticIp", byTag("eip"), "domain", "vpc"},
		"a security group":           {"getSecurityGroup", Map{"name": "brokers", "vpcId": s.By["vpc"].ID}, "id", "<group>"},
		"an interface":               {"getNetworkInterface", filter("private-ip-address", "10.0.0.4"), "id", "<eni1>"},
		"an interface by tag":        {"getNetworkInterface", filter("tag:Name", "our eni1"), "availabilityZone", "us-west-2a"},
		"a key":                      {"getKeyPair", Map{"keyName": "kafka", "includePublicKey": true}, "keyType", "ed25519"},
		"a key by tag":               {"getKeyPair", filter("tag:Name", "our key"), "keyName", "kafka"},
		"a volume":                   {"getVolume", with(filter("tag:Name", "our volume1"), "mostRecent", true), "volumeType", "gp3"},
		"a volume of an instance":    {"getVolume", filter("attachment.instance-id", s.By["broker2"].ID), "volumeId", "<volume2>"},
		"an instance":                {"getInstance", Map{"instanceId": s.By["broker1"].ID, "getUserData": true}, "networkInterfaceId", "<eni1>"},
		"an instance by tag":         {"getInstance", Map{"instanceTags": Map{"Name": "eni2"}}, "id", "<broker2>"},
		"an instance by filter":      {"getInstance", with(filter("tag:Name", "eni3"), "filters", list{Map{"name": "tag:Name", "values": list{"eni3"}}, Map{"name": "instance-state-name", "values": list{"running"}}}), "instanceState", "running"},
		"instances":                  {"getInstances", filter("vpc-id", s.By["vpc"].ID), "privateIps", list{"10.0.0.4", "10.0.128.4", "10.0.64.4"}},
		"no instances":               {"getInstances", Map{"instanceStateNames": list{"stopped"}}, "ids", list{}},
		"a route":                    {"getRoute", Map{"routeTableId": s.By["front"].ID, "destinationCidrBlock": "0.0.0.0/0"}, "gatewayId", "<igw>"},
		"rules of a group":           {"getSecurityGroupRules", filter("security-group-rule-id", s.By["out"].ID), "ids", list{s.By["out"].ID}},
		"a role":                     {"getRole", Map{"name": "broker"}, "arn", "arn:aws:iam::123456789012:role/broker"},
		"a profile":                  {"getInstanceProfile", Map{"name": "broker"}, "roleName", "broker"},
		"a document":                 {"getDocument", Map{"name": "kafka-configure", "documentFormat": "JSON"}, "documentType", "Command"},
		"a balancer":                 {"getLoadBalancer", Map{"name": "kafka"}, "arn", "<lb>"},
		"a balancer by tag":          {"getLoadBalancer", byTag("lb"), "internal", true},
		"a target group":             {"getTargetGroup", Map{"name": "broker-1"}, "deregistrationDelay", "300"},
		"a target group by tag":      {"getTargetGroup", byTag("targets1"), "id", "<targets1>"},
		"a listener":                 {"getListener", Map{"loadBalancerArn": s.By["lb"].ID, "port": 9094}, "id", "<listener2>"},
		"an endpoint service":        {"getVpcEndpointService", Map{"serviceName": s.By["service"].Outputs["serviceName"]}, "serviceId", "<service>"},
		"an endpoint service by tag": {"getVpcEndpointService", byTag("service"), "availabilityZones", list{"us-west-2a", "us-west-2b", "us-west-2c"}},
		"all networks":               {"getVpcs", Map{}, "ids", list{s.By["vpc"].ID}},
		"no networks":                {"getVpcs", filter("cidr", "10.9.*"), "ids", list{}},
		"all addresses":              {"getEips", Map{"tags": Map{"Name": "our eip"}}, "publicIps", list{"198.51.100.4"}},
		"addresses by id":            {"getEips", Map{}, "allocationIds", list{s.By["eip"].ID}},
		"all NAT gateways":           {"getNatGateways", with(filter("state", "pending", "available"), "vpcId", s.By["vpc"].ID), "ids", list{s.By["nat"].ID}},
		"all balancers":              {"getLbs", Map{}, "arns", list{s.By["lb"].ID}},
		"a type's vCPUs":             {"getInstanceType", Map{"instanceType": "t2.large"}, "defaultVcpus", 2.0},
		"a type's processors":        {"getInstanceType", Map{"instanceType": "m6g.4xlarge"}, "supportedArchitectures", list{"arm64"}},
		"where a type is offered":    {"getInstanceTypeOfferings", with(filter("instance-type", "t2.large"), "locationType", "availability-zone-id"), "locations", list{"usw2-az1", "usw2-az2", "usw2-az3"}},
		"what a zone offers":         {"getInstanceTypeOfferings", Map{"locationType": "availability-zone", "filters": list{Map{"name": "location", "values": list{"us-west-2a"}}, Map{"name": "instance-type", "values": list{"t2.*large"}}}}, "instanceTypes", list{"t2.large", "t2.xlarge", "t2.2xlarge"}},
		"a type in the region":       {"getInstanceTypeOfferings", filter("instance-type", "m5.large"), "locations", list{"us-west-2"}},
		"a type that is not there":   {"getInstanceTypeOfferings", filter("instance-type", "p5.48xlarge"), "locations", list{}},
		"a quota":                    {"getServiceQuota", Map{"serviceCode": "vpc", "quotaCode": "L-F678F1CE"}, "value", 5.0},
		"a quota by name":            {"getServiceQuota", Map{"serviceCode": "ec2", "quotaName": "EC2-VPC Elastic IPs"}, "quotaCode", "L-0263D0A3"},
		"a simulation": {"getPrincipalPolicySimulation", Map{"policySourceArn": "arn:aws:iam::123456789012:user/simulated", "actionNames": list{"ec2:RunInstances"}}, "results", list{Map{
			"actionName": "ec2:RunInstances", "allowed": true, "decision": "allowed", "decisionDetails": Map{}, "matchedStatements": list{}, "missingContextKeys": list{}, "resourceArn": "*",
		}}},
		"what has a tag": {"getResources", tagged("ec2", "our volume1"), "resourceTagMappingLists", list{
			Map{"resourceArn": s.By["volume1"].Outputs["arn"], "tags": Map{"Name": "our volume1"}, "complianceDetails": list{}},
		}},
		"what has a tag, of a type":       {"getResources", tagged("ec2:instance", "our volume1"), "resourceTagMappingLists", list{}},
		"what has a tag, of another kind": {"getResources", tagged("ssm", "our volume1"), "resourceTagMappingLists", list{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Invoke(function(test.function), test.arguments)
			require.NoError(t, err)
			schema.Holds(t, name, schema.Functions[function(test.function)].Outputs, got)
			result := got[test.result]
			switch value := result.(type) {
			case string:
				result = readable(s, value)
				if want, ok := test.want.(string); ok {
					test.want = readable(s, want)
				}
			case []any:
				assert.ElementsMatch(t, test.want, value)
				return
			}
			assert.Equal(t, test.want, result)
		})
	}
}

func TestFunctionsSayWhatTheyHaveNotFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, test := range map[string]struct {
		function  string
		arguments Map
		want      string
	}{
		"no network":           {"getVpc", Map{"id": "vpc-1"}, "no matching EC2 VPC found"},
		"many subnets":         {"getSubnet", Map{"vpcId": s.By["vpc"].ID}, "multiple EC2 Subnets matched; use additional constraints to reduce matches to a single EC2 Subnet"},
		"no instance":          {"getInstance", Map{"instanceId": "i-1"}, "no matching EC2 Instance found"},
		"many instances":       {"getInstance", filter("subnet-id", "subnet-*"), "multiple EC2 Instances matched; use additional constraints to reduce matches to a single EC2 Instance"},
		"an instance's tags":   {"getInstance", with(filter("subnet-id", "subnet-*"), "tags", Map{"Name": "eni2"}), "multiple EC2 Instances matched; use additional constraints to reduce matches to a single EC2 Instance"},
		"no volume":            {"getVolume", filter("tag:Name", "none"), "Your query returned no results. Please change your search criteria and try again."},
		"a volume's tags":      {"getVolume", Map{"tags": Map{"Name": "none"}}, "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true."},
		"no interface":         {"getNetworkInterface", filter("tag:Name", "none"), "no matching EC2 Network Interface found"},
		"an interface's tags":  {"getNetworkInterface", Map{"tags": Map{"Name": "none"}}, "multiple EC2 Network Interfaces matched; use additional constraints to reduce matches to a single EC2 Network Interface"},
		"a wildcard escaped":   {"getNetworkInterface", filter("subnet-id", `subnet-\*`), "no matching EC2 Network Interface found"},
		"no route":             {"getRoute", Map{"routeTableId": s.By["front"].ID, "destinationCidrBlock": "10.1.0.0/16"}, "No routes matching supplied arguments found in Route Table (" + s.By["front"].ID + ")"},
		"a route of no table":  {"getRoute", Map{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}, "reading Route Table (rtb-1): couldn't find resource"},
		"no route table":       {"getRouteTable", Map{"routeTableId": "rtb-1"}, "query returned no results. Please change your search criteria and try again"},
		"many route tables":    {"getRouteTable", Map{"vpcId": s.By["vpc"].ID}, "multiple Route Tables matched; use additional constraints to reduce matches to a single Route Table"},
		"no image":             {"getAmi", filter("name", "windows*"), "Your query returned no results. Please change your search criteria and try again."},
		"many images":          {"getAmi", filter("name", "al2023*"), "Your query returned more than one result. Please try a more specific search criteria, or set `mostRecent` to true."},
		"a bad expression":     {"getAmi", Map{"nameRegex": "("}, "'nameRegex' is no regular expression: error parsing regexp: missing closing ): `(`"},
		"no parameter":         {"getParameter", Map{"name": "/none"}, "reading SSM Parameter (/none): couldn't find resource"},
		"no role":              {"getRole", Map{"name": "none"}, "reading IAM Role (none): couldn't find resource"},
		"no profile":           {"getInstanceProfile", Map{"name": "none"}, "reading IAM Instance Profile (none): couldn't find resource"},
		"no document":          {"getDocument", Map{"name": "none"}, "reading SSM Document (none): operation error SSM: GetDocument, https response error StatusCode: 400, RequestID: 00000000-0000-0000-0000-000000000000, InvalidDocument: Document with name none does not exist."},
		"no balancer":          {"getLoadBalancer", Map{"name": "none"}, "reading ELBv2 Load Balancers: couldn't find resource"},
		"no balancer by tag":   {"getLoadBalancer", Map{"tags": Map{"Name": "none"}}, "Search returned 0 results, please revise so only one is returned"},
		"no target group":      {"getTargetGroup", Map{"name": "none"}, "reading ELBv2 Target Groups: couldn't find resource"},
		"many target groups":   {"getTargetGroup", Map{"tags": Map{}}, "Search returned 3 results, please revise so only one is returned"},
		"no listener":          {"getListener", Map{"loadBalancerArn": s.By["lb"].ID, "port": 1}, "no matching ELBv2 Listener found"},
		"many listeners":       {"getListener", Map{"loadBalancerArn": s.By["lb"].ID}, "multiple ELBv2 Listeners matched; use additional constraints to reduce matches to a single ELBv2 Listener"},
		"no service of AWS's":  {"getVpcEndpointService", Map{"service": "s3"}, "no matching EC2 VPC Endpoint Service found"},
		"an unknown filter":    {"getVpc", filter("colour", "red"), "api error InvalidParameterValue: The filter 'colour' is invalid"},
		"an unknown zone fact": {"getAvailabilityZones", filter("colour", "red"), "api error InvalidParameterValue: The filter 'colour' is invalid"},
		"an unknown argument":  {"getVpc", Map{"colour": "red"}, "unknown property 'colour'"},
		"a number for a text":  {"getVpc", Map{"id": 1}, "'id' should be of type 'string' but got a number"},
		"no type":              {"getInstanceType", Map{"instanceType": "t2.huge"}, "no matching EC2 Instance Type found"},
		"no offer by colour":   {"getInstanceTypeOfferings", filter("colour", "red"), "api error InvalidParameterValue: The filter 'colour' is invalid"},
		"no such quota":        {"getServiceQuota", Map{"serviceCode": "vpc", "quotaCode": "L-1"}, "getting Default Service Quota for (vpc/L-1): couldn't find resource"},
		"two names of a quota": {"getServiceQuota", Map{"serviceCode": "vpc", "quotaCode": "L-1", "quotaName": "x"}, "exactly one of 'quotaCode', 'quotaName' must be specified"},
		"another's policies":   {"getPrincipalPolicySimulation", Map{"policySourceArn": "arn:aws:iam::123456789012:role/x", "actionNames": list{"ec2:RunInstances"}}, "api error SimulatedCloudLimit: Policies of arn:aws:iam::123456789012:role/x cannot be simulated, only those of arn:aws:iam::123456789012:user/simulated"},
		"a bad filter of all":  {"getVpcs", filter("colour", "red"), "api error InvalidParameterValue: The filter 'colour' is invalid"},
		"a missing argument":   {"getRole", Map{}, "missing required property 'name'"},
	} {
		_, err := s.Invoke(function(test.function), test.arguments)
		assert.EqualError(t, err, test.want, name)
	}
}

// TestAllFunctionsOfTheSchemaAreServed: what the generator writes down, somebody answers.
func TestAllFunctionsOfTheSchemaAreServed(t *testing.T) {
	t.Parallel()
	served := map[string]bool{}
	for _, f := range aws.Cloud(aws.Account{}).Functions {
		served[f.Token] = true
	}
	for token := range simtest.ReadSchema(t, "schema.json").Functions {
		assert.True(t, served[token], token)
		delete(served, token)
	}
	assert.Empty(t, served)
	_, err := empty(t, simcloud.Options{}).Invoke("aws:s3/getBucket:getBucket", Map{})
	assert.EqualError(t, err, "the simulated aws has no function aws:s3/getBucket:getBucket")
}
