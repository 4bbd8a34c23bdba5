package aws_test

import (
	"fmt"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// balancingRefusals are refusals of load balancers, target groups and listeners.
func balancingRefusals() map[string]situation {
	lb := func(s *setup) Map { return with(balancer(s), "name", "other") }
	subnets := func(names ...string) inputs {
		return func(s *setup) Map {
			var ids []any
			for _, name := range names {
				ids = append(ids, s.By[name].ID)
			}
			return with(lb(s), "subnets", ids)
		}
	}
	group := func(s *setup) Map { return targets(s, "other") }
	target := func(s *setup) Map {
		return Map{"targetGroupArn": s.By["targets1"].ID, "targetId": "10.0.0.99", "port": 1}
	}
	listen := func(s *setup) Map { return listener(s, "targets1", 9999) }
	other := keep("LoadBalancer", "other", lb)
	theirs := all(keep("Vpc", "theirs", plain(Map{"cidrBlock": "10.1.0.0/16"})), keep("Subnet", "their-subnet", func(s *setup) Map {
		return Map{"vpcId": s.By["theirs"].ID, "cidrBlock": "10.1.0.0/24", "availabilityZoneId": "usw2-az2"}
	}), keep("SecurityGroup", "their-group", ref(plain(Map{}), "vpcId", "theirs")))
	return map[string]situation{
		"a balancer's name taken":        {create("LoadBalancer", func(s *setup) Map { return balancer(s) }), "ELBv2 Load Balancer (kafka) already exists"},
		"a balancer of another type":     {create("LoadBalancer", but(lb, "loadBalancerType", "application")), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error SimulatedCloudLimit: Load balancers are of type network: other is application."},
		"a balancer of both addresses":   {create("LoadBalancer", but(lb, "ipAddressType", "dualstack")), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidSubnet: You must specify subnets with an associated IPv6 CIDR block: <private1> has none."},
		"a balancer of hidden addresses": {create("LoadBalancer", but(lb, "ipAddressType", "dualstack-without-public-ipv4")), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidConfigurationRequest: The IP address type 'dualstack-without-public-ipv4' is for internet-facing Application Load Balancers."},
		"a balancer nowhere":             {create("LoadBalancer", but(lb, "subnets", nil)), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error ValidationError: At least one subnet must be specified"},
		"a balancer in two networks":     {after(theirs, create("LoadBalancer", subnets("private1", "their-subnet"))), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidConfigurationRequest: All subnets must belong to the same VPC: '<vpc>'"},
		"a balancer twice in a zone":     {create("LoadBalancer", subnets("public", "private1")), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone"},
		"a balancer without room": {after(all(theirs, keep("Subnet", "small", func(s *setup) Map { return Map{"vpcId": s.By["theirs"].ID, "cidrBlock": "10.1.1.0/28"} }), func(s *setup) error {
			for i := range 4 {
				s.Make("NetworkInterface", "taken"+number(i), Map{"subnetId": s.By["small"].ID})
			}
			return nil
		}), create("LoadBalancer", but(subnets("small"), "securityGroups", nil))), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidSubnet: Not enough IP space available in <small>. ELB requires at least 8 free IP addresses in each subnet."},
		"a balancer for an internet": {after(theirs, create("LoadBalancer", func(s *setup) Map {
			return with(with(subnets("their-subnet")(s), "internal", false), "securityGroups", nil)
		})), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidSubnet: VPC <theirs> has no internet gateway"},
		"a balancer of another's group":  {after(theirs, create("LoadBalancer", func(s *setup) Map { return with(lb(s), "securityGroups", list{s.By["their-group"].ID}) })), "creating ELBv2 Load Balancer: operation error ELBv2: CreateLoadBalancer, api error InvalidConfigurationRequest: One or more security groups are invalid"},
		"a balancer that is protected":   {after(all(other, update("other", but(of("other"), "enableDeletionProtection", true))), remove("other")), "deleting ELBv2 Load Balancer (<other>): operation error ELBv2: DeleteLoadBalancer, api error OperationNotPermitted: Load balancer '<other>' cannot be deleted because deletion protection is enabled"},
		"a balancer with a service":      {remove("lb"), "deleting ELBv2 Load Balancer (<lb>): operation error ELBv2: DeleteLoadBalancer, api error ResourceInUse: Load balancer '<lb>' cannot be deleted because it is currently associated with another service"},
		"groups for a balancer without":  {after(keep("LoadBalancer", "other", but(lb, "securityGroups", nil)), func(s *setup) error { return s.Update(s.By["other"], lb(s)) }), "updating ELBv2 Load Balancer (<other>): operation error ELBv2: ModifyLoadBalancerAttributes, api error InvalidConfigurationRequest: Security groups can neither be added to a Network Load Balancer that was created without any, nor all be removed: '<other>'"},
		"no groups for a balancer with":  {after(other, update("other", but(lb, "securityGroups", list{}))), "updating ELBv2 Load Balancer (<other>): operation error ELBv2: ModifyLoadBalancerAttributes, api error InvalidConfigurationRequest: Security groups can neither be added to a Network Load Balancer that was created without any, nor all be removed: '<other>'"},
		"a balancer that loses a subnet": {update("lb", func(s *setup) Map { return with(balancer(s), "subnets", list{s.By["private1"].ID}) }), "updating ELBv2 Load Balancer (<lb>): operation error ELBv2: ModifyLoadBalancerAttributes, api error InvalidConfigurationRequest: Subnet <private2> cannot be removed: load balancer '<lb>' is associated with an endpoint service"},
		"a group's name taken":           {create("TargetGroup", func(s *setup) Map { return targets(s, "broker-1") }), "ELBv2 Target Group (broker-1) already exists"},
		"a group of HTTP":                {create("TargetGroup", but(group, "protocol", "HTTP")), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error SimulatedCloudLimit: Target groups are those of network load balancers, with targets of type instance or ip: other has HTTP and ip."},
		"a group of functions":           {create("TargetGroup", but(group, "targetType", "alb")), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error SimulatedCloudLimit: Target groups are those of network load balancers, with targets of type instance or ip: other has TCP and alb."},
		"a group that starts slowly":     {create("TargetGroup", but(group, "slowStart", 30)), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error InvalidConfigurationRequest: Target group attribute key 'slow_start.duration_seconds' is not supported on target groups with protocol 'TCP'"},
		"a check of no port":             {create("TargetGroup", but(group, "healthCheck.port", "seven")), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error ValidationError: Health check port 'seven' must be 'traffic-port' or a number from 1 to 65535"},
		"a check that is off":            {create("TargetGroup", but(group, "healthCheck.enabled", false)), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error InvalidConfigurationRequest: Health check enabled must be true for target groups with target type 'ip'"},
		"a check that takes too long":    {create("TargetGroup", but(group, "healthCheck.timeout", 60)), "creating ELBv2 Target Group: operation error ELBv2: CreateTargetGroup, api error ValidationError: Health check timeout '60' must be smaller than or equal to the interval '10'"},
		"a group in use":                 {remove("targets1"), "deleting ELBv2 Target Group (<targets1>): operation error ELBv2: DeleteTargetGroup, api error ResourceInUse: Target group '<targets1>' is currently in use by a listener or a rule"},
		"a target outside":               {create("TargetGroupAttachment", but(target, "targetId", "192.168.0.1")), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error ValidationError: The IP address '192.168.0.1' is outside VPC '<vpc>': it must be private, with Availability Zone 'all'"},
		"a public target":                {create("TargetGroupAttachment", but(but(target, "targetId", "8.8.8.8"), "availabilityZone", "all")), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error ValidationError: The IP address '8.8.8.8' is outside VPC '<vpc>': it must be private, with Availability Zone 'all'"},
		"a target that is no address":    {create("TargetGroupAttachment", but(target, "targetId", "broker")), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error ValidationError: The IP address 'broker' is not a valid IPv4 address"},
		"a target of no group":           {create("TargetGroupAttachment", but(target, "targetGroupArn", "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/none/0")), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error TargetGroupNotFound: Target group 'arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/none/0' not found"},
		"a target that does not run":     {after(keep("TargetGroup", "machines", but(group, "targetType", "instance")), create("TargetGroupAttachment", ref(ref(plain(Map{}), "targetGroupArn", "machines"), "targetId", "eni1"))), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error InvalidTarget: The following targets are not in a running state in VPC '<vpc>' and cannot be registered: '<eni1>'"},
		"a thousand and one targets":     {after(manyTargets("targets1", 999), create("TargetGroupAttachment", target)), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error TooManyTargets: Target group '<targets1>' has the maximum number of targets, 1000"},
		"501 targets in one zone":        {after(manyTargets("targets1", 499), create("TargetGroupAttachment", target)), "creating ELBv2 Target: operation error ELBv2: RegisterTargets, api error TooManyTargets: Load balancer '<lb>' would have more than 500 targets in Availability Zone 'us-west-2a'"},
		"501 targets behind a listener":  {after(all(keep("TargetGroup", "many", group), manyTargets("many", 500)), create("Listener", func(s *setup) Map { return listener(s, "many", 9999) })), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error TooManyTargets: Load balancer '<lb>' would have more than 500 targets in Availability Zone 'us-west-2a'"},
		"a port taken":                   {create("Listener", func(s *setup) Map { return listener(s, "targets1", 9093) }), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error DuplicateListener: A listener already exists on this port for this load balancer '<lb>'"},
		"a port that becomes another's":  {update("listener1", but(of("listener1"), "port", 9094)), "updating ELBv2 Listener (<listener1>): operation error ELBv2: ModifyListener, api error ValidationError: Listener port '9094' is already in use"},
		"a port taken by both":           {create("Listener", func(s *setup) Map { return with(listener(s, "targets1", 9093), "protocol", "TCP_UDP") }), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error DuplicateListener: A listener already exists on this port for this load balancer '<lb>'"},
		"a fifty-first listener":         {after(manyListeners(47), create("Listener", listen)), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error TooManyListeners: The maximum number of listeners on load balancer '<lb>' has been reached: 50"},
		"a listener of HTTP":             {create("Listener", but(listen, "protocol", "HTTP")), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error ValidationError: Protocol 'HTTP' must be one of 'TCP, TLS, UDP, TCP_UDP' for a network load balancer"},
		"a listener of no port":          {create("Listener", but(listen, "port", nil)), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error ValidationError: A listener port must be specified"},
		"an idle timeout for datagrams":  {create("Listener", but(but(listen, "protocol", "UDP"), "tcpIdleTimeoutSeconds", 60)), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error InvalidConfigurationRequest: Listener attribute key 'tcp.idle_timeout.seconds' is not supported on listeners with protocol 'UDP'"},
		"a listener that redirects":      {create("Listener", but(listen, "defaultActions", list{Map{"type": "redirect", "redirect": Map{"statusCode": "HTTP_301"}}})), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error InvalidLoadBalancerAction: A listener of a network load balancer has one default action, which forwards to exactly one target group"},
		"a listener for two groups": {create("Listener", func(s *setup) Map {
			return with(listen(s), "defaultActions", list{Map{"type": "forward", "forward": Map{"targetGroups": list{Map{"arn": s.By["targets1"].ID}, Map{"arn": s.By["targets2"].ID}}}}})
		}), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error InvalidLoadBalancerAction: A listener of a network load balancer has one default action, which forwards to exactly one target group"},
		"a group of two balancers":    {after(other, create("Listener", ref(listen, "loadBalancerArn", "other"))), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: <targets1>"},
		"a group of another protocol": {after(keep("TargetGroup", "datagrams", but(group, "protocol", "UDP")), create("Listener", func(s *setup) Map { return listener(s, "datagrams", 9999) })), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error InvalidConfigurationRequest: Listener protocol 'TCP' is not supported with a target group with the protocol of 'UDP'"},
		"a group of another network":  {after(all(theirs, keep("TargetGroup", "far", ref(group, "vpcId", "theirs"))), create("Listener", func(s *setup) Map { return listener(s, "far", 9999) })), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error InvalidConfigurationRequest: The following target groups are in another VPC than load balancer '<lb>': '<far>'"},
		"a listener of no balancer":   {create("Listener", but(listen, "loadBalancerArn", "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/net/none/0")), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error LoadBalancerNotFound: Load balancer 'arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/net/none/0' not found"},
		"a listener for no group":     {create("Listener", but(listen, "defaultActions", list{Map{"type": "forward", "targetGroupArn": "arn:nothing"}})), "creating ELBv2 Listener: operation error ELBv2: CreateListener, api error TargetGroupNotFound: Target group 'arn:nothing' not found"},
	}
}

// manyTargets puts targets into a group behind the cloud's back: one by one would take long.
func manyTargets(group string, many int) func(*setup) error {
	return mutate(func(s *setup, world *simcloud.World) error {
		for i := range many {
			id := fmt.Sprintf("%s-many%04d", s.By[group].ID, i)
			world.Put(&simcloud.Resource{ID: id, Type: token("TargetGroupAttachment"), Parent: s.By[group].ID,
				Properties: simcloud.Properties{"targetGroupArn": s.By[group].ID, "targetId": addressIn(1+i/250, i%250), "port": 1.0}})
		}
		return nil
	})
}

func manyListeners(many int) func(*setup) error {
	return func(s *setup) error {
		for i := range many {
			s.Make("Listener", fmt.Sprint("more", i), listener(s, "targets1", 20000+i))
		}
		return nil
	}
}

// serviceRefusals are refusals of endpoint services and of those who connect.
func serviceRefusals() map[string]situation {
	service := func(s *setup) Map {
		return Map{"acceptanceRequired": true, "networkLoadBalancerArns": list{s.By["lb"].ID}}
	}
	endpoint := aws.Endpoint{Principal: consumer, ZoneIDs: zoneIDs}
	return map[string]situation{
		"a balancer of two services":    {create("EndpointService", service), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error InvalidParameter: Load balancer <lb> is already associated with VPC endpoint service <service>."},
		"a service of no balancer":      {create("EndpointService", but(service, "networkLoadBalancerArns", list{})), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error MissingParameter: The request must contain at least one Network Load Balancer or Gateway Load Balancer ARN."},
		"a service of a lost balancer":  {create("EndpointService", but(service, "networkLoadBalancerArns", list{"arn:nothing"})), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error LoadBalancerNotFound: Load balancer 'arn:nothing' not found"},
		"a service with a private name": {create("EndpointService", but(service, "privateDnsName", "kafka.example.com")), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error SimulatedCloudLimit: Endpoint services have no private DNS name here: its verification is not modelled."},
		"a service without addresses":   {update("service", but(of("service"), "supportedIpAddressTypes", list{})), "updating EC2 VPC Endpoint Service (<service>): operation error EC2: ModifyVpcEndpointServiceConfiguration, api error InvalidParameter: A VPC endpoint service must support at least one IP address type."},
		"a service of other addresses":  {update("service", but(of("service"), "supportedIpAddressTypes", list{"ipv6"})), "updating EC2 VPC Endpoint Service (<service>): operation error EC2: ModifyVpcEndpointServiceConfiguration, api error InvalidParameter: To support IPv6, load balancer <lb> must have the IP address type dualstack."},
		"a service of another sort":     {create("EndpointService", but(service, "gatewayLoadBalancerArns", list{"arn:nothing"})), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error SimulatedCloudLimit: Endpoint services have network load balancers, not gateway load balancers."},
		"a service for other regions":   {create("EndpointService", but(service, "supportedRegions", list{"eu-central-1"})), "creating EC2 VPC Endpoint Service: operation error EC2: CreateVpcEndpointServiceConfiguration, api error SimulatedCloudLimit: Endpoint services are for their own region: supportedRegions is not modelled."},
		"a principal that is none":      {update("service", but(service, "allowedPrincipals", list{"380838443567"})), "updating EC2 VPC Endpoint Service (<service>): operation error EC2: ModifyVpcEndpointServiceConfiguration, api error InvalidPrincipal: Invalid Principal: '380838443567'"},
		"a role with a path":            {update("service", but(service, "allowedPrincipals", list{"arn:aws:iam::380838443567:role/service-role/tidb"})), "updating EC2 VPC Endpoint Service (<service>): operation error EC2: ModifyVpcEndpointServiceConfiguration, api error InvalidPrincipal: Invalid Principal: 'arn:aws:iam::380838443567:role/service-role/tidb'"},
		"an allowed one that is none":   {create("AllowedPrinciple", but(of("consumer"), "principalArn", "TiDB")), "creating EC2 VPC Endpoint Service Allowed Principal: operation error EC2: ModifyVpcEndpointServicePermissions, api error InvalidPrincipal: Invalid Principal: 'TiDB'"},
		"an allowed one of no service":  {create("AllowedPrinciple", but(of("consumer"), "vpcEndpointServiceId", "vpce-svc-0123456789abcdef0")), "creating EC2 VPC Endpoint Service Allowed Principal: operation error EC2: ModifyVpcEndpointServicePermissions, api error InvalidVpcEndpointServiceId.NotFound: The VpcEndpointService Id '<vpce-svc->' does not exist"},
		"a service that is connected":   {after(connect(endpoint), remove("service")), "deleting EC2 VPC Endpoint Service (<service>): operation error EC2: DeleteVpcEndpointServiceConfigurations, api error ExistingVpcEndpointConnections: Service <service> has existing active VPC Endpoint connections!"},
		"a stranger":                    {connect(aws.Endpoint{Principal: "arn:aws:iam::999999999999:root", ZoneIDs: zoneIDs}), "api error InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.vpce.us-west-2.<service>' does not exist"},
		"a consumer of no common zone":  {connect(aws.Endpoint{Principal: consumer, ZoneIDs: []string{"usw2-az4"}}), "api error InvalidParameter: The VPC endpoint service com.amazonaws.vpce.us-west-2.<service> does not support the availability zones of the subnets: usw2-az4."},
		"an endpoint twice":             {after(connect(endpoint), connect(endpoint)), "api error InvalidParameter: Endpoint vpce-0f1cb3d4a321df1cd is connected already."},
		"an endpoint nobody knows":      {mutate(func(s *setup, world *simcloud.World) error { return aws.Accept(world, s.By["service"].ID, "vpce-1") }), "api error InvalidVpcEndpointId.NotFound: The Vpc Endpoint Id 'vpce-1' does not exist"},
		"a service nobody knows":        {mutate(func(_ *setup, world *simcloud.World) error { return aws.Reject(world, "vpce-svc-1", "vpce-1") }), "api error InvalidVpcEndpointServiceId.NotFound: The VpcEndpointService Id 'vpce-svc-1' does not exist"},
		"a disconnection of no service": {mutate(func(_ *setup, world *simcloud.World) error { return aws.Disconnect(world, "vpce-svc-1", "vpce-1") }), "api error InvalidVpcEndpointServiceId.NotFound: The VpcEndpointService Id 'vpce-svc-1' does not exist"},
	}
}
