// Package tests holds what crosses the folders: the house's rules, and whole stacks on simulated clouds.
package tests

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/kafkalink/kafkalink/"

// rule is what packages under a folder may import of ours and of the clouds. Empty lists allow nothing.
type rule struct {
	folder string
	ours   []string // folders of this module
	pulumi bool
	sdk    []string // cloud SDKs, by the start of their module paths
}

var (
	azureSDK = "github.com/pulumi/pulumi-azure-native-sdk/"
	awsSDK   = "github.com/pulumi/pulumi-aws/"
	sdks     = []string{azureSDK, awsSDK, "github.com/pulumi/pulumi-gcp/"}

	// shared is what clouds' components are made of.
	shared = []string{"components/address", "components/kafka", "components/host", "components/naming", "components/rolling", "components/sshkey"}
	// stack is what clouds' stacks are made of, besides their components.
	stack = append([]string{"stacks/base", "stacks/config", "stacks/examination", "stacks/internal"}, shared...)

	house = []rule{
		{folder: "components/kafka"},
		{folder: "components/host", ours: []string{"components/kafka"}},
		{folder: "components/naming", ours: []string{"components/kafka"}},
		{folder: "components/sshkey", ours: []string{"components/kafka"}},
		{folder: "components/address", ours: []string{"components/kafka"}},
		{folder: "components/rolling", ours: []string{"components/kafka", "components/host"}, pulumi: true},
		{folder: "components/azure/resourcemanager", ours: []string{"components/azure/resourcemanager"}},
		{folder: "components/azure", ours: append([]string{"components/azure/resourcemanager"}, shared...), pulumi: true, sdk: []string{azureSDK}},
		{folder: "components/aws", ours: shared, pulumi: true, sdk: []string{awsSDK}},
		{folder: "stacks/config", ours: []string{"components/kafka"}, pulumi: true},
		{folder: "stacks/base", ours: append([]string{"stacks/config"}, shared...), pulumi: true},
		{folder: "stacks/internal/stacktest", ours: []string{"components/kafka", "components/host", "stacks/base", "stacks/config"}, pulumi: true},
		{folder: "stacks/examination"},
		{folder: "stacks/azure/readiness", ours: []string{"stacks/examination", "components/azure/resourcemanager"}},
		{folder: "stacks/aws/readiness", ours: []string{"stacks/examination"}},
		{folder: "stacks/azure", ours: append([]string{"components/azure"}, stack...), pulumi: true, sdk: []string{azureSDK}},
		{folder: "stacks/aws", ours: append([]string{"components/aws"}, stack...), pulumi: true, sdk: []string{awsSDK}},
		{folder: "automation", ours: []string{"automation", "components/kafka"}, pulumi: true},
		{folder: "simcloud/internal/gen", ours: []string{"simcloud"}, pulumi: true, sdk: []string{azureSDK, awsSDK}},
		{folder: "lab/azure", ours: []string{"simcloud", "lab/fabric", "lab/internal/reading", "lab/internal/deploytest"}},
		{folder: "lab/aws", ours: []string{"simcloud", "lab/fabric", "lab/internal/reading", "lab/internal/deploytest"}},
		{folder: "lab", ours: []string{"simcloud"}},
		{folder: "internal/rehearse", ours: []string{"automation", "components/kafka", "components/host", "simcloud", "lab"}},
		{folder: "internal/wiring", ours: []string{"automation", "components/aws", "components/rolling", "components/kafka", "components/host", "simcloud", "stacks", "templates", "internal/rehearse"}, pulumi: true},
		{folder: "simcloud", ours: []string{"simcloud"}, pulumi: true},
		{folder: "templates"},
	}
)

// TestTheHouseKeepsItsImportRules reads every package's imports, those of its tests included, against the table above.
func TestTheHouseKeepsItsImportRules(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		i := slices.IndexFunc(house, func(r rule) bool { return path == r.folder || strings.HasPrefix(path, r.folder+"/") })
		if i < 0 {
			require.Contains(t, []string{strings.TrimSuffix(module, "/"), "tests"}, path, "a folder without an import rule: add it to the table")
			continue
		}
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if why := house[i].refuses(imported); why != "" {
				t.Errorf("%s imports %s: %s", path, imported, why)
			}
		}
	}
}

func (r rule) refuses(imported string) string {
	if own, ours := strings.CutPrefix(imported, module); ours {
		for _, allowed := range append(r.ours, r.folder) {
			if own == allowed || strings.HasPrefix(own, allowed+"/") {
				return ""
			}
		}
		return "of ours, it may import only " + strings.Join(r.ours, ", ")
	}
	for _, sdk := range sdks {
		if strings.HasPrefix(imported, sdk) && !slices.Contains(r.sdk, sdk) {
			return "that is a cloud's SDK"
		}
	}
	if strings.HasPrefix(imported, "github.com/pulumi/") && !r.pulumi {
		return "it may know nothing of Pulumi"
	}
	return ""
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) (list []goPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "../...").Output()
	require.NoError(t, err)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := d.Decode(&p)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		list = append(list, p)
	}
	require.NotEmpty(t, list)
	return list
}
