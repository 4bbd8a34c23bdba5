package azure

import (
	"testing"

	"github.com/kafkalink/kafkalink/lab/fabric/fabrictest"
)

func TestNoDamageStopsTheReader(t *testing.T) {
	t.Parallel()
	fabrictest.Damage(t, documents(t), Read)
}
