package tests

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// Versions of the default images: the one with which the simulated clouds begin, and one that is published later.
const (
	nobleFamily, firstNoble, newerNoble = "Canonical:ubuntu-24_04-lts:server:", "24.04.202409120", "24.04.202510010"
	newerAmazonLinux                    = "ami-0cccccccccccccccc"
)

// renewOnAzure publishes a newer version of the default image and withdraws the one before.
func renewOnAzure(world *simcloud.World) error {
	azure.PublishImage(world, nobleFamily+newerNoble)
	azure.WithdrawImage(world, nobleFamily+firstNoble)
	return nil
}

func renewOnAWS(world *simcloud.World) error {
	aws.Deregister(world, aws.AmazonLinux("us-west-2"))
	newer := aws.Image{
		ID: newerAmazonLinux, Name: "al2023-ami-2023.9.20251001.0-kernel-6.1-x86_64", Owner: "137112412989", Alias: "amazon",
		Architecture: "x86_64", RootDevice: "/dev/xvda", Created: "2025-10-02T01:00:00.000Z", Agent: true,
	}
	arm, other := newer, newer
	arm.ID, arm.Name, arm.Architecture, arm.Created = "ami-0dddddddddddddddd", "al2023-ami-2023.9.20251002.0-kernel-6.1-arm64", "arm64", "2025-10-03T01:00:00.000Z"
	other.ID, other.Owner, other.Alias, other.Created = "ami-0eeeeeeeeeeeeeeee", "999999999999", "", "2025-10-04T01:00:00.000Z"
	return aws.Existing{Region: "us-west-2", Images: []aws.Image{newer, arm, other}}.Put(world)
}

// imagesOf are the images that nodes' machines were made from.
func (r *rig) imagesOf(t *testing.T, nodes ...string) (images []string) {
	t.Helper()
	for _, node := range nodes {
		machine, there := r.view.Get(r.machineOf(t, node))
		require.True(t, there, node)
		images = append(images, r.cloud.imageOf(machine))
	}
	return images
}

// replaced are the nodes whose machines were made.
func replaced(changes []simcloud.Operation) (nodes []int) {
	for _, o := range outages(changes) {
		if slices.Contains(o.steps, "create vm") {
			nodes = append(nodes, o.node)
		}
	}
	return nodes
}

// renewed is a rig whose cluster was deployed before its cloud had another image than before.
func renewed(t *testing.T, c cloud) *rig {
	t.Helper()
	r := newRig(t, c, "documents")
	r.up(t)
	require.Equal(t, []string{c.firstImage, c.firstImage, c.firstImage}, r.imagesOf(t, "1", "2", "3"))
	r.seed = c.renew
	return r
}

// TestANewerImageTouchesNoMachine publishes one while the machines' own is withdrawn: an update finds nothing to do, a change of
// tags and a larger data disk replace nothing, and nothing has drifted.
func TestANewerImageTouchesNoMachine(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := renewed(t, c)
		require.Empty(t, r.up(t))
		drift, err := r.open(t).PlanRefresh(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, drift.Drift)
		r.set(t, map[string]any{"tags": map[string]any{"team": "data"}, "machines.dataDisk": map[string]any{"sizeGiB": 256}})
		for _, o := range r.up(t) {
			require.Equal(t, simcloud.OperationUpdate, o.Kind, o.Name)
		}
		require.Equal(t, []string{c.firstImage, c.firstImage, c.firstImage}, r.imagesOf(t, "1", "2", "3"))
		require.Empty(t, r.up(t))
	})
}

// TestAMachineThatIsMadeGetsTheNewestImage adds a broker, and has a machine deleted by hand, while the others keep theirs.
func TestAMachineThatIsMadeGetsTheNewestImage(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := renewed(t, c)
		r.set(t, map[string]any{"cluster.brokers": 4})
		require.Equal(t, []int{4}, replaced(r.up(t)))
		require.Equal(t, []string{c.firstImage, c.firstImage, c.firstImage, c.newerImage}, r.imagesOf(t, "1", "2", "3", "4"))

		r.seed = r.terminated(t, "2")
		_, err := r.open(t).Refresh(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, []int{2}, replaced(r.up(t)))
		require.Equal(t, []string{c.firstImage, c.newerImage, c.firstImage, c.newerImage}, r.imagesOf(t, "1", "2", "3", "4"))
		require.Empty(t, r.up(t))
	})
}

