package aws

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notFoundWords are what the data source of each type says of what is not there, to the letter: terraform-provider-aws
// v5.100 (simcloud/aws/SOURCES.md has the files).
var notFoundWords = map[string][]string{
	"aws:ec2/vpc:Vpc":                         {"no matching EC2 VPC found"},
	"aws:ec2/subnet:Subnet":                   {"no matching EC2 Subnet found"},
	"aws:ec2/internetGateway:InternetGateway": {"no matching EC2 Internet Gateway found"},
	"aws:ec2/routeTable:RouteTable":           {"query returned no results. Please change your search criteria and try again"},
	"aws:ec2/route:Route": {
		"No routes matching supplied arguments found in Route Table (rtb-1)", "reading Route Table (rtb-1): couldn't find resource",
	},
	"aws:ec2/eip:Eip":                           {"no matching EC2 EIP found"},
	"aws:ec2/natGateway:NatGateway":             {"no matching EC2 NAT Gateway found"},
	"aws:ec2/securityGroup:SecurityGroup":       {"no matching EC2 Security Group found"},
	"aws:ec2/networkInterface:NetworkInterface": {"no matching EC2 Network Interface found"},
	"aws:ec2/keyPair:KeyPair":                   {"no matching EC2 Key Pair found"},
	"aws:ec2/instance:Instance":                 {"no matching EC2 Instance found"},
	"aws:ebs/volume:Volume":                     {"Your query returned no results. Please change your search criteria and try again."},
	"aws:iam/role:Role":                         {"reading IAM Role (x): couldn't find resource"},
	"aws:iam/instanceProfile:InstanceProfile":   {"reading IAM Instance Profile (x): couldn't find resource"},
	"aws:ssm/document:Document": {
		"reading SSM Document (x): operation error SSM: GetDocument, https response error StatusCode: 400, RequestID: 5, InvalidDocument: Document with name x does not exist.",
		"reading SSM Document (x): operation error SSM: GetDocument, https response error StatusCode: 400, RequestID: 5, InvalidDocument: ",
	},
	"aws:ssm/parameter:Parameter": {"reading SSM Parameter (/x): couldn't find resource"},
	"aws:lb/loadBalancer:LoadBalancer": {
		"reading ELBv2 Load Balancers: couldn't find resource", "Search returned 0 results, please revise so only one is returned",
	},
	"aws:lb/targetGroup:TargetGroup": {
		"reading ELBv2 Target Groups: couldn't find resource", "Search returned 0 results, please revise so only one is returned",
	},
	"aws:lb/listener:Listener": {
		"no matching ELBv2 Listener found",
		"reading ELBv2 Listener: operation error Elastic Load Balancing v2: DescribeListeners, https response error StatusCode: 400, RequestID: 5, LoadBalancerNotFound: One or more load balancers not found",
	},
	"aws:ec2/vpcEndpointService:VpcEndpointService": {
		"no matching EC2 VPC Endpoint Service found", "reading EC2 VPC Endpoint Services: couldn't find resource",
	},
	// These find any number, and say nothing.
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   nil,
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nil,
}

// TestMissingKnowsWhatEachDataSourceSays: another's words for "not there" would stop every update after a kill.
func TestMissingKnowsWhatEachDataSourceSays(t *testing.T) {
	t.Parallel()
	require.Equal(t, slices.Sorted(maps.Keys(queries)), slices.Sorted(maps.Keys(notFoundWords)), "each data source has a row")
	for token, said := range notFoundWords {
		for _, words := range said {
			err := errors.New("invocation of " + queries[token].function + " returned an error: " + words)
			assert.True(t, Missing(err), words)
			assert.False(t, several.MatchString(err.Error()), words)
		}
	}
}

// TestMissingIsNothingElse: what cannot be read, and what is there more than once, must not be made again.
func TestMissingIsNothingElse(t *testing.T) {
	t.Parallel()
	assert.False(t, Missing(nil))
	for said, more := range map[string]bool{
		"multiple EC2 Network Interfaces matched; use additional constraints to reduce matches to a single EC2 Network Interface":                                                                          true,
		"multiple Route Tables matched; use additional constraints to reduce matches to a single Route Table":                                                                                              true,
		"Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true.":                                                                    true,
		"Search returned 2 results, please revise so only one is returned":                                                                                                                                 true,
		"2 routes matched in Route Table (rtb-1); use additional constraints to reduce matches to a single route":                                                                                          true,
		"reading EC2 Subnet: operation error EC2: DescribeSubnets, https response error StatusCode: 403, RequestID: 5, api error UnauthorizedOperation: You are not authorized to perform this operation.": false,
		"reading SSM Document (x): operation error SSM: GetDocument, https response error StatusCode: 400, RequestID: 5, InvalidDocumentVersion: The document version isn't valid.":                        false,
		"reading SSM Document (x): operation error SSM: GetDocument, https response error StatusCode: 400, RequestID: 5, ThrottlingException: Rate exceeded":                                               false,
		"reading IAM Role (x): operation error IAM: GetRole, https response error StatusCode: 403, RequestID: 5, api error AccessDenied: User is not authorized to perform: iam:GetRole":                   false,
	} {
		assert.False(t, Missing(errors.New(said)), said)
		assert.Equal(t, more, several.MatchString(said), said)
	}
}

