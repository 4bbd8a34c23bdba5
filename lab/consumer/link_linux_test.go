package consumer_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

// TestLink asks one real cluster everything, because starting one takes longer than that.
func TestLink(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	t.Run("all brokers up", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *cluster){
			"works":                         linkWorks,
			"bootstraps anywhere":           linkBootstrapsAnywhere,
			"swapped ports":                 linkWithSwappedPorts,
			"dead ports":                    linkWithDeadPorts,
			"not Kafka":                     linkToSomethingElse,
			"wrong name advertised":         linkWithWrongNameAdvertised,
			"names that DNS lacks":          linkWithoutNames,
			"fewer brokers than the link":   linkWithMissingBroker,
			"more brokers than the link":    linkWithForeignBroker,
			"ended by its caller":           checkEnded,
			"rest":                          restsOverALinkThatRemembers,
			"rest that is forgotten":        restsOverALinkThatForgets,
			"load on a dead link":           loadOnDeadLink,
			"load ended by its context":     loadEndedByContext,
			"load whose records are lost":   loadWithLostRecords,
			"load whose topic got a record": loadWithStrangeRecord,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, c)
			})
		}
	})
	t.Run("a broker is killed under load", func(t *testing.T) { loadThroughKill(t, c) })
}

func linkWorks(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	o.Records = 30
	r, err := consumer.Check(t.Context(), o)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.Equal(t, o.Link.Brokers, r.Metadata)
	require.Len(t, r.Ports, nodes)
	for i, p := range r.Ports {
		id := int32(i + 1)
		name := fmt.Sprintf("b%d.%s:%d", id, domain, 9092+id)
		require.Equal(t, id, p.WantBroker)
		require.Equal(t, id, p.GotBroker)
		require.Equal(t, name, p.Endpoint)
		require.Equal(t, name, p.Advertised)
		require.Equal(t, fmt.Sprintf("%s:%d", endpointAddress, 9092+id), p.Address)
		require.Empty(t, p.Error)
		require.Positive(t, p.Latency)
	}
	require.Equal(t, 2*nodes, r.Partitions)
	require.Equal(t, 3, r.Replication)
	require.Equal(t, map[int32]int{1: 2, 2: 2, 3: 2}, r.Leaders)
	require.Equal(t, []int{180, 180, 180}, []int{r.Produced, r.Acknowledged, r.Read})
	require.Empty(t, r.Mismatched)
	require.True(t, strings.HasPrefix(r.Topic, "kafkalink-check-tidb-"), r.Topic)
	c.gone(t, r.Topic)
}

func linkBootstrapsAnywhere(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	bootstrap := "bootstrap." + domain + ":9092"
	o.Link.Bootstrap = []string{bootstrap, o.Link.Brokers[0].Address(), endpointAddress + ":9092"}
	r, err := consumer.Check(t.Context(), o)
	require.NoError(t, err)
	require.Len(t, r.Ports, nodes+2)
	for i, endpoint := range []string{bootstrap, endpointAddress + ":9092"} {
		p := r.Ports[nodes+i]
		require.Equal(t, endpoint, p.Endpoint)
		require.Equal(t, consumer.AnyBroker, p.WantBroker)
		require.Equal(t, int32(nodes), p.GotBroker)
		require.Equal(t, o.Link.Brokers[nodes-1].Address(), p.Advertised)
	}
}

func linkWithSwappedPorts(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	e.ports[9093], e.ports[9094] = e.ports[9094], e.ports[9093]
	r, err := consumer.Check(t.Context(), e.options())
	require.EqualError(t, err, fmt.Sprintf(`link "tidb" does not work as it must:
b1.%[1]s:9093 (192.168.100.4:9093) leads to broker 2, but must lead to broker 1: look at the rule for this port, and its target
b2.%[1]s:9094 (192.168.100.4:9094) leads to broker 1, but must lead to broker 2: look at the rule for this port, and its target`, domain))
	require.Equal(t, []int32{2, 1, 3}, []int32{r.Ports[0].GotBroker, r.Ports[1].GotBroker, r.Ports[2].GotBroker})
	require.Equal(t, "b2."+domain+":9094", r.Ports[0].Advertised)
	require.Empty(t, r.Topic, "nothing is written to a link that is wrong")
	require.Equal(t, map[int]int{9093: 2, 9094: 2, 9095: 2}, e.visited(), "each port is asked alone, once")
}

