package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// printChanges says in the model's words what an up would do.
func printChanges(out io.Writer, p automation.PreviewResult, paint paint) {
	for _, change := range p.Changes {
		if change.Resource.Incidental() {
			continue
		}
		fmt.Fprintf(out, "  %s %s%s\n", painted(change.Action, fmt.Sprintf("%-8s", change.Action), paint),
			change.Resource.Label, because(change, paint))
	}
	summary := automation.Summarize(p.Changes)
	if summary == "" {
		fmt.Fprintln(out, "Nothing to change: what is deployed is what is configured.")
		return
	}
	fmt.Fprintf(out, "\n%s\n", summary)
	if len(p.Restarts) > 0 {
		fmt.Fprintf(out, "%s, one at a time: %s\n", paint.warn("Restarts"), nodeNames(p.Cluster, p.Restarts))
	}
	for _, c := range p.CutOff {
		fmt.Fprintf(out, "%s the consumer of link %s: %s. This keeps it as it is: %s\n", paint.bad("Cuts off"), c.Link, c.Why, c.Keep)
	}
}

func painted(action automation.Action, text string, paint paint) string {
	switch action {
	case automation.ActionCreate:
		return paint.good(text)
	case automation.ActionReplace, automation.ActionDelete:
		return paint.bad(text)
	}
	return paint.warn(text)
}

// because names up to three of the properties behind an update or a replacement.
func because(change automation.Change, paint paint) string {
	const most = 3
	if len(change.Changed) == 0 {
		return ""
	}
	paths := change.Changed
	more := ""
	if len(paths) > most {
		more = fmt.Sprintf(" and %d more", len(paths)-most)
		paths = paths[:most]
	}
	return paint.faint(" (" + strings.Join(paths, ", ") + more + ")")
}

func nodeNames(cluster *kafka.Cluster, ids []int) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		node, _ := cluster.Node(id)
		names[i] = node.Name("")
	}
	return strings.Join(names, ", ")
}

// touchesExisting tells whether anything that exists changes: then the properties matter.
func touchesExisting(p automation.PreviewResult) bool {
	for _, change := range p.Changes {
		if !change.Resource.Incidental() && change.Action != automation.ActionCreate {
			return true
		}
	}
	return false
}
