package tests

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/internal/wiring"
)

// BenchmarkStackAgainstTrivialPrograms times preview and up of the documents' set-up, on a cloud that answers at once,
// against those of a program that makes nothing and of one that makes as many resource groups. What is over 1 is what the
// set-up's own resources cost: their size, and that they wait for each other.
func BenchmarkStackAgainstTrivialPrograms(b *testing.B) {
	const rounds = 5
	size := len(newMeasured(b, "azure", 0).deploy(b).resources)
	took := map[string][]float64{}
	for range rounds {
		for _, program := range []string{"azure", "empty", "trivial"} {
			m := newMeasured(b, program, size).deploy(b)
			require.True(b, program == "empty" || len(m.resources) == size)
			took["preview "+program] = append(took["preview "+program], m.preview)
			took["up "+program] = append(took["up "+program], m.up)
		}
	}
	b.ReportMetric(0, "ns/op") // says nothing here: left out
	for _, operation := range []string{"preview", "up"} {
		for _, program := range []string{"empty", "trivial"} {
			ratio := median(took[operation+" azure"]) / median(took[operation+" "+program])
			b.ReportMetric(ratio, fmt.Sprintf("%s/%s", operation, program))
		}
	}
	b.Logf("%d resources, seconds of %d rounds: %v", size, rounds, took)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// measured is a stack of its own of one of the programs.
type measured struct {
	rig       *rig
	program   automation.Program
	preview   float64 // seconds
	up        float64
	resources []string // that the cloud has afterwards
}

func newMeasured(b *testing.B, program string, size int) *measured {
	m := &measured{rig: newRig(b, azureCloud, "documents"), program: wiring.Programs()[0]}
	if program == "azure" {
		return m
	}
	m.program.RunFirst = nil
	m.program.Run = func(ctx *pulumi.Context) error {
		for i := range size {
			name := fmt.Sprintf("group-%d", i)
			if program == "empty" {
				break
			}
			if _, err := resources.NewResourceGroup(ctx, name, &resources.ResourceGroupArgs{ResourceGroupName: pulumi.String(name)}); err != nil {
				return err
			}
		}
		ctx.Export(kafka.OutputKey, pulumi.Map{"version": pulumi.Int(kafka.OutputsVersion)})
		return nil
	}
	return m
}

// deploy previews the stack and makes it.
func (m *measured) deploy(b *testing.B) *measured {
	b.Helper()
	stack, err := automation.Open(automation.Options{
		Dir: m.rig.dir, Stack: stackName, Programs: []automation.Program{m.program}, Engine: m.rig.engine,
		Env: os.Environ(), Simulate: m.rig.simulate,
	})
	require.NoError(b, err)
	began := time.Now()
	_, err = stack.Preview(b.Context(), nil)
	m.preview = time.Since(began).Seconds()
	require.NoError(b, err)
	began = time.Now()
	_, err = stack.Up(b.Context(), nil)
	m.up = time.Since(began).Seconds()
	require.NoError(b, err)
	for _, r := range m.rig.state(b) {
		if r.Custom && r.ID != "" && r.Type != "pulumi:providers:azure-native" {
			m.resources = append(m.resources, string(r.URN))
		}
	}
	return m
}
