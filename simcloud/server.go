package simcloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// Server serves the clouds of its Options until it is closed.
type Server struct {
	options   Options
	ctx       context.Context // of operations: they outlive the client that asked for them
	cancel    context.CancelFunc
	listeners []net.Listener
	servers   []*grpc.Server
	webs      []*http.Server
	running   sync.WaitGroup
	log       operationLog
	failures  failures
	closing   sync.Once

	mu    sync.Mutex
	world *World // replaced, never altered: whoever holds one may read it without the lock
}

// Serve starts a provider for each cloud on a port of 127.0.0.1. The caller closes the server; ending
// the context closes it too.
func Serve(ctx context.Context, options Options) (*Server, error) {
	if len(options.Clouds) == 0 {
		return nil, errors.New("serve simulated clouds: Options.Clouds is empty: name at least one")
	}
	if options.DataPlane == nil {
		options.DataPlane = None{}
	}
	world, err := load(options.StateFile, options.Clouds)
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, world: world}
	s.log.out = options.Log
	s.failures = failures{number: options.FailOperation, match: options.FailMatch}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for _, cloud := range options.Clouds {
		if err := s.listen(cloud); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	context.AfterFunc(s.ctx, func() { stop() })
	return s, nil
}

// listen serves one cloud. The engine dials 127.0.0.1 and nothing else.
func (s *Server) listen(cloud *Cloud) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the simulated %s: %w", cloud.Package, err)
	}
	const maxMessage = 400 << 20 // the engine's own limit
	server := grpc.NewServer(
		grpc.WaitForHandlers(true), grpc.StatsHandler(connections{}),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
	)
	served := &provider{server: s, cloud: cloud}
	if cloud.Web != nil {
		if served.web, err = s.serveWeb(cloud); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	pulumirpc.RegisterResourceProviderServer(server, served)
	s.listeners, s.servers = append(s.listeners, listener), append(s.servers, server)
	s.running.Go(func() { _ = server.Serve(listener) }) // ends with Stop
	return nil
}

// DebugProviders is the value of PULUMI_DEBUG_PROVIDERS: "azure-native:PORT".
func (s *Server) DebugProviders() string {
	var named []string
	for i, cloud := range s.options.Clouds {
		named = append(named, fmt.Sprintf("%s:%d", cloud.Package, s.listeners[i].Addr().(*net.TCPAddr).Port))
	}
	return strings.Join(named, ",")
}

// Environment is what a Pulumi CLI needs to find the simulated clouds, and to look for no other
// provider: lines KEY=value.
func (s *Server) Environment() []string {
	return []string{
		"PULUMI_DEBUG_PROVIDERS=" + s.DebugProviders(),
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
	}
}

// Operations is the log so far, in the order in which operations started.
func (s *Server) Operations() []Operation { return s.log.list() }

// View reads the clouds as they are now; later changes do not show in it.
func (s *Server) View() View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world
}

// Mutate changes the clouds behind Pulumi's back, which a refresh then finds as drift. An error leaves
// them as they were.
func (s *Server) Mutate(change func(*World) error) error {
	return s.transact(change)
}

// transact replaces the world by a changed one and writes it down, or leaves it alone.
func (s *Server) transact(change func(*World) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := s.world.clone()
	if err := change(changed); err != nil {
		return err
	}
	if err := save(s.options.StateFile, changed); err != nil {
		return err
	}
	s.world = changed
	return nil
}

// Close stops serving: operations under way fail where they wait, and are waited for. What exists was written down as it
// changed.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.cancel()
		for _, server := range s.servers {
			server.Stop()
		}
		for _, web := range s.webs {
			_ = web.Close() // it reads, so nothing is lost
		}
		s.running.Wait()
	})
	return nil
}
