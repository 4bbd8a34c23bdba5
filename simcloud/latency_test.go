package simcloud

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDelaysAreTheSeedsAlone(t *testing.T) {
	t.Parallel()
	kind := &Kind{Duration: 10 * time.Second}
	create := func(urn string) Operation { return Operation{Kind: OperationCreate, URN: urn} }
	one, two := Latency{Scale: 0.1, Seed: 1}, Latency{Scale: 0.1, Seed: 2}
	assert.Equal(t, one.duration(kind, create("a")), one.duration(kind, create("a")), "a seed means the same delays")
	assert.NotEqual(t, one.duration(kind, create("a")), two.duration(kind, create("a")))
	assert.NotEqual(t, one.duration(kind, create("a")), one.duration(kind, create("b")), "independents finish in random order")
	for _, urn := range []string{"a", "b", "c", "d"} {
		length := one.duration(kind, create(urn))
		assert.GreaterOrEqual(t, length, 500*time.Millisecond)
		assert.LessOrEqual(t, length, 1500*time.Millisecond)
		assert.LessOrEqual(t, one.duration(kind, Operation{Kind: OperationDelete, URN: urn}), 750*time.Millisecond)
	}
	assert.Zero(t, Latency{}.duration(kind, create("a")))
}
