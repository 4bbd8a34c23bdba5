package automation

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// repair removes what a CLI that was killed, or had no room to write, has left half written beside a state in files: its
// lock, which nobody holds then, and the attributes that the library keeps of each file in another one, cannot read in
// part, and does not need. It tells whether there was any.
func (op *operation) repair() bool {
	said := op.command.last.stderr
	if !strings.Contains(said, "EOF") && !strings.Contains(said, "unexpected end of JSON input") {
		return false
	}
	dir := op.stateDir()
	if dir == "" {
		return false
	}
	id := op.stack.Identity
	var repaired bool
	for _, pattern := range []string{
		filepath.Join("stacks", id.Project, id.Stack+".json*.attrs"),
		filepath.Join("locks", "organization", id.Project, id.Stack, "*"),
	} {
		files, _ := filepath.Glob(filepath.Join(quoteMeta(filepath.Join(dir, ".pulumi")), pattern))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && !json.Valid(text) {
				repaired = os.Remove(file) == nil || repaired
			}
		}
	}
	return repaired
}

// quoteMeta keeps a path from being a pattern.
func quoteMeta(path string) string {
	return strings.NewReplacer(`[`, `[[]`, `*`, `[*]`, `?`, `[?]`).Replace(path)
}

// stateDir is the directory of a backend of files, and "" of any other. As Pulumi does, it looks at the environment, the
// project and the login, in this order.
func (op *operation) stateDir() string {
	for _, backend := range []string{op.env("PULUMI_BACKEND_URL"), op.stack.project.backend} {
		if backend != "" {
			return op.directory(backend)
		}
	}
	place := op.env("PULUMI_CREDENTIALS_PATH")
	if place == "" {
		place = op.env("PULUMI_HOME")
	}
	if place == "" {
		home := op.home()
		if home == "" {
			return ""
		}
		place = filepath.Join(home, ".pulumi")
	}
	text, err := os.ReadFile(filepath.Join(place, "credentials.json"))
	if err != nil {
		return ""
	}
	var credentials struct {
		Current string `json:"current"`
	}
	if json.Unmarshal(text, &credentials) != nil {
		return ""
	}
	return op.directory(credentials.Current)
}

// env is a variable of the engine's environment. The names are case-insensitive on Windows.
func (op *operation) env(name string) string {
	for _, variable := range slices.Backward(op.command.env) {
		key, value, _ := strings.Cut(variable, "=")
		if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// home is the user's, "" where the environment names none.
func (op *operation) home() string {
	if runtime.GOOS == "windows" {
		return op.env("USERPROFILE")
	}
	return op.env("HOME")
}

// directory is that of a file:// URL as Pulumi takes it: absolute, below the user's home or, else, the project's.
func (op *operation) directory(backend string) string {
	path, isFile := strings.CutPrefix(backend, "file://")
	if !isFile {
		return ""
	}
	path, _, _ = strings.Cut(path, "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	path = filepath.FromSlash(path)
	if rest, atHome := strings.CutPrefix(path, "~"); atHome {
		home := op.home()
		if home == "" {
			return ""
		}
		return filepath.Join(home, rest)
	}
	if !filepath.IsAbs(path) {
		return filepath.Join(op.dir, path)
	}
	return path
}
