package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

// refreshed is the JSON document of refresh.
type refreshed struct {
	automation.RefreshResult
	Taken   bool    `json:"taken"` // the state now says what the cloud has
	Seconds float64 `json:"seconds"`
}

func refresh(a *app) *cobra.Command {
	var previewOnly bool
	command := &cobra.Command{
		Use:   "refresh",
		Short: "Show what differs in the cloud from the stack's state, ask, take it into the state",
		RunE: func(command *cobra.Command, _ []string) error {
			if !previewOnly {
				if err := a.mayAsk("refresh", "look with "+a.command("refresh", "--preview-only")); err != nil {
					return err
				}
			}
			ctx := command.Context()
			stack, err := a.openWithEngine(ctx)
			if err != nil {
				return err
			}
			progress := a.progress("Comparing the cloud with " + stack.Identity.String())
			result, err := stack.PlanRefresh(ctx, progress.take)
			progress.stop()
			if err != nil {
				return err
			}
			a.say("")
			printDrift(a.talk(), result.Drift, a.paint(a.talk()))
			taken := false
			if len(result.Drift) > 0 && !previewOnly {
				if err := a.confirm(ctx, "Take this into the state? The cloud is not touched."); err != nil {
					return err
				}
				progress := a.progress("Taking it into the state")
				result, err = stack.Refresh(ctx, progress.take)
				progress.stop()
				if err != nil {
					return err
				}
				taken = true
			}
			if a.flags.json {
				return a.document(refreshed{RefreshResult: result, Taken: taken, Seconds: result.Duration.Seconds()})
			}
			if len(result.Drift) > 0 {
				a.say("\n%s %s takes the cloud back to what is configured", a.paint(a.talk()).strong("Next:"), a.command("up"))
			}
			return nil
		},
	}
	command.Flags().BoolVar(&previewOnly, "preview-only", false, "only show what differs")
	return command
}

func printDrift(out io.Writer, drift []automation.Drift, paint paint) {
	if len(drift) == 0 {
		fmt.Fprintln(out, "Nothing differs: the cloud has what the state says.")
		return
	}
	for _, d := range drift {
		if d.Gone {
			fmt.Fprintf(out, "  %s %s\n", paint.bad("gone   "), d.Resource.Label)
			continue
		}
		fmt.Fprintf(out, "  %s %s\n", paint.warn("differs"), d.Resource.Label)
		for _, p := range d.Properties {
			in := ""
			if p.In != "" {
				in = p.In + ": "
			}
			fmt.Fprintf(out, "            %s%s: %s in the state, %s in the cloud\n", in, p.Path, value(p.State), value(p.Cloud))
		}
	}
}

// value of a property, short enough for a line.
func value(v any) string {
	if v == nil {
		return "nothing"
	}
	const most = 80
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if runes := []rune(string(text)); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(text)
}
