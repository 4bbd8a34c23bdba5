// Package enginetest lets tests run the real engine: a tiny cloud in this process, and a stack on it with the
// protected disk and endpoint service that matter to operations.
package enginetest

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"github.com/kafkalink/kafkalink/automation"
)

// Cloud is a cloud whose resources are of any type `test:…` and have any properties. A resource is replaced when its
// property "replaces" differs, deleted first, and when its property "renews" differs, created first.
type Cloud struct {
	// Before, if set, is called before each create, update or delete of the named resource; its error fails it.
	Before func(ctx context.Context, operation, name string) error

	mu        sync.Mutex
	resources map[string]string // name by id
	log       []string
	serial    int
	port      int
	server    *grpc.Server
	served    chan struct{}
	cancelled chan struct{}
	cancel    sync.Once
}

// NewCloud serves an empty cloud until the test ends.
func NewCloud(t testing.TB) *Cloud {
	t.Helper()
	c, err := Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// Serve serves an empty cloud until it is stopped.
func Serve() (*Cloud, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &Cloud{
		resources: map[string]string{},
		port:      listener.Addr().(*net.TCPAddr).Port,
		server:    grpc.NewServer(),
		served:    make(chan struct{}),
		cancelled: make(chan struct{}),
	}
	pulumirpc.RegisterResourceProviderServer(c.server, &provider{cloud: c})
	go func() {
		defer close(c.served)
		_ = c.server.Serve(listener)
	}()
	return c, nil
}

// Stop ends serving, also of what is under way.
func (c *Cloud) Stop() {
	c.server.Stop()
	<-c.served
}

// Cancelled is closed when an engine first tells that it is being interrupted.
func (c *Cloud) Cancelled() <-chan struct{} { return c.cancelled }

// Simulate is an automation.Simulate: every operation meets this cloud.
func (c *Cloud) Simulate(context.Context, automation.SimulationRequest) (automation.Simulation, error) {
	return session{c}, nil
}

type session struct{ cloud *Cloud }

func (s session) Environment() []string {
	return []string{fmt.Sprintf("PULUMI_DEBUG_PROVIDERS=test:%d", s.cloud.port)}
}

func (session) Close() error { return nil }

// Resources are the names of what exists, sorted.
func (c *Cloud) Resources() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := slices.AppendSeq([]string{}, maps.Values(c.resources))
	slices.Sort(names)
	return names
}

// Log is what was done since the last call, in order, like "create disk-1".
func (c *Cloud) Log() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.log
	c.log = nil
	return log
}

func (c *Cloud) before(ctx context.Context, operation, urn string) error {
	c.mu.Lock()
	c.log = append(c.log, operation+" "+nameOf(urn))
	before := c.Before
	c.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, operation, nameOf(urn))
}

func (c *Cloud) add(urn string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serial++
	id := fmt.Sprintf("id-%d", c.serial)
	c.resources[id] = nameOf(urn)
	return id
}

// Make makes a resource behind the engine's back.
func (c *Cloud) Make(urn string) { c.add(urn) }

// Find looks a resource up by its name, as a program's Find does.
func (c *Cloud) Find(_ *pulumi.Context, r apitype.ResourceV3) (*automation.Found, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, name := range c.resources {
		if name == nameOf(string(r.URN)) {
			return &automation.Found{ID: id, Outputs: r.Inputs}, nil
		}
	}
	return nil, nil
}

// Lose removes a resource behind the engine's back.
func (c *Cloud) Lose(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.resources, func(_, other string) bool { return other == name })
}

func (c *Cloud) has(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, there := c.resources[id]
	return there
}

func (c *Cloud) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.resources, id)
}

func nameOf(urn string) string { return resource.URN(urn).Name() }
