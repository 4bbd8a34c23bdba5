package tests

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/simcloud"
)

// survivor is a stack on a simulated cloud that outlives every process that works on it.
type survivor struct {
	*rig
	server *simcloud.Server
	theirs foreign
	seen   int // operations of the cloud that were looked at
}

func newSurvivor(t *testing.T, c cloud, options simcloud.Options) *survivor {
	t.Helper()
	server, err := simcloud.Serve(context.WithoutCancel(t.Context()), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return &survivor{rig: newRig(t, c, "documents"), server: server, theirs: settle(t, c, server)}
}

// stack is driven by this process.
func (s *survivor) stack(t *testing.T) *automation.Stack {
	t.Helper()
	stack, err := openElsewhere(s.dir, s.engine, s.server.Environment())
	require.NoError(t, err)
	return stack
}

// elsewhere is a simulated cloud that somebody else serves.
type elsewhere []string

func (e elsewhere) Environment() []string { return e }
func (elsewhere) Close() error            { return nil }

func openElsewhere(dir string, engine *automation.Engine, environment []string) (*automation.Stack, error) {
	return automation.Open(automation.Options{
		Dir: dir, Stack: stackName, Programs: wiring.Programs(), Engine: engine, Env: os.Environ(),
		Simulate: func(context.Context, automation.SimulationRequest) (automation.Simulation, error) {
			return elsewhere(environment), nil
		},
	})
}

// driverVariable makes this test's binary a process that runs `up` and nothing else.
const driverVariable = "KAFKALINK_TEST_UP"

// driver is that process: its project, the CLI and the cloud are in the variable.
func driver(variable string) int {
	words := strings.Split(variable, "\n")
	engine, err := automation.FindEngine(context.Background(), automation.EngineSearch{Given: words[1], Env: os.Environ()})
	if err == nil {
		var stack *automation.Stack
		if stack, err = openElsewhere(words[0], engine, words[2:]); err == nil {
			_, err = stack.Up(context.Background(), nil)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// drive starts an up in a process of its own.
func (s *survivor) drive(t *testing.T) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	command := exec.Command(self)
	command.Env = append(os.Environ(), driverVariable+"="+strings.Join(append([]string{s.dir, s.engine.Path}, s.server.Environment()...), "\n"))
	require.NoError(t, command.Start())
	return command
}

// victim is who of a driver and its CLI is killed.
type victim int

const (
	both victim = iota
	driverAlone
	cliAlone
)

func (v victim) String() string { return []string{"both", "the driver", "the CLI"}[v] }

// kill ends processes at once, and waits until nothing of them runs and the cloud has ended what they began, but for a CLI
// that waits for ever. It tells whether there was anybody to kill.
func (s *survivor) kill(t *testing.T, driver *exec.Cmd, who victim) (hit bool) {
	t.Helper()
	children := descendants(driver.Process.Pid)
	if hit = alive(driver.Process.Pid); who == cliAlone {
		hit = len(children) > 0
	}
	if who != cliAlone {
		_ = driver.Process.Kill()
	}
	if who != driverAlone {
		for _, pid := range children {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
	}
	_ = driver.Wait()
	working := func() bool {
		return slices.ContainsFunc(s.server.Operations(), func(o simcloud.Operation) bool { return !o.Done() })
	}
	for began := time.Now(); working() || slices.ContainsFunc(children, alive) && time.Since(began) < 10*time.Second; {
		require.Less(t, time.Since(began), time.Minute)
		time.Sleep(20 * time.Millisecond)
	}
	return hit
}

func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

// descendants of a process, itself not among them.
func descendants(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, word := range strings.Fields(string(text)) {
			child, _ := strconv.Atoi(word)
			all = append(append(all, child), descendants(child)...)
		}
	}
	return all
}

// recovered brings the stack up without help, and wants the cloud to hold the stack's resources, each once, and nothing else
// but what is other people's, which nobody has touched.
func (s *survivor) recovered(t *testing.T, what string) {
	t.Helper()
	_, err := s.stack(t).Up(t.Context(), nil)
	require.NoError(t, err, what)
	preview, err := s.stack(t).Preview(t.Context(), nil)
	require.NoError(t, err, what)
	require.Empty(t, preview.Changes, what)
	require.Empty(t, preview.Warnings, what)
	s.wantOnly(t, s.theirs.others(s.server.View()), what)
	s.theirs.wantUntouched(t, s.server.View(), what)
}

// wantOneAtATime follows the operations since the last call: a node is out from the first touch of its machine or
// configuration until a configuration of it succeeds.
func (s *survivor) wantOneAtATime(t *testing.T, what string) {
	t.Helper()
	operations := s.server.Operations()
	type moment struct {
		at   int
		node string
		back bool
	}
	var moments []moment
	for _, o := range operations[s.seen:] {
		m := nodePart.FindStringSubmatch(o.Name)
		if m == nil || o.Change == 0 {
			continue
		}
		moments = append(moments, moment{o.Began, m[1], false})
		if m[2] == "configuration" && o.Kind != simcloud.OperationDelete && o.Succeeded() {
			moments = append(moments, moment{o.Ended, m[1], true})
		}
	}
	s.seen = len(operations)
	slices.SortFunc(moments, func(a, b moment) int { return a.at - b.at })
	out := map[string]bool{}
	for _, m := range moments {
		if m.back {
			delete(out, m.node)
		} else {
			out[m.node] = true
		}
		require.LessOrEqual(t, len(out), 1, "%s: nodes out at once: %v", what, out)
	}
	require.Empty(t, out, what)
}

// killsPerStack counts those that came before the up had ended.
const killsPerStack = 4

// TestKilledUpsRecover kills, on each of some stacks, the first up and then updates that replace every machine, at random
// moments: the next up finishes them by itself. `make exhaustive` kills two hundred.
func TestKilledUpsRecover(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testKilledUpsRecover)
}

func testKilledUpsRecover(t *testing.T, c cloud) {
	var killed atomic.Int64
	t.Cleanup(func() { t.Logf("%d of %d kills recovered", killed.Load(), killedStacks*killsPerStack) })
	for seed := range killedStacks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 5))
			options := wiring.Simulation(automation.SimulationRequest{})
			options.Latency = simcloud.Latency{Scale: 0.003, Seed: int64(seed)}
			s := newSurvivor(t, c, options)
			kills, latest := 0, 8*time.Second
			for round := 0; kills < killsPerStack; round++ {
				if round > 0 {
					s.set(t, c.image(round))
				}
				driver := s.drive(t)
				moment := time.Duration(random.Int64N(int64(latest)))
				who := victim(random.IntN(3))
				time.Sleep(moment)
				if s.kill(t, driver, who) {
					kills++
					killed.Add(1)
				} else if round > 0 {
					latest = max(moment, time.Second) // it had ended by then
				}
				what := fmt.Sprintf("stack %d, round %d: %s killed after %s", seed, round, who, moment.Round(time.Millisecond))
				t.Log(what)
				s.recovered(t, what)
				if round > 0 {
					s.wantOneAtATime(t, what)
				}
				s.seen = len(s.server.Operations())
			}
			_, err := s.stack(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
			require.NoError(t, err)
			require.Len(t, s.server.View().List(""), len(s.theirs))
			s.theirs.wantUntouched(t, s.server.View(), "destroyed")
		})
	}
}
