package host

import (
	"fmt"
	"strings"
)

// shellFile is a file of assignments that bash sources, in the order they were made.
type shellFile struct{ text strings.Builder }

func (f *shellFile) comment(text string)       { fmt.Fprintf(&f.text, "# %s\n", text) }
func (f *shellFile) set(name, value string)    { fmt.Fprintf(&f.text, "%s=%s\n", name, shellQuote(value)) }
func (f *shellFile) number(name string, n int) { fmt.Fprintf(&f.text, "%s=%d\n", name, n) }

func (f *shellFile) flag(name string, on bool) {
	value := 0
	if on {
		value = 1
	}
	f.number(name, value)
}

// list writes an array, an element a line.
func (f *shellFile) list(name string, values []string) {
	fmt.Fprintf(&f.text, "%s=(\n", name)
	for _, v := range values {
		fmt.Fprintf(&f.text, "  %s\n", shellQuote(v))
	}
	f.text.WriteString(")\n")
}

func (f *shellFile) String() string { return f.text.String() }

// shellQuote makes any text one literal word of a shell.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
