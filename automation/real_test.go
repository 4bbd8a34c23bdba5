package automation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// realRun makes a stack's runs real ones, with state in a directory, of a program without resources.
func realRun(backend string, env ...string) func(*automation.Options) {
	return func(o *automation.Options) {
		program := enginetest.Program()
		program.Run = func(ctx *pulumi.Context) error {
			ctx.Export(kafka.OutputKey, pulumi.Map{"version": pulumi.Int(kafka.OutputsVersion)})
			return nil
		}
		o.Programs = []automation.Program{program}
		o.Simulate = nil
		o.Env = append([]string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + backend, "PULUMI_HOME=" + backend,
			// Meant for another program: the engine must not get it.
			"PULUMI_DEBUG_PROVIDERS=without a port it panics",
		}, env...)
	}
}

func TestARealRunUsesTheUsersOwnBackendAndFiles(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	run := realRun(backend, "PULUMI_BACKEND_URL=file://"+backend, "PULUMI_CONFIG_PASSPHRASE=of the user")

	_, err := h.stack(run).Up(t.Context(), nil)

	require.NoError(t, err)
	require.FileExists(t, filepath.Join(backend, ".pulumi", "stacks", "house", "dev.json"))
	require.NoDirExists(t, h.stack(run).SimulatedDir())
	selected, err := filepath.Glob(filepath.Join(backend, "workspaces", "*"))
	require.NoError(t, err)
	for _, file := range selected {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotContains(t, string(text), `"stack"`, "the user's own selection must stay")
	}
}

func TestARealRunWithoutLoginSaysHowToLogIn(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		env  func(backend string) []string
	}{
		{"no account", func(string) []string { return nil }},
		{"no passphrase", func(backend string) []string { return []string{"PULUMI_BACKEND_URL=file://" + backend} }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			backend := t.TempDir()

			_, err := newHouse(t).stack(realRun(backend, c.env(backend)...)).Up(t.Context(), nil)

			known := failure(t, automation.KindLogin, err)
			require.Contains(t, known.Next, "pulumi login")
			require.Contains(t, known.Next, "--simulate")
		})
	}
}

func TestALockedStackNamesItsHolder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	locks := filepath.Join(h.stack().SimulatedDir(), "state", ".pulumi", "locks", "organization", "house", "dev")
	require.NoError(t, os.MkdirAll(locks, 0o700))
	lock := `{"pid": 4711, "username": "maria", "hostname": "bastion", "timestamp": "2026-01-02T03:04:05Z"}`
	require.NoError(t, os.WriteFile(filepath.Join(locks, "5e8a2d6c-0000-4000-8000-000000000000.json"), []byte(lock), 0o600))

	_, err := h.stack().Up(t.Context(), nil)

	known := failure(t, automation.KindLocked, err)
	require.Contains(t, known.Why, "held by maria@bastion, process 4711, since 2026-01-02 03:04:05 UTC")
	require.True(t, strings.HasPrefix(known.Next, "wait for it; if it runs no more, "), known.Next)
}

func TestWhatAKilledCLIHalfWroteBesideTheStateIsRemoved(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	run := realRun(backend, "PULUMI_BACKEND_URL=file://"+backend, "PULUMI_CONFIG_PASSPHRASE=of the user")
	_, err := h.stack(run).Up(t.Context(), nil)
	require.NoError(t, err)
	state := filepath.Join(backend, ".pulumi", "stacks", "house", "dev.json")
	require.FileExists(t, state+".attrs")
	damage := func() { require.NoError(t, os.WriteFile(state+".attrs", nil, 0o600)) }

	operations := map[string]func() error{
		"up":      func() error { _, err := h.stack(run).Up(t.Context(), nil); return err },
		"preview": func() error { _, err := h.stack(run).Preview(t.Context(), nil); return err },
		"outputs": func() error { _, err := h.stack(run).Outputs(t.Context()); return err },
	}
	for name, operate := range operations {
		damage()
		require.NoError(t, operate(), name)
	}

	before, err := os.ReadFile(state)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(state, before[:len(before)/2], 0o600))
	_, err = h.stack(run).Up(t.Context(), nil)
	known := failure(t, automation.KindState, err)
	require.Contains(t, known.Next, state+".bak")
	after, err := os.ReadFile(state)
	require.NoError(t, err)
	require.Equal(t, before[:len(before)/2], after, "what is damaged is left as it is")
}
