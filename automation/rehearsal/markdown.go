package rehearsal

import (
	"fmt"
	"strings"
)

// Markdown is the report for a pull request or a file.
func (r *Report) Markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Rehearsal of `%s` on %s: %s\n\nBegan %s.\n\n", r.Stack, r.Cloud, verdict(r.Passed), r.Began.Format("2006-01-02 15:04:05 MST"))
	text.WriteString("| | Phase | Seconds | |\n|---|---|---:|---|\n")
	for _, p := range r.Phases {
		fmt.Fprintf(&text, "| %s | %s | %.1f | %s |\n", tick(p.Passed), p.Name, p.Seconds, cell(p.Detail))
	}
	for _, d := range r.Drills {
		fmt.Fprintf(&text, "| %s | drill %s | %.1f | %s |\n", tick(d.Passed), d.Name, d.Seconds, cell(d.Found))
	}
	for _, l := range r.Links {
		fmt.Fprintf(&text, "\n## Link %s\n\nPrivate endpoint `%s` of `%s`. %s\n\n", l.Name, l.Endpoint, l.Service, l.Records)
		text.WriteString("| Port | Broker | Reached | Advertises |\n|---:|---:|---|---|\n")
		for _, p := range l.Ports {
			fmt.Fprintf(&text, "| %d | %d | %s | %s |\n", p.Port, p.Wanted, cell(p.reached()), cell(p.advertised()))
		}
	}
	if f := r.Failure; f != nil {
		fmt.Fprintf(&text, "\n## Failed\n\n%s\n", f.What)
		if f.Guilty != "" {
			fmt.Fprintf(&text, "\nGuilty: **%s**\n", f.Guilty)
		}
		fmt.Fprintf(&text, "\n```\n%s\n```\n", strings.Join(f.Evidence, "\n"))
	}
	if len(r.Unmodelled) > 0 {
		fmt.Fprintf(&text, "\n## Not imitated\n\n- %s\n", strings.Join(r.Unmodelled, "\n- "))
	}
	fmt.Fprintf(&text, "\nMemory, at most: %d MiB. Hosts ran %s.\n", r.MemoryMiB, strings.Join(r.Software, "; "))
	return text.String()
}

// cell keeps a text inside a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", "<br>").Replace(text)
}
