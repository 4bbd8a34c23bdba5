package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// spinner keeps one line at the end of a terminal, below the lines that stay.
type spinner struct {
	mu    sync.Mutex
	out   io.Writer
	title string
	began time.Time
	steps []underWay
	frame int

	done  chan struct{}
	drawn chan struct{}
}

var frames = []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")

const (
	frameTime   = 100 * time.Millisecond
	clearLine   = "\r\x1b[K"
	defaultCols = 80
)

func newSpinner(out io.Writer, title string) *spinner {
	s := &spinner{out: out, title: title, began: time.Now(), done: make(chan struct{}), drawn: make(chan struct{})}
	s.draw()
	go s.turn()
	return s
}

func (s *spinner) turn() {
	defer close(s.drawn)
	ticks := time.NewTicker(frameTime)
	defer ticks.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticks.C:
			s.mu.Lock()
			s.frame++
			s.draw()
			s.mu.Unlock()
		}
	}
}

func (s *spinner) begin(urn, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, underWay{urn: urn, text: text, began: time.Now()})
	s.draw()
}

// end replaces a step by a line that stays.
func (s *spinner) end(urn, line string) {
	s.mu.Lock()
	s.steps = slices.DeleteFunc(s.steps, func(u underWay) bool { return u.urn == urn })
	s.mu.Unlock()
	s.line(line)
}

func (s *spinner) line(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprint(s.out, clearLine, line, "\n")
	s.draw()
}

// draw needs the lock. The longest-running steps come first, as far as the line is wide.
func (s *spinner) draw() {
	text := underWay{text: s.title, began: s.began}.String()
	if len(s.steps) > 0 {
		parts := make([]string, len(s.steps))
		for i, step := range s.steps {
			parts[i] = step.String()
		}
		text = strings.Join(parts, ", ")
	}
	text = string(frames[s.frame%len(frames)]) + " " + text
	if runes, width := []rune(text), s.width()-1; len(runes) > width {
		text = string(runes[:width-1]) + "…"
	}
	fmt.Fprint(s.out, clearLine, text)
}

func (s *spinner) width() int {
	if file, ok := s.out.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 2 {
			return columns
		}
	}
	return defaultCols
}

func (s *spinner) stop() {
	close(s.done)
	<-s.drawn
	fmt.Fprint(s.out, clearLine)
}
