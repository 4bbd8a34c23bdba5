package aws

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// someHost is a host that is waited for, and what it says by purpose.
type someHost struct {
	hearing
	at      time.Time
	reports map[string]*report
	machine string // that is stopped
	told    []string
}

func waitFor(t *testing.T) *someHost {
	t.Helper()
	h := &someHost{at: time.Unix(1_700_000_000, 0), reports: map[string]*report{}}
	h.hearing = hearing{
		to:      rolling.Destination{Machine: &rolling.Machine{Host: host.Machine{Node: kafka.Node{ID: 1}}}, Purpose: "configuration"},
		payload: host.Payload{},
		now:     func() time.Time { return h.at },
		heard:   h.at,
		said:    func(purpose string) (*report, error) { return h.reports[purpose], nil },
		stopped: func() (string, error) { return h.machine, nil },
		held:    func() (string, error) { return held(h.machine), nil },
		say:     func(text string) error { h.told = append(h.told, text); return nil },
	}
	return h
}

// after asks once more when some time has passed.
func (h *someHost) after(d time.Duration) (bool, error) {
	h.at = h.at.Add(d)
	return h.next()
}

// says is a report of now; of the payload that is waited for, or of another.
func (h *someHost) says(purpose, state string, awaited bool) {
	run := "another"
	if awaited {
		run = h.payload.Run()
	}
	h.reports[purpose] = &report{run: run, attempt: 1, state: state, at: h.at}
}

func TestAWaitEndsWhenTheHostHasSaidHowThePayloadEnded(t *testing.T) {
	t.Parallel()
	h := waitFor(t)
	h.says("configuration", "0", false)
	ended, err := h.after(time.Second)
	require.NoError(t, err)
	require.False(t, ended, "that was another payload")
	h.says("configuration", running, true)
	ended, err = h.after(time.Minute)
	require.NoError(t, err)
	require.False(t, ended)
	h.says("configuration", "3", true)
	ended, err = h.after(time.Minute)
	require.NoError(t, err)
	require.True(t, ended)
	require.Equal(t, "exit code 3", h.sent.State)
	require.Equal(t, []string{"node 1: its host works on its configuration"}, h.told, "said once, and not of what ends at once")
}

// TestAnAgentMaySleep says nothing for as long as an agent sleeps that asked before its role had spread.
func TestAnAgentMaySleep(t *testing.T) {
	t.Parallel()
	h := waitFor(t)
	for range 44 {
		ended, err := h.after(time.Minute)
		require.NoError(t, err)
		require.False(t, ended)
	}
	_, err := h.after(2 * time.Minute)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.False(t, h.begun())
	require.ErrorContains(t, silence(h.to, h.begun()), "node 1 has not answered in 45m0s")
	require.ErrorContains(t, silence(h.to, h.begun()), "another association of the account's")
}

func TestAHostThatWorksOnSomethingElseIsNotSilent(t *testing.T) {
	t.Parallel()
	h := waitFor(t)
	h.says("cluster-ready", running, false)
	for range 80 {
		ended, err := h.after(time.Minute)
		require.NoError(t, err)
		require.False(t, ended)
	}
	require.Equal(t, []string{
		"node 1: waiting for its host to begin", "node 1: " + held(""), "node 1: its host works on something else", "node 1: waiting for its host to begin",
	}, h.told[:4])
	h.says("cluster-ready", "0", false)
	ended, err := h.after(40 * time.Minute)
	require.NoError(t, err)
	require.False(t, ended, "since that ended it has not been silent for long enough")
	for err == nil {
		_, err = h.after(10 * time.Minute)
	}
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestAHostThatAnotherAssociationMayHoldUpIsSaid tells once where to look, when the agent has asked for what it is to do.
func TestAHostThatAnotherAssociationMayHoldUpIsSaid(t *testing.T) {
	t.Parallel()
	h := waitFor(t)
	h.held = func() (string, error) { return held("i-0123456789abcdef0"), nil }
	for range 10 {
		_, err := h.after(time.Minute)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"node 1: waiting for its host to begin"}, h.told)
	for range 30 {
		_, err := h.after(time.Minute)
		require.NoError(t, err)
	}
	require.Len(t, h.told, 2)
	require.Contains(t, h.told[1], "node 1: its agent works on one association after the other, and another one of the account's")
	require.Contains(t, h.told[1], "`aws ssm describe-instance-associations-status --instance-id i-0123456789abcdef0`")

	failing := waitFor(t)
	failing.held = func() (string, error) { return "", errors.New("not allowed") }
	_, err := failing.after(11 * time.Minute)
	require.ErrorContains(t, err, "not allowed")

	begun := waitFor(t)
	begun.says("configuration", running, true)
	_, err = begun.after(20 * time.Minute)
	require.NoError(t, err)
	require.Equal(t, []string{"node 1: its host works on its configuration"}, begun.told)
}

func TestAStoppedMachineIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	h := waitFor(t)
	h.machine = "i-0123456789abcdef0"
	_, err := h.after(time.Minute)
	require.NoError(t, err, "it may have been about to start")
	_, err = h.after(2 * time.Minute)
	require.EqualError(t, err, "node 1: its machine i-0123456789abcdef0 is stopped, and an update does not start it; start it, or delete it in the cloud and refresh the stack for another one, then run up again")
}
