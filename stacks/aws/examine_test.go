package aws

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/aws/readiness"
	"github.com/kafkalink/kafkalink/stacks/examination"
	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

type (
	object = map[string]any
	list   = []any
)

// with asks a provider that gives these answers, and returns with which arguments it was asked.
func with(t *testing.T, answers stacktest.Answers, ask func(readiness.AWS)) map[string]map[string]any {
	t.Helper()
	return stacktest.Ask(t, answers, func(ctx *pulumi.Context) error {
		ask(provider{ctx})
		return nil
	})
}

func TestAWSIsAskedByItsProvidersDataSources(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::123456789012:role/teams/Deployer"
	asked := with(t, stacktest.Answers{
		"aws:index/getCallerIdentity:getCallerIdentity":             object{"accountId": "123456789012", "arn": "arn:aws:sts::123456789012:assumed-role/Deployer/alice"},
		"aws:index/getRegion:getRegion":                             object{"name": "us-west-2"},
		"aws:index/getAvailabilityZones:getAvailabilityZones":       object{"names": list{"us-west-2a", "us-west-2b"}, "zoneIds": list{"usw2-az1", "usw2-az3"}},
		"aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": object{"instanceTypes": list{"t2.large", "t3.micro", "t2.large"}, "locations": list{"usw2-az1", "usw2-az1", "usw2-az3"}},
		"aws:ec2/getInstanceType:getInstanceType":                   object{"defaultVcpus": 2, "supportedArchitectures": list{"x86_64"}},
		"aws:ec2/getAmi:getAmi":                                     object{"architecture": "arm64"},
		"aws:servicequotas/getServiceQuota:getServiceQuota":         object{"value": 5.0},
		"aws:ec2/getVpcs:getVpcs":                                   object{"ids": list{"vpc-1", "vpc-2"}},
		"aws:ec2/getEips:getEips":                                   object{"allocationIds": list{"eipalloc-1"}},
		"aws:ec2/getNatGateways:getNatGateways":                     object{"ids": list{"nat-1", "nat-2", "nat-3"}},
		"aws:lb/getLbs:getLbs":                                      object{"arns": list{"arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/net/a/1", "arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/app/b/2"}},
		"aws:iam/getRole:getRole":                                   object{"arn": role},
		"aws:iam/getPrincipalPolicySimulation:getPrincipalPolicySimulation": object{"results": list{
			object{"actionName": "ec2:CreateVpc", "allowed": true},
			object{"actionName": "ec2:RunInstances", "allowed": false, "missingContextKeys": list{"aws:RequestTag/team"}},
		}},
	}, func(aws readiness.AWS) {
		caller, err := aws.Caller()
		require.NoError(t, err)
		require.Equal(t, readiness.Caller{Account: "123456789012", Region: "us-west-2", ARN: "arn:aws:sts::123456789012:assumed-role/Deployer/alice"}, caller)
		zones, err := aws.Zones()
		require.NoError(t, err)
		require.Equal(t, map[string]string{"us-west-2a": "usw2-az1", "us-west-2b": "usw2-az3"}, zones)
		offers, err := aws.Offers([]string{"t2.large", "t3.micro"})
		require.NoError(t, err)
		require.Equal(t, map[string][]string{"t2.large": {"usw2-az1", "usw2-az3"}, "t3.micro": {"usw2-az1"}}, offers)
		found, err := aws.Type("t2.large")
		require.NoError(t, err)
		require.Equal(t, readiness.Type{VCPUs: 2, Architectures: []string{"x86_64"}}, found)
		architecture, err := aws.Architecture("ami-1")
		require.NoError(t, err)
		require.Equal(t, "arm64", architecture)
		limit, err := aws.Quota("vpc", "L-F678F1CE")
		require.NoError(t, err)
		require.Equal(t, 5, limit)
		for token, want := range map[string]int{
			"aws:ec2/vpc:Vpc": 2, "aws:ec2/eip:Eip": 1, "aws:ec2/natGateway:NatGateway": 3, "aws:lb/loadBalancer:LoadBalancer": 1,
		} {
			count, err := aws.Count(token)
			require.NoError(t, err)
			require.Equal(t, want, count, token)
		}
		_, err = aws.Count("aws:ec2/subnet:Subnet")
		require.EqualError(t, err, "how to count aws:ec2/subnet:Subnet is not known")
		arn, err := aws.Role("Deployer")
		require.NoError(t, err)
		require.Equal(t, role, arn)
		decisions, err := aws.Decide(role, []string{"ec2:CreateVpc", "ec2:RunInstances"})
		require.NoError(t, err)
		require.Equal(t, []readiness.Decision{
			{Action: "ec2:CreateVpc", Allowed: true},
			{Action: "ec2:RunInstances", Lacking: []string{"aws:RequestTag/team"}},
		}, decisions)
	})
	require.Equal(t, object{
		"locationType": "availability-zone-id", "filters": list{object{"name": "instance-type", "values": list{"t2.large", "t3.micro"}}},
	}, asked["aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"])
	require.Equal(t, object{"serviceCode": "vpc", "quotaCode": "L-F678F1CE"}, asked["aws:servicequotas/getServiceQuota:getServiceQuota"])
	require.Equal(t, list{object{"name": "image-id", "values": list{"ami-1"}}}, asked["aws:ec2/getAmi:getAmi"]["filters"])
	require.Equal(t, object{
		"policySourceArn": role, "actionNames": list{"ec2:CreateVpc", "ec2:RunInstances"}, "resourceArns": list{"*"},
	}, asked["aws:iam/getPrincipalPolicySimulation:getPrincipalPolicySimulation"])
}

func TestAnImageThatIsNotThereIsNoError(t *testing.T) {
	t.Parallel()
	ask := func(refusal string) (architecture string, err error) {
		with(t, stacktest.Answers{"aws:ec2/getAmi:getAmi": errors.New(refusal)}, func(aws readiness.AWS) {
			architecture, err = aws.Architecture("ami-1")
		})
		return architecture, err
	}
	architecture, err := ask("Your query returned no results. Please change your search criteria and try again.")
	require.NoError(t, err)
	require.Empty(t, architecture)
	_, err = ask("api error UnauthorizedOperation: You are not authorized to perform this operation.")
	require.ErrorContains(t, err, "UnauthorizedOperation")
}

func TestWithoutALoginToAWSNothingElseIsAsked(t *testing.T) {
	t.Parallel()
	var checks []examination.Check
	expired := errors.New("api error ExpiredToken: The security token included in the request is expired")
	asked := stacktest.Ask(t, stacktest.Answers{"aws:index/getCallerIdentity:getCallerIdentity": expired}, func(ctx *pulumi.Context) (err error) {
		checks, err = Examine(ctx, nil, nil)
		return err
	})
	require.Len(t, checks, 1)
	require.True(t, checks[0].Missing)
	require.Contains(t, checks[0].Detail, "AWS answers ExpiredToken")
	require.Contains(t, checks[0].Next, "aws sso login")
	require.Len(t, asked, 1)
}
