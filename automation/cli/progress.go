package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/automation"
)

// progress prints an operation's events as they come: a line when a step begins and one when it ends. On a terminal,
// only ends have lines, and a last line with a spinner tells what is under way.
type progress struct {
	mu      sync.Mutex
	say     func(string)
	paint   paint
	spinner *spinner // nil where there is no terminal
}

// progress announces the operation at once: the engine takes a moment to start.
func (a *app) progress(title string) *progress {
	p := &progress{paint: a.paint(a.talk()), say: func(line string) { a.say("%s", line) }}
	if !a.flags.nonInteractive && a.terminal(a.talk()) {
		p.spinner = newSpinner(a.talk(), title)
		return p
	}
	p.say(title)
	return p
}

// worthTelling is the shortest duration of a step that is printed.
const worthTelling = 100 * time.Millisecond

// take is the automation.Progress.
func (p *progress) take(event automation.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *automation.Step:
		p.step(e)
	case *automation.Diagnostic:
		p.diagnostic(e)
	case *automation.Phase:
		p.line(p.paint.faint("· " + e.Name))
	}
}

func (p *progress) step(s *automation.Step) {
	if s.Resource.Incidental() || s.Action == automation.ActionSame {
		return
	}
	verb := verbs[s.Action]
	switch s.State {
	case automation.StateRunning:
		if p.spinner != nil {
			p.spinner.begin(s.Resource.URN, verb.doing+" "+s.Resource.Label)
			return
		}
		p.say(p.paint.faint("· " + verb.doing + " " + s.Resource.Label))
	case automation.StateDone:
		p.end(s, p.paint.good("✓")+" "+verb.done+" "+s.Resource.Label)
	case automation.StateFailed:
		p.end(s, p.paint.bad("✗")+" "+verb.doing+" "+s.Resource.Label+" failed")
	}
}

func (p *progress) end(s *automation.Step, line string) {
	if s.Duration >= worthTelling {
		line += p.paint.faint(" (" + duration(s.Duration) + ")")
	}
	if p.spinner != nil {
		p.spinner.end(s.Resource.URN, line)
		return
	}
	p.say(line)
}

// diagnostic prints all but errors: those are the operation's own, and printed with it.
func (p *progress) diagnostic(d *automation.Diagnostic) {
	if d.Severity == automation.SeverityError {
		return
	}
	text := d.Message
	if d.Resource != nil {
		text = d.Resource.Label + ": " + text
	}
	text = strings.ReplaceAll(text, "\n", "\n  ")
	line := p.paint.faint("· " + text)
	if d.Severity == automation.SeverityWarning {
		line = p.paint.warn("! warning:") + " " + text
	}
	p.line(line)
}

// line prints a line that stays.
func (p *progress) line(line string) {
	if p.spinner != nil {
		p.spinner.line(line)
		return
	}
	p.say(line)
}

// stop ends the display; nothing is drawn after it.
func (p *progress) stop() {
	if p.spinner != nil {
		p.spinner.stop()
	}
}

var verbs = map[automation.Action]struct{ doing, done string }{
	automation.ActionCreate:  {"creating", "created"},
	automation.ActionUpdate:  {"updating", "updated"},
	automation.ActionReplace: {"replacing", "replaced"},
	automation.ActionDelete:  {"removing", "removed"},
	automation.ActionRead:    {"reading", "read"},
	automation.ActionRefresh: {"refreshing", "refreshed"},
}

// underWay is one step in the spinner's line.
type underWay struct {
	urn   string
	text  string
	began time.Time
}

func (u underWay) String() string {
	return fmt.Sprintf("%s (%s)", u.text, time.Since(u.began).Round(time.Second))
}
