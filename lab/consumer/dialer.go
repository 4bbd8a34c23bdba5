package consumer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// silenceTimeout is how long nobody knocks again where nobody answered.
const silenceTimeout = time.Second

// dialer makes the connections of one client. The client dials anew for every request that waits for a broker, one
// after the other, and the question of where else to go may wait behind them: six of them at a silent address took it
// a minute. So what waits for an address that was silent just now fails at once.
type dialer struct {
	options Options

	mu     sync.Mutex
	silent map[string]silence // by "host:port"
}

type silence struct {
	until time.Time
	err   error
}

func (d *dialer) dial(ctx context.Context, network, endpoint string) (net.Conn, error) {
	d.mu.Lock()
	s := d.silent[endpoint]
	d.mu.Unlock()
	if time.Now().Before(s.until) {
		return nil, fmt.Errorf("%s was silent just now: %w", endpoint, s.err)
	}
	conn, err := d.options.dial(ctx, network, endpoint)
	if err != nil && ctx.Err() == nil && isTimeout(err) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.silent[endpoint] = silence{time.Now().Add(silenceTimeout), err}
	}
	return conn, err
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}
