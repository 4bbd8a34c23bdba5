package tests

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// TestZonesAreFoundByTheirIDsInEveryAccount deploys one configuration into three accounts that call the zones differently:
// every subnet, volume and machine of a broker lies in the zone that its advertised name says.
func TestZonesAreFoundByTheirIDsInEveryAccount(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]string{
		"as the document has it": {"usw2-az1", "usw2-az3", "usw2-az2"},
		"in reverse":             {"usw2-az3", "usw2-az2", "usw2-az1"},
		"with a fourth":          {"usw2-az2", "usw2-az4", "usw2-az1", "usw2-az3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, awsCloud, "documents")
			account := aws.Account{ID: "999988887777", Zones: map[string][]string{"us-west-2": order}}
			r.prepare = func(o *simcloud.Options) { o.Clouds = []*simcloud.Cloud{azure.Cloud(), aws.Cloud(account)} }
			r.up(t)
			cluster := r.open(t).Validate().Cluster
			byName, ids := map[string]map[string]any{}, map[string]string{}
			for _, resource := range r.state(t) {
				byName[resource.URN.Name()] = resource.Outputs
				ids[resource.URN.Name()] = string(resource.ID)
			}
			names := map[string]string{}
			for _, zone := range account.ZonesOf("us-west-2") {
				names[zone.ID] = zone.Name
			}
			for _, route := range cluster.PortMap(cluster.Links[0]) {
				node, _ := cluster.Node(route.NodeID)
				require.Contains(t, strings.Split(route.AdvertisedHost, "."), node.Zone)
				prefix := "brokers-" + string(rune('0'+node.ID))
				require.Equal(t, names[node.Zone], byName[prefix+"-data"]["availabilityZone"])
				require.Equal(t, names[node.Zone], byName[prefix+"-vm"]["availabilityZone"])
				subnet := byName["network-broker-subnet-"+node.Zone]
				require.Equal(t, []any{node.Zone, names[node.Zone]}, []any{subnet["availabilityZoneId"], subnet["availabilityZone"]})
				require.Equal(t, ids["network-broker-subnet-"+node.Zone], byName[prefix+"-nic"]["subnetId"])
			}
		})
	}
}

// TestAnUnknownZoneStopsBeforeAnythingIsMade deploys where the account has not all of the zones.
func TestAnUnknownZoneStopsBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	account := aws.Account{Zones: map[string][]string{"us-west-2": {"usw2-az1", "usw2-az2", "usw2-az4"}}}
	r.prepare = func(o *simcloud.Options) { o.Clouds = []*simcloud.Cloud{azure.Cloud(), aws.Cloud(account)} }
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "this account has no availability zone usw2-az3 in this region, only usw2-az1, usw2-az2, usw2-az4; correct cluster.zones, or aws:region")
	require.Empty(t, r.changes())
}

// TestBindingALinkRestartsOneBrokerAtATime goes through both phases: the consumer's name arrives, and nothing but what the
// brokers serve changes.
func TestBindingALinkRestartsOneBrokerAtATime(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	first, err := r.open(t).Up(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, 1, first.Outputs.Links["tidb"].HandOff.Phase)

	binding, err := r.open(t).Bind("tidb", "kpl-7f3a")
	require.NoError(t, err)
	require.NoError(t, binding.Write())
	bound := binding.Stack
	preview, err := bound.Preview(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3}, preview.Restarts)
	r.prepare = slowly(7)
	second, err := bound.Up(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, 2, second.Outputs.Links["tidb"].HandOff.Phase)
	require.Equal(t, "b2.usw2-az2.kpl-7f3a.aws.plc.tidbcloud.com", second.Outputs.Links["tidb"].PortMap[1].AdvertisedHost)
	for _, o := range r.changes() {
		require.True(t, strings.HasSuffix(o.Name, "-configuration") || o.Name == "brokers-1-cluster-ready", "%s %s", o.Kind, o.Name)
	}
	got := outages(r.changes())
	require.Len(t, got, 3)
	require.True(t, slices.IsSortedFunc(got, func(a, b outage) int { return a.began - b.ended }), "one after the other")
	require.Empty(t, r.up(t))
}

// TestALostReportIsAskedForAgain empties a host's report, and takes another away: the next update has both hosts say again
// what they serve, though nothing else changed.
func TestALostReportIsAskedForAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	r.seed = func(world *simcloud.World) error {
		world.Change("parameter /kafkalink/kafka/1/configuration", func(p *simcloud.Resource) { p.Properties["insecureValue"] = "-" })
		world.Delete("parameter /kafkalink/kafka/2/configuration")
		return nil
	}
	_, err := r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"update brokers-1-configuration", "create brokers-2-configuration-report", "update brokers-2-configuration",
	}, told(r.up(t)))
	require.Empty(t, r.up(t))
}