// TestDataSourcesThatIgnoreTagsAreAskedByFilters: the volumes and interfaces of a whole region are to be told apart.
func TestDataSourcesThatIgnoreTagsAreAskedByFilters(t *testing.T) {
	t.Parallel()
	owned := map[string]any{"Name": "kafka-1-data", "team": `a*b?c\d`}
	filter := func(name string, values ...string) any { return map[string]any{"name": name, "values": values} }
	for token, test := range map[string]struct {
		inputs map[string]any
		want   map[string]any
	}{
		"aws:ebs/volume:Volume": {
			map[string]any{"tags": owned, "availabilityZone": "us-west-2a", "size": 100.0},
			map[string]any{"filters": []any{
				filter("availability-zone", "us-west-2a"), filter("status", "creating", "available", "in-use"),
				filter("tag:Name", "kafka-1-data"), filter("tag:team", `a\*b\?c\\d`),
			}},
		},
		"aws:ec2/networkInterface:NetworkInterface": {
			map[string]any{"tags": owned, "subnetId": "subnet-1", "privateIps": []any{"10.0.0.4"}},
			map[string]any{"filters": []any{
				filter("addresses.private-ip-address", "10.0.0.4"), filter("subnet-id", "subnet-1"),
				filter("tag:Name", "kafka-1-data"), filter("tag:team", `a\*b\?c\\d`),
			}},
		},
	} {
		got, err := queries[token].arguments(token, test.inputs)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, token)
		for name := range test.inputs {
			if name == "size" {
				continue
			}
			less := maps.Clone(test.inputs)
			delete(less, name)
			_, err := queries[token].arguments(token, less)
			assert.EqualError(t, err, "a "+token+" without "+name+" cannot be found")
		}
	}
}

// TestWhatWasNotAskedForIsNotTaken: a data source that ignores what it was asked by gives the only one of the region.
func TestWhatWasNotAskedForIsNotTaken(t *testing.T) {
	t.Parallel()
	inputs := map[string]any{
		"tags": map[string]any{"Name": "kafka-1", "owner": "us"}, "subnetId": "subnet-1", "availabilityZone": "us-west-2a",
		"privateIps": []any{"10.0.0.4"}, "vpcId": "vpc-1", "name": "kafka-1",
	}
	ours := func(changes map[string]any) map[string]any {
		result := maps.Clone(inputs)
		result["tags"] = map[string]any{"Name": "kafka-1", "owner": "us", "aws-added": "x"}
		maps.Copy(result, changes)
		return result
	}
	theirs := map[string]any{"tags": map[string]any{"Name": "kafka-1"}}
	for name, test := range map[string]struct {
		token  string
		result map[string]any
		want   []string
	}{
		"ours, with a tag more":      {"aws:ebs/volume:Volume", ours(nil), nil},
		"another's volume":           {"aws:ebs/volume:Volume", ours(theirs), []string{"tags.owner is missing"}},
		"a volume elsewhere":         {"aws:ebs/volume:Volume", ours(map[string]any{"availabilityZone": "us-west-2b"}), []string{`availabilityZone is "us-west-2b", not "us-west-2a"`}},
		"an interface elsewhere":     {"aws:ec2/networkInterface:NetworkInterface", ours(map[string]any{"privateIps": []any{"10.0.0.5"}}), []string{`privateIps is "[10.0.0.5]", not "[10.0.0.4]"`}},
		"another's instance":         {"aws:ec2/instance:Instance", ours(theirs), []string{"tags.owner is missing"}},
		"a group of another network": {"aws:ec2/securityGroup:SecurityGroup", ours(map[string]any{"vpcId": "vpc-2"}), []string{`vpcId is "vpc-2", not "vpc-1"`}},
	} {
		assert.Equal(t, test.want, queries[test.token].differences(inputs, test.result), name)
	}
}
