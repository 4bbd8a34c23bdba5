package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

func rehearse(a *app) *cobra.Command {
	var (
		named []string
		keep  bool
		file  string
	)
	command := &cobra.Command{
		Use:   "rehearse",
		Short: "Deploy onto a simulated cloud with real brokers, and check every port as the consumer",
		Long: `rehearse deploys the stack onto a simulated cloud in which machines boot the stack's own user-data and run
Kafka, connects a consumer's private endpoint, and checks from there that every endpoint port reaches its broker
and that records come through. It needs Linux and root, and no account. The stack itself, real or simulated, is
not touched; everything is removed at the end.` + drillsHelp(a.options.Rehearser),
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := a.rehearser()
			if err != nil {
				return err
			}
			stack, err := a.checked(command.Context())
			if err != nil {
				return err
			}
			progress := a.progress("Rehearsing " + stack.Identity.String())
			request := rehearsal.Request{Stack: stack, Drills: named, Progress: progress.take}
			if keep {
				request.Keep = func(ctx context.Context, report *rehearsal.Report) error { return a.keep(ctx, report, progress) }
			}
			report, err := r.Rehearse(command.Context(), request)
			progress.stop()
			return a.rehearsed(report, err, file, keep)
		},
	}
	f := command.Flags()
	f.StringSliceVar(&named, "drill", nil, "break or change something, too; may be given again; all: every drill")
	f.BoolVar(&keep, "keep", false, "leave everything running until interrupted, and say how to look around")
	f.StringVar(&file, "report", "", "also write the report to this file, as Markdown")
	clean := &cobra.Command{
		Use:   "clean",
		Short: "Remove what rehearsals left behind that were killed",
		Args:  noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := a.rehearser()
			if err != nil {
				return err
			}
			removed, err := r.Clean(command.Context())
			for _, name := range removed {
				a.say("removed %s", name)
			}
			if err == nil && len(removed) == 0 {
				a.say("nothing was left behind")
			}
			return err
		},
	}
	command.AddCommand(clean)
	return command
}

func drillsHelp(r rehearsal.Rehearser) string {
	if r == nil {
		return ""
	}
	text := "\n\nDrills:\n"
	for _, d := range r.Drills() {
		text += fmt.Sprintf("  %-22s %s\n", d.Name, d.Does)
	}
	return text
}

func (a *app) rehearser() (rehearsal.Rehearser, error) {
	if a.options.Rehearser == nil {
		return nil, usage("a rehearsal needs Linux: it makes network namespaces and boots hosts",
			"deploy without machines: "+a.command("up", "--simulate"))
	}
	return a.options.Rehearser, nil
}

// keep shows what was found and waits for an interrupt.
func (a *app) keep(ctx context.Context, report *rehearsal.Report, progress *progress) error {
	progress.stop()
	a.say("\n%s", report.Text())
	a.say("It goes on until you interrupt it (Ctrl-C). Meanwhile, in another terminal, as root:\n")
	for _, i := range report.Kept {
		a.say("  # %s\n  %s\n", i.Does, i.Command)
	}
	<-ctx.Done()
	return nil
}

// rehearsed prints a report. A rehearsal that was kept ends by an interrupt, and has shown its report.
func (a *app) rehearsed(report *rehearsal.Report, err error, file string, kept bool) error {
	if report == nil {
		return err
	}
	if file != "" {
		if written := os.WriteFile(file, []byte(report.Markdown()), 0o600); written != nil {
			err = errors.Join(err, fmt.Errorf("write the report: %w", written))
		}
	}
	if kept && report.Kept != nil {
		var known *automation.Error
		if errors.As(err, &known) && known.Kind == automation.KindCancelled {
			return nil
		}
		return err
	}
	if a.flags.json {
		if written := a.document(report); written != nil {
			return errors.Join(err, written)
		}
	} else if len(report.Phases) > 0 {
		fmt.Fprintf(a.options.Out, "\n%s", report.Text())
	}
	if err == nil && !report.Passed {
		err = &automation.Error{
			Kind: automation.KindResource,
			What: "the rehearsal failed", Why: report.Failure.What, Next: "the report above names the guilty hop, with evidence",
		}
	}
	if err != nil && a.flags.json {
		return errors.Join(err, errReported)
	}
	return err
}
