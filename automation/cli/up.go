package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

// deployed is the JSON document of up.
type deployed struct {
	automation.UpResult
	Seconds float64 `json:"seconds"`
}

func up(a *app) *cobra.Command {
	var diff bool
	command := &cobra.Command{
		Use:   "up",
		Short: "Deploy: preview, ask, apply, then print the hand-off",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := a.mayAsk("up", "look with "+a.command("preview")); err != nil {
				return err
			}
			stack, err := a.checked(command.Context())
			if err != nil {
				return err
			}
			return a.previewAndDeploy(command.Context(), stack, diff, nil)
		},
	}
	command.Flags().BoolVar(&diff, "diff", false, "show every property of what is created, too")
	return command
}

// previewAndDeploy shows what a deployment would do, asks, and does it. What there is to do in between, once it is agreed
// to, may be nil.
func (a *app) previewAndDeploy(ctx context.Context, stack *automation.Stack, diff bool, agreed func() error) error {
	preview, err := a.preview(ctx, stack, diff)
	if err != nil {
		return err
	}
	title := "Deploying"
	if slices.ContainsFunc(preview.Changes, func(c automation.Change) bool { return !c.Resource.Incidental() }) {
		err = a.confirm(ctx, "Deploy this?")
	} else {
		// The outputs may still differ: they are written by the program, not compared by a preview.
		title = "Updating the outputs"
	}
	if err == nil && agreed != nil {
		err = agreed()
	}
	if err != nil {
		return err
	}
	return a.deploy(ctx, stack, title)
}

func (a *app) deploy(ctx context.Context, stack *automation.Stack, title string) error {
	a.say("")
	progress := a.progress(title)
	result, err := stack.Up(ctx, progress.take)
	progress.stop()
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.document(deployed{UpResult: result, Seconds: result.Duration.Seconds()})
	}
	paint := a.paint(a.talk())
	a.say("%s %s is deployed%s (%s)\n", paint.good("✓"), stack.Identity, unchanged(result), duration(result.Duration))
	printHandOffs(a.options.Out, result.Outputs, "text")
	a.say("\n%s enter this at the consumer's; %s prints it again", paint.strong("Next:"), a.command("handoff"))
	if stack.Simulated() {
		a.say("      %s removes the rehearsal", a.command("destroy"))
	}
	return nil
}

// unchanged says so when an up found nothing to do.
func unchanged(result automation.UpResult) string {
	for action, count := range result.Changes {
		if action != automation.ActionSame && count > 0 {
			return ""
		}
	}
	return ", unchanged"
}

// duration to a tenth of a second below a minute, to a second above.
func duration(d time.Duration) string {
	if d < time.Minute {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
