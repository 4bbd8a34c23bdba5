package cli

import (
	"io"

	"github.com/kafkalink/kafkalink/automation/internal/quietterm"
)

func init() { quietterm.Restore() }

// paint colours text for one stream, or leaves it as it is.
type paint struct{ on bool }

// paint is on for terminals, unless NO_COLOR is set to anything (https://no-color.org).
func (a *app) paint(stream io.Writer) paint {
	return paint{on: a.terminal(stream) && a.env("NO_COLOR") == ""}
}

func (p paint) good(text string) string   { return p.with("32", text) }
func (p paint) bad(text string) string    { return p.with("31", text) }
func (p paint) warn(text string) string   { return p.with("33", text) }
func (p paint) faint(text string) string  { return p.with("2", text) }
func (p paint) strong(text string) string { return p.with("1", text) }

func (p paint) with(code, text string) string {
	if !p.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
