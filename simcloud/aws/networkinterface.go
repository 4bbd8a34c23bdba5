package aws

import (
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenNetworkInterface = "aws:ec2/networkInterface:NetworkInterface"

func networkInterface() awsType {
	return awsType{
		service: "EC2", noun: "Network Interface", modifies: "ModifyNetworkInterfaceAttribute",
		prefix: "eni", arn: "ec2:{region}:{account}:network-interface/{id}",
		inputDefaults: simcloud.Properties{"sourceDestCheck": true, "privateIpListEnabled": false, "ipv6AddressListEnabled": false},
		lookup: &lookup{
			function: "aws:ec2/getNetworkInterface:getNetworkInterface", what: "EC2 Network Interface",
			arguments: map[string]string{"id": "id"}, ignores: []string{"tags"},
			filters: map[string]string{"network-interface-id": "id", "subnet-id": "subnetId", "vpc-id": "vpcId", "private-ip-address": "privateIps",
				"addresses.private-ip-address": "privateIps", "group-id": "securityGroups", "description": "description", "availability-zone": "availabilityZone",
				"attachment.instance-id": "instanceId", "status": "status"},
			facts: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				facts := simcloud.Properties{"vpcId": vpcOf(view, r.Properties.Text("subnetId")), "status": "available"}
				if subnet, ok := view.Get(r.Properties.Text("subnetId")); ok {
					facts["availabilityZone"] = zoneOf(subnet)
				}
				if holder := instanceOf(view, r.ID); holder != nil {
					facts["instanceId"], facts["status"] = holder.ID, "in-use"
				}
				return facts
			},
			show: showNetworkInterface,
		},
		Kind: simcloud.Kind{
			Token:    tokenNetworkInterface,
			Duration: 2 * time.Second,
			Replaces: []string{"interfaceType", "subnetId"},
			ReplacesIf: func(before, after simcloud.Properties) []string { // the primary address is an interface's for its life
				had, wants := before.Texts("privateIps"), after.Texts("privateIps")
				if len(had) > 0 && len(wants) > 0 && known(after, "privateIps") && !slices.Contains(wants, had[0]) {
					return []string{"privateIps"}
				}
				return nil
			},
			KeptWhenUnset: []string{"privateIp", "privateIps", "privateIpsCount", "securityGroups", "interfaceType", "attachments"},
			References: []simcloud.Reference{
				{Path: "subnetId", To: []string{tokenSubnet}},
				{Path: "securityGroups[]", To: []string{tokenSecurityGroup}},
			},
			Defaults: func(p simcloud.Properties) { p.Default("interfaceType", "interface") },
			Rules:    []simcloud.Rule{interfaceModelled, interfaceGroups, interfaceKeepsAddress},
			Compute:  computeInterface,
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if instanceOf(t.World, t.Before.ID) != nil {
					return refuse("InvalidParameterValue", "Network interface '%s' is currently in use.", t.Before.ID)
				}
				return nil
			}},
			Effect:  agentsTryAgain,
			Outputs: interfaceOutputs,
		},
	}
}

// interfaceModelled: the provider ignores privateIp; the rest the simulation does not have.
func interfaceModelled(t *simcloud.Transaction) error {
	p := t.After.Properties
	if len(p.Objects("attachments")) > 0 {
		return limit("Network interface %s: attach it with the instance's networkInterfaces, not with attachments.", t.After.ID)
	}
	if p.Has("privateIp") {
		return limit("Network interface %s: the provider ignores privateIp when it creates; say privateIps.", t.After.ID)
	}
	for _, name := range []string{"privateIpLists", "privateIpsCount", "ipv4PrefixCount", "ipv4Prefixes", "ipv6AddressCount", "ipv6AddressLists", "ipv6Addresses", "ipv6PrefixCount", "ipv6Prefixes"} {
		if p.Has(name) {
			return limit("Network interface %s: addresses come from privateIps only, not from %s.", t.After.ID, name)
		}
	}
	return nil
}

func interfaceGroups(t *simcloud.Transaction) error {
	return groupsInVpc(t.World, t.After.Properties.Texts("securityGroups"), vpcOf(t.World, t.After.Properties.Text("subnetId")))
}

