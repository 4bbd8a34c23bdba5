package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/automation"
)

// mayAsk refuses, before anything is done, what would have to ask where nobody can answer. Look says how to see without
// changing, if that can be seen.
func (a *app) mayAsk(command, look string) error {
	if a.flags.yes || a.interactive() {
		return nil
	}
	next := "run " + a.command(command, "--yes")
	if look != "" {
		next = look + ", then " + next
	}
	return usage("it asks before it changes anything, and there is no terminal to ask on", next)
}

// confirm asks, unless --yes.
func (a *app) confirm(ctx context.Context, question string) error {
	if a.flags.yes {
		return nil
	}
	fmt.Fprintf(a.talk(), "\n%s [y/N] ", a.paint(a.talk()).strong(question))
	answers := make(chan string, 1)
	go func() {
		// Reading a terminal cannot be interrupted; the process ends soon after.
		line, _ := bufio.NewReader(a.options.In).ReadString('\n')
		answers <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-answers:
		if answer == "y" || answer == "yes" {
			return nil
		}
		return declined(nil)
	case <-ctx.Done():
		return declined(ctx.Err())
	}
}

func declined(err error) error {
	return &automation.Error{Kind: automation.KindCancelled, Err: err, What: "declined: nothing was changed"}
}
