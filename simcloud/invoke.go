package simcloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Invoke answers a data source.
func (p *provider) Invoke(ctx context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	arguments, err := decode("invoke", req.Args)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(p.cloud.Functions, func(f *Function) bool { return f.Token == req.Tok })
	if at < 0 {
		return nil, status.Errorf(codes.Unimplemented, "the simulated %s has no function %s", p.cloud.Package, req.Tok)
	}
	function := p.cloud.Functions[at]
	if failures := function.check(p.cloud.Schema, arguments); len(failures) > 0 {
		return &pulumirpc.InvokeResponse{Failures: failures}, nil
	}
	op := p.server.log.begin(Operation{Kind: OperationInvoke, Type: req.Tok})
	result, err := function.Invoke(p.server.View(), p.settings(ctx), arguments)
	id := ""
	if result != nil {
		id = result.Text("id")
	}
	p.server.log.end(op.Seq, id, err)
	if err != nil {
		return nil, status.Error(codes.Unknown, err.Error())
	}
	if shape, ok := p.cloud.Schema.functions[req.Tok]; ok {
		result = p.cloud.Schema.projectAll(shape.outputs, result)
	}
	properties, err := encode("invoke", result)
	return &pulumirpc.InvokeResponse{Return: properties}, err
}

// check names the arguments that are missing, that are no such thing, or that the function does not take.
func (f *Function) check(schema *Schema, arguments Properties) []*pulumirpc.CheckFailure {
	var failures []*pulumirpc.CheckFailure
	if shape, ok := schema.functions[f.Token]; ok {
		for _, found := range schema.validate(shape.inputs, arguments, "") {
			failures = append(failures, &pulumirpc.CheckFailure{Property: topLevel(found.path), Reason: found.reason})
		}
		return failures
	}
	for _, name := range f.Required {
		if !arguments.Has(name) {
			failures = append(failures, &pulumirpc.CheckFailure{Property: name, Reason: missing(name).reason})
		}
	}
	for _, name := range sorted(arguments) {
		if !slices.Contains(f.Required, name) && !slices.Contains(f.Optional, name) {
			failures = append(failures, &pulumirpc.CheckFailure{Property: name, Reason: fmt.Sprintf(
				"unknown argument '%s': it takes %s", name, strings.Join(slices.Concat(f.Required, f.Optional), ", "))})
		}
	}
	return failures
}
