package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

func preview(a *app) *cobra.Command {
	var diff bool
	command := &cobra.Command{
		Use:   "preview",
		Short: "Show what up would create, update, replace and delete, and which brokers restart",
		RunE: func(command *cobra.Command, _ []string) error {
			stack, err := a.checked(command.Context())
			if err != nil {
				return err
			}
			result, err := a.preview(command.Context(), stack, diff)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.document(result)
			}
			a.say("\n%s %s", a.paint(a.talk()).strong("Next:"), a.command("up"))
			return nil
		},
	}
	command.Flags().BoolVar(&diff, "diff", false, "show every property of what is created, too")
	return command
}

// preview runs a preview and prints what it found: in our words, and property by property where something that exists
// changes or it is asked for.
func (a *app) preview(ctx context.Context, stack *automation.Stack, diff bool) (automation.PreviewResult, error) {
	progress := a.progress("Comparing with what is deployed")
	result, err := stack.Preview(ctx, progress.take)
	progress.stop()
	if err != nil || a.flags.json {
		return result, err
	}
	if diff || touchesExisting(result) {
		a.say("\n%s", result.Diff)
	}
	a.say("")
	printChanges(a.talk(), result, a.paint(a.talk()))
	return result, nil
}
