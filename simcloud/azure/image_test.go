package azure_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

const noble = "Canonical:ubuntu-24_04-lts:server:"

// TestLatestIsResolvedWhenAMachineIsMade publishes a newer version, and withdraws the one that a machine has.
func TestLatestIsResolvedWhenAMachineIsMade(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, nic2(s))
	of := func(version string) Map {
		return with(with(machine("x", "nic2", "disk1", "1"), "storageProfile.dataDisks", list{}), "storageProfile.imageReference",
			Map{"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": version})
	}
	shown := func() Map {
		_, body := ask(s, s.By["x"].ID+"?api-version=2024-07-01")
		return body["properties"].(Map)["storageProfile"].(Map)["imageReference"].(Map)
	}
	image := func(version, exact string) Map {
		return Map{"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": version, "exactVersion": exact}
	}
	s.Make("VirtualMachine", "x", of("latest"))
	require.Equal(t, image("latest", "24.04.202409120"), shown())

	require.NoError(t, s.Server.Mutate(func(w *simcloud.World) error {
		azure.PublishImage(w, noble+"24.04.202411030")
		azure.PublishImage(w, noble+"24.04.99")
		azure.WithdrawImage(w, noble+"24.04.202409120")
		return nil
	}))
	require.NoError(t, s.Update(s.By["x"], with(of("latest"), "tags", Map{"team": "data"})), "a machine keeps what it was made from")
	require.Equal(t, image("latest", "24.04.202409120"), shown())
	require.NoError(t, s.Delete(s.By["x"]))

	_, err := s.Create(token("VirtualMachine"), "x", of("24.04.202409120"))
	require.EqualError(t, err, refusal(404, "ImageVersionDeprecated", "The platform image 'Canonical:ubuntu-24_04-lts:server:24.04.202409120' is deprecated."))
	s.Make("VirtualMachine", "x", of("latest"))
	require.Equal(t, image("latest", "24.04.202411030"), shown())
	require.NoError(t, s.Delete(s.By["x"]))

	require.NoError(t, s.Server.Mutate(func(w *simcloud.World) error {
		azure.WithdrawImage(w, noble+"24.04.202411030")
		azure.WithdrawImage(w, noble+"24.04.99")
		return nil
	}))
	_, err = s.Create(token("VirtualMachine"), "x", of("latest"))
	require.ErrorContains(t, err, `Status=404 Code="PlatformImageNotFound" Message="The platform image 'Canonical:ubuntu-24_04-lts:server:latest' is not available. `)
}

func TestResourceManagerKnowsPlatformImages(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Server.Mutate(func(w *simcloud.World) error {
		azure.PublishImage(w, noble+"24.04.202411030")
		azure.WithdrawImage(w, noble+"24.04.202409120")
		return nil
	}))
	const versions = "/subscriptions/" + azure.Subscription + "/providers/Microsoft.Compute/locations/eastus/publishers/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server/versions"
	status, body := ask(s, versions+"/24.04.202411030?api-version=2024-07-01")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, Map{"architecture": "x64"}, body["properties"])
	status, body = ask(s, versions+"/24.04.202409120?api-version=2024-07-01")
	assert.Equal(t, http.StatusNotFound, status)
	assert.Equal(t, "ImageVersionDeprecated", body["error"].(Map)["code"])
}
