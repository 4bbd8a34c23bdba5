package stacktest

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// Answers are what a provider answers, by function: an object, or an error, which is its refusal.
type Answers map[string]any

// Ask runs a program that only asks a provider, and returns with which arguments it asked each function.
func Ask(t *testing.T, answers Answers, program func(*pulumi.Context) error) map[string]map[string]any {
	t.Helper()
	p := &provider{answers, map[string]map[string]any{}}
	require.NoError(t, pulumi.RunErr(program, pulumi.WithMocks("house", "dev", p)))
	return p.asked
}

type provider struct {
	answers Answers
	asked   map[string]map[string]any
}

func (*provider) NewResource(pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return "", nil, errors.New("nothing is to be made")
}

func (p *provider) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	p.asked[args.Token] = args.Args.Mappable()
	switch answer := p.answers[args.Token].(type) {
	case map[string]any:
		return resource.NewPropertyMapFromMap(answer), nil
	case error:
		return nil, answer
	}
	return nil, errors.New("asked for " + args.Token)
}
