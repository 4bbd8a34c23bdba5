package automation

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// Served is a stack's simulated cloud, served to the ordinary Pulumi CLI.
type Served struct {
	// Environment is what the CLI needs, as "NAME=value": the cloud's address, and the state of simulated runs.
	Environment []string
	// ConfigFile is the stack's file as simulated runs see it: without secrets. The CLI takes it as --config-file.
	ConfigFile string

	close func() error
}

// Close ends the cloud and saves it.
func (s *Served) Close() error { return s.close() }

// Serve serves the stack's simulated cloud until it is closed. Meanwhile no other operation can use it.
func (s *Stack) Serve(ctx context.Context) (*Served, error) {
	if !s.Simulated() {
		return nil, errors.New("a stack is served that was opened without Simulate")
	}
	if _, err := s.valid(); err != nil {
		return nil, err
	}
	unlock, err := s.lockSimulated("serving")
	if err != nil {
		return nil, err
	}
	op, err := s.begin(ctx, "serving", nil)
	if err == nil {
		err = op.makeStack(ctx)
	}
	var simulation Simulation
	if err == nil {
		simulation, err = s.simulate(ctx)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	place := s.simulated()
	return &Served{
		Environment: slices.Concat(place.environment(), simulation.Environment()),
		ConfigFile:  filepath.Join(place.project(), "Pulumi."+s.Identity.Stack+".yaml"),
		close: func() error {
			defer unlock()
			if err := simulation.Close(); err != nil {
				return unsaved(err)
			}
			return nil
		},
	}, nil
}

// makeStack makes the stack in the simulated state, where it is not there yet: the ordinary CLI would, beside that, write
// into the user's own file.
func (op *operation) makeStack(ctx context.Context) error {
	_, err := op.cli("stack", "init", op.stackName(), "--no-select")
	if err != nil && !strings.Contains(op.command.last.stderr, "already exists") {
		return op.explain(ctx, err)
	}
	return nil
}
