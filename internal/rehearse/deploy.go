//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/lab"
	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

const hostsKey = "kafkalink:hosts"

// prepare makes an empty lab, and the stack as it is to be deployed there.
func (s *stage) prepare(ctx context.Context) (string, error) {
	removed, err := lab.Clean()
	if err != nil {
		return "", err
	}
	for _, left := range removed {
		s.say("removed what rehearsal %s had left behind", left)
	}
	wanted, err := softwareOf(s.request.Stack.Configuration)
	if err != nil {
		return "", err
	}
	var facilities []fabric.Facility
	if s.cloud.Facilities != nil {
		facilities = s.cloud.Facilities(func() *simcloud.Server { return s.server }, s.request.Stack.Configuration)
	}
	s.lab, err = lab.Open(ctx, lab.Options{
		Read: s.cloud.Read, Facilities: facilities, Java: archive(wanted.Java), Kafka: archive(wanted.Kafka),
		Progress: func(text string) { s.say("%s", text) },
	})
	if err != nil {
		return "", err
	}
	java, kafka := s.lab.Software()
	s.report.Software = []string{"Java: " + java.From, "Kafka: " + kafka.From, "hosts: " + s.lab.System()}
	// Interrupted, the engine waits for what is under way, and a step on a host can take long.
	context.AfterFunc(ctx, s.lab.PowerOff)
	if s.dir, err = s.lab.Dir("project"); err != nil {
		return "", err
	}
	config := withSoftware(s.request.Stack.Configuration, java, kafka)
	s.stack = s.request.Stack.Rehearsed(s.dir, config, s.simulate)
	s.server, err = simcloud.Serve(context.WithoutCancel(ctx), simcloud.Options{
		Clouds: []*simcloud.Cloud{s.cloud.Serve()}, DataPlane: s.lab,
	})
	if err != nil {
		return "", err
	}
	s.lab.Observe(s.server.View)
	err = s.server.Mutate(func(world *simcloud.World) (err error) {
		s.report.Unmodelled, err = s.cloud.Existing(world, config)
		return err
	})
	if err != nil {
		return "", err
	}
	return strings.Join(s.report.Software, "; "), nil
}

// simulate gives every operation of the rehearsal the one cloud there is.
func (s *stage) simulate(context.Context, automation.SimulationRequest) (automation.Simulation, error) {
	return lasting{s.server}, nil
}

// lasting outlives the operations that use it.
type lasting struct{ *simcloud.Server }

// Close does nothing: the rehearsal closes the cloud at its end.
func (lasting) Close() error { return nil }

// softwareOf is what the stack's hosts are to install.
func softwareOf(config automation.Configuration) (host.Config, error) {
	text, err := yaml.Marshal(config[hostsKey])
	if err != nil {
		return host.Config{}, err
	}
	var hosts host.Config
	if err := yaml.Unmarshal(text, &hosts); err != nil {
		return host.Config{}, fmt.Errorf("%s: %w", hostsKey, err)
	}
	return hosts.WithDefaults(), nil
}

func archive(s host.Source) lab.Archive {
	return lab.Archive{URL: s.URL, SHA256: s.SHA256, SHA512: s.SHA512}
}

// withSoftware is the configuration with the lab's mirror in it: nothing else differs from a real deployment.
func withSoftware(config automation.Configuration, java, kafka lab.Download) automation.Configuration {
	changed := maps.Clone(config)
	for name, download := range map[string]lab.Download{"java": java, "kafka": kafka} {
		setting(changed, hostsKey, name, map[string]any{"url": download.URL, "sha256": download.SHA256})
	}
	return changed
}

// deploy runs the real engine.
func (s *stage) deploy(ctx context.Context) (string, error) {
	result, err := s.stack.Up(ctx, s.request.Progress)
	if err != nil {
		return "", s.deployFailed(ctx, err)
	}
	s.outputs = result.Outputs
	s.report.Unmodelled = append(s.report.Unmodelled, s.lab.Deployed().Unmodelled...)
	return fmt.Sprintf("%d nodes", len(s.outputs.Cluster.Nodes)), nil
}

// close removes everything, also after an interrupt.
func (s *stage) close() error {
	var failed []error
	if s.names != nil {
		failed = append(failed, s.names.Close())
	}
	if s.server != nil {
		if s.lab != nil {
			s.lab.PowerOff() // ends the commands that the cloud waits for
		}
		failed = append(failed, s.server.Close())
	}
	if s.lab != nil {
		failed = append(failed, s.lab.Close())
	}
	return errors.Join(failed...)
}
