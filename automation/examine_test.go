package automation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

func TestAnExaminationOfASimulatedStackSaysWhatWouldBeDone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	examine := func() automation.Examination {
		found, err := h.stack(func(o *automation.Options) {
			o.Programs[0].Examine = func(*pulumi.Context, []automation.Planned, []string) ([]automation.Check, error) {
				return nil, errors.New("a simulated cloud has nobody to ask")
			}
		}).Examine(t.Context(), nil)
		require.NoError(t, err)
		return found
	}

	found := examine()
	require.Equal(t, []automation.Check{
		{Subject: "configuration", Detail: "valid"},
		{Subject: "backend", Detail: "state of simulated runs, in " + h.stack().SimulatedDir()},
		{Subject: "room for the state", Detail: "enough"},
		{Subject: "plan", Detail: "the engine can make it: 6 to create"},
	}, found.Stack)
	require.Equal(t, []automation.Check{{Subject: "permissions and quotas", Detail: "not asked: a simulated cloud has none"}}, found.Cloud)
	require.Empty(t, h.cloud.Resources(), "nothing is made")

	h.up()
	require.Equal(t, "nothing is to be done", examine().Stack[3].Detail)
	h.configure("  test:panic: \"yes\"\n")
	found = examine()
	require.True(t, found.Stack[3].Missing)
	require.Contains(t, found.Stack[3].Detail, "no such broker")
	require.Empty(t, found.Cloud)
}

func TestAnExaminationFindsABadConfigurationAndNoLoginAtOnce(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	h.dir = enginetest.Project(t, "config:\n  kafkalink:cloud: test\n  kafkalink:cluster:\n    name: my_kafka\n    brokers: 3\n")
	found, err := h.stack(realRun(backend)).Examine(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, found.Stack, 2)
	configuration, login := found.Stack[0], found.Stack[1]
	require.True(t, configuration.Missing)
	require.Contains(t, configuration.Detail, "kafkalink:cluster.name")
	require.Contains(t, configuration.Detail, "kafkalink:cluster.brokers")
	require.True(t, login.Missing)
	require.Contains(t, login.Next, "pulumi login")
	require.Empty(t, found.Cloud)
}

func TestAnExaminationOfARealStackAsksTheCloud(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	var answer []automation.Check
	var refusal error
	examine := func(env ...string) automation.Examination {
		run := realRun(backend, append(env, "PULUMI_BACKEND_URL=file://"+backend)...)
		found, err := h.stack(run, func(o *automation.Options) {
			o.Programs[0].Examine = func(_ *pulumi.Context, planned []automation.Planned, env []string) ([]automation.Check, error) {
				require.Contains(t, env, "PULUMI_BACKEND_URL=file://"+backend)
				require.Empty(t, planned, "the program registers nothing but the stack")
				return answer, refusal
			}
		}).Examine(t.Context(), nil)
		require.NoError(t, err)
		return found
	}
	const passphrase = "PULUMI_CONFIG_PASSPHRASE=of the user"

	answer = []automation.Check{{Subject: "permissions", Missing: true, Detail: "lacking: all", Next: "get some"}}
	found := examine(passphrase)
	require.Equal(t, answer, found.Cloud)
	require.Contains(t, found.Stack[1].Detail, "file://"+backend+", as ")
	require.Equal(t, automation.Check{Subject: "plan", Detail: "nothing is to be done"}, found.Stack[3])

	refusal = errors.New("the cloud is silent")
	found = examine(passphrase)
	require.Equal(t, []automation.Check{{
		Subject: "test", Missing: true, Detail: "cannot be asked: the cloud is silent", Next: "correct the cause",
	}}, found.Cloud)

	found = examine()
	require.True(t, found.Stack[3].Missing)
	require.Contains(t, found.Stack[3].Next, "PULUMI_CONFIG_PASSPHRASE")
	require.Empty(t, found.Cloud)
}

func TestAnInterruptedExaminationFindsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newHouse(t).stack().Examine(ctx, nil)
	_ = failure(t, automation.KindCancelled, err)
}
