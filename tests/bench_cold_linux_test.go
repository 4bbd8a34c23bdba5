//go:build cold

package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkColdBuild builds a program that embeds components/azure, and one that imports no more than the SDK's packages
// that these use, each with an empty build cache.
func BenchmarkColdBuild(b *testing.B) {
	const embedding = `package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		network, err := azure.NewNetwork(ctx, "network", &azure.NetworkArgs{})
		if err != nil {
			return err
		}
		if _, err := azure.NewLink(ctx, "link", &azure.LinkArgs{BrokersSubnetID: network.BrokersSubnetID}); err != nil {
			return err
		}
		_, err = azure.NewBrokers(ctx, "brokers", &azure.BrokersArgs{SubnetID: network.BrokersSubnetID})
		return err
	})
}
`
	const bare = `package main

import (
	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		if _, err := network.NewVirtualNetwork(ctx, "network", &network.VirtualNetworkArgs{}); err != nil {
			return err
		}
		_, err := compute.NewVirtualMachine(ctx, "machine", &compute.VirtualMachineArgs{})
		return err
	})
}
`
	bareCost, cost := coldBuild(b, bare), coldBuild(b, embedding)
	b.ReportMetric(0, "ns/op") // says nothing here: left out
	b.ReportMetric(cost.wall.Seconds()/bareCost.wall.Seconds(), "x-time")
	b.ReportMetric(cost.processor.Seconds()/bareCost.processor.Seconds(), "x-processor-time")
	b.ReportMetric(float64(cost.memory)/float64(bareCost.memory), "x-memory")
	b.Logf("embedding %+v, bare %+v", cost, bareCost)
}

type cost struct {
	wall, processor time.Duration
	memory          int64 // KiB, of the largest process
}

// coldBuild builds a program in this module, of which it sees what anybody may import.
func coldBuild(b *testing.B, program string) cost {
	b.Helper()
	const cache = "../.cache" // the module's, and nothing of git's
	require.NoError(b, os.MkdirAll(cache, 0o700))
	dir, err := os.MkdirTemp(cache, "cold-build-")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, os.RemoveAll(dir)) })
	require.NoError(b, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	build := exec.CommandContext(b.Context(), "go", "build", "-o", os.DevNull, "./.cache/"+filepath.Base(dir))
	build.Dir = ".."
	build.Env = append(os.Environ(), "GOCACHE="+b.TempDir())
	began := time.Now()
	out, err := build.CombinedOutput()
	require.NoError(b, err, "%s", out)
	usage, _ := build.ProcessState.SysUsage().(*syscall.Rusage)
	require.NotNil(b, usage)
	return cost{time.Since(began), build.ProcessState.UserTime() + build.ProcessState.SystemTime(), usage.Maxrss}
}
