package readiness

// actions are what the provider calls to create, read, change and delete a resource of ours, by type: those it cannot do
// without. Each is "service: names", several are separated by semicolons.
var actions = map[string]string{
	"aws:ebs/volume:Volume": `
		ec2: CreateVolume CreateTags DescribeVolumes ModifyVolume DeleteVolume`,
	"aws:ec2/eip:Eip": `
		ec2: AllocateAddress CreateTags DescribeAddresses DescribeAddressesAttribute ReleaseAddress`,
	"aws:ec2/instance:Instance": `
		ec2: RunInstances CreateTags DescribeInstances DescribeInstanceAttribute DescribeInstanceCreditSpecifications
		DescribeInstanceTypes DescribeVolumes ModifyInstanceAttribute StartInstances StopInstances TerminateInstances;
		iam: PassRole`,
	"aws:ec2/internetGateway:InternetGateway": `
		ec2: CreateInternetGateway CreateTags AttachInternetGateway DescribeInternetGateways DetachInternetGateway
		DeleteInternetGateway`,
	"aws:ec2/keyPair:KeyPair": `
		ec2: ImportKeyPair CreateTags DescribeKeyPairs DeleteKeyPair`,
	"aws:ec2/natGateway:NatGateway": `
		ec2: CreateNatGateway CreateTags DescribeNatGateways DeleteNatGateway`,
	"aws:ec2/networkInterface:NetworkInterface": `
		ec2: CreateNetworkInterface CreateTags DescribeNetworkInterfaces ModifyNetworkInterfaceAttribute
		DeleteNetworkInterface`,
	"aws:ec2/route:Route": `
		ec2: CreateRoute DescribeRouteTables DeleteRoute`,
	"aws:ec2/routeTable:RouteTable": `
		ec2: CreateRouteTable CreateTags DescribeRouteTables DeleteRouteTable`,
	"aws:ec2/routeTableAssociation:RouteTableAssociation": `
		ec2: AssociateRouteTable DescribeRouteTables DisassociateRouteTable`,
	"aws:ec2/securityGroup:SecurityGroup": `
		ec2: CreateSecurityGroup CreateTags DescribeSecurityGroups RevokeSecurityGroupEgress DeleteSecurityGroup`,
	"aws:ec2/subnet:Subnet": `
		ec2: CreateSubnet CreateTags DescribeSubnets ModifySubnetAttribute DeleteSubnet`,
	"aws:ec2/volumeAttachment:VolumeAttachment": `
		ec2: AttachVolume DescribeVolumes DescribeInstances StopInstances DetachVolume`,
	"aws:ec2/vpc:Vpc": `
		ec2: CreateVpc CreateTags DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DeleteVpc`,
	"aws:ec2/vpcEndpointService:VpcEndpointService": `
		ec2: CreateVpcEndpointServiceConfiguration CreateTags DescribeVpcEndpointServiceConfigurations
		DescribeVpcEndpointServicePermissions ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePermissions
		DeleteVpcEndpointServiceConfigurations`,
	"aws:iam/instanceProfile:InstanceProfile": `
		iam: CreateInstanceProfile TagInstanceProfile AddRoleToInstanceProfile PassRole GetInstanceProfile
		RemoveRoleFromInstanceProfile DeleteInstanceProfile`,
	"aws:iam/role:Role": `
		iam: CreateRole TagRole GetRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole DeleteRole`,
	"aws:iam/rolePolicy:RolePolicy": `
		iam: PutRolePolicy GetRolePolicy DeleteRolePolicy`,
	"aws:lb/listener:Listener": `
		elasticloadbalancing: CreateListener AddTags DescribeListeners DescribeListenerAttributes DescribeTags ModifyListener
		ModifyListenerAttributes DeleteListener`,
	"aws:lb/loadBalancer:LoadBalancer": `
		elasticloadbalancing: CreateLoadBalancer AddTags DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation
		DescribeTags ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets DeleteLoadBalancer`,
	"aws:lb/targetGroup:TargetGroup": `
		elasticloadbalancing: CreateTargetGroup AddTags DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags
		ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup`,
	"aws:lb/targetGroupAttachment:TargetGroupAttachment": `
		elasticloadbalancing: RegisterTargets DescribeTargetHealth DeregisterTargets`,
	"aws:ssm/association:Association": `
		ssm: CreateAssociation AddTagsToResource DescribeAssociation UpdateAssociation DeleteAssociation;
		tag: GetResources`,
	"aws:ssm/document:Document": `
		ssm: CreateDocument AddTagsToResource DescribeDocument DescribeDocumentPermission GetDocument DeleteDocument`,
	"aws:ssm/parameter:Parameter": `
		ssm: PutParameter AddTagsToResource DescribeParameters GetParameter ListTagsForResource DeleteParameter`,
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": `
		ec2: AuthorizeSecurityGroupEgress CreateTags DescribeSecurityGroupRules ModifySecurityGroupRules
		RevokeSecurityGroupEgress`,
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": `
		ec2: AuthorizeSecurityGroupIngress CreateTags DescribeSecurityGroupRules ModifySecurityGroupRules
		RevokeSecurityGroupIngress`,
}
