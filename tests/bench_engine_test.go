package tests

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// BenchmarkStackAgainstTrivialPrograms times preview and up of the documents' set-up, on a cloud that answers at once,
// against those of a program that makes nothing and of one that makes as many resource groups, or VPCs. What is over 1 is
// what the set-up's own resources cost: their size, and that they wait for each other.
func BenchmarkStackAgainstTrivialPrograms(b *testing.B) {
	b.Run("azure", func(b *testing.B) {
		benchmarkAgainstTrivial(b, azureCloud, func(ctx *pulumi.Context, name string) error {
			_, err := resources.NewResourceGroup(ctx, name, &resources.ResourceGroupArgs{ResourceGroupName: pulumi.String(name)})
			return err
		})
	})
	b.Run("aws", func(b *testing.B) {
		benchmarkAgainstTrivial(b, awsCloud, func(ctx *pulumi.Context, name string) error {
			_, err := ec2.NewVpc(ctx, name, &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")})
			return err
		})
	})
}

func benchmarkAgainstTrivial(b *testing.B, c cloud, one func(ctx *pulumi.Context, name string) error) {
	const rounds = 5
	trivial := func(count int) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			for i := range count {
				if err := one(ctx, fmt.Sprintf("one-%d", i)); err != nil {
					return err
				}
			}
			ctx.Export(kafka.OutputKey, pulumi.Map{"version": pulumi.Int(kafka.OutputsVersion)})
			return nil
		}
	}
	size := len(newMeasured(b, c, nil).deploy(b).resources)
	programs := []struct {
		name string
		run  pulumi.RunFunc
		size int
	}{{"stack", nil, size}, {"empty", trivial(0), 0}, {"trivial", trivial(size), size}}
	took := map[string][]float64{}
	for range rounds {
		for _, program := range programs {
			m := newMeasured(b, c, program.run).deploy(b)
			require.Len(b, m.resources, program.size)
			took["preview "+program.name] = append(took["preview "+program.name], m.preview)
			took["up "+program.name] = append(took["up "+program.name], m.up)
		}
	}
	b.ReportMetric(0, "ns/op") // says nothing here: left out
	for _, operation := range []string{"preview", "up"} {
		for _, program := range []string{"empty", "trivial"} {
			ratio := median(took[operation+" stack"]) / median(took[operation+" "+program])
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

// newMeasured is the documents' set-up, or another program in its place.
func newMeasured(b *testing.B, c cloud, instead pulumi.RunFunc) *measured {
	b.Helper()
	m := &measured{rig: newRig(b, c, "documents"), program: c.program(b)}
	if instead != nil {
		m.program.Run, m.program.RunFirst = instead, nil
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
		if r.Custom && r.ID != "" && strings.HasPrefix(string(r.Type), m.rig.cloud.tokens) {
			m.resources = append(m.resources, string(r.URN))
		}
	}
	return m
}
