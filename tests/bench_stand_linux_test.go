package tests

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/internal/rehearse"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/lab"
	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// stand is the documents' set-up on a simulated cloud of its own, with booted hosts: what a rehearsal deploys.
type stand struct {
	cloud   rehearse.Cloud
	lab     *lab.Lab
	server  *simcloud.Server
	stack   *automation.Stack
	dir     string
	cluster *kafka.Cluster
	outputs kafka.Outputs
}

// newStand has an empty lab and cloud, so that what follows is the deployment alone.
func newStand(ctx context.Context, b *testing.B, cloud rehearse.Cloud) *stand {
	b.Helper()
	stack, err := automation.Open(automation.Options{
		Dir: "..", Stack: cloud.Name, Programs: wiring.Programs(), Engine: engine(b), Env: os.Environ(),
	})
	require.NoError(b, err)
	s := &stand{cloud: cloud, dir: b.TempDir()}
	b.Cleanup(func() { assert.NoError(b, s.close()) })
	var facilities []fabric.Facility
	if cloud.Facilities != nil {
		facilities = cloud.Facilities(func() *simcloud.Server { return s.server }, stack.Configuration)
	}
	s.lab = newLab(ctx, b, lab.Options{Read: cloud.Read, Facilities: facilities})
	s.server, err = simcloud.Serve(context.WithoutCancel(ctx), simcloud.Options{
		Clouds: []*simcloud.Cloud{cloud.Serve()}, DataPlane: s.lab,
	})
	require.NoError(b, err)
	s.lab.Observe(s.server.View)
	// Interrupted, the engine waits for what is under way, and a step on a host can take long.
	context.AfterFunc(ctx, s.lab.PowerOff)
	java, kafka := s.lab.Software()
	config := maps.Clone(stack.Configuration)
	config["kafkalink:hosts"] = map[string]any{
		"java":  map[string]any{"url": java.URL, "sha256": java.SHA256},
		"kafka": map[string]any{"url": kafka.URL, "sha256": kafka.SHA256},
	}
	s.stack = stack.Rehearsed(s.dir, config, s.simulate)
	return s
}

// newLab serves the archives that hosts download by default.
func newLab(ctx context.Context, b *testing.B, options lab.Options) *lab.Lab {
	b.Helper()
	archive := func(s host.Source) lab.Archive { return lab.Archive{URL: s.URL, SHA256: s.SHA256, SHA512: s.SHA512} }
	hosts := host.Config{}.WithDefaults()
	options.Java, options.Kafka = archive(hosts.Java), archive(hosts.Kafka)
	options.Progress = func(text string) { b.Log(text) }
	l, err := lab.Open(ctx, options)
	require.NoError(b, err)
	return l
}

func (s *stand) simulate(context.Context, automation.SimulationRequest) (automation.Simulation, error) {
	return lastingCloud{s.server}, nil
}

// lastingCloud outlives the operations that use it.
type lastingCloud struct{ *simcloud.Server }

func (lastingCloud) Close() error { return nil }

func (s *stand) up(ctx context.Context, b *testing.B) {
	b.Helper()
	result, err := s.stack.Up(ctx, nil)
	require.NoError(b, err)
	s.cluster, s.outputs = result.Cluster, result.Outputs
}

// change gives a property of Kafka another value, which restarts every broker.
func (s *stand) change(ctx context.Context, b *testing.B, property, value string) {
	b.Helper()
	config := maps.Clone(s.stack.Configuration)
	section := maps.Clone(config["kafkalink:cluster"].(map[string]any))
	section["properties"] = map[string]any{property: value}
	config["kafkalink:cluster"] = section
	s.stack = s.stack.Rehearsed(s.dir, config, s.simulate)
	s.up(ctx, b)
}

// restartByHand does what a careful operator does: each broker when the one before is back, in sync, and seen by the
// load balancer.
func (s *stand) restartByHand(ctx context.Context, b *testing.B) {
	b.Helper()
	for _, node := range s.cluster.RestartOrder() {
		result, err := s.host(b, node).Exec(ctx, "systemctl", "restart", "kafka.service")
		require.NoError(b, err)
		require.Zero(b, result.ExitCode, result.Stderr)
		require.NoError(b, s.brokers().inSync(ctx))
		require.NoError(b, s.lab.WaitHealthy(ctx, time.Minute))
	}
}

func (s *stand) host(b *testing.B, node kafka.Node) *lab.Host {
	b.Helper()
	interfaces := s.lab.Deployed().Fabric.Interfaces
	for _, i := range interfaces {
		if i.Address.String() == node.Address {
			host, ok := s.lab.Host(i.Machine)
			require.True(b, ok, "node %d does not run", node.ID)
			return host
		}
	}
	require.Fail(b, "no machine has the address "+node.Address)
	return nil
}

func (s *stand) brokers() brokers { return brokersOf(s.lab, s.cluster) }

// endpoint connects a consumer's private endpoint to the link. It has one address, in zone "", or one in each zone.
func (s *stand) endpoint(ctx context.Context, b *testing.B, link kafka.LinkOutputs) map[string]netip.Addr {
	b.Helper()
	account, err := s.cloud.Consumer(s.server.View(), link.Service.ID, s.stack.Configuration)
	require.NoError(b, err)
	require.NoError(b, s.server.Mutate(func(world *simcloud.World) error {
		err := s.cloud.Connect(world, link.Service.ID, "benchmark", account)
		s.cloud.Approve(world, link.Service.ID)
		return err
	}))
	require.NoError(b, s.lab.Sync(ctx))
	addresses := map[string]netip.Addr{}
	for _, connection := range s.lab.Deployed().Fabric.Connections {
		if !strings.EqualFold(connection.Service, link.Service.ID) {
			continue
		}
		for _, zone := range connection.Parts() {
			address, ok := s.lab.Endpoint(connection.ID, zone)
			require.True(b, ok)
			addresses[zone] = address
		}
	}
	require.NotEmpty(b, addresses, "the endpoint is not connected")
	require.NoError(b, s.lab.WaitHealthy(ctx, time.Minute))
	return addresses
}

// close may be called twice.
func (s *stand) close() error {
	var failed []error
	if s.lab != nil {
		s.lab.PowerOff() // ends the commands that the cloud waits for
	}
	if s.server != nil {
		failed = append(failed, s.server.Close())
	}
	if s.lab != nil {
		failed = append(failed, s.lab.Close())
	}
	s.lab, s.server = nil, nil
	return errors.Join(failed...)
}

// blueprint is what is deployed, for hosts that are made without kafkalink.
func (s *stand) blueprint(ctx context.Context, b *testing.B) blueprint {
	b.Helper()
	same := blueprint{deployment: s.lab.Deployed(), cluster: s.cluster, settings: map[string]string{}}
	for _, node := range s.cluster.Nodes {
		result, err := s.host(b, node).Exec(ctx, "sh", "-c",
			"tar -cz -C / etc/kafka etc/systemd/system/kafka.service etc/systemd/system/kafka.service.d | base64 -w 0")
		require.NoError(b, err)
		require.Zero(b, result.ExitCode, result.Stderr)
		same.settings[node.Address] = result.Stdout
	}
	return same
}
