package simtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// pulumiCommand finds the Pulumi CLI: $KAFKALINK_PULUMI, the repository's bin/pulumi, or one on PATH.
func pulumiCommand(t *testing.T) auto.PulumiCommand {
	t.Helper()
	path := os.Getenv("KAFKALINK_PULUMI")
	if path == "" {
		path, _ = filepath.Abs("../../bin/pulumi")
		if _, err := os.Stat(path); err != nil {
			path, _ = exec.LookPath("pulumi")
		}
	}
	require.NotEmpty(t, path, "no Pulumi CLI: run `make bin/pulumi`, install pulumi, or name one in KAFKALINK_PULUMI")
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "bin"), 0o755))
	require.NoError(t, os.Symlink(path, filepath.Join(root, "bin", "pulumi")))
	command, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{Root: root})
	require.NoError(t, err, "the Pulumi CLI at %s: run `make bin/pulumi` for the right one", path)
	return command
}

// Deployment is one stack of its own, with its own Pulumi home, backend and work directory.
type Deployment struct {
	t       *testing.T
	options simcloud.Options
	command auto.PulumiCommand

	Server *simcloud.Server
	Stack  auto.Stack
	Home   string
}

// Deploy makes a stack with a configuration; nothing is deployed yet.
func Deploy(t *testing.T, options simcloud.Options, configuration map[string]string, program pulumi.RunFunc) *Deployment {
	options.StateFile = filepath.Join(t.TempDir(), "clouds.json")
	d := &Deployment{t: t, options: options, command: pulumiCommand(t), Home: t.TempDir()}
	d.Serve(program)
	for name, value := range configuration {
		require.NoError(t, d.Stack.SetConfig(t.Context(), name, auto.ConfigValue{Value: value}))
	}
	return d
}

// Serve starts the cloud, again perhaps, with a program to deploy on it.
func (d *Deployment) Serve(program pulumi.RunFunc) {
	d.t.Helper()
	var err error
	d.Server, err = simcloud.Serve(d.t.Context(), d.options)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { require.NoError(d.t, d.Server.Close()) })
	environment := map[string]string{
		"PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_BACKEND_URL": "file://" + d.Home, "PULUMI_SKIP_UPDATE_CHECK": "true",
	}
	for _, line := range d.Server.Environment() {
		name, value, _ := strings.Cut(line, "=")
		environment[name] = value
	}
	work := filepath.Join(d.Home, "work")
	require.NoError(d.t, os.MkdirAll(work, 0o755))
	d.Stack, err = auto.UpsertStackInlineSource(d.t.Context(), "dev", "simcloud", program,
		auto.Pulumi(d.command), auto.PulumiHome(d.Home), auto.WorkDir(work), auto.EnvVars(environment))
	require.NoError(d.t, err)
}

// Up deploys, and counts what it did.
func (d *Deployment) Up() (map[string]int, error) {
	result, err := d.Stack.Up(context.WithoutCancel(d.t.Context()), optup.SuppressProgress())
	if err != nil || result.Summary.ResourceChanges == nil {
		return nil, err
	}
	return *result.Summary.ResourceChanges, nil
}

// Creates wants a preview to show what is created, beside the stack itself, and to change nothing; and then to have it made.
func (d *Deployment) Creates(resources int) {
	d.t.Helper()
	preview, err := d.Stack.Preview(context.WithoutCancel(d.t.Context()), optpreview.SuppressProgress())
	require.NoError(d.t, err)
	assert.Equal(d.t, resources+1, preview.ChangeSummary[apitype.OpCreate], "created, with the stack itself")
	assert.Empty(d.t, d.Server.Operations(), "a preview changes nothing")
	changes, err := d.Up()
	require.NoError(d.t, err)
	assert.Equal(d.t, map[string]int{"create": resources + 1}, changes)
}

// Order deploys, and then another program in its place; it gives what this one did, in order: "update broker1 instanceType".
func (d *Deployment) Order(change pulumi.RunFunc) (order []string) {
	d.t.Helper()
	_, err := d.Up()
	require.NoError(d.t, err)
	before := len(d.Server.Operations())
	d.Stack.Workspace().SetProgram(change)
	_, err = d.Up()
	require.NoError(d.t, err)
	for _, op := range d.Server.Operations()[before:] {
		assert.True(d.t, op.Succeeded(), "%+v", op)
		order = append(order, strings.TrimSpace(string(op.Kind)+" "+op.Name+" "+strings.Join(op.Changed, ",")))
	}
	return order
}

// Keeps wants what was created to be there on another day, to be the same after a refresh, to be put right by some changes
// where it drifts, and to be gone in the end. Some resources the cloud shows differently once others are there: so many settle
// with the update after the first refresh.
func (d *Deployment) Keeps(program pulumi.RunFunc, resources, settling int, drift func(*simcloud.World), mended map[string]int) {
	d.t.Helper()
	ctx := context.WithoutCancel(d.t.Context())
	refresh := func() {
		_, err := d.Stack.Refresh(ctx, optrefresh.SuppressProgress())
		require.NoError(d.t, err)
	}
	changes := func(want map[string]int, why string) {
		made, err := d.Up()
		require.NoError(d.t, err)
		assert.Equal(d.t, want, made, why)
	}
	same := map[string]int{"same": resources + 1}

	require.NoError(d.t, d.Server.Close())
	d.Serve(program)
	changes(same, "the same cloud, another day")
	refresh()
	if settling > 0 {
		changes(map[string]int{"same": resources + 1 - settling, "update": settling}, "what others have changed")
		refresh()
	}
	preview, err := d.Stack.Preview(ctx, optpreview.SuppressProgress())
	require.NoError(d.t, err)
	assert.Equal(d.t, map[apitype.OpType]int{apitype.OpSame: resources + 1}, preview.ChangeSummary, "a preview after a refresh is clean")
	changes(same, "a refresh without drift brings no changes")
	require.NoError(d.t, d.Server.Mutate(func(world *simcloud.World) error {
		drift(world)
		return nil
	}))
	refresh()
	changes(mended, "drift is put right")

	_, err = d.Stack.Destroy(ctx)
	require.NoError(d.t, err)
	assert.Empty(d.t, d.Server.View().List(""))
}
