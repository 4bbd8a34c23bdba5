package simcloud

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Create makes a resource; in a preview it tells what is known of it.
func (p *provider) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	kind, err := p.kindOf(req.Urn)
	if err != nil {
		return nil, err
	}
	inputs, err := decode("create", req.Properties)
	if err != nil {
		return nil, err
	}
	if req.Preview {
		previewed, err := encode("preview", p.cloud.Schema.previewOutputs(p.cloud.Schema.resources[kind.Token].outputs, inputs))
		return &pulumirpc.CreateResponse{Properties: previewed}, err
	}
	var made *Resource
	var outputs Properties
	err = p.perform(kind, operation(OperationCreate, req.Urn, ""), func() (string, error) {
		made = &Resource{Type: kind.Token, Properties: known(inputs), Computed: Properties{}}
		outputs, err = p.change(kind, &Transaction{Settings: p.settings(ctx), After: made, urn: req.Urn})
		return kind.known(made.ID), err
	})
	if err != nil {
		return nil, answer(err, req.Properties)
	}
	properties, err := encode("create", outputs)
	return &pulumirpc.CreateResponse{Id: kind.known(made.ID), Properties: properties}, err
}

// Update changes a resource in place.
func (p *provider) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	kind, err := p.kindOf(req.Urn)
	if err != nil {
		return nil, err
	}
	inputs, err := decode("update", req.News)
	if err != nil {
		return nil, err
	}
	before, err := decode("update", req.OldInputs)
	if err != nil {
		return nil, err
	}
	olds, err := decode("update", req.Olds)
	if err != nil {
		return nil, err
	}
	if req.Preview {
		previewed := p.cloud.Schema.previewOutputs(p.cloud.Schema.resources[kind.Token].outputs, inputs)
		for name := range olds {
			_, unknown := previewed[name].(Unknown)
			if unknown && p.cloud.Stable != nil && p.cloud.Stable(kind.Token, name) && !HoldsUnknown(inputs[name]) {
				previewed[name] = olds[name]
			}
		}
		properties, err := encode("preview", previewed)
		return &pulumirpc.UpdateResponse{Properties: properties}, err
	}
	op := operation(OperationUpdate, req.Urn, req.Id)
	op.Changed = sorted(p.cloud.diff(kind, p.cloud.standing(kind, before, olds, inputs), inputs).DetailedDiff)
	if p.cloud.RecordsRefused && len(op.Changed) == 0 {
		return &pulumirpc.UpdateResponse{Properties: req.Olds}, nil
	}
	var outputs Properties
	err = p.perform(kind, op, func() (string, error) {
		t := &Transaction{Settings: p.settings(ctx), After: &Resource{Type: kind.Token, Properties: known(inputs)}, urn: req.Urn}
		if err := p.locate(kind, t, kind.inWorld(req.Id)); err != nil {
			return req.Id, err
		}
		kind.spare(t, before, inputs)
		outputs, err = p.change(kind, t)
		return req.Id, err
	})
	if err != nil {
		return nil, answer(p.recorded(err, req.Id, olds, inputs), req.News)
	}
	properties, err := encode("update", outputs)
	return &pulumirpc.UpdateResponse{Properties: properties}, err
}

// recorded is a refused update as the engine is told of it: with what was asked for in the place of what is.
func (p *provider) recorded(refusal error, id string, olds, inputs Properties) error {
	var failed *partial
	if !p.cloud.RecordsRefused || errors.As(refusal, &failed) {
		return refusal
	}
	return &partial{id, asObject(overlaid(olds, known(inputs))), refusal}
}

// overlaid is a value with another laid over it: what that does not say stays, also within objects and items of lists.
func overlaid(under, over any) any {
	if object, below := asObject(over), asObject(under); object != nil && below != nil {
		whole := maps.Clone(below)
		for name, value := range object {
			whole[name] = overlaid(below[name], value)
		}
		return map[string]any(whole)
	}
	list, isList := over.([]any)
	below, wasList := under.([]any)
	if !isList || !wasList || len(list) != len(below) {
		return cloneValue(over)
	}
	whole := make([]any, len(list))
	for i := range list {
		whole[i] = overlaid(below[i], list[i])
	}
	return whole
}

// locate finds what an update changes, or prepares to make it again where the cloud does so.
func (p *provider) locate(kind *Kind, t *Transaction, id string) error {
	if existing, ok := p.server.View().Get(id); ok {
		t.Before, t.After.ID, t.After.Parent = existing, existing.ID, existing.Parent
		return nil
	}
	if !p.cloud.Upserts {
		return p.cloud.Missing(kind.Token, kind.known(id), "")
	}
	for _, name := range kind.KeptWhenUnset {
		if !t.After.Properties.Has(name) {
			return fmt.Errorf("cannot keep '%s' as it is: %w", name, p.cloud.Missing(kind.Token, kind.known(id), ""))
		}
	}
	t.After.Computed = Properties{}
	return nil
}

