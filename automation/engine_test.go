//go:build !windows

package automation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeCLI is a directory with a pulumi that answers `pulumi version` with that text.
func fakeCLI(t *testing.T, says string) string {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\necho '" + says + "'\n"
	if says == "" {
		script = "#!/bin/sh\nexit 3\n"
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pulumi"), []byte(script), 0o700))
	return dir
}

func TestFindEngine(t *testing.T) {
	t.Parallel()
	old, next, good, newer := fakeCLI(t, "v3.229.9"), fakeCLI(t, "v4.0.0"), fakeCLI(t, "v3.230.0"), fakeCLI(t, "v3.301.2-dev")
	broken, odd, none := fakeCLI(t, ""), fakeCLI(t, "no version here"), t.TempDir()
	path := func(dirs ...string) string { return strings.Join(dirs, string(os.PathListSeparator)) }
	in := func(dir string) string { return filepath.Join(dir, "pulumi") }
	cases := []struct {
		name   string
		search EngineSearch
		want   string // path
		why    string
	}{
		{"the version of the SDK will do", EngineSearch{Path: good}, in(good), ""},
		{"a newer one too", EngineSearch{Path: newer}, in(newer), ""},
		{"too old on PATH, then right on PATH", EngineSearch{Path: path(none, old, good)}, in(good), ""},
		{"too old on PATH, the repository's instead", EngineSearch{Path: old, Local: []string{in(none), in(good)}}, in(good), ""},
		{"PATH before the repository's", EngineSearch{Path: newer, Local: []string{in(good)}}, in(newer), ""},
		{"the given one before PATH", EngineSearch{Given: in(good), Path: newer}, in(good), ""},
		{"nothing anywhere", EngineSearch{Path: none}, "", "none is on PATH"},
		{"too old", EngineSearch{Path: old}, "", in(old) + " is v3.229.9; v3.230.0 or newer of v3 is needed"},
		{"another major", EngineSearch{Path: next}, "", in(next) + " is v4.0.0; v3.230.0 or newer of v3 is needed"},
		{"does not run", EngineSearch{Path: broken}, "", in(broken) + ": `pulumi version` failed: exit status 3"},
		{"is something else", EngineSearch{Path: odd}, "", in(odd) + ": `pulumi version` answers \"no version here\""},
		{"the given one or none", EngineSearch{Given: in(old), Path: good}, "", in(old) + " is v3.229.9; v3.230.0 or newer of v3 is needed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			engine, err := FindEngine(t.Context(), c.search)
			if c.want != "" {
				require.NoError(t, err)
				require.Equal(t, c.want, engine.Path)
				return
			}
			var known *Error
			require.ErrorAs(t, err, &known)
			require.Equal(t, KindEngine, known.Kind)
			require.Equal(t, c.why, known.Why)
			require.Contains(t, known.Next, "make bin/pulumi")
		})
	}
}
