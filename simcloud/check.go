package simcloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Checker collects what is wrong with inputs that may hold Unknown.
type Checker struct {
	Inputs   Properties
	problems []problem
}

// Fail reports a problem at an input path.
func (c *Checker) Fail(path, format string, arguments ...any) {
	c.problems = append(c.problems, problem{path, fmt.Sprintf(format, arguments...)})
}

// Each calls f for every value that a pattern names and that is known.
func (c *Checker) Each(pattern string, f func(path string, value any)) {
	c.Inputs.visit(pattern, func(path string, value any) {
		if _, unknown := value.(Unknown); !unknown {
			f(path, value)
		}
	})
}

// Check fills in what the provider chooses and names everything wrong with a resource's inputs.
func (p *provider) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	urn := resource.URN(req.Urn)
	inputs, err := decode("check", req.News)
	if err != nil {
		return nil, err
	}
	olds, err := decode("check", req.Olds)
	if err != nil {
		return nil, err
	}
	kind, err := p.kind(string(urn.Type()))
	if err != nil {
		return &pulumirpc.CheckResponse{Inputs: req.News, Failures: []*pulumirpc.CheckFailure{{Reason: err.Error()}}}, nil
	}
	if p.cloud.Defaults != nil {
		p.cloud.Defaults(&Defaults{
			Kind: kind, Name: urn.Name(), Seed: req.RandomSeed, Settings: p.settings(ctx),
			Before: olds, Inputs: inputs, World: p.server.View(),
		})
	}
	response := &pulumirpc.CheckResponse{}
	for _, found := range p.cloud.problems(kind, inputs) {
		response.Failures = append(response.Failures, &pulumirpc.CheckFailure{Property: topLevel(found.path), Reason: found.reason})
	}
	response.Inputs, err = encode("check", inputs)
	return response, err
}

func (c *Cloud) problems(kind *Kind, inputs Properties) []problem {
	problems := c.Schema.validate(c.Schema.resources[kind.Token].inputs, inputs, "")
	checker := &Checker{Inputs: inputs, problems: problems}
	for _, pattern := range kind.Required {
		checker.require(pattern)
	}
	for _, pattern := range sorted(kind.Enums) {
		checker.Each(pattern, func(path string, value any) {
			text, isText := value.(string)
			if isText && !slices.Contains(kind.Enums[pattern], text) {
				checker.Fail(path, "'%s' is %q: must be one of %s", path, text, strings.Join(kind.Enums[pattern], ", "))
			}
		})
	}
	for _, pattern := range sorted(kind.Ranges) {
		checker.Each(pattern, func(path string, value any) {
			bounds := kind.Ranges[pattern]
			if number, isNumber := value.(float64); isNumber && (number < bounds.Min || number > bounds.Max) {
				checker.Fail(path, "'%s' is %v: must be between %v and %v", path, number, bounds.Min, bounds.Max)
			}
		})
	}
	if kind.Check != nil {
		kind.Check(checker)
	}
	return checker.problems
}

// require reports a property that is absent from the objects it is required in.
func (c *Checker) require(pattern string) {
	container, name, nested := cutLast(pattern)
	report := func(path string, value any) {
		if object := asObject(value); object != nil && object[name] == nil {
			c.problems = append(c.problems, missing(joinPath(path, name)))
		}
	}
	if !nested {
		report("", map[string]any(c.Inputs))
		return
	}
	c.Each(container, report)
}

func cutLast(pattern string) (container, name string, nested bool) {
	at := strings.LastIndexByte(pattern, '.')
	if at < 0 {
		return "", pattern, false
	}
	return pattern[:at], pattern[at+1:], true
}

// topLevel is the input that a path is in: a CheckFailure can name no more, its reason names the rest.
func topLevel(path string) string {
	if at := strings.IndexAny(path, ".["); at >= 0 {
		return path[:at]
	}
	return path
}
