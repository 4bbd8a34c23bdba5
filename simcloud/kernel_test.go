package simcloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func TestServeNamesItsClouds(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{})
	assert.Regexp(t, `^toy:\d+$`, e.Server.DebugProviders())
	assert.Equal(t, []string{"PULUMI_DEBUG_PROVIDERS=" + e.Server.DebugProviders(), "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true"}, e.Server.Environment())
	_, err := simcloud.Serve(t.Context(), simcloud.Options{})
	assert.EqualError(t, err, "serve simulated clouds: Options.Clouds is empty: name at least one")
}

func TestEveryConnectionHasItsOwnConfiguration(t *testing.T) {
	t.Parallel()
	mine := play(t, simcloud.Options{})
	yours := simtest.Connect(t, mine.Server, Map{"owner": "you"})
	assert.Equal(t, "you", yours.MustCreate(shelf, "b", Map{"name": "b"}).Outputs["owner"])
	assert.Equal(t, "me", mine.MustCreate(shelf, "a", Map{"name": "a"}).Outputs["owner"])
}

func TestOneOfTwoThatMakeTheSameIsRefused(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{Latency: simcloud.Latency{Scale: 0.01}})
	var made, refused sync.Map
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			if _, err := e.Create(shelf, "a", Map{"name": "A"}); err != nil {
				refused.Store(i, err.Error())
			} else {
				made.Store(i, true)
			}
		})
	}
	group.Wait()
	assert.Equal(t, 1, length(&made))
	refused.Range(func(_, text any) bool { return assert.Equal(t, "A exists", text) })
}

func TestAnEditIsJudgedLikeAProgramsChange(t *testing.T) {
	t.Parallel()
	heard := &listener{}
	e := play(t, simcloud.Options{DataPlane: heard})
	e.MustCreate(shelf, "a", Map{"name": "a"})
	e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	operations := len(e.Server.Operations())
	edit := func(path string, value any) error {
		return e.Server.Edit("a/x", func(p simcloud.Properties) { p.Set(path, value) })
	}

	require.NoError(t, edit("size", 3.0))
	assert.Equal(t, []string{"create a", "create a/x", "update a/x"}, heard.changes)
	assert.Len(t, e.Server.Operations(), operations, "no program did it")
	assert.EqualError(t, edit("size", "three"), "'size' should be of type 'integer' but got a string")
	assert.EqualError(t, edit("beside", []any{"a/none"}), "a/none is missing for beside[0]")
	assert.EqualError(t, edit("name", "y"), "'name' is chosen when a resource is made, and stays")
	assert.EqualError(t, e.Server.Edit("b", func(simcloud.Properties) {}), "edit b: there is no such resource")
	x, _ := e.Server.View().Get("a/x")
	assert.Equal(t, simcloud.Properties{"name": "x", "shelf": "a", "size": 3.0}, x.Properties)
}

// listener is a data plane that writes down what it hears.
type listener struct {
	simcloud.None
	changes []string
}

func (l *listener) Apply(_ context.Context, change simcloud.Change) error {
	l.changes = append(l.changes, fmt.Sprint(change.Operation, " ", change.After.ID))
	return nil
}

func length(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestReferencesHoldWhatTheyNameInPlace(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{})
	a := e.MustCreate(shelf, "a", Map{"name": "a"})
	e.MustCreate(shelf, "b", Map{"name": "b"})
	e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	e.MustCreate(box, "y", Map{"name": "y", "shelf": "b", "beside": []any{"A/X"}})
	assert.EqualError(t, e.Delete(a), "a is used by b/y", "what lies in it is in use, whatever the case of its id")
	_, err := e.Create(box, "z", Map{"name": "z", "shelf": "b", "beside": []any{"a/none"}})
	assert.EqualError(t, err, "a/none is missing for beside[0]")
	_, err = e.Create(box, "z", Map{"name": "z", "shelf": "b", "beside": []any{"a"}})
	assert.EqualError(t, err, "'beside[0]' refers to a, which is a toy:index:Shelf, not a toy:index:Box")
	_, err = e.Create(box, "z", Map{"name": "z", "shelf": "c"})
	assert.EqualError(t, err, "c is missing")
	require.NoError(t, e.Server.Mutate(func(w *simcloud.World) error { w.Delete("b"); return nil }))
	require.NoError(t, e.Delete(a))
	assert.Empty(t, e.Server.View().List(""), "what lies in it goes with it")
}

