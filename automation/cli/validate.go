package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// validation is the JSON document of validate.
type validation struct {
	Stack    string    `json:"stack"`
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
	Warnings []problem `json:"warnings"`
}

func validate(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Check the stack's configuration: every problem at once, nothing is contacted",
		RunE: func(command *cobra.Command, _ []string) error {
			stack, err := a.open(command.Context())
			if err != nil {
				return err
			}
			v := stack.Validate()
			err = v.Err()
			if a.flags.json {
				written := a.document(validation{
					Stack: stack.Identity.String(), Valid: err == nil,
					Problems: problems(v.Findings.Errors), Warnings: problems(v.Findings.Warnings),
				})
				if err != nil {
					return errors.Join(err, errReported)
				}
				return written
			}
			paint := a.paint(a.options.Out)
			fmt.Fprint(a.options.Out, warnings(v.Findings, paint))
			if err != nil {
				return err
			}
			a.say("%s %s is valid: %s", paint.good("✓"), stack.Identity, describe(v.Cluster))
			a.say("\n%s %s shows which port leads where; %s what would be created",
				paint.strong("Next:"), a.command("portmap"), a.command("preview"))
			return nil
		},
	}
}
