package automation

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// A Simulation is a simulated cloud that serves the engine while an operation runs.
type Simulation interface {
	// Environment is what the engine's processes need to find it, as "NAME=value".
	Environment() []string
	// Close ends it after the operation and saves what its cloud holds.
	Close() error
}

// SimulationRequest says which cloud is to be simulated, and where its resources are kept between operations.
type SimulationRequest struct {
	Cloud     string
	StateFile string
}

// Simulate starts a simulation. It is called once per operation, after the configuration was found valid.
type Simulate func(context.Context, SimulationRequest) (Simulation, error)

// simulated is where everything of a stack's simulated runs is kept, apart from the real ones:
//
//	cloud.json   the simulated cloud's resources
//	lock         locked by the process that runs an operation, which has written its id there
//	home         PULUMI_HOME: login and plugins
//	state        the engine's state
//	project      Pulumi.yaml and Pulumi.<stack>.yaml, written anew for each operation, without secrets
type simulated struct{ dir string }

// SimulatedDir is where a stack's simulated state is kept: removing it forgets the simulated cloud.
func (s *Stack) SimulatedDir() string { return simulatedIn(s.project.shownDir, s.Identity.Stack).dir }

func (s *Stack) simulated() simulated { return simulatedIn(s.project.dir, s.Identity.Stack) }

func simulatedIn(dir, stack string) simulated {
	return simulated{dir: filepath.Join(dir, ownDir, "simulated", stack)}
}

func (d simulated) cloud() string   { return filepath.Join(d.dir, "cloud.json") }
func (d simulated) lock() string    { return filepath.Join(d.dir, "lock") }
func (d simulated) home() string    { return filepath.Join(d.dir, "home") }
func (d simulated) state() string   { return filepath.Join(d.dir, "state") }
func (d simulated) project() string { return filepath.Join(d.dir, "project") }

// environment points the engine at the simulated state. What it must reach the simulated cloud comes from Simulation.
func (d simulated) environment() []string {
	return []string{
		"PULUMI_HOME=" + d.home(),
		"PULUMI_BACKEND_URL=" + (&url.URL{Scheme: "file", Path: filepath.ToSlash(d.state())}).String(),
		"PULUMI_CONFIG_PASSPHRASE=" + simulatedPassphrase,
		// With a snapshot, the CLI would otherwise fetch the real clouds' plugins.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
	}
}

// prepare writes the project as the engine is to see it.
func (d simulated) prepare(id StackIdentity, config Configuration) error {
	for _, dir := range []string{d.home(), d.state(), d.project()} {
		if err := makeOwn(dir); err != nil {
			return fmt.Errorf("making room for the simulated stack: %w", err)
		}
	}
	project := map[string]any{"name": id.Project, "runtime": "go"}
	if err := writeYAML(filepath.Join(d.project(), "Pulumi.yaml"), project); err != nil {
		return err
	}
	secrets := simulatedSecrets()
	values := map[string]any{}
	for key, value := range config {
		sealed, err := secrets.seal(value)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		values[key] = sealed
	}
	stack := map[string]any{"encryptionsalt": secrets.salt, "config": values}
	return writeYAML(filepath.Join(d.project(), "Pulumi."+id.Stack+".yaml"), stack)
}

func writeYAML(path string, value any) error {
	text, err := yaml.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
