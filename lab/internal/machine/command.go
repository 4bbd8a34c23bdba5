//go:build linux

package machine

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Where Azure's agent keeps scripts and what they said.
const commands = "/var/lib/waagent/run-command/download"

// Of a script's output, more than this is cut off at the beginning; Azure keeps far less.
const outputLimit = 4 << 20

//go:embed command.sh
var runner string

// Command runs a script as the cloud's agent does: as root, as a unit of the host's own systemd, from a file of the
// host. Parameters are environment variables. An exit code other than 0 is no error. The script outlives its caller:
// when ctx ends, Command returns ctx's error and the script goes on. A host that is down, or goes down meanwhile, is
// ErrDown.
func (h *Host) Command(ctx context.Context, script string, parameters map[string]string) (Result, error) {
	leader := h.Leader()
	if leader == 0 {
		return Result{}, fmt.Errorf("host %s: %w", h.spec.Name, ErrDown)
	}
	id := strings.ToLower(rand.Text())
	dir := path.Join(commands, id)
	if err := writeCommand(inHost(leader, dir), script); err != nil {
		return Result{}, h.downOr(leader, fmt.Errorf("write a command onto host %s: %w", h.spec.Name, err))
	}
	arguments := []string{
		"systemd-run", "--quiet", "--wait", "--collect", "--unit=run-command-" + id,
		// What a script leaves running goes on; and pipes end as they do under an agent.
		"--property=KillMode=process", "--property=IgnoreSIGPIPE=no",
	}
	options := len(arguments)
	for name, value := range parameters {
		arguments = append(arguments, "--setenv="+name+"="+value)
	}
	slices.Sort(arguments[options:])
	said, err := h.Exec(ctx, append(arguments, path.Join(dir, "run"))...)
	if err != nil {
		return Result{}, err
	}
	result, err := readCommand(inHost(leader, dir))
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("host %s: the command was stopped before it ended: %s", h.spec.Name, strings.TrimSpace(said.Stderr))
	}
	if err != nil {
		return Result{}, h.downOr(leader, err)
	}
	return result, nil
}

func writeCommand(dir, script string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(path.Join(dir, "script"), []byte(script), 0o700),
		os.WriteFile(path.Join(dir, "run"), []byte(runner), 0o700),
	)
}

func readCommand(dir string) (Result, error) {
	exit, err := os.ReadFile(path.Join(dir, "exit"))
	if err != nil {
		return Result{}, err
	}
	var result Result
	if result.ExitCode, err = strconv.Atoi(strings.TrimSpace(string(exit))); err != nil {
		return Result{}, err
	}
	if result.Stdout, err = readTail(path.Join(dir, "stdout"), outputLimit); err != nil {
		return Result{}, err
	}
	result.Stderr, err = readTail(path.Join(dir, "stderr"), outputLimit)
	return result, err
}
