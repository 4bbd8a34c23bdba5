package cli_test

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/cli"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kafkalink": kafkalink})
}

// kafkalink is the command as main.go builds it, for enginetest's cloud. Each process has an empty one.
func kafkalink() {
	os.Exit(cli.Main(context.Background(), cli.Options{
		Programs: []automation.Program{enginetest.Program()},
		Simulate: func(ctx context.Context, r automation.SimulationRequest) (automation.Simulation, error) {
			cloud, err := enginetest.Serve()
			if err != nil {
				return nil, err
			}
			cloud.Before = waits(cloud)
			return cloud.Simulate(ctx, r)
		},
		Version: "v0.0.0-test",
		Args:    os.Args[1:],
		Env:     os.Environ(),
		In:      os.Stdin,
		Out:     os.Stdout,
		Err:     os.Stderr,
	}))
}

// waits holds the creation of machine-1, as CLOUD_WAITS says, until the engine is interrupted or forever.
func waits(cloud *enginetest.Cloud) func(context.Context, string, string) error {
	until := map[string]<-chan struct{}{"until interrupted": cloud.Cancelled(), "forever": nil}
	end, set := until[os.Getenv("CLOUD_WAITS")]
	if !set {
		return nil
	}
	return func(_ context.Context, _, name string) error {
		if name == "machine-1" {
			<-end
		}
		return nil
	}
}

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

// TestGoldenScripts runs the command where no engine is needed.
func TestGoldenScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		// Nothing but the command itself is on PATH: no Pulumi CLI.
		Setup: func(env *testscript.Env) error {
			own, _, _ := strings.Cut(env.Getenv("PATH"), string(os.PathListSeparator))
			env.Setenv("PATH", own)
			return nil
		},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
