// Package quietterm keeps a library from questioning the terminal before main begins.
//
// Pulumi's SDK imports bubbletea (v1), which in its init asks the terminal for its background colour and waits up to five
// seconds for an answer that many terminals (of CI, of scripts, over slow links) never give, and which may turn
// up in what the user types. It does not ask a terminal it takes for dumb. Go initializes packages in the order of their
// import paths as far as their own imports allow (language specification, "Program initialization"), so this one, which
// imports nearly nothing, comes before github.com/muesli/termenv and all that imports it.
package quietterm

import "os"

var term, set = os.LookupEnv("TERM")

func init() { _ = os.Setenv("TERM", "dumb") }

// Restore sets TERM back to what it was. It is to be called from an init of a package that imports Pulumi's SDK.
func Restore() {
	if set {
		_ = os.Setenv("TERM", term)
	} else {
		_ = os.Unsetenv("TERM")
	}
}
