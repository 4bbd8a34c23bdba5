package cli

import (
	"github.com/spf13/cobra"
)

func bind(a *app) *cobra.Command {
	var link, name string
	command := &cobra.Command{
		Use:   "bind",
		Short: "Put in the unique name that a link's consumer has after it has connected, and deploy it",
		Long: `Put in the unique name that a link's consumer has only after it has connected: it goes into the stack's file, and
brokers restart one by one and advertise it. "kafkalink handoff" says when it is time.`,
		RunE: func(command *cobra.Command, _ []string) error {
			if link == "" || name == "" {
				return usage("it needs --link and --unique-name", "see kafkalink bind --help")
			}
			if err := a.mayAsk("bind --link "+link+" --unique-name "+name, "look with "+a.command("preview")); err != nil {
				return err
			}
			stack, err := a.open(command.Context())
			if err != nil {
				return err
			}
			bound, changed, err := stack.Bind(link, name)
			if err != nil {
				return err
			}
			if changed {
				a.say("%s %s", a.paint(a.talk()).good("✓"), "link "+link+" has the unique name "+name+" in the stack's file")
			}
			if err := a.check(bound); err != nil {
				return err
			}
			if stack, err = a.withEngine(command.Context(), bound); err != nil {
				return err
			}
			return a.previewAndDeploy(command.Context(), stack, false)
		},
	}
	command.Flags().StringVar(&link, "link", "", "the link's name")
	command.Flags().StringVar(&name, "unique-name", "", "as the consumer shows it")
	return command
}