// TestAMachineThatIsReplacedGetsTheNewestImage changes user-data. The machines that do not come to it keep theirs.
func TestAMachineThatIsReplacedGetsTheNewestImage(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := renewed(t, c)
		r.set(t, map[string]any{"hosts.java": map[string]any{"from": "image", "path": "/srv/java"}})
		r.prepare = failsAt(simcloud.OperationCreate, "brokers-2-configuration")
		_, err := r.open(t).Up(t.Context(), nil)
		require.Error(t, err)
		require.Equal(t, []string{c.newerImage, c.newerImage, c.firstImage}, r.imagesOf(t, "1", "2", "3"))
		r.prepare = nil
		require.Equal(t, []int{2, 3}, touched(r.up(t)))
		require.Equal(t, []string{c.newerImage, c.newerImage, c.newerImage}, r.imagesOf(t, "1", "2", "3"))
		require.Empty(t, r.up(t))
	})
}

// TestAnotherImageReplacesAllMachines pins one, as when the user asks for a newer one, one machine at a time.
func TestAnotherImageReplacesAllMachines(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := renewed(t, c)
		r.set(t, map[string]any{"machines.image": c.newerPinned})
		for _, o := range outages(r.up(t)) {
			require.Equal(t, c.replacement, o.steps, "node %d", o.node)
		}
		require.Equal(t, []string{c.newerImage, c.newerImage, c.newerImage}, r.imagesOf(t, "1", "2", "3"))
		require.Empty(t, r.up(t))
	})
}

// TestAWithdrawnPinnedImageBlocksOnlyWhatIsMadeFromIt withdraws the image that the configuration names: machines that stay are
// configured, and nothing is touched for one that could not be made.
func TestAWithdrawnPinnedImageBlocksOnlyWhatIsMadeFromIt(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		r.set(t, map[string]any{"machines.image": c.firstPinned})
		r.up(t)
		r.seed = c.renew
		require.Empty(t, r.up(t))
		r.set(t, map[string]any{"cluster.properties": map[string]any{"num.io.threads": "16"}, "machines.dataDisk": map[string]any{"sizeGiB": 256}})
		require.Equal(t, []int{1, 2, 3}, touched(r.up(t)))

		before := r.config
		r.set(t, map[string]any{"cluster.brokers": 4})
		_, err := r.open(t).Up(t.Context(), nil)
		require.ErrorContains(t, err, "node 4: its machine cannot be made: machines.image: "+c.withdrawn)
		require.Empty(t, r.changes())

		r.config = before
		r.set(t, map[string]any{"hosts.java": map[string]any{"from": "image", "path": "/srv/java"}})
		_, err = r.open(t).Up(t.Context(), nil)
		require.ErrorContains(t, err, "nodes 1, 2, 3: their machines cannot be made: machines.image: "+c.withdrawn)
		require.Empty(t, r.changes(), "no machine is deleted for one that cannot be made")

		r.set(t, map[string]any{"machines.image": nil})
		require.Equal(t, []int{1, 2, 3}, touched(r.up(t)))
		require.Equal(t, []string{c.newerImage, c.newerImage, c.newerImage}, r.imagesOf(t, "1", "2", "3"))
	})
}

// TestAnotherTypeKeepsTheImageOnAWS resizes machines in place while a newer image is there.
func TestAnotherTypeKeepsTheImageOnAWS(t *testing.T) {
	t.Parallel()
	r := renewed(t, awsCloud)
	r.set(t, awsCloud.resize)
	for _, o := range outages(r.up(t)) {
		require.Equal(t, awsCloud.resized, o.steps, "node %d", o.node)
	}
	require.Equal(t, []string{awsCloud.firstImage, awsCloud.firstImage, awsCloud.firstImage}, r.imagesOf(t, "1", "2", "3"))
}

// TestABastionKeepsItsImage does the same with the machine that nobody restarts: it is made anew only for another image or key.
func TestABastionKeepsItsImage(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.set(t, map[string]any{"network.bastion": map[string]any{"from": []any{"203.0.113.0/24"}}})
	r.up(t)
	bastion := func() string {
		machine, there := r.view.Get(r.idOf(t, "network-bastion"))
		require.True(t, there)
		return machine.Properties.Text("ami")
	}
	require.Equal(t, awsCloud.firstImage, bastion())
	r.seed = renewOnAWS
	require.Empty(t, r.up(t))
	r.set(t, map[string]any{"machines.image": newerAmazonLinux})
	require.Contains(t, told(r.up(t)), "create network-bastion")
	require.Equal(t, newerAmazonLinux, bastion())
	require.Empty(t, r.up(t))
}
