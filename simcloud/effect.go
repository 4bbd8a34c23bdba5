package simcloud

import (
	"context"
	"fmt"
	"slices"
)

// changes compares the worlds around a transaction: what had to happen first, the change asked for, and those that
// came with it. What lies in a resource is deleted before it, and made after it.
func changes(before *World, t *Transaction) (first []Change, main Change, others []Change) {
	var deleted, made []Change
	for _, r := range before.List("") {
		if _, still := t.world.Get(r.ID); !still {
			deleted = append([]Change{{Operation: OperationDelete, Before: r, World: t.world}}, deleted...)
		}
	}
	for _, r := range t.world.List("") {
		old, existed := before.Get(r.ID)
		change := Change{Operation: OperationCreate, After: r, World: t.world}
		if existed {
			change.Operation, change.Before = OperationUpdate, old
		}
		switch {
		case r == t.After:
			change.Restart = t.restart
			main = change
		case r != old && slices.Contains(t.first, r.ID):
			first = append(first, change)
		case r != old:
			made = append(made, change)
		}
	}
	return first, main, append(deleted, made...)
}

// apply tells the data plane, until it refuses.
func (s *Server) apply(changes []Change) error {
	for _, change := range changes {
		if err := s.options.DataPlane.Apply(s.ctx, change); err != nil {
			r := change.After
			if r == nil {
				r = change.Before
			}
			return fmt.Errorf("%s %s: %w", change.Operation, r.ID, err)
		}
	}
	return nil
}

// takeEffect lets a kind do what it does besides, and keeps what comes of it.
func (s *Server) takeEffect(kind *Kind, change Change) error {
	var later []func(context.Context) Properties
	computed, failed := kind.Effect(s.ctx, Effect{
		Change: change, DataPlane: s.options.DataPlane,
		Remember: func(key, text string) error {
			return s.transact(func(world *World) error { world.Remember(key, text); return nil })
		},
		Mutate: s.transact, Now: s.View,
		Later: func(work func(context.Context) Properties) { later = append(later, work) },
	})
	if err := s.compute(change.After.ID, computed); err != nil {
		return err
	}
	for _, work := range later { // only now: what comes later must be written later
		s.running.Go(func() { _ = s.compute(change.After.ID, work(s.ctx)) })
	}
	return failed
}

// compute adds to what is computed of a resource, if it still exists.
func (s *Server) compute(id string, computed Properties) error {
	return s.transact(func(world *World) error {
		world.Change(id, func(r *Resource) {
			for name, value := range computed {
				r.Computed[name] = value
			}
		})
		return nil
	})
}
