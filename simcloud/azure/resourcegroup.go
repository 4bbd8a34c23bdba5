package azure

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenResourceGroup = "azure-native:resources:ResourceGroup"

func resourceGroup() armType {
	return armType{names: groupNames, Kind: simcloud.Kind{
		Token:    tokenResourceGroup,
		Duration: 2 * time.Second,
		Replaces: []string{"location"},
		Required: []string{"location"},
		DeleteRules: []simcloud.Rule{
			nothingConnectedInside, nothingUsedFromOutside,
		},
		Outputs: func(simcloud.View, *simcloud.Resource) simcloud.Properties {
			return simcloud.Properties{"properties": map[string]any{"provisioningState": "Succeeded"}}
		},
	}}
}

// nothingConnectedInside: a group's deletion fails on what cannot be deleted in it.
func nothingConnectedInside(t *simcloud.Transaction) error {
	for _, r := range t.World.List(tokenPrivateLinkService) {
		if t.World.Same(groupOf(r.ID), t.Before.ID) {
			if err := refuseConnected(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func nothingUsedFromOutside(t *simcloud.Transaction) error {
	if users := t.World.Referrers(t.Before.ID); len(users) > 0 {
		return refuse(409, "ResourceGroupDeletionBlocked", "Deletion of resource group '%s' failed as %s is in use by %s.", nameOf(t.Before.ID), users[0].ID, inUse(users[:1]))
	}
	return nil
}
