package enginetest

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/kafkalink/kafkalink/automation"
)

var findOnce = sync.OnceValues(func() (*automation.Engine, error) {
	_, here, _, _ := runtime.Caller(0)
	repository := filepath.Join(filepath.Dir(here), "..", "..", "..")
	return automation.FindEngine(context.Background(), automation.EngineSearch{
		Given: os.Getenv("KAFKALINK_PULUMI"),
		Path:  os.Getenv("PATH"),
		Local: []string{filepath.Join(repository, "bin", "pulumi")},
		Env:   os.Environ(),
	})
})

// Engine is the Pulumi CLI that tests run: KAFKALINK_PULUMI, PATH's, or bin/pulumi. Without one the test fails: what it
// proves is not optional.
func Engine(t testing.TB) *automation.Engine {
	t.Helper()
	engine, err := findOnce()
	if err != nil {
		t.Fatalf("this test needs the Pulumi CLI: run `make bin/pulumi`\n%v", err)
	}
	return engine
}
