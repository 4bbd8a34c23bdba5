package rolling

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// node1 of a small cluster, and what is sent to it.
func node1(t *testing.T) (Destination, func(attempt int) host.Payload) {
	t.Helper()
	cluster, findings := kafka.Resolve(kafka.Spec{Name: "kafka", Zones: []string{"1"}}, nil, kafka.WithIdentity("p/s"),
		kafka.WithAddresses(func(n kafka.Node) (string, error) { return "10.0.0.1" + strconv.Itoa(n.ID), nil }))
	require.NoError(t, findings.Err())
	m := &Machine{Host: host.Machine{Cluster: cluster, Node: cluster.Nodes[0]}}
	return Destination{Machine: m, Purpose: "configuration"}, func(attempt int) host.Payload {
		return host.Configuration(m.Host, host.ConfigurationOptions{Attempt: attempt, VMDigest: "vm/1"})
	}
}

func TestAPayloadIsSentAgainWithAnotherNumberOnlyAfterAFailure(t *testing.T) {
	t.Parallel()
	to, render := node1(t)
	healthy := func(p host.Payload) string {
		report, err := host.SimulatedReport(p.Script())
		require.NoError(t, err)
		return report
	}
	same := func(p host.Payload) bool { return p.Run() == render(3).Run() }
	other := func(host.Payload) bool { return false }
	for name, c := range map[string]struct {
		last *Sent
		want int
	}{
		"nothing was sent":                   {nil, 1},
		"it succeeded":                       {&Sent{Attempt: 3, Succeeded: true, Output: healthy(render(3)), Is: same}, 3},
		"it still runs":                      {&Sent{Attempt: 3, Running: true, Is: same}, 3},
		"it failed":                          {&Sent{Attempt: 3, State: "Failed", Is: same}, 7},
		"a success without a report":         {&Sent{Attempt: 3, Succeeded: true, Is: same}, 7},
		"a success with another's report":    {&Sent{Attempt: 3, Succeeded: true, Output: healthy(render(2)), Is: same}, 7},
		"it was another payload, and failed": {&Sent{Attempt: 3, State: "Failed", Is: other, Latest: true}, 3},
		"another payload is the last heard":  {&Sent{Attempt: 3, Succeeded: true, Output: healthy(render(2)), Is: other}, 7},
		"another payload still runs":         {&Sent{Attempt: 3, Running: true, Is: other}, 3},
	} {
		if c.last != nil {
			c.last.Unused = 7
		}
		require.Equal(t, c.want, c.last.next(to, render), name)
	}
}

func TestOnlyAReportIsASuccess(t *testing.T) {
	t.Parallel()
	to, render := node1(t)
	p := render(1)
	report, err := host.SimulatedReport(p.Script())
	require.NoError(t, err)

	digest, err := (&Sent{Succeeded: true, Output: "Kafka is up\n" + report}).verify(to, p)
	require.NoError(t, err)
	require.Equal(t, p.Digest(), digest)

	_, err = (&Sent{Succeeded: true, Output: "Kafka is up"}).verify(to, p)
	require.ErrorContains(t, err, "node 1: no host report")
	_, err = (&Sent{State: "exit code 3", Error: "disk", Output: "the last line"}).verify(to, p)
	require.EqualError(t, err, "node 1 refused its configuration (exit code 3): disk\nthe last line\nThe node runs what it ran before; correct the cause and run up again")
}

func TestPollEndsWithTheAnswerTheErrorOrTheTime(t *testing.T) {
	t.Parallel()
	asked := 0
	require.NoError(t, Poll(t.Context(), time.Minute, func() (bool, error) { asked++; return asked == 2, nil }))
	require.Equal(t, 2, asked)
	broken := errors.New("broken")
	require.ErrorIs(t, Poll(t.Context(), time.Minute, func() (bool, error) { return false, broken }), broken)
	require.ErrorIs(t, Poll(t.Context(), time.Millisecond, func() (bool, error) { return false, nil }), context.DeadlineExceeded)
}
