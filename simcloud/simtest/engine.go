// Package simtest plays the engine's part against a simulated cloud, over its gRPC interface, for
// tests of rules that need no Pulumi CLI.
package simtest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Map is a resource's properties.
type Map = map[string]any

// Engine is a client of one simulated cloud.
type Engine struct {
	t      testing.TB
	Server *simcloud.Server
	Client pulumirpc.ResourceProviderClient
}

// State is a resource as the engine remembers it.
type State struct {
	URN, ID         string
	Inputs, Outputs Map
}

// Start serves the first cloud of the options until the test ends, and configures it.
func Start(t testing.TB, options simcloud.Options, config Map) *Engine {
	t.Helper()
	server, err := simcloud.Serve(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return Connect(t, server, config)
}

// Connect dials a server's first cloud as one provider instance.
func Connect(t testing.TB, server *simcloud.Server, config Map) *Engine {
	t.Helper()
	first, _, _ := strings.Cut(server.DebugProviders(), ",")
	_, port, _ := strings.Cut(first, ":")
	connection, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	e := &Engine{t, server, pulumirpc.NewResourceProviderClient(connection)}
	_, err = e.Client.Attach(context.Background(), &pulumirpc.PluginAttach{Address: "127.0.0.1:1"})
	require.NoError(t, err)
	_, err = e.Client.GetPluginInfo(context.Background(), &emptypb.Empty{})
	require.NoError(t, err)
	e.Configure(config)
	return e
}

// Configure gives the provider instance another configuration.
func (e *Engine) Configure(config Map) {
	_, err := e.Client.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: e.pack(config), AcceptSecrets: true})
	require.NoError(e.t, err)
}

// URN is what the engine calls a resource of a program.
func URN(token, name string) string { return "urn:pulumi:dev::test::" + token + "::" + name }

func (e *Engine) pack(values Map) *structpb.Struct {
	packed, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(plain(values).(Map)), plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(e.t, err)
	return packed
}

// plain lets tests write []any and Map, []string and ints as they like.
func plain(value any) any {
	switch v := value.(type) {
	case Map:
		copied := Map{}
		for name, item := range v {
			copied[name] = plain(item)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, item := range v {
			copied[i] = plain(item)
		}
		return copied
	case resource.PropertyValue, resource.Computed:
		return v
	case nil:
		return nil
	}
	return simcloud.Plain(value)
}

func (e *Engine) unpack(message *structpb.Struct) Map {
	properties, err := plugin.UnmarshalProperties(message, plugin.MarshalOptions{KeepUnknowns: true})
	require.NoError(e.t, err)
	return properties.Mappable()
}

// Check gives the inputs as the provider completes them, and what it finds wrong, one reason a line.
func (e *Engine) Check(token, name string, olds, inputs Map) (Map, error) {
	response, err := e.Client.Check(context.Background(), &pulumirpc.CheckRequest{
		Urn: URN(token, name), Olds: e.pack(olds), News: e.pack(inputs), RandomSeed: []byte(token + name),
	})
	require.NoError(e.t, err)
	var reasons []string
	for _, failure := range response.Failures {
		reasons = append(reasons, failure.Reason)
	}
	if reasons != nil {
		return nil, errors.New(strings.Join(reasons, "\n"))
	}
	return e.unpack(response.Inputs), nil
}

// Create checks and creates. Of a partial failure it gives both the state and the error.
func (e *Engine) Create(token, name string, inputs Map) (*State, error) {
	checked, err := e.Check(token, name, nil, inputs)
	if err != nil {
		return nil, err
	}
	state := &State{URN: URN(token, name), Inputs: checked}
	response, err := e.Client.Create(context.Background(), &pulumirpc.CreateRequest{Urn: state.URN, Properties: e.pack(checked)})
	if err != nil {
		return e.partial(state, err)
	}
	state.ID, state.Outputs = response.Id, e.unpack(response.Properties)
	return state, nil
}

// partial reads what a failed operation says of the resource it left.
func (e *Engine) partial(state *State, err error) (*State, error) {
	said := status.Convert(err)
	for _, detail := range said.Details() {
		if failed, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
			state.ID, state.Outputs = failed.Id, e.unpack(failed.Properties)
			return state, errors.New(said.Message())
		}
	}
	return nil, errors.New(said.Message())
}

