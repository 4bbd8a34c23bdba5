package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// languageHost stands in for pulumi-language-go, which no package registry serves: it starts the kafkalink binary as
// the engine's program, with the environment the real one gives it.
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	binary string
}

// serveLanguageHost returns an address for `pulumi --client`.
func serveLanguageHost(t *testing.T, binary string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(server, languageHost{binary: binary})
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-done)
	})
	return listener.Addr().String()
}

func (languageHost) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

func (h languageHost) Run(ctx context.Context, r *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(r.GetConfig())
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(r.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, h.binary)
	program.Dir = r.GetPwd()
	program.Env = append(os.Environ(),
		"PULUMI_ORGANIZATION="+r.GetOrganization(), "PULUMI_PROJECT="+r.GetProject(), "PULUMI_STACK="+r.GetStack(),
		"PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secrets),
		"PULUMI_DRY_RUN="+strconv.FormatBool(r.GetDryRun()), "PULUMI_PARALLEL="+strconv.Itoa(int(r.GetParallel())),
		"PULUMI_MONITOR="+r.GetMonitorAddress(), "PULUMI_ENGINE="+r.GetArgs()[0],
	)
	var stderr bytes.Buffer
	program.Stderr = &stderr
	if err := program.Run(); err != nil {
		return &pulumirpc.RunResponse{Error: stderr.String() + err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}
