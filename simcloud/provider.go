package simcloud

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// provider answers the engine for one cloud.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer
	server *Server
	cloud  *Cloud
	web    map[string]string // settings that say where the cloud's web service is
}

// Attach is called because the engine did not start this process itself; there is nothing to do.
func (p *provider) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// GetPluginInfo tells the version, which must be at least that of the program's SDK.
func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: p.cloud.Version}, nil
}

// Cancel changes nothing: a cloud finishes what it has accepted, whether or not anyone still listens.
func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (p *provider) kindOf(urn string) (*Kind, error) {
	return p.kind(string(resource.URN(urn).Type()))
}

func (p *provider) kind(token string) (*Kind, error) {
	if kind := p.cloud.find(token); kind != nil {
		return kind, nil
	}
	var served []string
	for _, kind := range p.cloud.Kinds {
		served = append(served, kind.Token)
	}
	return nil, fmt.Errorf("the simulated %s has no resource type %s; it has %s", p.cloud.Package, token, strings.Join(served, ", "))
}

// perform runs an operation within the log, failure injection and latency.
func (p *provider) perform(kind *Kind, op Operation, do func() (string, error)) error {
	s := p.server
	op = s.log.begin(op)
	id := op.ID
	err := s.failures.next(op)
	if err == nil {
		err = wait(s.ctx, s.options.Latency.duration(kind, op))
	}
	if err == nil {
		id, err = do()
	}
	s.log.end(op.Seq, id, err)
	return err
}

func operation(kind OperationKind, urn, id string) Operation {
	u := resource.URN(urn)
	return Operation{Kind: kind, Type: string(u.Type()), Name: u.Name(), URN: urn, ID: id}
}

// partial is an operation that a cloud accepted and that failed then: the resource is there.
type partial struct {
	id      string
	outputs Properties
	reason  error
}

func (e *partial) Error() string { return e.reason.Error() }
func (e *partial) Unwrap() error { return e.reason }

// answer turns an error into what the engine understands: of a partial failure it keeps the resource.
func answer(err error, inputs *structpb.Struct) error {
	var failed *partial
	if !errors.As(err, &failed) {
		return status.Error(codes.Unknown, err.Error())
	}
	outputs, encodeErr := encode("partial", failed.outputs)
	if encodeErr != nil {
		return encodeErr
	}
	detailed, detailErr := status.New(codes.Unknown, err.Error()).WithDetails(&pulumirpc.ErrorResourceInitFailed{
		Id: failed.id, Properties: outputs, Reasons: []string{err.Error()}, Inputs: inputs,
	})
	if detailErr != nil {
		return detailErr
	}
	return detailed.Err()
}

// Show gives all that a read of a resource shows: what its kind shows, then what was computed, then what
// the cloud shows of everything, then what it was told; of these, what the SDK declares.
func (c *Cloud) Show(view View, r *Resource) Properties {
	kind := c.find(r.Type)
	sources := []Properties{nil, r.Computed, nil, r.Properties}
	if kind.Outputs != nil {
		sources[0] = kind.Outputs(view, r)
	}
	if c.Outputs != nil {
		sources[2] = c.Outputs(view, r)
	}
	shown := Properties{}
	for _, source := range sources {
		for name, value := range source {
			shown.Default(name, value)
		}
	}
	for _, name := range kind.Hidden {
		delete(shown, name)
	}
	return c.Schema.projectAll(c.Schema.resources[r.Type].outputs, shown.Clone())
}
