package azure

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/deploytest"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/azure"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

// TestWhatTheStackRegistersIsReadAlike deploys what the documents' stack registers on the simulated Azure, through its
// provider, so that the reader is held against what the cloud stores and computes.
func TestWhatTheStackRegistersIsReadAlike(t *testing.T) {
	t.Parallel()
	server := deployed(t, "documents")
	mutate(t, server, func(world *simcloud.World) { connect(t, world) })

	got, want := Read(server.View()), expected(server)
	require.Len(t, got.Machines, len(want.Machines))
	ids := map[string]bool{}
	for i := range got.Machines {
		m, w := &got.Machines[i], &want.Machines[i]
		ids[m.InstanceID], ids[got.Disks[i].Content] = true, true
		m.InstanceID, got.Disks[i].Content = w.InstanceID, want.Disks[i].Content // the cloud's own
		require.Contains(t, m.AdminKeys[0], "ssh-ed25519 ")
		m.AdminKeys = w.AdminKeys
	}
	require.Len(t, ids, 6, "every machine and disk is one of its own")
	require.Equal(t, want, got)
}

func TestEverySetUpOfTheStackIsModelled(t *testing.T) {
	t.Parallel()
	said := map[string][]string{"five-brokers": {`bastion host "orders-vnet-bastion": nobody connects through it`}}
	read := func(t *testing.T, scenario string) fabric.Deployment { return Read(deployed(t, scenario).View()) }
	deploytest.EverySetUp(t, "azure", read, func(t *testing.T, scenario string, got fabric.Deployment) {
		require.Equal(t, said[scenario], got.Unmodelled)
		for _, rule := range got.Fabric.Rules {
			require.NotEmpty(t, rule.Targets, rule.Name)
		}
		for _, m := range got.Machines {
			require.Len(t, m.Disks, 1, m.Name)
		}
	})
}

// deployed is a cloud in which a scenario's golden file is deployed.
func deployed(t *testing.T, scenario string) *simcloud.Server {
	t.Helper()
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{cloud.Cloud()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	require.NoError(t, server.Mutate(corporate().Put))
	deploytest.Register(t, simtest.Connect(t, server, nil), registered(t, scenario),
		func(r deploytest.Registration) map[string]any { return r.Inputs }, func(string, string) {})
	return server
}

// corporate is what the scenario own-network finds: a resource group, and subnets of somebody else's.
func corporate() cloud.Existing {
	const (
		groups  = "/subscriptions/" + cloud.Subscription + "/resourceGroups/"
		subnets = groups + "corp-network/providers/Microsoft.Network/virtualNetworks/corp/subnets/"
	)
	return cloud.Existing{
		Location: "eastus", Groups: []string{groups + "corp-kafka"},
		Subnets: []cloud.ExistingSubnet{{ID: subnets + "kafka", CIDR: "10.20.0.0/24"}, {ID: subnets + "private-link", CIDR: "10.20.1.0/28", Services: true}},
	}
}

// registered are the resources of the golden file that a cloud makes, with user data as in the test's own set-up.
func registered(t *testing.T, scenario string) []deploytest.Registration {
	t.Helper()
	var made []deploytest.Registration
	machines := 0
	for _, r := range deploytest.Registrations(t, "azure", scenario, "azure-native:") {
		switch {
		case strings.Contains(r.Type, "RunCommand"):
			continue
		case r.Type == tokenVirtualMachine:
			machines++ // in the order of their names
			profile := r.Inputs["osProfile"].(map[string]any)
			profile["customData"] = base64.StdEncoding.EncodeToString([]byte(userData(machines)))
		}
		made = append(made, r)
	}
	return made
}
