// Package azure is the simulated Azure: the kinds and rules of the azure-native provider.
package azure

import (
	_ "embed"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

//go:generate go run -tags simcloudgen ../internal/gen/azure schema.json

//go:embed schema.json
var schemaText []byte

// Subscription is the subscription that everything is in, unless azure-native:subscriptionId says another.
const Subscription = "00000000-0000-0000-0000-000000000000"

// version is that of the azure-native provider imitated.
const version = "2.90.0"

// Features are what a subscription has registered. A new subscription has none of them.
type Features struct {
	// EncryptionAtHost is Microsoft.Compute/EncryptionAtHost.
	EncryptionAtHost bool
	// Reservation is how long a network interface cannot be deleted after its machine was. Azure's is Reserved; by default, none
	// here, so that nobody waits who does not ask for it.
	Reservation time.Duration
}

// Reserved is how long Azure keeps a network interface for its machine's name.
const Reserved = 180 * time.Second

// Cloud is the simulated Azure of a new subscription.
func Cloud() *simcloud.Cloud { return CloudWith(Features{}) }

// CloudWith is the simulated Azure of a subscription with features.
func CloudWith(features Features) *simcloud.Cloud {
	schema, err := simcloud.ParseSchema(schemaText)
	if err != nil {
		panic("simcloud/azure: embedded schema: " + err.Error())
	}
	cloud := &simcloud.Cloud{
		Package: "azure-native", Version: version, Schema: schema,
		Key:     strings.ToLower, // ARM ids differ in more than case
		Same:    sameLocation,
		Upserts: true, // ARM's PUT
		Stable: func(_, output string) bool { // all that azure-native carries over
			return output == "name" || output == "location"
		},
		Exists:   alreadyExists,
		Missing:  missing,
		Outputs:  commonOutputs,
		Settings: map[string]string{"subscriptionId": Subscription},
	}
	types := types(features)
	for _, t := range types {
		cloud.Kinds = append(cloud.Kinds, t.kind(schema))
		cloud.Functions = append(cloud.Functions, t.get(cloud))
	}
	cloud.Functions = append(cloud.Functions, clientConfig(), clientToken())
	cloud.Web = resourceManager(cloud)
	cloud.Defaults = defaults(schema, types)
	cloud.DeleteFirst = func(_ *simcloud.Kind, before, _ simcloud.Properties) bool { return !before.True(randomName) }
	return cloud
}

// types are the resource types, each in its own file.
func types(features Features) []armType {
	return []armType{
		resourceGroup(),
		virtualNetwork(), subnet(), securityGroup(), securityRule(), publicIPAddress(), natGateway(), bastionHost(),
		networkInterface(), loadBalancer(), privateLinkService(),
		disk(), virtualMachine(features), runCommand(),
	}
}

// commonOutputs are what ARM shows of every resource.
func commonOutputs(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
	return simcloud.Properties{"name": nameOf(r.ID), "type": typeOf(r.ID), "provisioningState": "Succeeded"}
}
