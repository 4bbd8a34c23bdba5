package azure_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// host is a data plane of one machine that keeps what it was told to run.
type host struct {
	simcloud.None
	mu      sync.Mutex
	scripts []string
	answer  func(ctx context.Context, script string) (simcloud.CommandResult, error)
}

func (h *host) RunCommand(ctx context.Context, _ simcloud.Resource, script string, parameters map[string]string) (simcloud.CommandResult, error) {
	h.mu.Lock()
	h.scripts = append(h.scripts, script+parameters["who"])
	answer := h.answer
	h.mu.Unlock()
	if answer == nil {
		return simcloud.CommandResult{Output: script}, nil
	}
	return answer(ctx, script)
}

func exits(code int, output string) func(context.Context, string) (simcloud.CommandResult, error) {
	return func(context.Context, string) (simcloud.CommandResult, error) {
		return simcloud.CommandResult{ExitCode: code, Output: output, Error: "because"}, nil
	}
}

func TestACommandReportsToWhoAsks(t *testing.T) {
	t.Parallel()
	h := &host{answer: exits(0, strings.Repeat("x", 4096)+"the end")}
	s := startWith(t, simcloud.Options{DataPlane: h})
	state := s.Make("RunCommand", "configure", with(command("echo "), "parameters", list{Map{"name": "who", "value": "me"}}))
	assert.Equal(t, []string{"echo me"}, h.scripts)
	assert.NotContains(t, state.Outputs, "instanceView")
	report := report(s)
	assert.Equal(t, "Succeeded", report["executionState"])
	assert.Len(t, report["output"], 4096, "the last 4 KB")
	assert.True(t, strings.HasSuffix(report["output"].(string), "the end"))
}

func TestAnEqualCommandIsNotExecutedAgain(t *testing.T) {
	t.Parallel()
	h := &host{}
	s := startWith(t, simcloud.Options{DataPlane: h})
	state := s.Make("RunCommand", "configure", command("a"))
	require.NoError(t, s.Update(state, with(command("a"), "tags", Map{"x": "y"})))
	require.NoError(t, s.Delete(state))
	again := s.Make("RunCommand", "configure", command("a"))
	assert.Equal(t, []string{"a"}, h.scripts, "not after a change of tags, nor after delete and re-create")
	assert.Equal(t, "Unknown", report(s)["executionState"])
	require.NoError(t, s.Update(again, command("b")))
	require.NoError(t, s.Update(again, command("a")))
	assert.Equal(t, []string{"a", "b", "a"}, h.scripts, "a content that changed is executed, also back again")

	require.NoError(t, s.Delete(s.By["vm1"]))
	assert.False(t, s.Refresh(again), "a command dies with its machine")
	s.Make("VirtualMachine", "vm1", machine("vm1", "nic1", "disk1", "1"))
	s.Make("RunCommand", "configure", command("a"))
	assert.Equal(t, []string{"a", "b", "a", "a"}, h.scripts, "a new machine knows nothing of the old one's")
}

func TestAFailedCommandIsRecordedAndGoesGreenWithoutRunning(t *testing.T) {
	t.Parallel()
	h := &host{answer: exits(3, "no")}
	s := startWith(t, simcloud.Options{DataPlane: h})
	state, err := s.Create(token("RunCommand"), "configure", command("a"))
	require.EqualError(t, err, refusal(409, "VMExtensionProvisioningError", "VM has reported a failure when processing run command 'configure'. Error message: 'the script exited with code 3: because'."))
	require.NotNil(t, state, "the engine is told of the resource")
	assert.Equal(t, "Failed", state.Outputs["provisioningState"])
	require.NoError(t, s.Update(state, command("a")))
	assert.Len(t, h.scripts, 1, "the same again is not executed")
	assert.Equal(t, "Succeeded", state.Outputs["provisioningState"])
	assert.Equal(t, "Failed", report(s)["executionState"], "but its report still says how it went")
}

func TestAFailureThatIsNotTreatedAsOneIsDeployed(t *testing.T) {
	t.Parallel()
	s := startWith(t, simcloud.Options{DataPlane: &host{answer: exits(3, "no")}})
	state := s.Make("RunCommand", "configure", with(command("a"), "treatFailureAsDeploymentFailure", false))
	assert.Equal(t, "Succeeded", state.Outputs["provisioningState"])
	assert.Equal(t, 3.0, report(s)["exitCode"])
}

func TestACommandNeedsTheAgent(t *testing.T) {
	t.Parallel()
	h := &host{answer: func(context.Context, string) (simcloud.CommandResult, error) {
		return simcloud.CommandResult{}, simcloud.ErrNoAgent
	}}
	s := startWith(t, simcloud.Options{DataPlane: h})
	state, err := s.Create(token("RunCommand"), "configure", command("a"))
	require.EqualError(t, err, refusal(409, "VMAgentStatusCommunicationError", "VM 'vm1' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, the VM has a running VM agent, and that it can establish outbound connections to Azure storage. Run command configure was not executed."))
	h.answer = nil
	require.NoError(t, s.Update(state, command("a")))
	assert.Equal(t, "Succeeded", report(s)["executionState"], "what was never executed is executed")
}

func TestACommandThatTakesTooLong(t *testing.T) {
	t.Parallel()
	s := startWith(t, simcloud.Options{DataPlane: &host{answer: func(ctx context.Context, _ string) (simcloud.CommandResult, error) {
		<-ctx.Done()
		return simcloud.CommandResult{Output: "so far"}, ctx.Err()
	}}})
	_, err := s.Create(token("RunCommand"), "configure", with(command("a"), "timeoutInSeconds", 1))
	require.EqualError(t, err, refusal(409, "VMExtensionProvisioningError", "VM has reported a failure when processing run command 'configure'. Error message: 'the script did not end within 1s'."))
	assert.Equal(t, "TimedOut", report(s)["executionState"])
	assert.Equal(t, "so far", report(s)["output"])
}

func TestAnAsynchronousCommandIsNotAwaited(t *testing.T) {
	t.Parallel()
	goOn, done := make(chan struct{}), make(chan struct{})
	s := startWith(t, simcloud.Options{DataPlane: &host{answer: func(context.Context, string) (simcloud.CommandResult, error) {
		<-goOn
		defer close(done)
		return simcloud.CommandResult{Output: "late"}, nil
	}}})
	s.Make("RunCommand", "configure", with(command("a"), "asyncExecution", true))
	assert.Equal(t, "Running", report(s)["executionState"])
	close(goOn)
	<-done
	require.NoError(t, s.Server.Close())
	command, _ := s.Server.View().Get(s.By["configure"].ID)
	assert.Equal(t, "late", command.Computed.Text("instanceView.output"))
}
