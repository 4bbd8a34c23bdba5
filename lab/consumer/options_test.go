package consumer_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

func TestOptionsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	wrong := consumer.Options{
		Link: consumer.Link{
			Name:      "ti db",
			Bootstrap: []string{"b1.example"},
			Brokers: []consumer.Broker{
				{ID: 1, Host: "b1.example", Port: 9093}, {ID: 1, Host: "b2.example", Port: 9094},
				{ID: 3, Host: "b1.example", Port: 9093}, {ID: 4, Host: "b4.example"},
			},
		},
		Rate: -1,
	}
	want := []string{
		`the link's name "ti db" becomes part of a topic's name`,
		`broker 1 at "b2.example:9094": another broker of link "ti db" has this id or address`,
		`broker 3 at "b1.example:9093": another broker`,
		`broker 4 at "b4.example:0": an id of 0 or more, a host and a port`,
		`bootstrap address "b1.example": want host:port`,
		"no way into the consumer's network: set Dial",
		"numbers must not be negative",
	}
	_, err := consumer.Check(t.Context(), wrong)
	for _, problem := range want {
		require.ErrorContains(t, err, problem)
	}
	_, loadErr := consumer.StartLoad(t.Context(), wrong)
	require.EqualError(t, loadErr, err.Error())
	_, err = consumer.Check(t.Context(), consumer.Options{Link: consumer.Link{Name: "tidb"}})
	require.ErrorContains(t, err, `link "tidb" has no brokers`)
}

// A lost packet does not make a name unknown; a name server that is gone does.
func TestNameServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	_, server := serveNames(t, consumer.Names{"*.example": {netip.MustParseAddr("192.168.100.4")}})
	var asked atomic.Int32
	lose := int32(2)
	o := consumer.Options{
		Link: consumer.Link{Name: "tidb", Brokers: []consumer.Broker{{ID: 1, Host: "b1.example", Port: 9093}}},
		DNS:  "192.168.100.2:53",
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			switch {
			case network != "udp":
				return nil, errors.New("refused for the test: " + address)
			case asked.Add(1) <= atomic.LoadInt32(&lose):
				return nil, errors.New("lost for the test: " + address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, server)
		},
	}
	r, err := consumer.Check(t.Context(), o)
	require.ErrorContains(t, err, "refused for the test: 192.168.100.4:9093")
	require.Equal(t, "192.168.100.4:9093", r.Ports[0].Address)

	atomic.StoreInt32(&lose, 100)
	r, err = consumer.Check(t.Context(), o)
	require.ErrorContains(t, err, "the name server at 192.168.100.2:53 does not answer: lost for the test: 192.168.100.2:53")
	require.Empty(t, r.Ports[0].Address)
	require.Equal(t, 1, strings.Count(err.Error(), "b1.example:9093"), "said once")
}
