package automation

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3"
)

// Engine is a Pulumi CLI that was found usable.
type Engine struct {
	Path    string
	Version semver.Version
}

// EngineSearch says where a Pulumi CLI may be.
type EngineSearch struct {
	Given string   // an exact path (KAFKALINK_PULUMI): used or refused, no other is tried
	Path  string   // the value of PATH
	Local []string // further paths, tried in order when PATH has none that is new enough
	Env   []string // environment of `pulumi version`
}

// FindEngine returns the first usable CLI: at least the version of the SDK this is built with, and of its major.
func FindEngine(ctx context.Context, search EngineSearch) (*Engine, error) {
	var refused []string
	for _, path := range search.candidates() {
		engine, err := tryEngine(ctx, path, search.Env)
		if err == nil {
			return engine, nil
		}
		refused = append(refused, err.Error())
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{Kind: KindCancelled, Err: err, What: "interrupted before anything was done"}
	}
	next := fmt.Sprintf("install Pulumi v%s or newer (https://www.pulumi.com/docs/install/), or run "+
		"`make bin/pulumi` in kafkalink's repository", sdk.Version)
	if search.Given != "" {
		next += "; or unset KAFKALINK_PULUMI"
	}
	why := "none is on PATH"
	if len(refused) > 0 {
		why = strings.Join(refused, "; ")
	}
	return nil, &Error{Kind: KindEngine, What: "no usable Pulumi CLI", Why: why, Next: next}
}

func (search EngineSearch) candidates() []string {
	if search.Given != "" {
		return []string{search.Given}
	}
	var paths []string
	for _, dir := range filepath.SplitList(search.Path) {
		if dir != "" {
			paths = append(paths, filepath.Join(dir, executable("pulumi")))
		}
	}
	for _, path := range search.Local {
		paths = append(paths, executable(path))
	}
	var present []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			present = append(present, path)
		}
	}
	return present
}

func executable(path string) string {
	if runtime.GOOS == "windows" && filepath.Ext(path) == "" {
		return path + ".exe"
	}
	return path
}

func tryEngine(ctx context.Context, path string, env []string) (*Engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, path, "version")
	command.Env = engineEnvironment(env, true)
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: `pulumi version` failed: %w", path, err)
	}
	text := strings.TrimSpace(string(out))
	version, err := semver.ParseTolerant(text)
	if err != nil {
		return nil, fmt.Errorf("%s: `pulumi version` answers %q", path, text)
	}
	if version.Major != sdk.Version.Major || version.LT(sdk.Version) {
		return nil, fmt.Errorf("%s is v%s; v%s or newer of v%d is needed", path, version, sdk.Version, sdk.Version.Major)
	}
	return &Engine{Path: path, Version: version}, nil
}
