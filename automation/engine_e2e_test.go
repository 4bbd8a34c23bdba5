package automation_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// house is a project with a stack "dev" on a cloud of its own.
type house struct {
	t     *testing.T
	cloud *enginetest.Cloud
	dir   string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return &house{t: t, cloud: enginetest.NewCloud(t), dir: enginetest.Project(t, enginetest.Configuration)}
}

// stack opens the stack as its files are now.
func (h *house) stack(change ...func(*automation.Options)) *automation.Stack {
	h.t.Helper()
	options := automation.Options{
		Dir:      h.dir,
		Programs: []automation.Program{enginetest.Program()},
		Engine:   enginetest.Engine(h.t),
		Env:      os.Environ(),
		Simulate: h.cloud.Simulate,
	}
	for _, c := range change {
		c(&options)
	}
	stack, err := automation.Open(options)
	require.NoError(h.t, err)
	return stack
}

// configure adds settings to the stack's file.
func (h *house) configure(settings string) {
	h.t.Helper()
	path := filepath.Join(h.dir, "Pulumi.dev.yaml")
	require.NoError(h.t, os.WriteFile(path, []byte(enginetest.Configuration+settings), 0o600))
}

func (h *house) up() automation.UpResult {
	h.t.Helper()
	result, err := h.stack().Up(h.t.Context(), nil)
	require.NoError(h.t, err)
	return result
}

// failure is the error of an operation, which must be one of ours of that kind.
func failure(t *testing.T, kind automation.Kind, err error) *automation.Error {
	t.Helper()
	var known *automation.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, kind.String(), known.Kind.String(), "%v", err)
	return known
}
