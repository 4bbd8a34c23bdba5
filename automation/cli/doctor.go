package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

// examined is the JSON document of doctor.
type examined struct {
	Ready bool   `json:"ready"` // nothing is missing
	Areas []area `json:"areas"`
}

// area is a group of checks.
type area struct {
	Name   string             `json:"name"`
	Checks []automation.Check `json:"checks"`
}

func doctor(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is missing before up: on this machine, in the stack, in the cloud's permissions and quotas",
		Long: `doctor looks at this machine, at the stack's configuration, backend and plan, and asks the cloud, with the
credentials that up would use, whether it will take the plan: permissions, quotas, sizes and images. Of what is
missing it says how to get it. Nothing is deployed.`,
		RunE: func(command *cobra.Command, _ []string) error {
			e, err := a.examine(command.Context())
			if err != nil {
				return err
			}
			if a.flags.json {
				if err := a.document(e); err != nil {
					return err
				}
			}
			if e.Ready {
				a.say("\n%s Nothing is missing. %s %s", a.paint(a.talk()).good("✓"), a.paint(a.talk()).strong("Next:"), a.command("up"))
				return nil
			}
			missing, count := e.count()
			err = &automation.Error{
				What: fmt.Sprintf("%d of %d checks found something missing", missing, count),
				Next: "get what is said above, then " + a.command("doctor"),
			}
			if a.flags.json {
				err = errors.Join(err, errReported)
			}
			return err
		},
	}
}

// examine looks at everything, and prints each area when it is known.
func (a *app) examine(ctx context.Context) (examined, error) {
	e := examined{Ready: true}
	add := func(name string, checks []automation.Check) {
		if len(checks) == 0 {
			return
		}
		e.Areas = append(e.Areas, area{Name: name, Checks: checks})
		e.Ready = e.Ready && !slices.ContainsFunc(checks, func(c automation.Check) bool { return c.Missing })
		a.printChecks(name, checks)
	}
	engine, unusable := automation.FindEngine(ctx, a.engineSearch())
	if err := ctx.Err(); err != nil {
		return e, &automation.Error{Kind: automation.KindCancelled, Err: err, What: "interrupted before anything was done"}
	}
	add("This machine", a.examineMachine(engine, unusable))
	stack, err := a.open(ctx)
	if ctx.Err() != nil {
		return e, err
	}
	if err != nil {
		add("Stack", []automation.Check{asCheck("project", err)})
		return e, nil
	}
	if engine == nil {
		add("Stack "+stack.Identity.String(), []automation.Check{stack.ExamineConfiguration()})
		return e, nil
	}
	progress := a.progress("Looking at " + stack.Identity.String())
	found, err := stack.WithEngine(engine).Examine(ctx, progress.take)
	progress.stop()
	if err != nil {
		return e, err
	}
	add("Stack "+stack.Identity.String(), found.Stack)
	add("Cloud "+stack.Program.Cloud, found.Cloud)
	return e, nil
}

func (e examined) count() (missing, count int) {
	for _, area := range e.Areas {
		for _, c := range area.Checks {
			count++
			if c.Missing {
				missing++
			}
		}
	}
	return missing, count
}

// asCheck is an error as what is missing.
func asCheck(subject string, err error) automation.Check {
	check := automation.Check{Subject: subject, Missing: true, Detail: err.Error()}
	var known *automation.Error
	if errors.As(err, &known) {
		check.Detail, check.Next = known.What, known.Next
		if known.Why != "" {
			check.Detail += ": " + known.Why
		}
	}
	return check
}

func (a *app) examineMachine(engine *automation.Engine, unusable error) []automation.Check {
	cli := automation.Check{Subject: "Pulumi CLI"}
	if unusable != nil {
		cli = asCheck(cli.Subject, unusable)
	} else {
		cli.Detail = fmt.Sprintf("v%s, %s", engine.Version, engine.Path)
	}
	return []automation.Check{cli, a.examinePlain(engine), a.examineRehearsal()}
}

// examinePlain looks for what `pulumi up` takes beside: kafkalink itself does without.
func (a *app) examinePlain(engine *automation.Engine) automation.Check {
	check := automation.Check{Subject: "plain pulumi", Detail: "can run the project, too"}
	dirs := filepath.SplitList(a.env("PATH"))
	var lacking []string
	if !present("go", dirs) {
		lacking = append(lacking, "go")
	}
	if engine != nil {
		dirs = append(dirs, filepath.Dir(engine.Path))
	}
	if !present("pulumi-language-go", dirs) {
		lacking = append(lacking, "pulumi-language-go")
	}
	if len(lacking) > 0 {
		check.Detail = "cannot run the project, without " + strings.Join(lacking, " and ") + "; kafkalink can"
		check.Next = "only for that: install Go (https://go.dev/dl/) and the whole of Pulumi (https://www.pulumi.com/docs/install/)"
	}
	return check
}

func present(name string, dirs []string) bool {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, dir := range dirs {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func (a *app) examineRehearsal() automation.Check {
	check := automation.Check{Subject: "rehearsals", Detail: "can run here"}
	if a.options.Rehearser == nil {
		check.Detail, check.Next = "cannot run here", "only for them: a Linux machine"
	} else if err := a.options.Rehearser.Possible(); err != nil {
		check.Detail, check.Next = "cannot run here", "only for them: "+err.Error()
	}
	return check
}

func (a *app) printChecks(name string, checks []automation.Check) {
	paint := a.paint(a.talk())
	a.say("%s", paint.strong(name))
	for _, c := range checks {
		mark := paint.good("✓")
		switch {
		case c.Missing:
			mark = paint.bad("✗")
		case c.Next != "":
			mark = paint.warn("·")
		}
		a.say("  %s %s: %s", mark, c.Subject, strings.ReplaceAll(c.Detail, "\n", "\n      "))
		if c.Next != "" {
			a.say("      %s %s", paint.faint("→"), c.Next)
		}
	}
}
