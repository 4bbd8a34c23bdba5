package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

// destroyed is the JSON document of destroy.
type destroyed struct {
	automation.DestroyPlan
	Seconds float64 `json:"seconds"`
}

func destroy(a *app) *cobra.Command {
	var options automation.DestroyOptions
	command := &cobra.Command{
		Use:   "destroy",
		Short: "Remove everything but the data disks and what holds them",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := a.mayAsk("destroy", "look with "+a.command("outputs")); err != nil {
				return err
			}
			ctx := command.Context()
			stack, err := a.openWithEngine(ctx)
			if err != nil {
				return err
			}
			a.say("Reading what is deployed in %s", stack.Identity)
			plan, err := stack.PlanDestroy(ctx, options)
			if err != nil {
				return err
			}
			printDestroyPlan(a.talk(), plan, a.paint(a.talk()))
			if len(plan.Remove) == 0 && len(plan.CutOff) == 0 {
				return a.nothingToRemove(plan)
			}
			if err := a.confirm(ctx, destroyQuestion(options)); err != nil {
				return err
			}
			return a.destroy(ctx, stack, options)
		},
	}
	command.Flags().BoolVar(&options.DeleteData, "delete-data", false, "also remove the data disks: nothing remains")
	return command
}

func (a *app) nothingToRemove(plan automation.DestroyPlan) error {
	if a.flags.json {
		return a.document(destroyed{DestroyPlan: plan})
	}
	return nil
}

func destroyQuestion(options automation.DestroyOptions) string {
	if options.DeleteData {
		return "Remove all of this, Kafka's data included?"
	}
	return "Remove this?"
}

func (a *app) destroy(ctx context.Context, stack *automation.Stack, options automation.DestroyOptions) error {
	progress := a.progress("Removing")
	result, err := stack.Destroy(ctx, options, progress.take)
	progress.stop()
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.document(destroyed{DestroyPlan: result.Plan, Seconds: result.Duration.Seconds()})
	}
	paint := a.paint(a.talk())
	if len(result.Plan.Keep) == 0 {
		a.say("%s %s is removed (%s)", paint.good("✓"), stack.Identity, duration(result.Duration))
	} else {
		a.say("%s %s is removed, its data is kept (%s)", paint.good("✓"), stack.Identity, duration(result.Duration))
		a.say("\n%s %s uses the kept disks again; %s removes them",
			paint.strong("Next:"), a.command("up"), a.command("destroy", "--delete-data"))
	}
	return nil
}

func printDestroyPlan(out io.Writer, plan automation.DestroyPlan, paint paint) {
	remove := slices.DeleteFunc(slices.Clone(plan.Remove), automation.Resource.Incidental)
	keep := slices.DeleteFunc(slices.Clone(plan.Keep), automation.Resource.Incidental)
	slices.SortStableFunc(keep, func(a, b automation.Resource) int { return strings.Compare(a.Label, b.Label) })
	if len(remove) == 0 && len(plan.CutOff) == 0 {
		fmt.Fprintln(out, "Nothing to remove.")
	} else if len(remove) > 0 {
		fmt.Fprintf(out, "\n%s\n", paint.bad("Removes"))
	}
	for _, r := range slices.Backward(remove) {
		note := ""
		if slices.Contains(plan.Protected, r) {
			note = paint.warn(" (protected: its protection is lifted)")
		}
		fmt.Fprintf(out, "  %s%s\n", r.Label, note)
	}
	if len(keep) > 0 {
		fmt.Fprintf(out, "\n%s\n", paint.good("Keeps"))
		for _, r := range keep {
			fmt.Fprintf(out, "  %s\n", r.Label)
		}
	}
	if len(plan.CutOff) > 0 {
		fmt.Fprintf(out, "\n%s\n", paint.warn("Was being created when an operation was killed: is looked up first, then treated like the others"))
		for _, r := range plan.CutOff {
			fmt.Fprintf(out, "  %s\n", r.Label)
		}
	}
	fmt.Fprintln(out)
}
