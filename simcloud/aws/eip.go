package aws

import (
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenEip = "aws:ec2/eip:Eip"

func eip() awsType {
	return awsType{
		service: "EC2", noun: "EIP", creates: "AllocateAddress", modifies: "AssociateAddress", deletes: "ReleaseAddress",
		prefix: "eipalloc", arn: "ec2:{region}:{account}:elastic-ip/{id}",
		lookup: &lookup{
			function: "aws:ec2/getElasticIp:getElasticIp", what: "EC2 EIP",
			arguments: map[string]string{"id": "id", "publicIp": "publicIp"},
			filters: map[string]string{"allocation-id": "id", "public-ip": "publicIp", "domain": "domain", "association-id": "associationId",
				"instance-id": "instance", "network-interface-id": "networkInterface"},
			show: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				shown := eipOutputs(view, r)
				return simcloud.Properties{"instanceId": r.Properties.Text("instance"), "networkInterfaceId": shown.Text("networkInterface")}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenEip,
			Duration:      2 * time.Second,
			Replaces:      []string{"address", "domain", "networkBorderGroup", "publicIpv4Pool", "vpc"},
			KeptWhenUnset: []string{"domain", "vpc", "networkBorderGroup", "publicIpv4Pool", "instance", "networkInterface"},
			Enums:         map[string][]string{"domain": {"vpc"}},
			References: []simcloud.Reference{
				{Path: "instance", To: []string{tokenInstance}},
				{Path: "networkInterface", To: []string{tokenNetworkInterface}},
			},
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				p := t.After.Properties
				if r, ok := t.World.Get(p.Text("instance") + p.Text("networkInterface")); ok {
					if network := vpcOf(t.World, subnetOf(t.World, r)); gatewayOf(t.World, network) == nil {
						return refuse("Gateway.NotAttached", "Network %s is not attached to any internet gateway", network)
					}
				}
				return nil
			}},
			Compute: func(t *simcloud.Transaction) error {
				if err := takePublic(t); err != nil {
					return err
				}
				t.After.Computed["allocationId"] = t.After.ID
				t.After.Computed["domain"], t.After.Computed["publicIpv4Pool"], t.After.Computed["networkBorderGroup"] = "vpc", "amazon", t.Settings["region"]
				t.After.Computed["publicDns"] = publicName(t.Settings["region"], t.After.Computed.Text("publicIp"))
				return nil
			},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if len(usersOf(t.World, t.Before.ID, tokenNatGateway, tokenLoadBalancer)) > 0 {
					return refuse("InvalidIPAddress.InUse", "Address with allocation id [%s] cannot be released because it is in use.", t.Before.ID)
				}
				return nil
			}},
			Outputs: eipOutputs,
		},
	}
}

func publicName(region, address string) string {
	return "ec2-" + strings.ReplaceAll(address, ".", "-") + "." + region + ".compute.amazonaws.com"
}

func eipOutputs(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	for _, user := range usersOf(view, r.ID, tokenNatGateway) {
		return simcloud.Properties{
			"associationId": user.Computed.Text("associationId"), "networkInterface": user.Computed.Text("networkInterfaceId"), "privateIp": user.Computed.Text("privateIp"),
		}
	}
	holder, ok := view.Get(r.Properties.Text("instance") + r.Properties.Text("networkInterface"))
	if !ok {
		return nil
	}
	return simcloud.Properties{"associationId": "eipassoc-" + identifiers.Digest(r.ID + holder.ID)[:17], "privateIp": privateAddressOf(view, holder)}
}
