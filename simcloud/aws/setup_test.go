package aws_test

import (
	"encoding/json"
	"testing"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

type (
	Map  = simtest.Map
	list = []any
)

// setup is the documents' set-up on a simulated AWS: network, brokers, load balancer, endpoint service.
type setup = simtest.Setup

var tokens = map[string]string{
	"Vpc": "aws:ec2/vpc:Vpc", "Subnet": "aws:ec2/subnet:Subnet", "InternetGateway": "aws:ec2/internetGateway:InternetGateway", "RouteTable": "aws:ec2/routeTable:RouteTable",
	"Route": "aws:ec2/route:Route", "RouteTableAssociation": "aws:ec2/routeTableAssociation:RouteTableAssociation", "Eip": "aws:ec2/eip:Eip", "NatGateway": "aws:ec2/natGateway:NatGateway",
	"SecurityGroup": "aws:ec2/securityGroup:SecurityGroup", "IngressRule": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
	"EgressRule": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "NetworkInterface": "aws:ec2/networkInterface:NetworkInterface", "KeyPair": "aws:ec2/keyPair:KeyPair",
	"Volume": "aws:ebs/volume:Volume", "Instance": "aws:ec2/instance:Instance", "VolumeAttachment": "aws:ec2/volumeAttachment:VolumeAttachment",
	"Role": "aws:iam/role:Role", "RolePolicy": "aws:iam/rolePolicy:RolePolicy", "InstanceProfile": "aws:iam/instanceProfile:InstanceProfile",
	"Document": "aws:ssm/document:Document", "Association": "aws:ssm/association:Association", "Parameter": "aws:ssm/parameter:Parameter",
	"LoadBalancer": "aws:lb/loadBalancer:LoadBalancer", "TargetGroup": "aws:lb/targetGroup:TargetGroup", "TargetGroupAttachment": "aws:lb/targetGroupAttachment:TargetGroupAttachment",
	"Listener": "aws:lb/listener:Listener", "EndpointService": "aws:ec2/vpcEndpointService:VpcEndpointService",
	"AllowedPrinciple": "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
}

func token(kind string) string { return tokens[kind] }

func empty(t *testing.T, options simcloud.Options) *setup { return emptyAs(t, options, aws.Account{}) }

func emptyAs(t *testing.T, options simcloud.Options, account aws.Account) *setup {
	return simtest.Empty(t, aws.Cloud(account), options, Map{"region": aws.DefaultRegion}, token)
}

func start(t *testing.T) *setup { return startWith(t, simcloud.Options{}) }

func startWith(t *testing.T, options simcloud.Options) *setup {
	s := empty(t, options)
	network(s)
	access(s)
	brokers(s)
	link(s)
	return s
}

// zoneIDs are those of the three zones of the default region.
var zoneIDs = []string{"usw2-az1", "usw2-az2", "usw2-az3"}

func network(s *setup) {
	s.Make("Vpc", "vpc", Map{"cidrBlock": "10.0.0.0/16", "tags": Map{"Name": "kafka"}})
	s.Make("InternetGateway", "igw", Map{"vpcId": s.By["vpc"].ID})
	s.Make("Subnet", "public", subnet(s, "10.0.192.0/18", "usw2-az1"))
	s.Make("RouteTable", "front", Map{"vpcId": s.By["vpc"].ID})
	s.Make("Route", "to-igw", route(s, "front", "gatewayId", "igw"))
	s.Make("RouteTableAssociation", "public-front", Map{"routeTableId": s.By["front"].ID, "subnetId": s.By["public"].ID})
	s.Make("Eip", "eip", Map{"domain": "vpc"})
	s.Make("NatGateway", "nat", Map{"allocationId": s.By["eip"].ID, "subnetId": s.By["public"].ID})
	s.Make("RouteTable", "back", Map{"vpcId": s.By["vpc"].ID})
	s.Make("Route", "to-nat", route(s, "back", "natGatewayId", "nat"))
	for i, cidr := range []string{"10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"} {
		s.Make("Subnet", "private"+number(i), subnet(s, cidr, zoneIDs[i]))
		s.Make("RouteTableAssociation", "private-back"+number(i), Map{"routeTableId": s.By["back"].ID, "subnetId": s.By["private"+number(i)].ID})
	}
	s.Make("SecurityGroup", "group", Map{"name": "brokers", "description": "brokers", "vpcId": s.By["vpc"].ID})
	s.Make("EgressRule", "out", Map{"securityGroupId": s.By["group"].ID, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"})
	s.Make("IngressRule", "in", ingress(s))
}

// number is how the set-up counts: from 1.
func number(i int) string { return string(rune('1' + i)) }

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL3179F2FwulcPMjdbb//4ksiiOun1k7PmAds1K9iCEE"

func access(s *setup) {
	s.Make("KeyPair", "key", Map{"keyName": "kafka", "publicKey": publicKey})
	s.Make("Role", "role", role("broker"))
	s.Make("RolePolicy", "policy", Map{"role": s.By["role"].ID, "name": "report", "policy": policy("ssm:PutParameter", "arn:aws:ssm:*:*:parameter/kafkalink/*")})
	s.Make("InstanceProfile", "profile", Map{"name": "broker", "role": s.By["role"].ID})
	s.Make("Document", "document", document())
}

func brokers(s *setup) {
	for i := range zoneIDs {
		n := number(i)
		s.Make("NetworkInterface", "eni"+n, eni(s, "private"+n))
		s.Make("Volume", "volume"+n, Map{"availabilityZone": s.By["private"+n].Outputs["availabilityZone"], "size": 64, "type": "gp3", "encrypted": true})
		s.Make("Instance", "broker"+n, instance(s, "eni"+n))
		s.Make("VolumeAttachment", "attachment"+n, attachment(s, "volume"+n, "broker"+n))
		s.Make("Association", "configure"+n, association(s, "broker"+n, "echo "+n))
	}
}

func link(s *setup) {
	s.Make("SecurityGroup", "front-group", Map{"name": "link", "vpcId": s.By["vpc"].ID})
	s.Make("LoadBalancer", "lb", balancer(s))
	for i := range zoneIDs {
		n := number(i)
		s.Make("TargetGroup", "targets"+n, targets(s, "broker-"+n))
		s.Make("TargetGroupAttachment", "target"+n, Map{"targetGroupArn": s.By["targets"+n].ID, "targetId": s.By["eni"+n].Outputs["privateIp"], "port": 39092})
		s.Make("Listener", "listener"+n, listener(s, "targets"+n, 9093+i))
	}
	s.Make("EndpointService", "service", Map{"acceptanceRequired": true, "networkLoadBalancerArns": list{s.By["lb"].ID}})
	s.Make("AllowedPrinciple", "consumer", Map{"vpcEndpointServiceId": s.By["service"].ID, "principalArn": consumer})
}

const consumer = "arn:aws:iam::380838443567:root"

var with = simtest.With

func subnet(s *setup, cidr, zone string) Map {
	return Map{"vpcId": s.By["vpc"].ID, "cidrBlock": cidr, "availabilityZoneId": zone}
}

func route(s *setup, table, target, to string) Map {
	return Map{"routeTableId": s.By[table].ID, "destinationCidrBlock": "0.0.0.0/0", target: s.By[to].ID}
}

func ingress(s *setup) Map {
	return Map{"securityGroupId": s.By["group"].ID, "ipProtocol": "tcp", "fromPort": 39092, "toPort": 39092, "cidrIpv4": "10.0.0.0/16"}
}

func policy(action, resource string) string {
	return written(Map{"Version": "2012-10-17", "Statement": list{Map{"Effect": "Allow", "Action": action, "Resource": resource}}})
}

func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func trust(service string) string {
	return written(Map{"Version": "2012-10-17", "Statement": list{Map{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": Map{"Service": service}}}})
}

func role(name string) Map {
	return Map{"name": name, "assumeRolePolicy": trust("ec2.amazonaws.com"), "managedPolicyArns": list{"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}}
}

func document() Map {
	return Map{"name": "kafka-configure", "documentType": "Command", "content": content("#!/bin/sh\n{{ command }}")}
}

// content is a document of one step.
func content(script string) string {
	return written(Map{"schemaVersion": "2.2", "parameters": Map{"command": Map{"type": "String"}, "who": Map{"type": "String", "default": "nobody"}},
		"mainSteps": list{Map{"action": "aws:runShellScript", "name": "configure", "inputs": Map{"runCommand": list{script}}}}})
}

func eni(s *setup, subnet string) Map {
	return Map{"subnetId": s.By[subnet].ID, "securityGroups": list{s.By["group"].ID}}
}

func instance(s *setup, eni string) Map {
	return Map{"ami": aws.AmazonLinux(aws.DefaultRegion), "instanceType": "m6i.large", "keyName": "kafka", "iamInstanceProfile": s.By["profile"].ID, "userData": "#cloud-config\n",
		"networkInterfaces": list{Map{"networkInterfaceId": s.By[eni].ID, "deviceIndex": 0}}, "metadataOptions": Map{"httpTokens": "required"},
		"rootBlockDevice": Map{"volumeSize": 20, "encrypted": true}, "tags": Map{"Name": eni}}
}

func attachment(s *setup, volume, instance string) Map {
	return Map{"deviceName": "/dev/sdf", "volumeId": s.By[volume].ID, "instanceId": s.By[instance].ID, "stopInstanceBeforeDetaching": true}
}

func association(s *setup, instance, command string) Map {
	return Map{"name": s.By["document"].ID, "targets": list{Map{"key": "InstanceIds", "values": list{s.By[instance].ID}}}, "parameters": Map{"command": command}}
}

func balancer(s *setup) Map {
	return Map{"name": "kafka", "internal": true, "loadBalancerType": "network", "securityGroups": list{s.By["front-group"].ID},
		"subnets": list{s.By["private1"].ID, s.By["private2"].ID, s.By["private3"].ID}}
}

func targets(s *setup, name string) Map {
	return Map{"name": name, "port": 39092, "protocol": "TCP", "targetType": "ip", "vpcId": s.By["vpc"].ID,
		"healthCheck": Map{"protocol": "TCP", "interval": 10}, "targetGroupHealth": Map{"dnsFailover": Map{"minimumHealthyTargetsCount": "off"}}}
}

func listener(s *setup, targets string, port int) Map {
	return Map{"loadBalancerArn": s.By["lb"].ID, "port": port, "protocol": "TCP", "defaultActions": list{Map{"type": "forward", "targetGroupArn": s.By[targets].ID}}}
}
