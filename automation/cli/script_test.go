package cli_test

import (
	"context"
	"flag"
	"io"
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

// waits holds the creation of machine-1, as CLOUD_WAITS says, until the engine is interrupted, until the input ends or
// forever.
func waits(cloud *enginetest.Cloud) func(context.Context, string, string) error {
	var wait func()
	switch os.Getenv("CLOUD_WAITS") {
	case "until interrupted":
		wait = func() { <-cloud.Cancelled() }
	case "until the input ends":
		wait = func() { _, _ = io.Copy(io.Discard, os.Stdin) }
	case "forever":
		wait = func() { select {} }
	default:
		return nil
	}
	return func(_ context.Context, _, name string) error {
		if name == "machine-1" {
			wait()
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
