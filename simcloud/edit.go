package simcloud

import (
	"errors"
	"fmt"
)

// Edit changes one resource as somebody would in a cloud's console: every check and rule judges it, and the data plane
// hears of it, but no program and no state knows. The log does not list it. An error is the cloud's refusal, or what
// failed after the cloud had accepted.
func (s *Server) Edit(id string, change func(Properties)) error {
	existing, ok := s.View().Get(id)
	if !ok {
		return fmt.Errorf("edit %s: there is no such resource", id)
	}
	for _, cloud := range s.options.Clouds {
		kind := cloud.find(existing.Type)
		if kind == nil {
			continue
		}
		inputs := existing.Properties.Clone()
		change(inputs)
		checked := inputs.Clone()
		for name, value := range kind.inputsOf(existing.ID) { // of a part that a resource was made with, no program gave them
			checked.Default(name, value)
		}
		var refused []error
		for _, found := range cloud.problems(kind, checked) {
			refused = append(refused, errors.New(found.reason))
		}
		for _, path := range cloud.diff(kind, existing.Properties, inputs).Replaces {
			refused = append(refused, fmt.Errorf("'%s' is chosen when a resource is made, and stays", path))
		}
		if err := errors.Join(refused...); err != nil {
			return err
		}
		edited := &Resource{ID: existing.ID, Type: existing.Type, Parent: existing.Parent, Properties: inputs}
		_, err := (&provider{server: s, cloud: cloud}).change(kind, &Transaction{Settings: cloud.Settings, Before: existing, After: edited})
		return err
	}
	return fmt.Errorf("edit %s: no cloud has resources of type %s", id, existing.Type)
}