// MustCreate creates what the test takes for granted.
func (e *Engine) MustCreate(token, name string, inputs Map) *State {
	e.t.Helper()
	state, err := e.Create(token, name, inputs)
	require.NoError(e.t, err)
	return state
}

// PreviewCreate gives the outputs that a preview shows; unknown ones are resource.Computed.
func (e *Engine) PreviewCreate(token, name string, inputs Map) Map {
	e.t.Helper()
	checked, err := e.Check(token, name, nil, inputs)
	require.NoError(e.t, err)
	response, err := e.Client.Create(context.Background(), &pulumirpc.CreateRequest{Urn: URN(token, name), Properties: e.pack(checked), Preview: true})
	require.NoError(e.t, err)
	return e.unpack(response.Properties)
}

// PreviewUpdate gives the outputs that a preview of an update in place shows.
func (e *Engine) PreviewUpdate(state *State, inputs Map) Map {
	e.t.Helper()
	urn := resource.URN(state.URN)
	checked, err := e.Check(string(urn.Type()), urn.Name(), state.Inputs, inputs)
	require.NoError(e.t, err)
	response, err := e.Client.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: state.ID, Urn: state.URN, Olds: e.pack(state.Outputs), OldInputs: e.pack(state.Inputs), News: e.pack(checked), Preview: true,
	})
	require.NoError(e.t, err)
	return e.unpack(response.Properties)
}

// Diff compares a resource with new inputs, after checking these.
func (e *Engine) Diff(state *State, inputs Map) (*pulumirpc.DiffResponse, error) {
	urn := resource.URN(state.URN)
	checked, err := e.Check(string(urn.Type()), urn.Name(), state.Inputs, inputs)
	if err != nil {
		return nil, err
	}
	return e.Client.Diff(context.Background(), &pulumirpc.DiffRequest{
		Id: state.ID, Urn: state.URN, Olds: e.pack(state.Outputs), OldInputs: e.pack(state.Inputs), News: e.pack(checked),
	})
}

// Update changes a resource in place and its state with it, also where the operation fails partway.
func (e *Engine) Update(state *State, inputs Map) error {
	urn := resource.URN(state.URN)
	checked, err := e.Check(string(urn.Type()), urn.Name(), state.Inputs, inputs)
	if err != nil {
		return err
	}
	response, err := e.Client.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: state.ID, Urn: state.URN, Olds: e.pack(state.Outputs), OldInputs: e.pack(state.Inputs), News: e.pack(checked),
	})
	if err != nil {
		if _, err := e.partial(state, err); err != nil {
			return err
		}
	}
	state.Inputs, state.Outputs = checked, e.unpack(response.Properties)
	return nil
}

// Refresh reads a resource into its state; it says whether the resource is still there.
func (e *Engine) Refresh(state *State) bool {
	response, err := e.Client.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: state.ID, Urn: state.URN, Properties: e.pack(state.Outputs), Inputs: e.pack(state.Inputs),
	})
	require.NoError(e.t, err)
	if response.Id == "" {
		return false
	}
	state.Inputs, state.Outputs = e.unpack(response.Inputs), e.unpack(response.Properties)
	return true
}

// Import reads a resource by its id alone.
func (e *Engine) Import(token, name, id string) *State {
	state := &State{URN: URN(token, name), ID: id, Inputs: Map{}, Outputs: Map{}}
	if !e.Refresh(state) {
		return nil
	}
	return state
}

// Delete deletes a resource.
func (e *Engine) Delete(state *State) error {
	_, err := e.Client.Delete(context.Background(), &pulumirpc.DeleteRequest{
		Id: state.ID, Urn: state.URN, Properties: e.pack(state.Outputs), OldInputs: e.pack(state.Inputs),
	})
	if err != nil {
		return errors.New(status.Convert(err).Message())
	}
	return nil
}

// Invoke calls a data source.
func (e *Engine) Invoke(token string, arguments Map) (Map, error) {
	response, err := e.Client.Invoke(context.Background(), &pulumirpc.InvokeRequest{Tok: token, Args: e.pack(arguments)})
	if err != nil {
		return nil, errors.New(status.Convert(err).Message())
	}
	for _, failure := range response.Failures {
		return nil, errors.New(failure.Reason)
	}
	return e.unpack(response.Return), nil
}
