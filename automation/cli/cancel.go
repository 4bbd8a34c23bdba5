package cli

import "github.com/spf13/cobra"

// cancelled is the JSON document of cancel.
type cancelled struct {
	Stack string `json:"stack"`
}

func cancel(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel",
		Short: "Release a stack whose operation has died; up releases it by itself where that is certain",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := a.mayAsk("cancel", "make sure that nobody works on the stack"); err != nil {
				return err
			}
			stack, err := a.openWithEngine(command.Context())
			if err != nil {
				return err
			}
			question := "Release " + stack.Identity.String() + "? An operation that still runs on it would be spoilt."
			if err := a.confirm(command.Context(), question); err != nil {
				return err
			}
			if err := stack.Cancel(command.Context()); err != nil {
				return err
			}
			if a.flags.json {
				return a.document(cancelled{Stack: stack.Identity.String()})
			}
			a.say("%s %s is released", a.paint(a.talk()).good("✓"), stack.Identity)
			a.say("\n%s %s finishes what was under way", a.paint(a.talk()).strong("Next:"), a.command("up"))
			return nil
		},
	}
}
