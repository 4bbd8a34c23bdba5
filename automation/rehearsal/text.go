package rehearsal

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Text is the report for a terminal, without colours.
func (r *Report) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Rehearsal of %s on %s: %s\n\n", r.Stack, r.Cloud, verdict(r.Passed))
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, p := range r.Phases {
		fmt.Fprintf(table, "  %s %s\t%.1f s\n", tick(p.Passed), p.Name, p.Seconds)
	}
	for _, d := range r.Drills {
		fmt.Fprintf(table, "  %s drill %s\t%.1f s\n", tick(d.Passed), d.Name, d.Seconds)
	}
	_ = table.Flush() // into memory
	for _, l := range r.Links {
		fmt.Fprintf(&text, "\nLink %s, through the private endpoint %s:\n\n", l.Name, l.Endpoint)
		table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "  PORT\tBROKER\tREACHED\tADVERTISES")
		for _, p := range l.Ports {
			fmt.Fprintf(table, "  %d\t%d\t%s\t%s\n", p.Port, p.Wanted, p.reached(), p.advertised())
		}
		_ = table.Flush() // into memory
		fmt.Fprintf(&text, "\n  %s\n", l.Records)
	}
	if len(r.Drills) > 0 {
		fmt.Fprintln(&text, "\nDrills:")
		for _, d := range r.Drills {
			fmt.Fprintf(&text, "  %s %s: %s\n", tick(d.Passed), d.Name, d.Found)
		}
	}
	if f := r.Failure; f != nil {
		fmt.Fprintf(&text, "\nFailed: %s\n", f.What)
		if f.Guilty != "" {
			fmt.Fprintf(&text, "\nGuilty: %s\n", f.Guilty)
		}
		for _, e := range f.Evidence {
			fmt.Fprintf(&text, "  %s\n", strings.ReplaceAll(e, "\n", "\n    "))
		}
	}
	if len(r.Unmodelled) > 0 {
		fmt.Fprintln(&text, "\nNot imitated:")
		for _, u := range r.Unmodelled {
			fmt.Fprintf(&text, "  %s\n", u)
		}
	}
	fmt.Fprintf(&text, "\nMemory, at most: %d MiB. Hosts ran %s\n", r.MemoryMiB, strings.Join(r.Software, "; "))
	return text.String()
}

func verdict(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

func tick(passed bool) string {
	if passed {
		return "✓"
	}
	return "✗"
}

func (p Port) reached() string {
	switch {
	case p.Error != "":
		return "none: " + p.Error
	case p.Reached == 0:
		return "none"
	case p.Reached != p.Wanted:
		return fmt.Sprintf("%d, which is wrong", p.Reached)
	}
	return fmt.Sprint(p.Reached)
}

func (p Port) advertised() string {
	if p.Advertised == "" {
		return "-"
	}
	return p.Advertised
}

// String is a sentence about records.
func (c Counts) String() string {
	if c.Produced == 0 {
		return "No record was written."
	}
	return fmt.Sprintf("%d records written to %d partitions, %d acknowledged by all replicas in sync, %d read back equal.",
		c.Produced, c.Partitions, c.Acknowledged, c.Read)
}