// interfaceKeepsAddress: the primary address is an interface's for its life.
func interfaceKeepsAddress(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	primary := t.Before.Computed.Text("privateIp")
	wanted, emptied := t.After.Properties.Texts("privateIps"), size(t.Before.Properties, "privateIps") > 0
	if (len(wanted) > 0 || emptied) && !slices.Contains(wanted, primary) {
		return refuse("InvalidParameterValue", "The primary address %s of network interface %s cannot be unassigned.", primary, t.After.ID)
	}
	return nil
}

func computeInterface(t *simcloud.Transaction) error {
	subnet, _ := t.World.Get(t.After.Properties.Text("subnetId"))
	wanted := t.After.Properties.Texts("privateIps")
	if len(wanted) == 0 {
		wanted = addressesOf(t.After, subnet.ID)
	}
	primary := t.After.Computed.Text("privateIp")
	delete(t.After.Computed, holds)
	if len(wanted) == 0 {
		wanted = []string{""}
	}
	var given []string
	for _, address := range wanted {
		got, err := take(t, subnet, address)
		if err != nil {
			return err
		}
		given = append(given, got)
	}
	if primary == "" {
		primary = given[0]
	}
	given = append([]string{primary}, slices.DeleteFunc(given, func(address string) bool { return address == primary })...)
	t.After.Computed["privateIp"], t.After.Computed["privateIps"] = primary, texts(given)
	t.After.Computed["privateDnsName"] = privateName(t.Settings["region"], primary)
	if t.Creating() {
		unique := t.Unique("mac")
		t.After.Computed["macAddress"] = "02:" + unique[:2] + ":" + unique[2:4] + ":" + unique[4:6] + ":" + unique[6:8] + ":" + unique[8:10]
	}
	return nil
}

func privateName(region, address string) string {
	return "ip-" + strings.ReplaceAll(address, ".", "-") + "." + region + ".compute.internal"
}

// groupsOf are the security groups of an interface, or of an instance's own.
func groupsOf(view simcloud.View, r *simcloud.Resource) []string {
	list := "securityGroups"
	if r.Type == tokenInstance {
		if own := interfacesOf(view, r); len(own) > 0 {
			return groupsOf(view, own[0])
		}
		list = "vpcSecurityGroupIds"
	}
	if groups := r.Properties.Texts(list); len(groups) > 0 {
		return groups
	}
	network, ok := view.Get(vpcOf(view, r.Properties.Text("subnetId")))
	if !ok {
		return nil
	}
	return []string{network.Computed.Text("defaultSecurityGroupId")}
}

func interfaceOutputs(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := simcloud.Properties{"securityGroups": texts(groupsOf(view, r)), "privateIpsCount": float64(len(r.Computed.Texts("privateIps")) - 1)}
	attachments := []any{}
	if holder := instanceOf(view, r.ID); holder != nil {
		for _, entry := range holder.Properties.Objects("networkInterfaces") {
			if entry.Text("networkInterfaceId") == r.ID {
				attachments = append(attachments, map[string]any{"instance": holder.ID, "deviceIndex": entry.Number("deviceIndex"), "attachmentId": attachmentID(holder, r)})
			}
		}
	}
	shown["attachments"] = attachments
	return shown
}

func attachmentID(holder, r *simcloud.Resource) string {
	return "eni-attach-" + identifiers.Digest(holder.ID + r.ID)[:17]
}

func showNetworkInterface(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := simcloud.Properties{"attachments": []any{}, "associations": []any{}}
	if holder := instanceOf(view, r.ID); holder != nil {
		for _, entry := range holder.Properties.Objects("networkInterfaces") {
			if entry.Text("networkInterfaceId") == r.ID {
				shown["attachments"] = []any{map[string]any{"attachmentId": attachmentID(holder, r), "deviceIndex": entry.Number("deviceIndex"),
					"instanceId": holder.ID, "instanceOwnerId": accountOf(holder)}}
			}
		}
	}
	return shown
}

// instanceOf is the instance that has an interface, or nil.
func instanceOf(view simcloud.View, id string) *simcloud.Resource {
	for _, user := range usersOf(view, id, tokenInstance) {
		return user
	}
	return nil
}
