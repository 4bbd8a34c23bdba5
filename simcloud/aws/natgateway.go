package aws

import (
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenNatGateway = "aws:ec2/natGateway:NatGateway"

func natGateway() awsType {
	return awsType{
		service: "EC2", noun: "NAT Gateway", creates: "CreateNatGateway", deletes: "DeleteNatGateway", prefix: "nat",
		inputDefaults: simcloud.Properties{"connectivityType": "public"},
		lookup: &lookup{
			function: "aws:ec2/getNatGateway:getNatGateway", what: "EC2 NAT Gateway",
			arguments: map[string]string{"id": "id", "subnetId": "subnetId", "vpcId": "vpcId", "state": "state"},
			filters:   map[string]string{"nat-gateway-id": "id", "subnet-id": "subnetId", "vpc-id": "vpcId", "state": "state"},
			facts: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"state": "available", "vpcId": vpcOf(view, r.Properties.Text("subnetId"))}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenNatGateway,
			Duration:      100 * time.Second,
			Replaces:      []string{"allocationId", "connectivityType", "privateIp", "secondaryPrivateIpAddressCount", "subnetId"},
			KeptWhenUnset: []string{"privateIp", "secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"},
			Enums:         map[string][]string{"connectivityType": {"public", "private"}},
			References: []simcloud.Reference{
				{Path: "allocationId", To: []string{tokenEip}},
				{Path: "subnetId", To: []string{tokenSubnet}},
			},
			Rules: []simcloud.Rule{natHasAddress, natHasGateway},
			Compute: func(t *simcloud.Transaction) error {
				if !t.Creating() {
					return nil
				}
				subnet, _ := t.World.Get(t.After.Properties.Text("subnetId"))
				address, err := take(t, subnet, t.After.Properties.Text("privateIp"))
				if err != nil {
					return err
				}
				t.After.Computed["privateIp"] = address
				t.After.Computed["networkInterfaceId"] = "eni-" + t.Unique("interface")[:17]
				t.After.Computed["associationId"] = "eipassoc-" + t.Unique("association")[:17]
				return nil
			},
			Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"publicIp": publicAddressOf(view, r)}
			},
			Effect: agentsTryAgain,
		},
	}
}

func natHasAddress(t *simcloud.Transaction) error {
	p := t.After.Properties
	allocation := p.Text("allocationId")
	switch public := p.Text("connectivityType") == "public"; {
	case public && allocation == "":
		return refuse("MissingParameter", "The request must include the AllocationId parameter. Add the required parameter and retry the request.")
	case !public && allocation != "":
		return refuse("InvalidParameter", "AllocationId may not be specified for a NAT gateway of connectivity type private.")
	}
	for _, other := range usersOf(t.World, allocation, tokenNatGateway) {
		if allocation != "" && other.ID != t.After.ID {
			return refuse("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", allocation, other.Computed.Text("associationId"))
		}
	}
	return nil
}

// natHasGateway: AWS makes such a NAT gateway, and it fails.
func natHasGateway(t *simcloud.Transaction) error {
	network := vpcOf(t.World, t.After.Properties.Text("subnetId"))
	if t.Creating() && t.After.Properties.Text("connectivityType") == "public" && gatewayOf(t.World, network) == nil {
		return fmt.Errorf("waiting for EC2 NAT Gateway (%s) create: unexpected state 'failed', wanted target 'available'. last error: Gateway.NotAttached: Network %s has no Internet gateway attached", t.After.ID, network)
	}
	return nil
}
