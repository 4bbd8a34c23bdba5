package simcloud

import (
	"context"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Read tells what a resource is now, for a refresh or an import.
func (p *provider) Read(_ context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	kind, err := p.kindOf(req.Urn)
	if err != nil {
		return nil, err
	}
	olds, err := decode("read", req.Properties)
	if err != nil {
		return nil, err
	}
	oldInputs, err := decode("read", req.Inputs)
	if err != nil {
		return nil, err
	}
	op := p.server.log.begin(operation(OperationRead, req.Urn, req.Id))
	defer p.server.log.end(op.Seq, req.Id, nil)
	view := p.server.View()
	r, ok := view.Get(kind.inWorld(req.Id))
	if !ok || r.Type != kind.Token {
		return &pulumirpc.ReadResponse{}, nil
	}
	outputs := p.cloud.Show(view, r)
	inputs := p.cloud.imported(kind, r, outputs)
	if len(oldInputs) > 0 {
		inputs = p.cloud.drifted(kind, oldInputs, olds, outputs)
	}
	response := &pulumirpc.ReadResponse{Id: kind.known(r.ID)}
	if response.Properties, err = encode("read", outputs); err != nil {
		return nil, err
	}
	response.Inputs, err = encode("read", inputs)
	return response, err
}

// inputsOf are the inputs that the id of a resource tells.
func (k *Kind) inputsOf(id string) Properties {
	if k.InputsOf == nil {
		return nil
	}
	return k.InputsOf(k.known(id))
}

// imported are the inputs that would make a resource as it is: what its id tells and what it was told.
func (c *Cloud) imported(kind *Kind, r *Resource, outputs Properties) Properties {
	inputs := c.Schema.projectAll(c.Schema.resources[kind.Token].inputs, outputs)
	for _, name := range sorted(inputs) {
		if _, told := r.Properties[name]; !told {
			delete(inputs, name)
		}
	}
	for name, value := range kind.inputsOf(r.ID) {
		inputs[name] = value
	}
	return inputs
}

// drifted are the inputs with what has changed in the cloud since: like azure-native it compares the
// outputs then and now, as far as they could be inputs, and carries over only differences. So the
// cloud's own defaults never turn into inputs.
func (c *Cloud) drifted(kind *Kind, inputs, before, now Properties) Properties {
	declared := c.Schema.resources[kind.Token].inputs
	then := c.Schema.projectAll(declared, before)
	since := c.Schema.projectAll(declared, now)
	for _, name := range kind.KeptWhenUnset {
		if !inputs.Has(name) {
			delete(then, name)
			delete(since, name)
		}
	}
	return Properties(carry(map[string]any(inputs), map[string]any(then), map[string]any(since)).(map[string]any))
}

// carry applies to a value what differs between then and now.
func carry(value, then, now any) any {
	if equal(then, now) {
		return value
	}
	object, thenObject, nowObject := asObject(value), asObject(then), asObject(now)
	if object != nil && thenObject != nil && nowObject != nil {
		carried := map[string]any{}
		for name, item := range object {
			if _, still := nowObject[name]; still || thenObject[name] == nil {
				carried[name] = item
			}
		}
		for name, item := range nowObject {
			if equal(thenObject[name], item) {
				continue
			}
			if old, had := object[name]; had {
				item = carry(old, thenObject[name], item)
			}
			carried[name] = item
		}
		return carried
	}
	list, isList := value.([]any)
	thenList, wasList := then.([]any)
	nowList, staysList := now.([]any)
	if isList && wasList && staysList {
		carried := slices.Clone(nowList)
		for i := range min(len(list), len(thenList), len(nowList)) {
			carried[i] = carry(list[i], thenList[i], nowList[i])
		}
		return carried
	}
	return now
}