// TestWhatAHostWroteAfterItsParameterWentBlocksNoUp: a host that has been sent something writes until its machine goes, also
// into a parameter that a destroy has deleted, which makes it anew. No state has that.
func TestWhatAHostWroteAfterItsParameterWentBlocksNoUp(t *testing.T) {
	t.Parallel()
	const report = "parameter /kafkalink/kafka/1/configuration"
	r := newRig(t, awsCloud, "documents")
	var written *simcloud.Resource
	r.up(t)
	r.seed = func(world *simcloud.World) error {
		there, _ := world.Get(report)
		written = there.Clone()
		return nil
	}
	_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
	require.NoError(t, err)
	require.Empty(t, r.there)
	r.seed = func(world *simcloud.World) error {
		world.Put(written)
		return nil
	}
	require.Contains(t, told(r.up(t)), "create brokers-1-configuration-report")
	r.wantOnly(t, r.there, "the parameter is the stack's")
	require.Empty(t, r.up(t))
}

// TestReportsOutliveTheirMachines destroys, and looks which goes first: a host writes its report as long as it is there.
func TestReportsOutliveTheirMachines(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	r.prepare = slowly(7)
	_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
	require.NoError(t, err)
	deleted := map[string]simcloud.Operation{}
	for _, o := range r.changes() {
		deleted[o.Name] = o
	}
	reports := []string{"brokers-1-cluster-ready-report"}
	for _, node := range []string{"1", "2", "3"} {
		reports = append(reports, "brokers-"+node+"-configuration-report")
	}
	for _, report := range reports {
		machine := deleted[report[:len("brokers-1")]+"-vm"]
		require.Positive(t, machine.Ended)
		require.Greater(t, deleted[report].Began, machine.Ended, "%s went before its machine", report)
	}
}

// TestAPayloadThatNeverRanIsSentAgain puts a host's report before the last back, as if what was sent last had never begun:
// Systems Manager does not run the same again, so the next update sends it under another number.
func TestAPayloadThatNeverRanIsSentAgain(t *testing.T) {
	t.Parallel()
	const report = "parameter /kafkalink/kafka/1/configuration"
	r := newRig(t, awsCloud, "documents")
	var before any
	r.up(t)
	r.seed = func(world *simcloud.World) error {
		parameter, _ := world.Get(report)
		before = parameter.Properties["insecureValue"]
		return nil
	}
	r.set(t, map[string]any{"cluster.properties": map[string]any{"log.retention.hours": "24"}})
	r.up(t)
	r.seed = func(world *simcloud.World) error {
		world.Change(report, func(p *simcloud.Resource) { p.Properties["insecureValue"] = before })
		return nil
	}
	require.Equal(t, []string{"update brokers-1-configuration"}, told(r.up(t)))
	r.seed = nil
	require.Empty(t, r.up(t))
}

// TestWhoMayConnectChangesInAnyOrder takes the first of several ranges away, and turns the others around: AWS refuses a rule
// that becomes the same as one that is there.
func TestWhoMayConnectChangesInAnyOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	for _, ranges := range [][]any{
		{"10.250.0.0/16", "10.251.0.0/16", "10.252.0.0/16"}, {"10.251.0.0/16", "10.252.0.0/16"}, {"10.252.0.0/16", "10.251.0.0/16"}, {"10.252.0.0/16", "10.253.0.0/16"},
	} {
		r.set(t, map[string]any{"links.0.consumers": ranges, "network.clients": ranges, "network.bastion": map[string]any{"from": ranges}})
		r.up(t)
		require.Empty(t, r.up(t), "%v", ranges)
	}
}

// TestAMachineThatWasLeftStoppedIsReplaced fails a replacement before the machine is gone, and has it stopped: nobody is there to be
// asked, and the next update goes on with that node.
func TestAMachineThatWasLeftStoppedIsReplaced(t *testing.T) {
	t.Parallel()
	for _, node := range []string{"1", "3"} {
		t.Run(node, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, awsCloud, "documents")
			r.up(t)
			r.set(t, awsCloud.image(0))
			r.prepare = failsAt(simcloud.OperationDelete, "brokers-"+node+"-vm")
			_, err := r.open(t).Up(t.Context(), nil)
			require.ErrorContains(t, err, "machine of node "+node)
			r.prepare = nil
			r.seed = r.changesMachine(t, node, func(vm *simcloud.Resource) { vm.Computed["instanceState"] = "stopped" })
			changes := r.up(t)
			require.Contains(t, changes[0].Name, "brokers-"+node+"-")
			require.Empty(t, r.up(t))
		})
	}
}