func TestTheLogHasStartsAndEnds(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	e := play(t, simcloud.Options{Log: &log})
	e.MustCreate(shelf, "a", Map{"name": "a"})
	x := e.MustCreate(box, "x", Map{"name": "x", "shelf": "a", "label": Map{"text": "old"}})
	require.NoError(t, e.Update(x, Map{"name": "x", "shelf": "a", "size": 2, "label": Map{"text": "new"}}))
	require.EqualError(t, e.Update(x, Map{"name": "x", "shelf": "a", "size": 7}), "no box has size 7")
	require.True(t, e.Refresh(x))
	require.NoError(t, e.Delete(x))

	var lines []string
	for _, op := range e.Server.Operations() {
		lines = append(lines, strings.Join([]string{string(op.Kind), op.Type, op.Name, op.ID, strings.Join(op.Changed, ","), op.Error}, " "))
		assert.Less(t, op.Began, op.Ended)
	}
	assert.Equal(t, []string{
		"create toy:index:Shelf a a  ",
		"create toy:index:Box x a/x  ",
		"update toy:index:Box x a/x label.text,size ",
		"update toy:index:Box x a/x label,size no box has size 7",
		"read toy:index:Box x a/x  ",
		"delete toy:index:Box x a/x  ",
	}, lines)
	written := strings.Split(strings.TrimSpace(log.String()), "\n")
	assert.Len(t, written, 12, "a line when an operation starts and one when it ends")
	var last simcloud.Operation
	require.NoError(t, json.Unmarshal([]byte(written[11]), &last))
	assert.True(t, last.Succeeded())
}

func TestAnUpdateOfWhatIsGoneIsRefused(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{})
	e.MustCreate(shelf, "a", Map{"name": "a"})
	x := e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	require.NoError(t, e.Server.Mutate(func(w *simcloud.World) error { w.Delete(x.ID); return nil }))
	assert.EqualError(t, e.Update(x, Map{"name": "x", "shelf": "a", "size": 2}), "a/x is missing")
}

func TestWhatOthersPutIntoACloudIsThere(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{})
	require.NoError(t, e.Server.Mutate(func(w *simcloud.World) error {
		w.Put(&simcloud.Resource{ID: "theirs", Type: shelf, Properties: simcloud.Properties{"name": "theirs"}})
		w.Put(&simcloud.Resource{ID: "theirs/x", Type: box, Parent: "theirs", Properties: simcloud.Properties{"name": "x", "shelf": "theirs"}})
		return nil
	}))
	e.MustCreate(box, "y", Map{"name": "y", "shelf": "theirs", "beside": []any{"theirs/x"}})
	x := e.Import(box, "x", "theirs/x")
	require.NotNil(t, x)
	require.NoError(t, e.Update(x, Map{"name": "x", "shelf": "theirs", "size": 2}))
}

func TestOverlapIsToldWithoutClocks(t *testing.T) {
	t.Parallel()
	at := func(began, ended int) simcloud.Operation { return simcloud.Operation{Began: began, Ended: ended} }
	for name, test := range map[string]struct {
		a, b simcloud.Operation
		want bool
	}{
		"one after the other":    {at(1, 2), at(3, 4), false},
		"the other way round":    {at(3, 4), at(1, 2), false},
		"one within the other":   {at(1, 4), at(2, 3), true},
		"crossing":               {at(1, 3), at(2, 4), true},
		"one that has not ended": {at(1, 0), at(2, 3), true},
		"begun after the end":    {at(3, 0), at(1, 2), false},
	} {
		assert.Equal(t, test.want, test.a.Overlaps(test.b), name)
	}
}

func TestFailuresAreInjectedOnceAndChangeNothing(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{FailOperation: 2, FailMatch: func(op simcloud.Operation) bool { return op.Kind == simcloud.OperationDelete }})
	a := e.MustCreate(shelf, "a", Map{"name": "a"})
	_, err := e.Create(box, "x", Map{"name": "x", "shelf": "a"})
	require.EqualError(t, err, `simulated failure of operation 2: create of toy:index:Box "x"`)
	assert.Len(t, e.Server.View().List(""), 1)
	e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	require.EqualError(t, e.Delete(a), `simulated failure of operation 4: delete of toy:index:Shelf "a"`)
	assert.NoError(t, e.Delete(a))
}

// plane records what a data plane is told, and refuses what it is told to refuse.
type plane struct {
	simcloud.None
	told   []string
	refuse string
}

func (p *plane) Apply(_ context.Context, change simcloud.Change) error {
	r := change.After
	if r == nil {
		r = change.Before
	}
	text := string(change.Operation) + " " + r.ID
	if change.Restart {
		text += " restarting"
	}
	p.told = append(p.told, text)
	if text == p.refuse {
		return errors.New("does not boot")
	}
	return nil
}

