package automation

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

func TestAPanicIsAnErrorThatKeepsTheStackOfThePanic(t *testing.T) {
	t.Parallel()
	var g guard

	err := g.around(func(*pulumi.Context) error { return index([]int{}, 3) })(nil)

	require.EqualError(t, err, "the program panicked: runtime error: index out of range [3] with length 0")
	stack, _ := g.failure()
	require.Regexp(t, `(?s)^(runtime\.goPanicIndex.*?\n.*?\n)?github.com/kafkalink/kafkalink/automation\.index\(`, stack)
}

//go:noinline
func index(list []int, i int) error { _ = list[i]; return nil }
