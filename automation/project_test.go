package automation

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func projectFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

func moon() []Program {
	return []Program{{
		Cloud:  "moon",
		Decode: func(StackIdentity, Configuration) (*kafka.Cluster, kafka.Findings) { return nil, kafka.Findings{} },
	}}
}

func TestOpenReadsTheStackOverTheProject(t *testing.T) {
	t.Parallel()
	dir := projectFiles(t, map[string]string{
		"Pulumi.yaml": `
name: house
runtime: go
stackConfigDir: stacks
config:
  kafkalink:cloud: moon
  kafkalink:declared: {type: string}
  kafkalink:default: {type: integer, default: 3}
  kafkalink:value: {value: {a: 1}}
  kafkalink:both: project
`,
		"stacks/Pulumi.dev.yaml": "config:\n  kafkalink:both: stack\n",
	})

	stack, err := Open(Options{Dir: dir, Stack: "acme/dev", Programs: moon()})

	require.NoError(t, err)
	require.Equal(t, "acme/house/dev", stack.Identity.String())
	require.Equal(t, Configuration{
		"kafkalink:cloud":   "moon",
		"kafkalink:default": "3",
		"kafkalink:value":   map[string]any{"a": 1},
		"kafkalink:both":    "stack",
	}, stack.Configuration)
}

func TestOpenTakesTheOnlyStack(t *testing.T) {
	t.Parallel()
	dir := projectFiles(t, map[string]string{
		"Pulumi.yaml":     "name: house",
		"Pulumi.dev.yaml": "config: {kafkalink:cloud: moon}",
	})

	stack, err := Open(Options{Dir: dir, Programs: moon()})

	require.NoError(t, err)
	require.Equal(t, "house/dev", stack.Identity.String())
}

func TestOpenReadsDirectoriesWithAnyName(t *testing.T) {
	t.Parallel()
	dir := projectFiles(t, map[string]string{
		"[a-b]*/Pulumi.yaml":     "name: house",
		"[a-b]*/Pulumi.dev.yaml": "environment:\nconfig: {kafkalink:cloud: moon}",
		"[a-b]*/Pulumi.dev.yml":  "",
	})

	stack, err := Open(Options{Dir: filepath.Join(dir, "[a-b]*"), Programs: moon()})

	require.NoError(t, err)
	require.Equal(t, "house/dev", stack.Identity.String())
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	project := map[string]string{"Pulumi.yaml": "name: house"}
	with := func(name, text string) map[string]string {
		return map[string]string{"Pulumi.yaml": "name: house", name: text}
	}
	cases := []struct {
		name      string
		files     map[string]string
		stack     string
		what, why string
	}{
		{"a project without a name", map[string]string{"Pulumi.yaml": "runtime: go"}, "dev", "cannot read Pulumi.yaml", "it has no name"},
		{"a project without stacks", project, "", "no stack chosen", ""},
		{"a stack without a file", project, "dev", `no configuration for stack "dev"`, ""},
		{"a file that is not YAML", with("Pulumi.dev.yaml", "config: ["), "dev", "cannot read Pulumi.dev.yaml", ""},
		{"no cloud", with("Pulumi.dev.yaml", "config: {}"), "dev", "no program for this stack", "the configuration does not set kafkalink:cloud"},
		{"a cloud that is a secret", with("Pulumi.dev.yaml", "config: {kafkalink:cloud: {secure: AAAB}}"), "dev", "no program for this stack", "kafkalink:cloud is a secret"},
		{"values of Pulumi ESC", with("Pulumi.dev.yaml", "environment: [acme/dev]\nconfig: {kafkalink:cloud: moon}"), "dev", "cannot read all of Pulumi.dev.yaml", "it takes values from Pulumi ESC environments"},
		{"an unknown cloud", with("Pulumi.dev.yaml", "config: {kafkalink:cloud: mars}"), "dev", "no program for this stack", `kafkalink:cloud is "mars"`},
		{"a cloud that is a structure", with("Pulumi.dev.yaml", "config: {kafkalink:cloud: [moon]}"), "dev", "no program for this stack", `kafkalink:cloud is "[moon]"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(Options{Dir: projectFiles(t, c.files), Stack: c.stack, Programs: moon()})

			var known *Error
			require.ErrorAs(t, err, &known)
			require.Equal(t, KindConfiguration, known.Kind)
			require.Equal(t, c.what, known.What)
			require.Contains(t, known.Why, c.why)
			require.NotEmpty(t, known.Next)
		})
	}
}
