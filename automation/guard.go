package automation

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// guard runs a program and keeps how it failed: the engine wraps the program's error in its own words, and the Automation
// API reports of a panic only the value (pulumi issue 17255).
type guard struct {
	mu    sync.Mutex
	err   error
	stack string // of a panic, from where it was
}

// around is the program with its panics turned into errors. Panics in goroutines of the program's own, which
// includes ApplyT callbacks, cannot be caught here.
func (g *guard) around(run pulumi.RunFunc) pulumi.RunFunc {
	return func(ctx *pulumi.Context) (err error) {
		defer func() {
			stack := ""
			if value := recover(); value != nil {
				err = fmt.Errorf("the program panicked: %v", value)
				stack = fromPanic(string(debug.Stack()))
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			g.err, g.stack = err, stack
		}()
		return run(ctx)
	}
}

// failure is how the program failed: a stack if it panicked, and nil if it did not fail.
func (g *guard) failure() (stack string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stack, g.err
}

// fromPanic cuts the frames of the recovery off the top of a stack, so that it begins where the panic was.
func fromPanic(stack string) string {
	lines := strings.Split(strings.TrimSpace(stack), "\n")
	for i, line := range lines {
		// The call of panic and its position take two lines.
		if strings.HasPrefix(line, "panic(") && i+2 < len(lines) {
			return strings.Join(lines[i+2:], "\n")
		}
	}
	return strings.Join(lines, "\n")
}
