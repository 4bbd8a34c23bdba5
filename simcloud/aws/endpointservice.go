package aws

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenEndpointService  = "aws:ec2/vpcEndpointService:VpcEndpointService"
	tokenAllowedPrinciple = "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"
)

func endpointService() awsType {
	return awsType{
		service: "EC2", noun: "VPC Endpoint Service", creates: "CreateVpcEndpointServiceConfiguration", modifies: "ModifyVpcEndpointServiceConfiguration", deletes: "DeleteVpcEndpointServiceConfigurations",
		prefix: "vpce-svc", arn: "ec2:{region}:{account}:vpc-endpoint-service/{id}",
		lookup: &lookup{
			function: "aws:ec2/getVpcEndpointService:getVpcEndpointService", what: "EC2 VPC Endpoint Service",
			arguments: map[string]string{"serviceName": "serviceName", "serviceType": "serviceType"}, ignores: []string{"serviceRegions"},
			filters: map[string]string{"service-name": "serviceName", "service-type": "serviceType", "service-id": "id"},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"serviceId": r.ID, "owner": accountOf(r), "region": regionOf(r), "vpcEndpointPolicySupported": false, "privateDnsNames": []any{},
					"id": fmt.Sprint(crc32.ChecksumIEEE([]byte(r.Computed.Text("serviceName"))))}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenEndpointService,
			Duration:      20 * time.Second,
			KeptWhenUnset: []string{"allowedPrincipals", "supportedIpAddressTypes", "supportedRegions", "privateDnsName"},
			Enums:         map[string][]string{"supportedIpAddressTypes[]": {"ipv4", "ipv6"}},
			References:    []simcloud.Reference{{Path: "networkLoadBalancerArns[]", To: []string{tokenLoadBalancer}}},
			Defaults:      func(p simcloud.Properties) { p.Default("supportedIpAddressTypes", []any{"ipv4"}) },
			Rules:         []simcloud.Rule{serviceBalancers, serviceAddresses, servicePrincipals},
			Compute: func(t *simcloud.Transaction) error {
				region := t.Settings["region"]
				t.After.Computed["serviceName"] = "com.amazonaws.vpce." + region + "." + t.After.ID
				t.After.Computed["baseEndpointDnsNames"] = []any{t.After.ID + "." + region + ".vpce.amazonaws.com"}
				t.After.Computed["serviceType"], t.After.Computed["state"], t.After.Computed["managesVpcEndpoints"] = "Interface", "Available", false
				t.After.Computed["privateDnsNameConfigurations"] = []any{}
				return nil
			},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				for _, connection := range Connections(t.World, t.Before.ID) {
					if connection.State != Rejected {
						return refuse("ExistingVpcEndpointConnections", "Service %s has existing active VPC Endpoint connections!", t.Before.ID)
					}
				}
				return nil
			}},
			Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				var zones []string
				for _, zone := range ServiceZones(view, r.ID) {
					zones = append(zones, zone.Name)
				}
				return simcloud.Properties{"availabilityZones": texts(zones), "allowedPrincipals": texts(principalsOf(view, r))}
			},
		},
	}
}

func serviceBalancers(t *simcloud.Transaction) error {
	p := t.After.Properties
	switch {
	case p.Has("privateDnsName"):
		return limit("Endpoint services have no private DNS name here: its verification is not modelled.")
	case size(p, "gatewayLoadBalancerArns") > 0:
		return limit("Endpoint services have network load balancers, not gateway load balancers.")
	case size(p, "supportedRegions") > 0:
		return limit("Endpoint services are for their own region: supportedRegions is not modelled.")
	}
	balancers := p.Texts("networkLoadBalancerArns")
	if len(balancers) == 0 {
		return refuse("MissingParameter", "The request must contain at least one Network Load Balancer or Gateway Load Balancer ARN.")
	}
	for _, balancer := range balancers {
		for _, other := range usersOf(t.World, balancer, tokenEndpointService) {
			if other.ID != t.After.ID {
				return refuse("InvalidParameter", "Load balancer %s is already associated with VPC endpoint service %s.", balancer, other.ID)
			}
		}
	}
	return nil
}

// serviceAddresses: a service has addresses of one sort at least, and IPv6 only behind load balancers that have it.
func serviceAddresses(t *simcloud.Transaction) error {
	p := t.After.Properties
	if size(p, "supportedIpAddressTypes") == 0 {
		return refuse("InvalidParameter", "A VPC endpoint service must support at least one IP address type.")
	}
	if !slices.Contains(p.Texts("supportedIpAddressTypes"), "ipv6") {
		return nil
	}
	for _, id := range p.Texts("networkLoadBalancerArns") {
		if balancer, ok := t.World.Get(id); ok && balancer.Properties.Text("ipAddressType") != "dualstack" {
			return refuse("InvalidParameter", "To support IPv6, load balancer %s must have the IP address type dualstack.", id)
		}
	}
	return nil
}

// principals without a path, which AWS does not take here.
var principals = regexp.MustCompile(`^(\*|arn:aws:iam::\d{12}:(root|user/[^/]+|role/[^/]+))$`)

func servicePrincipals(t *simcloud.Transaction) error {
	for _, principal := range t.After.Properties.Texts("allowedPrincipals") {
		if !principals.MatchString(principal) {
			return refuse("InvalidPrincipal", "Invalid Principal: '%s'", principal)
		}
	}
	return nil
}

// principalsOf are whom a service allows, by its own list and by resources.
func principalsOf(view simcloud.View, service *simcloud.Resource) []string {
	allowed := service.Properties.Texts("allowedPrincipals")
	for _, child := range simcloud.ChildrenOf(view, tokenAllowedPrinciple, service.ID) {
		if principal := child.Properties.Text("principalArn"); !slices.Contains(allowed, principal) {
			allowed = append(allowed, principal)
		}
	}
	return allowed
}

// ServiceZones are the zones that an endpoint service is in: those of its load balancers' subnets.
func ServiceZones(view simcloud.View, service string) []Zone {
	r, ok := simcloud.GetOf(view, tokenEndpointService, service)
	if !ok {
		return nil
	}
	var zones []Zone
	for _, arn := range r.Properties.Texts("networkLoadBalancerArns") {
		balancer, ok := view.Get(arn)
		if !ok {
			continue
		}
		for _, id := range subnetsOf(balancer) {
			if subnet, ok := view.Get(id); ok {
				zones = append(zones, Zone{zoneOf(subnet), subnet.Computed.Text("availabilityZoneId")})
			}
		}
	}
	slices.SortFunc(zones, func(a, b Zone) int { return strings.Compare(a.Name, b.Name) })
	return slices.Compact(zones)
}

func allowedPrinciple() awsType {
	return awsType{
		service: "EC2", noun: "VPC Endpoint Service Allowed Principal", creates: "ModifyVpcEndpointServicePermissions", deletes: "ModifyVpcEndpointServicePermissions",
		Kind: simcloud.Kind{
			Token:    tokenAllowedPrinciple,
			Duration: 2 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				return "vpce-svc-perm-" + identity.Unique()[:17], identity.Inputs.Text("vpcEndpointServiceId")
			},
			Replaces:   []string{"principalArn", "vpcEndpointServiceId"},
			References: []simcloud.Reference{{Path: "vpcEndpointServiceId", To: []string{tokenEndpointService}}},
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if principal := t.After.Properties.Text("principalArn"); !principals.MatchString(principal) {
					return refuse("InvalidPrincipal", "Invalid Principal: '%s'", principal)
				}
				return nil
			}},
		},
	}
}