func linkWithDeadPorts(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	delete(e.ports, 9093)
	e.ports[9094] = silent
	r, err := consumer.Check(t.Context(), e.options())
	require.Error(t, err)
	require.Len(t, r.Problems, 2)
	require.Contains(t, r.Problems[0], "b1."+domain+":9093 (192.168.100.4:9093) does not lead to broker 1: no connection: ")
	require.Contains(t, r.Problems[0], "connection refused. The way leads to a host, but nothing listens there")
	require.Contains(t, r.Problems[1], "b2."+domain+":9094 (192.168.100.4:9094) does not lead to broker 2: no connection: ")
	require.Contains(t, r.Problems[1], "Nothing answers: look for a rule without a healthy target")
	require.Equal(t, consumer.UnknownBroker, r.Ports[0].GotBroker)
	require.Equal(t, int32(3), r.Ports[2].GotBroker)
	require.Len(t, r.Metadata, nodes, "what does answer is shown")
}

func linkToSomethingElse(t *testing.T, c *cluster) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	e := c.endpoint(t)
	e.ports[9095] = l.Addr().String()
	r, err := consumer.Check(t.Context(), e.options())
	require.ErrorContains(t, err, "does not lead to broker 3: what answers does not speak as Kafka: ")
	require.Len(t, r.Problems, 1)
}

func linkWithWrongNameAdvertised(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	o.Link.Brokers[1].Host = "broker2." + domain
	r, err := consumer.Check(t.Context(), o)
	require.EqualError(t, err, fmt.Sprintf(`link "tidb" does not work as it must:
broker 2 is advertised at b2.%[1]s:9094, but the consumer must see it at broker2.%[1]s:9094: look at its advertised.listeners`+
		` (so says metadata from b1.%[1]s:9093, broker2.%[1]s:9094, b3.%[1]s:9095)`, domain))
	require.Equal(t, "b2."+domain+":9094", r.Ports[1].Advertised)
}

func linkWithoutNames(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	o.Link.Brokers[0].Host = "b1.abd.tidbcloud.com"
	_, err := consumer.Check(t.Context(), o)
	require.ErrorContains(t, err,
		`b1.abd.tidbcloud.com:9093 does not lead to broker 1: cannot resolve "b1.abd.tidbcloud.com": the consumer's DNS has no such name`)
	o = e.options()
	o.DNS = ""
	_, err = consumer.Check(t.Context(), o)
	require.ErrorContains(t, err, "no name server is given (DNS)")
}

func linkWithMissingBroker(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	o.Link.Brokers = append(o.Link.Brokers, consumer.Broker{ID: 4, Host: "b4." + domain, Port: 9096})
	e.ports[9096] = c.link[1]
	_, err := consumer.Check(t.Context(), o)
	require.ErrorContains(t, err, "b4."+domain+":9096 (192.168.100.4:9096) leads to broker 1, but must lead to broker 4")
	require.ErrorContains(t, err, "broker 4 (b4."+domain+":9096) is not advertised: it is down, or not in this cluster")
}

func linkWithForeignBroker(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	o := e.options()
	o.Link.Brokers = o.Link.Brokers[:2]
	e.ports[9094] = c.link[3]
	r, err := consumer.Check(t.Context(), o)
	require.ErrorContains(t, err, "leads to broker 3, but must lead to broker 2")
	require.ErrorContains(t, err, "broker 3 is advertised at b3."+domain+`:9095, but link "tidb" has no such broker`)
	require.Equal(t, int32(3), r.Ports[1].GotBroker)
}

func checkEnded(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := e.options()
	o.Progress = func(step string) {
		if strings.HasPrefix(step, "writing") {
			cancel()
		}
	}
	r, err := consumer.Check(ctx, o)
	require.ErrorContains(t, err, context.Canceled.Error())
	require.NotEmpty(t, r.Topic)
	c.gone(t, r.Topic)
}

