// Package deploytest deploys what a stack registers, by its golden file, on a simulated cloud: readers are held against what
// clouds store and compute.
package deploytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Registration is a resource as a stack's golden file has it.
type Registration struct {
	Name, Type   string
	Dependencies []string
	Inputs       map[string]any
}

// Registrations are those of a cloud's scenario that its provider makes: whose types begin with what is given.
func Registrations(t *testing.T, cloud, scenario, tokens string) (made []Registration) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../tests/testdata", cloud, scenario, "registered.yaml"))
	require.NoError(t, err)
	var all []Registration
	require.NoError(t, yaml.Unmarshal(text, &all))
	for _, r := range all {
		if strings.HasPrefix(r.Type, tokens) {
			made = append(made, r)
		}
	}
	require.NotEmpty(t, made)
	return made
}

// Provider is a simulated cloud's, as the engine speaks with it.
type Provider struct {
	t      *testing.T
	client pulumirpc.ResourceProviderClient
}

// Connect speaks with the server's first provider, which is configured as given.
func Connect(t *testing.T, server *simcloud.Server, config map[string]string) *Provider {
	t.Helper()
	first, _, _ := strings.Cut(server.DebugProviders(), ",")
	_, port, _ := strings.Cut(first, ":")
	connection, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, connection.Close()) })
	p := &Provider{t: t, client: pulumirpc.NewResourceProviderClient(connection)}
	settings := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for name, value := range config {
		settings.Fields[name] = structpb.NewStringValue(value)
	}
	_, err = p.client.Configure(t.Context(), &pulumirpc.ConfigureRequest{Args: settings})
	require.NoError(t, err)
	return p
}

// Register creates resources, each after those it depends on; of each, inputs says what it is told.
func (p *Provider) Register(resources []Registration, inputs func(Registration) map[string]any, made func(name, id string)) {
	p.t.Helper()
	waiting := map[string]bool{}
	for _, r := range resources {
		waiting[r.Name] = true
	}
	for len(waiting) > 0 {
		before := len(waiting)
		for _, r := range resources {
			ready := waiting[r.Name]
			for _, dependency := range r.Dependencies {
				ready = ready && !waiting[dependency]
			}
			if ready {
				made(r.Name, p.create(r, inputs(r)))
				delete(waiting, r.Name)
			}
		}
		require.Less(p.t, len(waiting), before, "dependencies in a circle: %v", waiting)
	}
}

func (p *Provider) create(r Registration, told map[string]any) string {
	p.t.Helper()
	inputs, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(told), plugin.MarshalOptions{})
	require.NoError(p.t, err)
	urn := "urn:pulumi:dev::test::" + r.Type + "::" + r.Name
	checked, err := p.client.Check(p.t.Context(), &pulumirpc.CheckRequest{Urn: urn, Olds: &structpb.Struct{}, News: inputs, RandomSeed: []byte(r.Name)})
	require.NoError(p.t, err, r.Name)
	require.Empty(p.t, checked.Failures, r.Name)
	made, err := p.client.Create(p.t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: checked.Inputs})
	require.NoError(p.t, err, r.Name)
	return made.Id
}
