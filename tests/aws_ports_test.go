package tests

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// TestEndpointPortsMove moves them by less than there are brokers, on and back, then all of them, and lets two links that share
// an endpoint service change places: AWS has one listener for a port, so a port that stays keeps its listener.
func TestEndpointPortsMove(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	second := map[string]any{"name": "second", "endpoint": "tidb", "pattern": "<broker_id>.<zone>.two.aws.plc.tidbcloud.com:<port>", "portBase": 9292}
	r.set(t, map[string]any{"links.1": second, "links.0.bootstrapPort": 9000})
	r.up(t)
	for _, bases := range [][2]int{{9093, 9292}, {9092, 9292}, {9192, 9292}, {9292, 9192}} {
		before := listeners(r.view)
		r.set(t, map[string]any{"links.0.portBase": bases[0], "links.1.portBase": bases[1]})
		changes := r.up(t)
		after, want := listeners(r.view), map[string]string{"9000": "10.0.0.11:39092 10.0.128.13:39092 10.0.64.12:39092"}
		for i, base := range bases {
			for n, address := range []string{"10.0.0.11", "10.0.64.12", "10.0.128.13"} {
				want[fmt.Sprint(base+n+1)] = fmt.Sprintf("%s:%d", address, 39092+i)
			}
		}
		require.Equal(t, want, after, "%v", bases)
		for _, change := range changes {
			if change.Type != "aws:lb/listener:Listener" || change.Kind == simcloud.OperationUpdate {
				continue
			}
			port := change.Name[len("link-tidb-listener-"):]
			_, was := before[port]
			_, is := after[port]
			require.NotEqual(t, was, is, "%s of the listener on %s", change.Kind, port)
		}
		require.Empty(t, r.up(t), "%v", bases)
	}
}

// listeners are the targets behind the ports of load balancers.
func listeners(view simcloud.View) map[string]string {
	leads := map[string]string{}
	for _, listener := range view.List("aws:lb/listener:Listener") {
		var targets []string
		for _, target := range view.List("aws:lb/targetGroupAttachment:TargetGroupAttachment") {
			if target.Properties.Text("targetGroupArn") == listener.Properties.Objects("defaultActions")[0].Text("targetGroupArn") {
				targets = append(targets, fmt.Sprintf("%s:%v", target.Properties.Text("targetId"), target.Properties.Number("port")))
			}
		}
		slices.Sort(targets)
		leads[fmt.Sprint(listener.Properties.Number("port"))] = strings.Join(targets, " ")
	}
	return leads
}

// TestListenersKeepTheirNamesOfEarlierReleases takes over a state that names listeners by their brokers.
func TestListenersKeepTheirNamesOfEarlierReleases(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.set(t, map[string]any{"links.0.bootstrapPort": 9000})
	r.up(t)
	text, err := os.ReadFile(r.stateFile(t))
	require.NoError(t, err)
	for port, of := range map[string]string{"9000": "bootstrap", "9093": "1", "9094": "2", "9095": "3"} {
		name := []byte("::link-tidb-listener-" + port + `"`)
		require.Contains(t, string(text), string(name))
		text = bytes.ReplaceAll(text, name, []byte("::link-tidb-for-tidb-"+of+`-listener"`))
	}
	require.NoError(t, os.WriteFile(r.stateFile(t), text, 0o600))
	require.Empty(t, r.up(t), "the same listeners by other names")
	for _, resource := range r.state(t) {
		require.False(t, strings.HasSuffix(resource.URN.Name(), "-listener"), resource.URN.Name())
	}
	require.Empty(t, r.up(t))
}
