package tests

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab"
	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// blueprint is a deployment to be made by hand: the network, the machines and their disks, and what Kafka reads.
type blueprint struct {
	deployment fabric.Deployment
	cluster    *kafka.Cluster
	settings   map[string]string // archives of files, as tar makes them, in base64, by the node's address
}

// bare is a lab without a cloud, whose hosts nobody but a person tells anything.
type bare struct {
	blueprint
	lab *lab.Lab
}

func newBare(ctx context.Context, b *testing.B, same blueprint) *bare {
	b.Helper()
	same.deployment.Machines = slices.Clone(same.deployment.Machines)
	for i := range same.deployment.Machines {
		same.deployment.Machines[i].UserData = []byte("#cloud-config\n")
	}
	h := &bare{blueprint: same}
	h.lab = newLab(ctx, b, lab.Options{Read: func(simcloud.View) fabric.Deployment { return same.deployment }})
	b.Cleanup(func() { assert.NoError(b, h.close()) })
	h.lab.Observe(func() simcloud.View { return nil })
	context.AfterFunc(ctx, h.lab.PowerOff)
	return h
}

// start makes all disks, then boots all hosts and starts their brokers side by side.
func (h *bare) start(ctx context.Context) error {
	for _, disk := range h.deployment.Disks {
		if err := h.exists(ctx, disk.ID); err != nil {
			return err
		}
	}
	failed := make([]error, len(h.deployment.Machines))
	var starting sync.WaitGroup
	for i, machine := range h.deployment.Machines {
		starting.Go(func() { failed[i] = h.startBroker(ctx, machine) })
	}
	starting.Wait()
	return errors.Join(failed...)
}

// exists lets the lab make what the blueprint has under an id.
func (h *bare) exists(ctx context.Context, id string) error {
	return h.lab.Apply(ctx, simcloud.Change{Operation: simcloud.OperationCreate, After: &simcloud.Resource{ID: id}})
}

//go:embed start-broker-by-hand
var startBrokerByHand string

func (h *bare) startBroker(ctx context.Context, machine fabric.Machine) error {
	if err := h.exists(ctx, machine.ID); err != nil {
		return err
	}
	host, ok := h.lab.Host(machine.ID)
	if !ok {
		return fmt.Errorf("%s does not run", machine.Name)
	}
	java, kafka := h.lab.Software()
	result, err := host.Exec(ctx, "bash", "-c", startBrokerByHand, "start-broker-by-hand",
		java.URL, kafka.URL, machine.Disks[0].Paths[0], h.cluster.ID, h.settings[h.addressOf(machine)])
	if err == nil && result.ExitCode != 0 {
		err = errors.New(result.Stderr)
	}
	if err != nil {
		return fmt.Errorf("start the broker on %s by hand: %w", machine.Name, err)
	}
	return nil
}

func (h *bare) addressOf(machine fabric.Machine) string {
	interfaces := h.deployment.Fabric.Interfaces
	i := slices.IndexFunc(interfaces, func(i fabric.Interface) bool { return i.ID == machine.Interface })
	return interfaces[i].Address.String()
}

func (h *bare) brokers() brokers { return brokersOf(h.lab, h.cluster) }

// close may be called twice.
func (h *bare) close() error {
	if h.lab == nil {
		return nil
	}
	closed := h.lab.Close()
	h.lab = nil
	return closed
}
