package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/kafkalink/kafkalink/automation"
)

// app is one invocation of the command.
type app struct {
	options Options
	flags   flags
}

// flags are those every command has.
type flags struct {
	simulate       bool
	stack          string
	yes            bool
	json           bool
	nonInteractive bool
	dir            string
}

func newApp(options Options) *app { return &app{options: options} }

// talk is where progress and remarks go: with --json the output stream is for the document alone.
func (a *app) talk() io.Writer {
	if a.flags.json {
		return a.options.Err
	}
	return a.options.Out
}

// say prints a line of progress or a remark.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.talk(), format+"\n", args...) }

func (a *app) env(name string) string { return lookUp(a.options.Env, name, runtime.GOOS == "windows") }

// lookUp is a variable's value, of several the last. The names are case-insensitive on Windows, where PATH is "Path".
func lookUp(env []string, name string, foldCase bool) string {
	for _, variable := range slices.Backward(env) {
		key, value, _ := strings.Cut(variable, "=")
		if key == name || foldCase && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// open reads the stack's files. No process is started, unless the stack takes values from Pulumi ESC.
func (a *app) open(ctx context.Context) (*automation.Stack, error) {
	stack, err := automation.Open(a.stackOptions())
	if !errors.Is(err, automation.ErrEnvironment) {
		return stack, err
	}
	options := a.stackOptions()
	if options.Engine, err = automation.FindEngine(ctx, a.engineSearch()); err != nil {
		return nil, err
	}
	return automation.OpenResolved(ctx, options)
}

// openWithEngine also finds the Pulumi CLI.
func (a *app) openWithEngine(ctx context.Context) (*automation.Stack, error) {
	stack, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	return a.withEngine(ctx, stack)
}

func (a *app) withEngine(ctx context.Context, stack *automation.Stack) (*automation.Stack, error) {
	engine, err := automation.FindEngine(ctx, a.engineSearch())
	if err != nil {
		return nil, err
	}
	return stack.WithEngine(engine), nil
}

func (a *app) stackOptions() automation.Options {
	options := automation.Options{
		Dir:      a.flags.dir,
		Stack:    a.flags.stack,
		Programs: a.options.Programs,
		Env:      a.options.Env,
		Kill:     a.options.kill,
		Command:  a.command,
	}
	if options.Stack == "" {
		options.Stack = a.env("PULUMI_STACK")
	}
	if a.flags.simulate {
		options.Simulate = a.options.Simulate
	}
	return options
}

func (a *app) engineSearch() automation.EngineSearch {
	search := automation.EngineSearch{
		Given: a.env("KAFKALINK_PULUMI"),
		Path:  a.env("PATH"),
		Env:   a.options.Env,
	}
	if a.options.Executable != "" {
		search.Local = append(search.Local, filepath.Join(filepath.Dir(a.options.Executable), "pulumi"))
	}
	search.Local = append(search.Local, filepath.Join(a.flags.dir, "bin", "pulumi"))
	return search
}

// command is a kafkalink command to type next, on the same stack.
func (a *app) command(words ...string) string {
	words = append([]string{"kafkalink"}, words...)
	if a.flags.simulate {
		words = append(words, "--simulate")
	}
	if a.flags.stack != "" {
		words = append(words, "--stack", a.flags.stack)
	}
	if a.flags.dir != "." {
		words = append(words, "--cwd", a.flags.dir)
	}
	return strings.Join(words, " ")
}

// terminal tells whether a stream is a terminal that a person looks at.
func (a *app) terminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && a.env("TERM") != "dumb"
}

// interactive tells whether somebody can be asked.
func (a *app) interactive() bool {
	return !a.flags.nonInteractive && !a.flags.json && a.terminal(a.options.In) && a.terminal(a.options.Out)
}
