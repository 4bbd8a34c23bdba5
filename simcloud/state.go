package simcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// stateVersion is that of the state file's format.
const stateVersion = 1

type stateFile struct {
	Version   int               `json:"version"`
	Resources []*Resource       `json:"resources"`
	Memory    map[string]string `json:"memory,omitempty"`
}

// load reads the world from a state file; a file that does not exist is an empty world.
func load(file string, clouds []*Cloud) (*World, error) {
	world := newWorld(clouds)
	if file == "" {
		return world, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return world, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the simulated clouds' state: %w", err)
	}
	var state stateFile
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, fmt.Errorf("read the simulated clouds' state in %s: %w; it is damaged: remove it to start with empty clouds", file, err)
	}
	if state.Version != stateVersion {
		return nil, fmt.Errorf("%s has version %d of the simulated clouds' state, this program reads version %d: remove it to start with empty clouds", file, state.Version, stateVersion)
	}
	for _, r := range state.Resources {
		if !world.knows(r.Type) {
			return nil, fmt.Errorf("%s holds a %s, which none of the clouds served has: remove it to start with empty clouds", file, r.Type)
		}
		world.put(r)
	}
	if state.Memory != nil {
		world.memory = state.Memory
	}
	return world, nil
}

func (w *World) knows(token string) bool {
	for _, cloud := range w.clouds {
		if cloud.find(token) != nil {
			return true
		}
	}
	return false
}

// save replaces the state file, so that a reader, or a kill, never meets half of one.
func save(file string, world *World) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(stateFile{stateVersion, world.List(""), world.memory}, "", "\t")
	if err != nil {
		return fmt.Errorf("write the simulated clouds' state: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("write the simulated clouds' state: %w", err)
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write the simulated clouds' state: %w", err)
	}
	_, err = temporary.Write(append(text, '\n'))
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
		return fmt.Errorf("write the simulated clouds' state: %w", err)
	}
	return nil
}
