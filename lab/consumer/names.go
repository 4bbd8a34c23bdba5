package consumer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/miekg/dns"
)

// answerTTL is how long an answer may be kept, in seconds: endpoints come and go while a lab runs.
const answerTTL = 5

// Names and their IPv4 addresses. A name is exact, or begins with "*." and then stands for all that is below it.
type Names map[string][]netip.Addr

// NameServer answers for advertised names, as the consumer's does.
type NameServer struct {
	names   atomic.Pointer[Names] // lower case, with the final dot
	servers []*dns.Server
	serving sync.WaitGroup
	closing sync.Once
	closed  chan struct{}
}

// ServeNames answers questions over UDP and TCP; either may be nil. A name's addresses are the answer to A, questions for
// other types get none, and other names do not exist (NXDOMAIN). It serves until the context ends, or Close; both close
// the sockets. A name that cannot be one is an error.
func ServeNames(ctx context.Context, pc net.PacketConn, l net.Listener, names Names) (*NameServer, error) {
	s := &NameServer{closed: make(chan struct{})}
	if err := s.Set(names); err != nil {
		return nil, err
	}
	if pc != nil {
		s.servers = append(s.servers, &dns.Server{PacketConn: pc, Handler: s})
	}
	if l != nil {
		s.servers = append(s.servers, &dns.Server{Listener: l, Handler: s})
	}
	if len(s.servers) == 0 {
		return nil, errors.New("a name server needs a socket: give it one for UDP, for TCP, or both")
	}
	for _, server := range s.servers {
		if err := s.serve(server); err != nil {
			_ = s.Close()
			return nil, err
		}
	}
	go func() {
		select {
		case <-ctx.Done():
			_ = s.Close()
		case <-s.closed:
		}
	}()
	return s, nil
}

// serve returns when the server takes questions.
func (s *NameServer) serve(server *dns.Server) error {
	started, ended := make(chan struct{}), make(chan error, 1)
	server.NotifyStartedFunc = func() { close(started) }
	s.serving.Go(func() { ended <- server.ActivateAndServe() })
	select {
	case <-started:
		return nil
	case err := <-ended:
		return fmt.Errorf("the name server cannot serve: %w", err)
	}
}

// Set replaces all names, from the next question on.
func (s *NameServer) Set(names Names) error {
	table := make(Names, len(names))
	for name, addresses := range names {
		bare := strings.TrimPrefix(name, "*.")
		if _, ok := dns.IsDomainName(bare); !ok || bare == "" || strings.ContainsAny(bare, "* ") {
			return fmt.Errorf("the name server cannot serve %q: write a name, or %q for all names below one", name, "*.name")
		}
		for _, address := range addresses {
			if !address.Is4() {
				return fmt.Errorf("the name server cannot serve %q: its address %q is not one of IPv4", name, address)
			}
		}
		table[dns.CanonicalName(name)] = addresses
	}
	s.names.Store(&table)
	return nil
}

// ServeDNS answers one question. It makes the server a handler of package dns.
func (s *NameServer) ServeDNS(w dns.ResponseWriter, question *dns.Msg) {
	answer := new(dns.Msg)
	answer.SetReply(question)
	answer.Authoritative = true
	if len(question.Question) != 1 || question.Opcode != dns.OpcodeQuery {
		answer.Rcode = dns.RcodeNotImplemented
		_ = w.WriteMsg(answer) // who asked this may not wait for an answer
		return
	}
	q := question.Question[0]
	switch addresses, known := s.lookUp(q.Name); {
	case !known:
		answer.Rcode = dns.RcodeNameError
	case q.Qtype == dns.TypeA && q.Qclass == dns.ClassINET:
		for _, address := range addresses {
			answer.Answer = append(answer.Answer, &dns.A{
				Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: answerTTL},
				A:   address.AsSlice(),
			})
		}
	}
	_ = w.WriteMsg(answer) // an answer that is lost is asked for again
}

// lookUp prefers the exact name, then the wildcard that is closest to it.
func (s *NameServer) lookUp(name string) ([]netip.Addr, bool) {
	table, name := *s.names.Load(), dns.CanonicalName(name)
	if addresses, ok := table[name]; ok && !strings.HasPrefix(name, "*.") {
		return addresses, true
	}
	for {
		_, parent, found := strings.Cut(name, ".")
		if !found || parent == "" {
			return nil, false
		}
		if addresses, ok := table["*."+parent]; ok {
			return addresses, true
		}
		name = parent
	}
}

// Close ends the serving and closes the sockets; closing again does nothing but wait for that.
func (s *NameServer) Close() error {
	s.closing.Do(func() {
		close(s.closed)
		for _, server := range s.servers {
			_ = server.Shutdown() // fails only if the server has ended
			if server.PacketConn != nil {
				_ = server.PacketConn.Close()
			}
			if server.Listener != nil {
				_ = server.Listener.Close()
			}
		}
		s.serving.Wait()
	})
	return nil
}
