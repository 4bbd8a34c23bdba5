package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

func bind(a *app) *cobra.Command {
	var link, name string
	command := &cobra.Command{
		Use:   "bind",
		Short: "Put in the unique name that a link's consumer has after it has connected, and deploy it",
		Long: `Put in the unique name that a link's consumer has only after it has connected: brokers restart one by one and
advertise it. "kafkalink handoff" says when it is time. The name goes into the stack's file when the deployment begins;
when it is declined, or cannot begin, the file stays as it is.`,
		RunE: func(command *cobra.Command, _ []string) error {
			if link == "" || name == "" {
				return usage("it needs --link and --unique-name", "see kafkalink bind --help")
			}
			if err := a.mayAsk("bind --link "+link+" --unique-name "+name, ""); err != nil {
				return err
			}
			stack, err := a.open(command.Context())
			if err != nil {
				return err
			}
			binding, err := stack.Bind(link, name)
			if err != nil {
				return err
			}
			if err := a.check(binding.Stack); err != nil {
				return err
			}
			if stack, err = a.withEngine(command.Context(), binding.Stack); err != nil {
				return err
			}
			named := "link " + link + " has the unique name " + name
			if !binding.Changed {
				a.say("%s %s already", a.paint(a.talk()).faint("·"), named)
				return a.previewAndDeploy(command.Context(), stack, false, nil)
			}
			written := false
			err = a.previewAndDeploy(command.Context(), stack, false, func() error {
				if err := binding.Write(); err != nil {
					return err
				}
				written = true
				a.say("\n%s %s in the stack's file", a.paint(a.talk()).good("✓"), named)
				return nil
			})
			var failed *automation.Error
			if written && errors.As(err, &failed) && failed.Untouched && binding.Undo() {
				a.say("%s the stack's file is as it was before: nothing was deployed", a.paint(a.talk()).faint("·"))
			}
			return err
		},
	}
	command.Flags().StringVar(&link, "link", "", "the link's name")
	command.Flags().StringVar(&name, "unique-name", "", "as the consumer shows it")
	return command
}
