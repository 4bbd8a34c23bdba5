// Package aws is the simulated AWS: the kinds and rules of the aws provider.
package aws

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

//go:generate go run -tags simcloudgen ../internal/gen/aws schema.json

//go:embed schema.json
var schemaText []byte

// DefaultRegion is the region where neither aws:region nor the program says one.
const DefaultRegion = "us-west-2"

// version is that of the aws provider imitated.
const version = "6.83.0"

// Cloud is the simulated AWS as an account sees it.
func Cloud(account Account) *simcloud.Cloud {
	if account.ID == "" {
		account.ID = DefaultAccount
	}
	schema, err := simcloud.ParseSchema(schemaText)
	if err != nil {
		panic("simcloud/aws: embedded schema: " + err.Error())
	}
	types := types(account)
	cloud := &simcloud.Cloud{
		Package: "aws", Version: version, Schema: schema,
		Same:            same,
		UnsetIsNoChange: true, // Terraform's computed attributes
		RecordsRefused:  true,
		Exists:          alreadyExists,
		Missing:         missing,
		Outputs:         commonOutputs,
		DeleteFirst:     namedByHand(types),
		Stable:          stable(types),
		Report:          reports(types),
		Settings:        map[string]string{"region": DefaultRegion, "accountId": account.ID},
	}
	for _, t := range types {
		cloud.Kinds = append(cloud.Kinds, t.kind(account))
	}
	cloud.Defaults = defaults(schema, types)
	cloud.Functions = functions(account, cloud)
	return cloud
}

// types are the resource types, each in its own file.
func types(account Account) []awsType {
	return []awsType{
		vpc(), subnet(account), internetGateway(), routeTable(), route(), routeTableAssociation(), eip(), natGateway(),
		securityGroup(), ingressRule(), egressRule(), networkInterface(), keyPair(),
		volume(account), instance(), volumeAttachment(),
		role(), rolePolicy(), instanceProfile(),
		document(), association(), ssmParameter(),
		loadBalancer(), targetGroup(), targetGroupAttachment(), listener(),
		endpointService(), allowedPrinciple(),
	}
}

// commonOutputs are what the provider shows of everything that has tags.
func commonOutputs(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
	tags, ok := r.Properties["tags"]
	if !ok {
		tags = map[string]any{}
	}
	return simcloud.Properties{"tagsAll": tags}
}

// sets are the inputs whose order means nothing: Terraform's sets.
var sets = []string{
	"vpcSecurityGroupIds", "securityGroups", "subnets", "subnetMappings", "networkLoadBalancerArns", "gatewayLoadBalancerArns",
	"allowedPrincipals", "supportedIpAddressTypes", "privateIps", "secondaryPrivateIps", "managedPolicyArns", "routes",
	"ingress", "egress", "propagatingVgws",
}

// same says whether two values mean the same: sets in another order, policies in another layout.
func same(path string, before, after any) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case slices.Contains(sets, name):
		return sameSet(before, after)
	case name == "assumeRolePolicy" || name == "policy":
		return sameJSON(before, after)
	}
	return false
}
