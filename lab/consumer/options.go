package consumer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// Options of a check, and of a load.
type Options struct {
	Link Link
	// Dial makes a connection ("tcp", and "udp" for DNS) from the consumer's network to an address "ip:port". It must
	// give up when its context ends.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// DNS is the address "ip:port" of the consumer's name server, asked through Dial. "": names cannot be resolved,
	// and all addresses must be IP addresses.
	DNS string
	// Records that a check writes to each partition. Default 20.
	Records int
	// Rate of a load, in records per second, over all partitions. Default 200.
	Rate int
	// Timeout of a check as a whole; of a load's start and, again, of its stop. Default 1 minute for a check; a load
	// starts within 1 minute and stops within 3.
	Timeout time.Duration
	// Progress is told, step by step, what is done. It may be called from several goroutines. Default: nobody is.
	Progress func(step string)
}

const (
	defaultRecords = 20
	defaultRate    = 200
	checkTimeout   = time.Minute
	startTimeout   = time.Minute
	stopTimeout    = 3 * time.Minute
	// dialTimeout lets a lost first packet be sent again, twice.
	dialTimeout = 4 * time.Second
)

// settled gives the options with their defaults, or says all that is wrong with them.
func (o Options) settled() (Options, error) {
	if o.Records == 0 {
		o.Records = defaultRecords
	}
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	problems := []error{o.Link.validate()}
	if o.Dial == nil {
		problems = append(problems, errors.New("no way into the consumer's network: set Dial"))
	}
	if o.Records < 0 || o.Rate < 0 || o.Timeout < 0 {
		problems = append(problems, errors.New("numbers must not be negative: Records, Rate and Timeout"))
	}
	if err := errors.Join(problems...); err != nil {
		return o, fmt.Errorf("these options cannot be used: %w", err)
	}
	return o, nil
}

// within gives a context that ends after the time the options say, or else after the given one.
func (o Options) within(ctx context.Context, otherwise time.Duration) (context.Context, context.CancelFunc) {
	if o.Timeout > 0 {
		otherwise = o.Timeout
	}
	return context.WithTimeout(ctx, otherwise)
}

func (o Options) say(format string, args ...any) { o.Progress(fmt.Sprintf(format, args...)) }
