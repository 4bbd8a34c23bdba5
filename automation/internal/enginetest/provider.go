package enginetest

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// provider is the least of a provider that the engine works with.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer
	cloud *Cloud
}

func (*provider) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (*provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "9.9.9"}, nil
}

func (*provider) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{SupportsPreview: true}, nil
}

func (*provider) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.GetNews()}, nil
}

func (*provider) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	diff := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for key, value := range r.GetNews().GetFields() {
		if proto.Equal(value, r.GetOldInputs().GetFields()[key]) {
			continue
		}
		diff.Changes = pulumirpc.DiffResponse_DIFF_SOME
		diff.Diffs = append(diff.Diffs, key)
		kind := pulumirpc.PropertyDiff_UPDATE
		if key == "replaces" || key == "renews" {
			diff.DeleteBeforeReplace = key == "replaces"
			kind = pulumirpc.PropertyDiff_UPDATE_REPLACE
			diff.Replaces = append(diff.Replaces, key)
		}
		diff.DetailedDiff[key] = &pulumirpc.PropertyDiff{Kind: kind, InputDiff: true}
	}
	return diff, nil
}

func (p *provider) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	if r.GetPreview() {
		return &pulumirpc.CreateResponse{Properties: r.GetProperties()}, nil
	}
	if err := p.cloud.before(ctx, "create", r.GetUrn()); err != nil {
		return nil, err
	}
	return &pulumirpc.CreateResponse{Id: p.cloud.add(r.GetUrn()), Properties: r.GetProperties()}, nil
}

func (p *provider) Read(_ context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if !p.cloud.has(r.GetId()) {
		return &pulumirpc.ReadResponse{}, nil
	}
	return &pulumirpc.ReadResponse{Id: r.GetId(), Properties: r.GetProperties(), Inputs: r.GetInputs()}, nil
}

func (p *provider) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	if r.GetPreview() {
		return &pulumirpc.UpdateResponse{Properties: r.GetNews()}, nil
	}
	if err := p.cloud.before(ctx, "update", r.GetUrn()); err != nil {
		return nil, err
	}
	return &pulumirpc.UpdateResponse{Properties: r.GetNews()}, nil
}

func (p *provider) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	if err := p.cloud.before(ctx, "delete", r.GetUrn()); err != nil {
		return nil, err
	}
	p.cloud.remove(r.GetId())
	return &emptypb.Empty{}, nil
}

func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.cloud.cancel.Do(func() { close(p.cloud.cancelled) })
	return &emptypb.Empty{}, nil
}