// spare leaves what an update does not touch as it is in the cloud.
func (k *Kind) spare(t *Transaction, before, after Properties) {
	if k.Spares == nil || t.Before == nil {
		return
	}
	for _, name := range k.Spares(before, after) {
		if stands, ok := t.Before.Properties[name]; ok && t.After.Properties.Has(name) {
			t.After.Properties[name] = cloneValue(stands)
		}
	}
}

// Delete removes a resource and what lies in it. What is already gone is deleted, for all kinds but a few.
func (p *provider) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	kind, err := p.kindOf(req.Urn)
	if err != nil {
		return nil, err
	}
	err = p.perform(kind, operation(OperationDelete, req.Urn, req.Id), func() (string, error) {
		existing, ok := p.server.View().Get(kind.inWorld(req.Id))
		if !ok && kind.DeleteGone != nil {
			return req.Id, p.deleteGone(kind, req)
		}
		if !ok {
			return req.Id, nil
		}
		return req.Id, p.remove(kind, &Transaction{Settings: p.settings(ctx), Before: existing})
	})
	if err != nil {
		return nil, answer(err, nil)
	}
	return &emptypb.Empty{}, nil
}

// deleteGone says what comes of deleting what is there no longer.
func (p *provider) deleteGone(kind *Kind, req *pulumirpc.DeleteRequest) error {
	inputs, err := decode("delete", req.OldInputs)
	if err != nil {
		return err
	}
	return kind.DeleteGone(p.server.View(), inputs)
}

// change judges a create or an update, lets it happen, and gives the outputs.
func (p *provider) change(kind *Kind, t *Transaction) (Properties, error) {
	s := p.server
	var before *World
	err := s.transact(func(world *World) error {
		before = s.world
		t.world, t.World, t.cloud, t.DataPlane = world, world, p.cloud, s.options.DataPlane
		if err := p.accept(kind, t); err != nil {
			return p.report(kind, t, err)
		}
		world.put(t.After)
		return nil
	})
	if err != nil {
		return nil, err
	}
	first, change, others := changes(before, t)
	failed := s.apply(slices.Concat(first, []Change{change}, others))
	if failed == nil && kind.Effect != nil {
		failed = s.takeEffect(kind, change)
	}
	view := s.View()
	now, ok := view.Get(t.After.ID)
	if !ok {
		return nil, p.cloud.Missing(kind.Token, kind.known(t.After.ID), "") // deleted by someone else meanwhile
	}
	outputs := p.cloud.Show(view, now)
	if failed != nil {
		return nil, &partial{kind.known(now.ID), outputs, failed}
	}
	return outputs, nil
}

// remove judges a deletion and lets it happen.
func (p *provider) remove(kind *Kind, t *Transaction) error {
	s := p.server
	var before *World
	err := s.transact(func(world *World) error {
		before = s.world
		t.world, t.World, t.cloud, t.DataPlane = world, world, p.cloud, s.options.DataPlane
		for _, rule := range kind.DeleteRules {
			if err := rule(t); err != nil {
				return p.report(kind, t, err)
			}
		}
		world.Delete(t.Before.ID)
		return nil
	})
	if err != nil {
		return err
	}
	first, _, others := changes(before, t)
	return s.apply(append(first, others...))
}

// report words a refusal as the provider does.
func (p *provider) report(kind *Kind, t *Transaction, refusal error) error {
	if p.cloud.Report == nil {
		return refusal
	}
	switch {
	case t.After == nil:
		return p.cloud.Report(kind, OperationDelete, kind.known(t.Before.ID), refusal)
	case t.Creating():
		return p.cloud.Report(kind, OperationCreate, "", refusal)
	}
	return p.cloud.Report(kind, OperationUpdate, kind.known(t.After.ID), refusal)
}

// inWorld is the id in the world of what the engine knows by a name.
func (k *Kind) inWorld(id string) string { return k.Namespace + id }

// known is the id by which the engine knows a resource of the world.
func (k *Kind) known(id string) string { return strings.TrimPrefix(id, k.Namespace) }

// known are the inputs that a cloud is told: not Pulumi's own.
func known(inputs Properties) Properties {
	told := Properties{}
	for name, value := range inputs.Clone() {
		if !internal("", name) {
			told[name] = value
		}
	}
	return told
}