// TestAMachineThatDoesNotRunIsSaid stops a machine as AWS or a person does: an update that changes nothing on it would be green,
// and one that does would wait in vain.
func TestAMachineThatDoesNotRunIsSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	r.seed = r.changesMachine(t, "2", func(vm *simcloud.Resource) { vm.Computed["instanceState"] = "stopped" })
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "node 2: its machine i-")
	require.ErrorContains(t, err, " is stopped, and an update does not start it; start it, or delete it in the cloud and refresh the stack for another one, then run up again")
	require.Empty(t, r.changes())

	r.seed = r.terminated(t, "2")
	_, err = r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int{2}, touched(r.up(t)))
}

// TestATypeThatIsOnlyTaggedIsAskedFor cuts off a change of type between AWS's tags, which the provider changes first, and the
// machine's stop: the next update asks the cluster before it stops the machine, as if nothing had been begun.
func TestATypeThatIsOnlyTaggedIsAskedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	r.set(t, awsCloud.resize)
	preview := newRig(t, awsCloud, "documents")
	preview.set(t, awsCloud.resize)
	preview.up(t)
	tag, _ := preview.view.Get(preview.machineOf(t, "1"))
	r.seed = r.changesMachine(t, "1", func(vm *simcloud.Resource) { vm.Properties["tags"] = tag.Properties.Object("tags").Clone() })
	changes := r.up(t)
	require.Regexp(t, "^brokers-guard$", changes[0].Name)
	require.Equal(t, []int{1, 2, 3}, touched(changes))
}

// machineOf is the id of a node's machine in the state.
func (r *rig) machineOf(t *testing.T, node string) string {
	t.Helper()
	return r.idOf(t, "brokers-"+node+"-vm")
}

// idOf is the id of a resource in the state, by its name.
func (r *rig) idOf(t *testing.T, name string) string {
	t.Helper()
	state := r.state(t)
	i := slices.IndexFunc(state, func(res apitype.ResourceV3) bool { return res.URN.Name() == name })
	require.GreaterOrEqual(t, i, 0, name)
	return string(state[i].ID)
}

func (r *rig) changesMachine(t *testing.T, node string, change func(*simcloud.Resource)) func(*simcloud.World) error {
	t.Helper()
	id := r.machineOf(t, node)
	return func(world *simcloud.World) error {
		world.Change(id, change)
		return nil
	}
}

// TestAnotherDocumentAsksNoMachineThatIsGone updates to a release that has another document, after all machines were
// replaced: the guard was last asked on one of those that are gone. At rest nothing of it changes; what is replaced does not
// keep what it had.
func TestAnotherDocumentAsksNoMachineThatIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	r.set(t, awsCloud.image(0))
	r.up(t)
	r.deployedByAnEarlierRelease(t)

	preview, err := r.open(t).Preview(t.Context(), nil)
	require.NoError(t, err)
	require.NotEmpty(t, preview.Changes, "the document is another")
	changes := r.up(t)
	require.Len(t, outages(changes), 3, "configured again, one after the other: %v", told(changes))
	for _, o := range changes {
		require.NotContains(t, o.Name, "-vm", "no machine is touched")
	}
	require.Empty(t, r.up(t))
	r.wantOnly(t, r.there, "after the release")

	r.set(t, awsCloud.image(1))
	require.Equal(t, []int{1, 2, 3}, touched(r.up(t)), "and it asks")
}

// deployedByAnEarlierRelease gives the document, in the state and in the cloud, a name that another content would have.
func (r *rig) deployedByAnEarlierRelease(t *testing.T) {
	t.Helper()
	named := regexp.MustCompile(`kafkalink-kafka-([0-9a-f]{8})`)
	renamed := 0
	require.NoError(t, filepath.WalkDir(r.open(t).SimulatedDir(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found := named.FindSubmatch(text)
		if found == nil {
			return nil
		}
		renamed++
		return os.WriteFile(path, bytes.ReplaceAll(text, found[1], []byte("0e0e0e0e")), 0o600)
	}))
	require.GreaterOrEqual(t, renamed, 2, "the state, and the cloud's")
}
