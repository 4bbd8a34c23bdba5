package consumer_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

// forgetful is a connection that is forgotten while nobody writes to it for a time; later writes go nowhere, or are answered
// with a reset.
type forgetful struct {
	net.Conn
	last   time.Time
	after  time.Duration
	resets bool
	gone   bool
}

func (c *forgetful) Write(b []byte) (int, error) {
	c.gone = c.gone || time.Since(c.last) > c.after
	c.last = time.Now()
	switch {
	case c.gone && c.resets:
		_ = c.Close()
		return 0, fmt.Errorf("write: %w", syscall.ECONNRESET)
	case c.gone:
		return len(b), nil
	}
	return c.Conn.Write(b)
}

const rest = 3 * time.Second

func restsOverALinkThatRemembers(t *testing.T, c *cluster) {
	r, err := consumer.Rest(t.Context(), c.endpoint(t).options(), rest)
	require.NoError(t, err)
	require.Empty(t, r.Unanswered)
	require.Zero(t, r.Renewed)
}

func restsOverALinkThatForgets(t *testing.T, c *cluster) {
	for name, resets := range map[string]bool{"without a word": false, "and resets": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := c.endpoint(t)
			o := e.options()
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := e.dial(ctx, network, address)
				if err != nil || network == "udp" {
					return conn, err
				}
				return &forgetful{Conn: conn, last: time.Now(), after: rest - time.Second, resets: resets}, nil
			}
			r, err := consumer.Rest(t.Context(), o, rest)
			require.NoError(t, err)
			require.GreaterOrEqual(t, r.Renewed, nodes)
			if resets {
				require.Empty(t, r.Unanswered)
				return
			}
			brokers := map[string]bool{}
			for _, text := range r.Unanswered {
				if broker, ok := strings.CutPrefix(text, "Produce to broker "); ok {
					brokers[broker[:1]] = true
				}
			}
			require.Equal(t, map[string]bool{"1": true, "2": true, "3": true}, brokers, "%v", r.Unanswered)
		})
	}
}
