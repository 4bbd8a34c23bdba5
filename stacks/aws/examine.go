package aws

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/servicequotas"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	components "github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/stacks/aws/readiness"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Examine asks AWS whether it will take what is planned, by the program's provider: with its credentials, in its region.
// Its plugin takes the proxy of the environment by itself.
func Examine(ctx *pulumi.Context, planned []examination.Planned, _ []string) ([]examination.Check, error) {
	return readiness.Examine(provider{ctx}, planned), nil
}

// provider asks by the data sources of the aws provider.
type provider struct{ ctx *pulumi.Context }

var _ readiness.AWS = provider{}

func (p provider) Caller() (readiness.Caller, error) {
	caller, err := aws.GetCallerIdentity(p.ctx, &aws.GetCallerIdentityArgs{})
	if err != nil {
		return readiness.Caller{}, err
	}
	region, err := aws.GetRegion(p.ctx, &aws.GetRegionArgs{})
	if err != nil {
		return readiness.Caller{}, err
	}
	return readiness.Caller{Account: caller.AccountId, Region: region.Name, ARN: caller.Arn}, nil
}

func (p provider) Zones() (map[string]string, error) {
	zones, err := aws.GetAvailabilityZones(p.ctx, &aws.GetAvailabilityZonesArgs{})
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for i, name := range zones.Names {
		ids[name] = zones.ZoneIds[i]
	}
	return ids, nil
}

func (p provider) Offers(types []string) (map[string][]string, error) {
	found, err := ec2.GetInstanceTypeOfferings(p.ctx, &ec2.GetInstanceTypeOfferingsArgs{
		LocationType: pulumi.StringRef("availability-zone-id"),
		Filters:      []ec2.GetInstanceTypeOfferingsFilter{{Name: "instance-type", Values: types}},
	})
	if err != nil {
		return nil, err
	}
	offers := map[string][]string{}
	for i, name := range found.InstanceTypes {
		offers[name] = append(offers[name], found.Locations[i])
	}
	return offers, nil
}

func (p provider) Type(name string) (readiness.Type, error) {
	found, err := ec2.GetInstanceType(p.ctx, &ec2.GetInstanceTypeArgs{InstanceType: name})
	if err != nil {
		return readiness.Type{}, err
	}
	return readiness.Type{VCPUs: found.DefaultVcpus, Architectures: found.SupportedArchitectures}, nil
}

func (p provider) Architecture(image string) (string, error) {
	found, err := ec2.LookupAmi(p.ctx, &ec2.LookupAmiArgs{
		Filters:           []ec2.GetAmiFilter{{Name: "image-id", Values: []string{image}}},
		IncludeDeprecated: pulumi.BoolRef(true),
	})
	if components.Missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return found.Architecture, nil
}

func (p provider) Quota(service, code string) (int, error) {
	found, err := servicequotas.LookupServiceQuota(p.ctx, &servicequotas.LookupServiceQuotaArgs{
		ServiceCode: service, QuotaCode: pulumi.StringRef(code),
	})
	if err != nil {
		return 0, err
	}
	return int(found.Value), nil
}

func (p provider) Count(token string) (int, error) {
	switch token {
	case "aws:ec2/vpc:Vpc":
		found, err := ec2.GetVpcs(p.ctx, &ec2.GetVpcsArgs{})
		if err != nil {
			return 0, err
		}
		return len(found.Ids), nil
	case "aws:ec2/eip:Eip":
		found, err := ec2.GetEips(p.ctx, &ec2.GetEipsArgs{})
		if err != nil {
			return 0, err
		}
		return len(found.AllocationIds), nil
	case "aws:ec2/natGateway:NatGateway":
		found, err := ec2.GetNatGateways(p.ctx, &ec2.GetNatGatewaysArgs{
			Filters: []ec2.GetNatGatewaysFilter{{Name: "state", Values: []string{"pending", "available"}}},
		})
		if err != nil {
			return 0, err
		}
		return len(found.Ids), nil
	case "aws:lb/loadBalancer:LoadBalancer":
		found, err := lb.GetLbs(p.ctx, &lb.GetLbsArgs{})
		if err != nil {
			return 0, err
		}
		count := 0
		for _, arn := range found.Arns {
			if strings.Contains(arn, ":loadbalancer/net/") {
				count++
			}
		}
		return count, nil
	}
	return 0, fmt.Errorf("how to count %s is not known", token)
}

func (p provider) Role(name string) (string, error) {
	found, err := iam.LookupRole(p.ctx, &iam.LookupRoleArgs{Name: name})
	if err != nil {
		return "", err
	}
	return found.Arn, nil
}

func (p provider) Decide(arn string, actions []string) ([]readiness.Decision, error) {
	found, err := iam.LookupPrincipalPolicySimulation(p.ctx, &iam.LookupPrincipalPolicySimulationArgs{
		PolicySourceArn: arn, ActionNames: actions, ResourceArns: []string{"*"},
	})
	if err != nil {
		return nil, err
	}
	decisions := make([]readiness.Decision, len(found.Results))
	for i, r := range found.Results {
		decisions[i] = readiness.Decision{Action: r.ActionName, Allowed: r.Allowed, Lacking: r.MissingContextKeys}
	}
	return decisions, nil
}
