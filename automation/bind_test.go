package automation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// binding is a cloud whose only rule is that a unique name has no underscore.
func binding() []Program {
	return []Program{{Cloud: "moon", Decode: func(_ StackIdentity, c Configuration) (*kafka.Cluster, kafka.Findings) {
		var f kafka.Findings
		for i, l := range c[linksKey].([]any) {
			if name, _ := l.(map[string]any)[uniqueNameKey].(string); strings.Contains(name, "_") {
				f.Errors = append(f.Errors, kafka.Invalid(field.NewPath("links").Index(i).Child(uniqueNameKey), name, "has an underscore", "copy it"))
			}
		}
		return &kafka.Cluster{}, f
	}}}
}

func openWith(t *testing.T, text string) (*Stack, string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "Pulumi.dev.yaml")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: house\nruntime: go\n"), 0o644))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o640))
	stack, err := Open(Options{Dir: dir, Stack: "dev", Programs: binding()})
	require.NoError(t, err)
	return stack, path
}

// TestBindEditsOneLine keeps everything else of the file as it was written: comments, order, blank lines, style.
func TestBindEditsOneLine(t *testing.T) {
	t.Parallel()
	const head = "# mine\nconfig:\n  kafkalink:cloud: moon\n\n"
	cases := map[string]struct{ before, after string }{
		"a block": {
			head + "  kafkalink:links:\n    - name: first # of two\n      portBase: 9092\n    - name: tidb # theirs\n      # the console shows it\n      pattern: <unique_name>\n",
			head + "  kafkalink:links:\n    - name: first # of two\n      portBase: 9092\n    - name: tidb # theirs\n      uniqueName: kpl-1\n      # the console shows it\n      pattern: <unique_name>\n",
		},
		"the name is not the first key": {
			head + "  kafkalink:links:\n  - pattern: x\n    name: tidb\n  kafkalink:tags: {a: b}\n",
			head + "  kafkalink:links:\n  - pattern: x\n    name: tidb\n    uniqueName: kpl-1\n  kafkalink:tags: {a: b}\n",
		},
		"one line": {
			head + "  kafkalink:links: [{name: \"tidb\", pattern: x}]\n",
			head + "  kafkalink:links: [{name: tidb, uniqueName: kpl-1, pattern: x}]\n",
		},
		"another name is there": {
			head + "  kafkalink:links:\n    - uniqueName: 'kpl-0' # the old one\n      name: tidb\n",
			head + "  kafkalink:links:\n    - uniqueName: kpl-1 # the old one\n      name: tidb\n",
		},
		"no line break at the end": {
			head + "  kafkalink:links:\n    - name: tidb",
			head + "  kafkalink:links:\n    - name: tidb\n      uniqueName: kpl-1\n",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stack, path := openWith(t, c.before)
			binding, err := stack.Bind("tidb", "kpl-1")
			require.NoError(t, err)
			require.True(t, binding.Changed)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, c.before, string(text), "not written yet")
			require.NoError(t, binding.Write())
			text, err = os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, c.after, string(text))
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o640), info.Mode())

			again, err := binding.Stack.Bind("tidb", "kpl-1")
			require.NoError(t, err)
			require.False(t, again.Changed, "it is there already")
			require.NoError(t, again.Write())
		})
	}
}

func TestBindRefusesAndLeavesTheFileAlone(t *testing.T) {
	t.Parallel()
	const block = "config:\n  kafkalink:cloud: moon\n  kafkalink:links:\n    - name: tidb\n"
	for name, c := range map[string]struct{ text, link, unique, want string }{
		"an unknown link": {block, "tib", "kpl-1", "cannot bind link \"tib\": the configuration has no such link\nname one of: tidb"},
		"no links at all": {"config:\n  kafkalink:cloud: moon\n", "tidb", "kpl-1", "cannot bind link \"tidb\": the configuration has no links\nadd one to "},
		"an invalid name": {block, "tidb", "kpl_1", `links[0].uniqueName: Invalid value: "kpl_1": has an underscore; copy it`},
		"an alias": {
			"config:\n  kafkalink:cloud: moon\n  others:\n    - &a {name: tidb, pattern: x}\n  kafkalink:links:\n    - *a\n", "tidb", "kpl-1",
			"the file does not list the link itself\nset uniqueName of that link to \"kpl-1\" by hand, then run `kafkalink up`",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stack, path := openWith(t, c.text)
			_, err := stack.Bind(c.link, c.unique)
			require.ErrorContains(t, err, c.want)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, c.text, string(text))
			files, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, files, 2, "no leftovers")
		})
	}
}

// TestBindKeepsWhatOthersHaveWritten changes the file between the look and the writing.
func TestBindKeepsWhatOthersHaveWritten(t *testing.T) {
	t.Parallel()
	const text = "config:\n  kafkalink:cloud: moon\n  kafkalink:links:\n    - name: tidb\n"
	stack, path := openWith(t, text)
	binding, err := stack.Bind("tidb", "kpl-1")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(text+"# mine\n"), 0o640))
	require.EqualError(t, binding.Write(), "cannot write the unique name into "+path+": it was changed meanwhile\nnothing was deployed: run it again")
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text+"# mine\n", string(now))
}