func TestTheDataPlaneIsToldOfEveryChange(t *testing.T) {
	t.Parallel()
	p := &plane{}
	e := play(t, simcloud.Options{DataPlane: p})
	a := e.MustCreate(shelf, "a", Map{"name": "a"})
	x := e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	require.NoError(t, e.Update(x, Map{"name": "x", "shelf": "a", "size": 2}))
	require.NoError(t, e.Delete(a))
	assert.Equal(t, []string{"create a", "create a/x", "update a/x restarting", "delete a/x", "delete a"}, p.told)
}

func TestWhatTheDataPlaneRefusesIsThereAndFailed(t *testing.T) {
	t.Parallel()
	e := play(t, simcloud.Options{DataPlane: &plane{refuse: "create a"}})
	a, err := e.Create(shelf, "a", Map{"name": "a"})
	require.EqualError(t, err, "create a: does not boot")
	require.NotNil(t, a, "the engine is told of it")
	assert.True(t, e.Refresh(a))
}

func TestTheStateOutlivesTheServer(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	e := play(t, simcloud.Options{StateFile: file})
	e.MustCreate(shelf, "a", Map{"name": "a"})
	x := e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	require.NoError(t, e.Delete(x))
	require.NoError(t, e.Server.Close())
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no half-written file is left")

	e = play(t, simcloud.Options{StateFile: file})
	_, err = e.Create(shelf, "a", Map{"name": "a"})
	require.EqualError(t, err, "a exists")
	again := e.MustCreate(box, "x", Map{"name": "x", "shelf": "a"})
	assert.NotEqual(t, x.Outputs["code"], again.Outputs["code"], "what is unique is unique over runs")
	require.EqualError(t, e.Server.Mutate(func(w *simcloud.World) error { w.Delete("a"); return errors.New("no") }), "no")
	assert.Len(t, e.Server.View().List(""), 2, "a change that fails leaves the clouds alone")
}

func TestAStateFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	for text, want := range map[string]string{
		"{":              "read the simulated clouds' state in " + file + ": unexpected end of JSON input; it is damaged: remove it to start with empty clouds",
		`{"version": 9}`: file + " has version 9 of the simulated clouds' state, this program reads version 1: remove it to start with empty clouds",
		`{"version": 1, "resources": [{"id": "x", "type": "a:b:C"}]}`: file + " holds a a:b:C, which none of the clouds served has: remove it to start with empty clouds",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{toys(t)}, StateFile: file})
		assert.EqualError(t, err, want)
	}
}

// Not parallel: it looks at every goroutine of the process.
func TestCloseEndsWhatIsUnderWayAndLeavesNothingRunning(t *testing.T) {
	started := make(chan struct{})
	e := play(t, simcloud.Options{Latency: simcloud.Latency{Scale: 3600}, Log: notify(started)})
	failed := make(chan error)
	go func() {
		_, err := e.Create(shelf, "a", Map{"name": "a"})
		failed <- err
	}()
	<-started
	require.Contains(t, stacks(), serverFrame)
	require.NoError(t, e.Server.Close())
	require.Error(t, <-failed)
	ops := e.Server.Operations()
	assert.Equal(t, "the simulated clouds were closed while the operation was under way", ops[0].Error)
	assert.Empty(t, e.Server.View().List(""))
	assert.Eventually(t, func() bool { return !strings.Contains(stacks(), serverFrame) }, time.Minute, time.Millisecond)
}

// serverFrame is in the stack of every goroutine of a server.
const serverFrame = "simcloud.(*Server)"

// notify closes a channel at the first write.
func notify(started chan struct{}) *notifier { return &notifier{started: started} }

type notifier struct {
	once    sync.Once
	started chan struct{}
}

func (n *notifier) Write(p []byte) (int, error) {
	n.once.Do(func() { close(n.started) })
	return len(p), nil
}

func TestEndingTheContextClosesTheServer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server, err := simcloud.Serve(ctx, simcloud.Options{Clouds: []*simcloud.Cloud{toys(t)}})
	require.NoError(t, err)
	address := "127.0.0.1:" + strings.TrimPrefix(server.DebugProviders(), "toy:")
	cancel()
	require.NoError(t, server.Close(), "and it may be closed besides")
	_, err = net.Dial("tcp", address)
	assert.Error(t, err)
}

func stacks() string {
	text := make([]byte, 1<<20)
	return string(text[:runtime.Stack(text, true)])
}
