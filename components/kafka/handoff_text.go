package kafka

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

const notKnownYet = "(not known yet)"

// Text is the hand-off for a terminal.
func (h HandOff) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Link %s%s: enter in TiDB Cloud\n\n", h.Link, h.phase())
	fields := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, f := range h.Fields {
		fmt.Fprintf(fields, "  %s\t%s\n", f.Field, orNotKnown(f.Value))
	}
	fields.Flush()
	for _, f := range h.Fields {
		if f.Note != "" {
			fmt.Fprintf(&text, "\n  %s: %s", f.Field, f.Note)
		}
	}
	for i, step := range h.Steps {
		fmt.Fprintf(&text, "\n  %d. %s", i+1, step)
	}
	fmt.Fprintf(&text, "\n\nPort map\n\n%s", h.PortMap.Text())
	return text.String()
}

// phase is told of links that have more than one.
func (h HandOff) phase() string {
	if h.Phases == 0 {
		return ""
	}
	return fmt.Sprintf(", phase %d of %d", h.Phase, h.Phases)
}

// Text is the port map as a table for a terminal, indented by two spaces.
func (m PortMap) Text() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  ENDPOINT PORT\tBROKER\tLISTENER\tADVERTISED")
	for _, r := range m {
		fmt.Fprintf(table, "  %d\t%d\t%s:%d\t%s:%d\n", r.EndpointPort, r.NodeID, r.Listener, r.ListenerPort, r.AdvertisedHost, r.EndpointPort)
	}
	table.Flush()
	return text.String()
}

// Markdown is the hand-off for a page or a ticket.
func (h HandOff) Markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "## Link `%s`%s\n\n| Field in TiDB Cloud | Value | Note |\n|---|---|---|\n", h.Link, h.phase())
	for _, f := range h.Fields {
		fmt.Fprintf(&text, "| %s | `%s` | %s |\n", cell(f.Field), cell(orNotKnown(f.Value)), markdownNote(f.Note))
	}
	if len(h.Steps) > 0 {
		text.WriteString("\n")
	}
	for i, step := range h.Steps {
		fmt.Fprintf(&text, "%d. %s\n", i+1, step)
	}
	text.WriteString("\n| Endpoint port | Broker | Listener | Advertised |\n|---|---|---|---|\n")
	for _, r := range h.PortMap {
		fmt.Fprintf(&text, "| %d | %d | `%s:%d` | `%s:%d` |\n", r.EndpointPort, r.NodeID, r.Listener, r.ListenerPort, r.AdvertisedHost, r.EndpointPort)
	}
	return text.String()
}

func orNotKnown(value string) string {
	if value == "" {
		return notKnownYet
	}
	return value
}

// cell keeps a value inside its cell.
func cell(value string) string { return strings.ReplaceAll(oneLine(value), "|", `\|`) }

// markdownNote keeps <broker_id> from being taken for HTML.
func markdownNote(note string) string {
	return strings.NewReplacer("<", `\<`, ">", `\>`).Replace(cell(note))
}
