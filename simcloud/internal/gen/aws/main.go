//go:build simcloudgen

// The generator of simcloud/aws/schema.json, run by `go generate ./simcloud/aws`. It links a cloud's SDK, behind a build
// tag that keeps it out of ordinary builds.
package main

import (
	"log"
	"os"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/resourcegroupstaggingapi"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/servicequotas"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"

	"github.com/kafkalink/kafkalink/simcloud/internal/gen"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run -tags simcloudgen . FILE")
	}
	if err := gen.Write(os.Args[1], "pulumi-aws sdk v6", resources, functions); err != nil {
		log.Fatal(err)
	}
}

var resources = []gen.Resource{
	{Token: "aws:ec2/vpc:Vpc", Args: ec2.VpcArgs{}, State: ec2.Vpc{}},
	{Token: "aws:ec2/subnet:Subnet", Args: ec2.SubnetArgs{}, State: ec2.Subnet{}},
	{Token: "aws:ec2/internetGateway:InternetGateway", Args: ec2.InternetGatewayArgs{}, State: ec2.InternetGateway{}},
	{Token: "aws:ec2/routeTable:RouteTable", Args: ec2.RouteTableArgs{}, State: ec2.RouteTable{}},
	{Token: "aws:ec2/route:Route", Args: ec2.RouteArgs{}, State: ec2.Route{}},
	{Token: "aws:ec2/routeTableAssociation:RouteTableAssociation", Args: ec2.RouteTableAssociationArgs{}, State: ec2.RouteTableAssociation{}},
	{Token: "aws:ec2/eip:Eip", Args: ec2.EipArgs{}, State: ec2.Eip{}},
	{Token: "aws:ec2/natGateway:NatGateway", Args: ec2.NatGatewayArgs{}, State: ec2.NatGateway{}},
	{Token: "aws:ec2/securityGroup:SecurityGroup", Args: ec2.SecurityGroupArgs{}, State: ec2.SecurityGroup{}},
	{Token: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", Args: vpc.SecurityGroupIngressRuleArgs{}, State: vpc.SecurityGroupIngressRule{}},
	{Token: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", Args: vpc.SecurityGroupEgressRuleArgs{}, State: vpc.SecurityGroupEgressRule{}},
	{Token: "aws:ec2/networkInterface:NetworkInterface", Args: ec2.NetworkInterfaceArgs{}, State: ec2.NetworkInterface{}},
	{Token: "aws:ec2/keyPair:KeyPair", Args: ec2.KeyPairArgs{}, State: ec2.KeyPair{}},
	{Token: "aws:ebs/volume:Volume", Args: ebs.VolumeArgs{}, State: ebs.Volume{}},
	{Token: "aws:ec2/instance:Instance", Args: ec2.InstanceArgs{}, State: ec2.Instance{}},
	{Token: "aws:ec2/volumeAttachment:VolumeAttachment", Args: ec2.VolumeAttachmentArgs{}, State: ec2.VolumeAttachment{}},
	{Token: "aws:iam/role:Role", Args: iam.RoleArgs{}, State: iam.Role{}},
	{Token: "aws:iam/rolePolicy:RolePolicy", Args: iam.RolePolicyArgs{}, State: iam.RolePolicy{}},
	{Token: "aws:iam/instanceProfile:InstanceProfile", Args: iam.InstanceProfileArgs{}, State: iam.InstanceProfile{}},
	{Token: "aws:ssm/document:Document", Args: ssm.DocumentArgs{}, State: ssm.Document{}},
	{Token: "aws:ssm/association:Association", Args: ssm.AssociationArgs{}, State: ssm.Association{}},
	{Token: "aws:ssm/parameter:Parameter", Args: ssm.ParameterArgs{}, State: ssm.Parameter{}},
	{Token: "aws:lb/loadBalancer:LoadBalancer", Args: lb.LoadBalancerArgs{}, State: lb.LoadBalancer{}},
	{Token: "aws:lb/targetGroup:TargetGroup", Args: lb.TargetGroupArgs{}, State: lb.TargetGroup{}},
	{Token: "aws:lb/targetGroupAttachment:TargetGroupAttachment", Args: lb.TargetGroupAttachmentArgs{}, State: lb.TargetGroupAttachment{}},
	{Token: "aws:lb/listener:Listener", Args: lb.ListenerArgs{}, State: lb.Listener{}},
	{Token: "aws:ec2/vpcEndpointService:VpcEndpointService", Args: ec2.VpcEndpointServiceArgs{}, State: ec2.VpcEndpointService{}},
	{
		Token: "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
		Args:  ec2.VpcEndpointServiceAllowedPrincipleArgs{}, State: ec2.VpcEndpointServiceAllowedPrinciple{},
	},
}

var functions = []gen.Function{
	{Token: "aws:index/getAvailabilityZones:getAvailabilityZones", Args: aws.GetAvailabilityZonesArgs{}, Result: aws.GetAvailabilityZonesResult{}},
	{Token: "aws:index/getCallerIdentity:getCallerIdentity", Args: aws.GetCallerIdentityArgs{}, Result: aws.GetCallerIdentityResult{}},
	{Token: "aws:index/getRegion:getRegion", Args: aws.GetRegionArgs{}, Result: aws.GetRegionResult{}},
	{Token: "aws:ec2/getAmi:getAmi", Args: ec2.LookupAmiArgs{}, Result: ec2.LookupAmiResult{}},
	{Token: "aws:ec2/getEips:getEips", Args: ec2.GetEipsArgs{}, Result: ec2.GetEipsResult{}},
	{Token: "aws:ec2/getElasticIp:getElasticIp", Args: ec2.GetElasticIpArgs{}, Result: ec2.GetElasticIpResult{}},
	{Token: "aws:ec2/getInstance:getInstance", Args: ec2.LookupInstanceArgs{}, Result: ec2.LookupInstanceResult{}},
	{Token: "aws:ec2/getInstanceType:getInstanceType", Args: ec2.GetInstanceTypeArgs{}, Result: ec2.GetInstanceTypeResult{}},
	{Token: "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", Args: ec2.GetInstanceTypeOfferingsArgs{}, Result: ec2.GetInstanceTypeOfferingsResult{}},
	{Token: "aws:ec2/getInstances:getInstances", Args: ec2.GetInstancesArgs{}, Result: ec2.GetInstancesResult{}},
	{Token: "aws:ec2/getInternetGateway:getInternetGateway", Args: ec2.LookupInternetGatewayArgs{}, Result: ec2.LookupInternetGatewayResult{}},
	{Token: "aws:ec2/getKeyPair:getKeyPair", Args: ec2.LookupKeyPairArgs{}, Result: ec2.LookupKeyPairResult{}},
	{Token: "aws:ec2/getNatGateway:getNatGateway", Args: ec2.LookupNatGatewayArgs{}, Result: ec2.LookupNatGatewayResult{}},
	{Token: "aws:ec2/getNatGateways:getNatGateways", Args: ec2.GetNatGatewaysArgs{}, Result: ec2.GetNatGatewaysResult{}},
	{Token: "aws:ec2/getNetworkInterface:getNetworkInterface", Args: ec2.LookupNetworkInterfaceArgs{}, Result: ec2.LookupNetworkInterfaceResult{}},
	{Token: "aws:ec2/getRoute:getRoute", Args: ec2.LookupRouteArgs{}, Result: ec2.LookupRouteResult{}},
	{Token: "aws:ec2/getRouteTable:getRouteTable", Args: ec2.LookupRouteTableArgs{}, Result: ec2.LookupRouteTableResult{}},
	{Token: "aws:ec2/getSecurityGroup:getSecurityGroup", Args: ec2.LookupSecurityGroupArgs{}, Result: ec2.LookupSecurityGroupResult{}},
	{Token: "aws:ec2/getSubnet:getSubnet", Args: ec2.LookupSubnetArgs{}, Result: ec2.LookupSubnetResult{}},
	{Token: "aws:ec2/getVpc:getVpc", Args: ec2.LookupVpcArgs{}, Result: ec2.LookupVpcResult{}},
	{Token: "aws:ec2/getVpcs:getVpcs", Args: ec2.GetVpcsArgs{}, Result: ec2.GetVpcsResult{}},
	{Token: "aws:ec2/getVpcEndpointService:getVpcEndpointService", Args: ec2.LookupVpcEndpointServiceArgs{}, Result: ec2.LookupVpcEndpointServiceResult{}},
	{Token: "aws:ebs/getVolume:getVolume", Args: ebs.LookupVolumeArgs{}, Result: ebs.LookupVolumeResult{}},
	{Token: "aws:iam/getInstanceProfile:getInstanceProfile", Args: iam.LookupInstanceProfileArgs{}, Result: iam.LookupInstanceProfileResult{}},
	{Token: "aws:iam/getPrincipalPolicySimulation:getPrincipalPolicySimulation", Args: iam.LookupPrincipalPolicySimulationArgs{}, Result: iam.LookupPrincipalPolicySimulationResult{}},
	{Token: "aws:iam/getRole:getRole", Args: iam.LookupRoleArgs{}, Result: iam.LookupRoleResult{}},
	{Token: "aws:lb/getLbs:getLbs", Args: lb.GetLbsArgs{}, Result: lb.GetLbsResult{}},
	{Token: "aws:lb/getListener:getListener", Args: lb.LookupListenerArgs{}, Result: lb.LookupListenerResult{}},
	{Token: "aws:lb/getLoadBalancer:getLoadBalancer", Args: lb.LookupLoadBalancerArgs{}, Result: lb.LookupLoadBalancerResult{}},
	{Token: "aws:lb/getTargetGroup:getTargetGroup", Args: lb.LookupTargetGroupArgs{}, Result: lb.LookupTargetGroupResult{}},
	{
		Token: "aws:resourcegroupstaggingapi/getResources:getResources",
		Args:  resourcegroupstaggingapi.GetResourcesArgs{}, Result: resourcegroupstaggingapi.GetResourcesResult{},
	},
	{Token: "aws:servicequotas/getServiceQuota:getServiceQuota", Args: servicequotas.LookupServiceQuotaArgs{}, Result: servicequotas.LookupServiceQuotaResult{}},
	{Token: "aws:ssm/getDocument:getDocument", Args: ssm.LookupDocumentArgs{}, Result: ssm.LookupDocumentResult{}},
	{Token: "aws:ssm/getParameter:getParameter", Args: ssm.LookupParameterArgs{}, Result: ssm.LookupParameterResult{}},
	{Token: "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", Args: vpc.GetSecurityGroupRulesArgs{}, Result: vpc.GetSecurityGroupRulesResult{}},
}
