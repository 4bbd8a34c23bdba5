package consumer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

const (
	askAttempts = 3 // a question over UDP may be lost
	askTimeout  = 2 * time.Second
)

// errNoSuchName is what the consumer's name server says of names that it does not have.
var errNoSuchName = errors.New("the consumer's DNS has no such name")

// dial connects to "host:port" as the consumer does: it asks its name server, and connects from its network.
func (o Options) dial(ctx context.Context, network, endpoint string) (net.Conn, error) {
	address, err := o.resolve(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	return o.dialAddress(ctx, network, address)
}

func (o Options) dialAddress(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return o.Dial(ctx, network, address)
}

// resolve gives the "ip:port" of a "host:port".
func (o Options) resolve(ctx context.Context, endpoint string) (string, error) {
	host, port, err := net.SplitHostPort(endpoint)
	if err != nil {
		return "", fmt.Errorf("want host:port: %w", err)
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return endpoint, nil
	}
	if o.DNS == "" {
		return "", fmt.Errorf("cannot resolve %q: no name server is given (DNS)", host)
	}
	question := new(dns.Msg).SetQuestion(dns.Fqdn(host), dns.TypeA)
	var answer *dns.Msg
	for attempt := 1; ; attempt++ {
		answer, err = o.ask(ctx, question)
		if err == nil {
			break
		}
		if attempt == askAttempts || ctx.Err() != nil {
			return "", fmt.Errorf("cannot resolve %q: the name server at %s does not answer: %w", host, o.DNS, err)
		}
	}
	if answer.Rcode == dns.RcodeNameError {
		return "", fmt.Errorf("cannot resolve %q: %w", host, errNoSuchName)
	}
	for _, rr := range answer.Answer {
		if a, ok := rr.(*dns.A); ok {
			return net.JoinHostPort(a.A.String(), port), nil
		}
	}
	return "", fmt.Errorf("cannot resolve %q: the name server at %s has no IPv4 address for it (%s)",
		host, o.DNS, dns.RcodeToString[answer.Rcode])
}

func (o Options) ask(ctx context.Context, question *dns.Msg) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	conn, err := o.Dial(ctx, "udp", o.DNS)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	answer, _, err := new(dns.Client).ExchangeWithConnContext(ctx, question, &dns.Conn{Conn: conn})
	return answer, err
}
