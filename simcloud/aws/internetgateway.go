package aws

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenInternetGateway = "aws:ec2/internetGateway:InternetGateway"

func internetGateway() awsType {
	return awsType{
		service: "EC2", noun: "Internet Gateway", modifies: "AttachInternetGateway",
		prefix: "igw", arn: "ec2:{region}:{account}:internet-gateway/{id}",
		lookup: &lookup{
			function: "aws:ec2/getInternetGateway:getInternetGateway", what: "EC2 Internet Gateway",
			arguments: map[string]string{"internetGatewayId": "id"},
			filters:   map[string]string{"internet-gateway-id": "id", "attachment.vpc-id": "vpcId", "attachment.state": "state", "owner-id": "ownerId"},
			facts: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"state": "available", "internetGatewayId": r.ID}
			},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				if !r.Properties.Has("vpcId") {
					return simcloud.Properties{"attachments": []any{}}
				}
				return simcloud.Properties{"attachments": []any{map[string]any{"state": "available", "vpcId": r.Properties.Text("vpcId")}}}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenInternetGateway,
			Duration:      2 * time.Second,
			KeptWhenUnset: []string{"vpcId"},
			References:    []simcloud.Reference{{Path: "vpcId", To: []string{tokenVpc}}},
			Rules:         []simcloud.Rule{oneGateway, gatewayLeaves},
			DeleteRules:   []simcloud.Rule{func(t *simcloud.Transaction) error { return refuseMappedAddresses(t.World, t.Before) }},
			Effect:        agentsTryAgain,
		},
	}
}

// oneGateway: a VPC has one internet gateway.
func oneGateway(t *simcloud.Transaction) error {
	network := t.After.Properties.Text("vpcId")
	if other := gatewayOf(t.World, network); network != "" && other != nil && other.ID != t.After.ID {
		return refuse("InvalidParameterValue", "Network %s already has an internet gateway attached", network)
	}
	return nil
}

func gatewayLeaves(t *simcloud.Transaction) error {
	if t.Changes("vpcId") {
		return refuseMappedAddresses(t.World, t.Before)
	}
	return nil
}

// refuseMappedAddresses: while something in a VPC has a public address, its gateway stays.
func refuseMappedAddresses(view simcloud.View, gateway *simcloud.Resource) error {
	network := gateway.Properties.Text("vpcId")
	for _, token := range []string{tokenNatGateway, tokenInstance} {
		for _, r := range view.List(token) {
			if publicAddressOf(view, r) != "" && vpcOf(view, subnetOf(view, r)) == network {
				return refuse("DependencyViolation", "Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", network)
			}
		}
	}
	return nil
}

// gatewayOf is the internet gateway of a VPC, or nil.
func gatewayOf(view simcloud.View, network string) *simcloud.Resource {
	for _, gateway := range view.List(tokenInternetGateway) {
		if gateway.Properties.Text("vpcId") == network {
			return gateway
		}
	}
	return nil
}
