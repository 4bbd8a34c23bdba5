//go:build cold

package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkColdBuild builds a program that embeds a cloud's components, and one that imports no more than the SDK's packages
// that these use, each with an empty build cache.
func BenchmarkColdBuild(b *testing.B) {
	b.Run("azure", func(b *testing.B) {
		benchmarkColdBuild(b, "components/azure", `
	network, err := components.NewNetwork(ctx, "network", &components.NetworkArgs{})
	if err != nil {
		return err
	}
	if _, err := components.NewLink(ctx, "link", &components.LinkArgs{BrokersSubnetID: network.BrokersSubnetID}); err != nil {
		return err
	}
	_, err = components.NewBrokers(ctx, "brokers", &components.BrokersArgs{SubnetID: network.BrokersSubnetID})
	return err`,
			"github.com/pulumi/pulumi-azure-native-sdk/compute/v2", "github.com/pulumi/pulumi-azure-native-sdk/network/v2")
	})
	b.Run("aws", func(b *testing.B) {
		const sdk = "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
		benchmarkColdBuild(b, "components/aws", `
	network, err := components.NewNetwork(ctx, "network", &components.NetworkArgs{})
	if err != nil {
		return err
	}
	if _, err := components.NewLink(ctx, "link", &components.LinkArgs{VPCID: network.VPCID}); err != nil {
		return err
	}
	_, err = components.NewBrokers(ctx, "brokers", &components.BrokersArgs{SecurityGroupID: network.SecurityGroupID})
	return err`,
			sdk, sdk+"/ebs", sdk+"/ec2", sdk+"/iam", sdk+"/lb", sdk+"/ssm", sdk+"/vpc")
	})
}

func benchmarkColdBuild(b *testing.B, components, body string, sdk ...string) {
	program := func(body string, imports ...string) string {
		return "package main\n\nimport (\n\t" + strings.Join(imports, "\n\t") + `
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {` + body + `
	})
}
`
	}
	var unused []string
	for _, path := range sdk {
		unused = append(unused, "_ "+strconv.Quote(path))
	}
	bareCost := coldBuild(b, program("\n\treturn nil", unused...))
	cost := coldBuild(b, program(body, "components "+strconv.Quote("github.com/kafkalink/kafkalink/"+components)))
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