func loadOnDeadLink(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	clear(e.ports)
	o := e.options()
	o.Timeout = time.Second
	_, err := consumer.StartLoad(t.Context(), o)
	require.ErrorContains(t, err, "could not be made")
}

func loadEndedByContext(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	load, err := consumer.StartLoad(ctx, e.options())
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, load.Await(t.Context()), consumer.ErrLoadEnded)
	r, err := load.Stop(t.Context())
	require.NoError(t, err)
	c.gone(t, load.Topic())
	require.Equal(t, r.Sent, r.Acknowledged, "what was under way is waited for")
	require.Equal(t, r.Sent, r.Read)
}

func loadWithLostRecords(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	load, err := consumer.StartLoad(t.Context(), e.options())
	require.NoError(t, err)
	topic := load.Topic()
	require.NoError(t, load.Await(t.Context()))
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, 1, 2, -1) // the records 0 and 1 of partition 1
	deleted, err := c.admin(t).DeleteRecords(t.Context(), offsets)
	require.NoError(t, err)
	require.NoError(t, deleted.Error())
	r, err := load.Stop(t.Context())
	require.ErrorContains(t, err, "2 records were not read as they were written, 2 are lost and 0 doubled")
	require.ErrorContains(t, err, "partition 1, offset 0: record 1 was acknowledged, but is not there")
	require.Equal(t, 2, r.Lost)
	require.Equal(t, r.Acknowledged, r.Read+2)
	require.Len(t, r.Mismatched, 2)
	c.gone(t, topic)
}

func loadWithStrangeRecord(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	load, err := consumer.StartLoad(t.Context(), e.options())
	require.NoError(t, err)
	c.write(t, load.Topic(), []byte("a stranger"))
	r, err := load.Stop(t.Context())
	require.ErrorContains(t, err, "nobody sent this record")
	require.Len(t, r.Mismatched, 1)
	require.Zero(t, r.Lost)
	require.Equal(t, r.Sent, r.Read)
}

// loadThroughKill also brings the broker back, and leaves the link as it must be. Kill and loss of the network come
// together, as when a machine loses its power: nobody tells the client that its connections are gone.
func loadThroughKill(t *testing.T, c *cluster) {
	e := c.endpoint(t)
	load, err := consumer.StartLoad(t.Context(), e.options())
	require.NoError(t, err)
	stoppedEarly, err := consumer.StartLoad(t.Context(), e.options())
	require.NoError(t, err)
	before := load.Sample()
	require.GreaterOrEqual(t, before.Acknowledged, 2*nodes)

	e.lead(9094, silent)
	c.kill(2)
	require.NoError(t, load.Await(t.Context()), "the others take over")
	r, err := consumer.Check(t.Context(), e.options())
	require.ErrorContains(t, err, "does not lead to broker 2")
	require.Empty(t, r.Topic)
	lossless(t, stoppedEarly)
	c.gone(t, stoppedEarly.Topic())

	e.lead(9094, c.link[2])
	c.start(t, 2)
	c.awaitBrokers(t)
	require.NoError(t, load.Await(t.Context()))
	require.Greater(t, load.Sample().Acknowledged, before.Acknowledged)
	lossless(t, load)
	c.gone(t, load.Topic())

	_, err = consumer.Check(t.Context(), e.options())
	require.NoError(t, err)
}

func lossless(t *testing.T, load *consumer.Load) {
	t.Helper()
	r, err := load.Stop(t.Context())
	require.NoError(t, err)
	require.Equal(t, r.Sent, r.Acknowledged, "%v", r.Failures)
	require.Equal(t, r.Sent, r.Read)
	require.Zero(t, r.Lost+r.Duplicates+r.FailedForGood)
	require.Positive(t, r.MaxGap)
	t.Logf("%d records in %s, longest gap %s in partition %d", r.Sent, r.Took, r.MaxGap, r.GapPartition)
	again, err := load.Stop(t.Context())
	require.NoError(t, err)
	require.Equal(t, r, again)
}
