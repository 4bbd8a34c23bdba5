package simcloud

import (
	"fmt"
	"strings"
)

// accept asks every rule, and lets the cloud choose what it chooses.
func (p *provider) accept(kind *Kind, t *Transaction) error {
	if t.After.ID == "" {
		id, parent := kind.ID(&Identity{Settings: t.Settings, Inputs: t.After.Properties, world: t.world, urn: t.urn})
		t.After.ID, t.After.Parent = kind.inWorld(id), parent
	}
	if existing, ok := t.World.Get(t.After.ID); ok {
		if t.Creating() && (kind.Adopts == nil || !kind.Adopts(t.After.Properties)) {
			return p.cloud.Exists(kind.Token, kind.known(existing.ID))
		}
		t.Before = existing
	} else if !t.Creating() {
		return p.cloud.Missing(kind.Token, kind.known(t.After.ID), "")
	}
	if t.After.Parent != "" {
		if _, ok := t.World.Get(t.After.Parent); !ok {
			return p.cloud.Missing("", t.After.Parent, "")
		}
	}
	if t.Creating() {
		t.world.countMade(p.cloud.key(t.After.ID))
	} else {
		t.After.Computed = t.Before.Computed.Clone()
		for _, name := range kind.KeptWhenUnset {
			if kept, ok := t.Before.Properties[name]; ok {
				t.After.Properties.Default(name, cloneValue(kept))
			}
		}
	}
	if kind.Defaults != nil {
		kind.Defaults(t.After.Properties)
	}
	if err := p.references(kind, t); err != nil {
		return err
	}
	for _, rule := range kind.Rules {
		if err := rule(t); err != nil {
			return err
		}
	}
	if kind.Compute != nil {
		return kind.Compute(t)
	}
	return nil
}

// references refuses ids that name nothing, or something of a type that does not belong there.
func (p *provider) references(kind *Kind, t *Transaction) error {
	var refused error
	for _, reference := range kind.References {
		t.After.Properties.visit(reference.Path, func(path string, value any) {
			id, ok := value.(string)
			if !ok || refused != nil || p.within(id, t.After.ID) {
				return
			}
			var target *Resource
			for _, token := range reference.To {
				found, ok := t.World.Resolve(p.cloud.find(token).inWorld(id))
				if ok && found.Type == token {
					return
				}
				if ok {
					target = found
				}
			}
			if target == nil {
				refused = p.cloud.Missing(reference.To[0], id, path)
				return
			}
			refused = fmt.Errorf("'%s' refers to %s, which is a %s, not a %s", path, id, target.Type, strings.Join(reference.To, " or a "))
		})
	}
	return refused
}

// within says whether an id names a part of a resource: what refers to itself is for its own rules.
func (p *provider) within(id, resource string) bool {
	return strings.HasPrefix(p.cloud.key(id), p.cloud.key(resource)+"/")
}
