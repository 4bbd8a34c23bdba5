package readiness

// actions are what the provider calls to create, read, change and delete a resource of ours, by type: those it cannot do
// without, among them those for a change of tags. Each is "service: names", several are separated by semicolons.
// Left out is ec2:DescribeNetworkAcls: the provider reads a VPC's default ACL, and only logs that it could not.
// Source: terraform-provider-aws, internal/service/ec2/vpc_.go, resourceVPCRead.
var actions = map[string]string{
	"aws:ebs/volume:Volume": `
		ec2: CreateVolume CreateTags DeleteTags DescribeVolumes DescribeVolumesModifications ModifyVolume DeleteVolume`,
	"aws:ec2/eip:Eip": `
		ec2: AllocateAddress CreateTags DeleteTags DescribeAddresses
		DescribeAddressesAttribute DisassociateAddress ReleaseAddress`,
	"aws:ec2/instance:Instance": `
		ec2: RunInstances CreateTags DeleteTags DescribeInstances DescribeInstanceAttribute
		DescribeInstanceCreditSpecifications DescribeInstanceTypes DescribeVolumes DescribeVolumesModifications
		DescribeImages DescribeTags ModifyInstanceAttribute ModifyInstanceMetadataOptions
		StartInstances StopInstances TerminateInstances;
		iam: PassRole`,
	"aws:ec2/internetGateway:InternetGateway": `
		ec2: CreateInternetGateway CreateTags DeleteTags AttachInternetGateway DescribeInternetGateways
		DetachInternetGateway DeleteInternetGateway`,
	"aws:ec2/keyPair:KeyPair": `
		ec2: ImportKeyPair CreateTags DeleteTags DescribeKeyPairs DeleteKeyPair`,
	"aws:ec2/natGateway:NatGateway": `
		ec2: CreateNatGateway CreateTags DeleteTags DescribeNatGateways DeleteNatGateway`,
	"aws:ec2/networkInterface:NetworkInterface": `
		ec2: CreateNetworkInterface CreateTags DeleteTags DescribeNetworkInterfaces ModifyNetworkInterfaceAttribute
		DeleteNetworkInterface`,
	"aws:ec2/route:Route": `
		ec2: CreateRoute DescribeRouteTables DeleteRoute`,
	"aws:ec2/routeTable:RouteTable": `
		ec2: CreateRouteTable CreateTags DeleteTags DescribeRouteTables DeleteRouteTable`,
	"aws:ec2/routeTableAssociation:RouteTableAssociation": `
		ec2: AssociateRouteTable DescribeRouteTables DisassociateRouteTable`,
	"aws:ec2/securityGroup:SecurityGroup": `
		ec2: CreateSecurityGroup CreateTags DeleteTags DescribeSecurityGroups RevokeSecurityGroupEgress DeleteSecurityGroup`,
	"aws:ec2/subnet:Subnet": `
		ec2: CreateSubnet CreateTags DeleteTags DescribeSubnets ModifySubnetAttribute DeleteSubnet`,
	"aws:ec2/volumeAttachment:VolumeAttachment": `
		ec2: AttachVolume DescribeVolumes DescribeInstances StopInstances DetachVolume`,
	"aws:ec2/vpc:Vpc": `
		ec2: CreateVpc CreateTags DeleteTags DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DeleteVpc`,
	"aws:ec2/vpcEndpointService:VpcEndpointService": `
		ec2: CreateVpcEndpointServiceConfiguration CreateTags DeleteTags DescribeVpcEndpointServiceConfigurations
		DescribeVpcEndpointServicePermissions DescribeVpcEndpointServices
		ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePermissions DeleteVpcEndpointServiceConfigurations`,
	"aws:iam/instanceProfile:InstanceProfile": `
		iam: CreateInstanceProfile TagInstanceProfile UntagInstanceProfile AddRoleToInstanceProfile PassRole
		GetInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile`,
	"aws:iam/role:Role": `
		iam: CreateRole TagRole UntagRole UpdateRoleDescription GetRole ListRolePolicies ListAttachedRolePolicies
		ListInstanceProfilesForRole DeleteRole`,
	"aws:iam/rolePolicy:RolePolicy": `
		iam: PutRolePolicy GetRolePolicy DeleteRolePolicy`,
	"aws:lb/listener:Listener": `
		elasticloadbalancing: CreateListener AddTags RemoveTags DescribeListeners DescribeListenerAttributes DescribeTags
		ModifyListener ModifyListenerAttributes DeleteListener`,
	"aws:lb/loadBalancer:LoadBalancer": `
		elasticloadbalancing: CreateLoadBalancer AddTags RemoveTags DescribeLoadBalancers DescribeLoadBalancerAttributes
		DescribeCapacityReservation DescribeTags ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets DeleteLoadBalancer`,
	"aws:lb/targetGroup:TargetGroup": `
		elasticloadbalancing: CreateTargetGroup AddTags RemoveTags DescribeTargetGroups DescribeTargetGroupAttributes
		DescribeTags ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup`,
	"aws:lb/targetGroupAttachment:TargetGroupAttachment": `
		elasticloadbalancing: RegisterTargets DescribeTargetHealth DeregisterTargets`,
	"aws:ssm/association:Association": `
		ssm: CreateAssociation AddTagsToResource RemoveTagsFromResource DescribeAssociation UpdateAssociation
		DeleteAssociation;
		tag: GetResources`,
	"aws:ssm/document:Document": `
		ssm: CreateDocument AddTagsToResource RemoveTagsFromResource DescribeDocument DescribeDocumentPermission
		GetDocument DeleteDocument`,
	"aws:ssm/parameter:Parameter": `
		ssm: PutParameter AddTagsToResource RemoveTagsFromResource DescribeParameters GetParameter
		ListTagsForResource DeleteParameter`,
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": `
		ec2: AuthorizeSecurityGroupEgress CreateTags DeleteTags DescribeSecurityGroupRules ModifySecurityGroupRules
		RevokeSecurityGroupEgress`,
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": `
		ec2: AuthorizeSecurityGroupIngress CreateTags DeleteTags DescribeSecurityGroupRules ModifySecurityGroupRules
		RevokeSecurityGroupIngress`,
}
