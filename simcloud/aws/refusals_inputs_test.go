package aws_test

// inputRefusals are what the provider says before it asks AWS.
func inputRefusals() map[string]situation {
	group := func(s *setup) Map { return targets(s, "x") }
	return map[string]situation{
		"a type nobody knows":                  {func(s *setup) error { _, err := s.Create("aws:s3/bucket:Bucket", "x", Map{}); return err }, "the simulated aws has no resource type aws:s3/bucket:Bucket; it has aws:ec2/vpc:Vpc, aws:ec2/subnet:Subnet, aws:ec2/internetGateway:InternetGateway, aws:ec2/routeTable:RouteTable, aws:ec2/route:Route, aws:ec2/routeTableAssociation:RouteTableAssociation, aws:ec2/eip:Eip, aws:ec2/natGateway:NatGateway, aws:ec2/securityGroup:SecurityGroup, aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule, aws:ec2/networkInterface:NetworkInterface, aws:ec2/keyPair:KeyPair, aws:ebs/volume:Volume, aws:ec2/instance:Instance, aws:ec2/volumeAttachment:VolumeAttachment, aws:iam/role:Role, aws:iam/rolePolicy:RolePolicy, aws:iam/instanceProfile:InstanceProfile, aws:ssm/document:Document, aws:ssm/association:Association, aws:ssm/parameter:Parameter, aws:lb/loadBalancer:LoadBalancer, aws:lb/targetGroup:TargetGroup, aws:lb/targetGroupAttachment:TargetGroupAttachment, aws:lb/listener:Listener, aws:ec2/vpcEndpointService:VpcEndpointService, aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"},
		"a property nobody knows":              {create("Vpc", plain(Map{"cidr": "10.0.0.0/16"})), "unknown property 'cidr'"},
		"a required one missing":               {create("Subnet", plain(Map{})), "missing required property 'vpcId'"},
		"a text for a number":                  {create("Volume", plain(Map{"availabilityZone": "us-west-2a", "size": "64"})), "'size' should be of type 'integer' but got a string"},
		"a value not in the list":              {create("Volume", plain(Map{"availabilityZone": "us-west-2a", "size": 64, "type": "gp4"})), `'type' is "gp4": must be one of gp2, gp3, io1, io2, sc1, st1, standard`},
		"a volume of no size":                  {create("Volume", plain(Map{"availabilityZone": "us-west-2a"})), "Missing required argument: one of 'size, snapshotId' must be specified"},
		"a name and a prefix":                  {create("Role", plain(with(role("x"), "namePrefix", "y"))), "Conflicting configuration arguments: 'name' conflicts with 'namePrefix'"},
		"a zone and a zone id":                 {create("Subnet", but(of("public"), "availabilityZone", "us-west-2a")), "Conflicting configuration arguments: 'availabilityZone' conflicts with 'availabilityZoneId'"},
		"two destinations":                     {create("Route", but(of("to-igw"), "destinationIpv6CidrBlock", "::/0")), "Invalid combination of arguments: one of 'destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId' must be specified, and only one: 2 are"},
		"two targets":                          {create("Route", ref(of("to-igw"), "natGatewayId", "nat")), "Invalid combination of arguments: one of 'carrierGatewayId, coreNetworkArn, egressOnlyGatewayId, gatewayId, localGatewayId, natGatewayId, networkInterfaceId, transitGatewayId, vpcEndpointId, vpcPeeringConnectionId' must be specified, and only one: 2 are"},
		"an association of two sorts":          {create("RouteTableAssociation", ref(of("public-front"), "gatewayId", "igw")), "Invalid combination of arguments: one of 'subnetId, gatewayId' must be specified, and only one: 2 are"},
		"a rule of two sources":                {create("IngressRule", but(of("in"), "cidrIpv6", "::/0")), "Invalid combination of arguments: one of 'cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId' must be specified, and only one: 2 are"},
		"a rule of no source":                  {create("IngressRule", but(of("in"), "cidrIpv4", nil)), "Invalid combination of arguments: one of 'cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId' must be specified, and only one: 0 are"},
		"interfaces and a subnet":              {create("Instance", ref(of("broker1"), "subnetId", "private1")), "Conflicting configuration arguments: 'networkInterfaces' conflicts with 'subnetId'"},
		"interfaces and groups":                {create("Instance", func(s *setup) Map { return with(of("broker1")(s), "vpcSecurityGroupIds", list{s.By["group"].ID}) }), "Conflicting configuration arguments: 'networkInterfaces' conflicts with 'vpcSecurityGroupIds'"},
		"interfaces and a check of the source": {create("Instance", but(of("broker1"), "sourceDestCheck", true)), "Conflicting configuration arguments: 'networkInterfaces' conflicts with 'sourceDestCheck'"},
		"user-data twice":                      {create("Instance", but(of("broker1"), "userDataBase64", "eA==")), "Conflicting configuration arguments: 'userData' conflicts with 'userDataBase64'"},
		"an instance of nothing":               {create("Instance", plain(Map{})), "Missing required argument: one of 'ami, launchTemplate' must be specified\nMissing required argument: one of 'instanceType, launchTemplate' must be specified"},
		"a launch template":                    {create("Instance", plain(Map{"launchTemplate": Map{"name": "x"}})), "the simulated AWS has no launch templates: give the instance its properties"},
		"too many hops":                        {create("Instance", but(of("broker1"), "metadataOptions.httpPutResponseHopLimit", 65)), "'metadataOptions.httpPutResponseHopLimit' is 65: must be between 1 and 64"},
		"a policy that is no JSON":             {create("RolePolicy", but(of("policy"), "policy", "allow all")), "'policy' contains an invalid JSON policy: it must be an object"},
		"a trust that is no JSON":              {create("Role", plain(with(role("x"), "assumeRolePolicy", "everyone"))), "'assumeRolePolicy' contains an invalid JSON policy: it must be an object"},
		"a balancer's name too long":           {create("LoadBalancer", but(of("lb"), "name", "abcdefghijklmnopqrstuvwxyz-0123456")), `'name' is "abcdefghijklmnopqrstuvwxyz-0123456", 34 characters long: must have at most 32`},
		"a balancer's name with a dot":         {create("LoadBalancer", but(of("lb"), "name", "kafka.lb")), `'name' is "kafka.lb": only alphanumeric characters and hyphens are allowed`},
		"a balancer's name that begins":        {create("LoadBalancer", but(of("lb"), "name", "-kafka")), `'name' is "-kafka": cannot begin with a hyphen`},
		"a balancer's name that ends":          {create("LoadBalancer", but(of("lb"), "name", "kafka-")), `'name' is "kafka-": cannot end with a hyphen`},
		"a balancer's internal name":           {create("LoadBalancer", but(of("lb"), "name", "internal-kafka")), `'name' is "internal-kafka": cannot begin with "internal-"`},
		"a balancer's two sorts of places": {create("LoadBalancer", func(s *setup) Map {
			return with(of("lb")(s), "subnetMappings", list{Map{"subnetId": s.By["private1"].ID}})
		}), "Invalid combination of arguments: only one of 'subnets, subnetMappings' can be specified"},
		"a target group's name too long": {create("TargetGroup", but(group, "name", "abcdefghijklmnopqrstuvwxyz-0123456")), `'name' is "abcdefghijklmnopqrstuvwxyz-0123456", 34 characters long: must have at most 32`},
		"a target group of no port":      {create("TargetGroup", but(group, "port", nil)), `Attribute 'port' must be specified when 'targetType' is "ip"`},
		"a check that hurries":           {create("TargetGroup", but(group, "healthCheck.interval", 1)), "'healthCheck.interval' is 1: must be between 5 and 300"},
		"a check that never ends":        {create("TargetGroup", but(group, "healthCheck.unhealthyThreshold", 11)), "'healthCheck.unhealthyThreshold' is 11: must be between 2 and 10"},
		"a check of TCP with a path":     {create("TargetGroup", but(group, "healthCheck.path", "/")), `Attribute 'healthCheck.path' cannot be specified when 'healthCheck.protocol' is "TCP"`},
		"a failover of none":             {create("TargetGroup", but(group, "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount", "0")), `'targetGroupHealth.dnsFailover.minimumHealthyTargetsCount' is "0": must be off, or a number from 1 to 1000`},
		"a listener's idle time":         {create("Listener", but(of("listener1"), "tcpIdleTimeoutSeconds", 59)), "'tcpIdleTimeoutSeconds' is 59: must be between 60 and 6000"},
		"a group's name like an id":      {create("SecurityGroup", but(of("group"), "name", "sg-brokers")), `'name' is "sg-brokers": cannot begin with sg-`},
		"a group's name of signs":        {create("SecurityGroup", but(of("group"), "name", "brokers?")), `'name' is "brokers?": must consist of letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`},
		"a role's name of signs":         {create("Role", plain(role("brokers/1"))), `'name' is "brokers/1": must consist of letters, digits and _+=,.@-`},
		"a document's short name":        {create("Document", but(of("document"), "name", "ab")), `'name' is "ab": must have at least 3 characters`},
		"a document's name of AWS":       {create("Document", but(of("document"), "name", "AWS-Mine")), `'name' is "AWS-Mine": cannot begin with aws, amazon or amzn`},
		"a document's name of signs":     {create("Document", but(of("document"), "name", "a b c")), `'name' is "a b c": must consist of letters, digits, underscores, hyphens and periods`},
		"an association's short name":    {create("Association", but(of("configure1"), "associationName", "ab")), `'associationName' is "ab": must have 3 to 128 letters, digits, underscores, hyphens and periods`},
		"a parameter of two values":      {create("Parameter", plain(Map{"name": "x", "type": "String", "value": "a", "insecureValue": "b"})), "Invalid combination of arguments: one of 'value, insecureValue' must be specified, and only one: 2 are"},
	}
}
