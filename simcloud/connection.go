package simcloud

import (
	"context"
	"encoding/json"
	"maps"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/stats"
)

// connections gives every client connection its own configuration: each provider instance of a
// program dials separately and configures itself.
type connections struct{}

type connection struct {
	mu       sync.Mutex
	settings map[string]string
}

type connectionKey struct{}

func (connections) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}
func (connections) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
func (connections) HandleConn(context.Context, stats.ConnStats)                     {}
func (connections) HandleRPC(context.Context, stats.RPCStats)                       {}

// settings are the configuration of the provider instance that asks, over the cloud's own, and where the cloud's web service is.
func (p *provider) settings(ctx context.Context) map[string]string {
	merged := map[string]string{}
	maps.Copy(merged, p.cloud.Settings)
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		maps.Copy(merged, c.settings)
	}
	maps.Copy(merged, p.web)
	return merged
}

// Configure keeps the configuration of one provider instance.
func (p *provider) Configure(ctx context.Context, req *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	arguments, err := decode("configure", req.Args)
	if err != nil {
		return nil, err
	}
	given := map[string]string{}
	for name, value := range arguments {
		switch v := value.(type) {
		case string:
			given[name] = v
		case Unknown: // known when it is used: a provider made by the program itself
		default:
			text, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			given[name] = string(text)
		}
	}
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
		c.mu.Lock()
		c.settings = given
		c.mu.Unlock()
	}
	return &pulumirpc.ConfigureResponse{SupportsPreview: true}, nil
}
