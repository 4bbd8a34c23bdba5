package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Configuration of a valid stack of Program, as its file holds it.
const Configuration = `config:
  kafkalink:cloud: test
  kafkalink:cluster:
    name: kafka
    size: 2
`

// Program is a stack in small: a group, two protected disks and a machine per broker, a protected endpoint service.
//
//	group <- disk-1 <- machine-1 <- service
//	group <- disk-2 <- machine-2 <-
func Program() automation.Program {
	return automation.Program{
		Cloud:  "test",
		Decode: Decode,
		Run:    Run,
		Schema: []byte("{}\n"),
		Template: []byte("-- Pulumi.yaml --\nname: ${PROJECT}\nruntime: go\n-- Pulumi.dev.yaml --\n" + Configuration +
			"-- go.mod --\nmodule ${PROJECT}\n"),
		DataDisk: func(r apitype.ResourceV3) bool {
			return r.Type == "test:cloud:Disk"
		},
		Restarts: func(c automation.Change) (int, bool) {
			var id int
			_, err := fmt.Sscanf(c.Resource.Name, "machine-%d", &id)
			return id, err == nil
		},
	}
}

// Decode knows the cluster's name and size and the links' unique names, and refuses names with an underscore.
func Decode(_ automation.StackIdentity, c automation.Configuration) (*kafka.Cluster, kafka.Findings) {
	var findings kafka.Findings
	path := field.NewPath("kafkalink:cluster")
	cluster, _ := c["kafkalink:cluster"].(map[string]any)
	name, _ := cluster["name"].(string)
	if strings.Contains(name, "_") {
		findings.Errors = append(findings.Errors, kafka.Invalid(path.Child("name"), name,
			"must not contain an underscore", "use a hyphen"))
	}
	if _, ok := cluster["brokers"]; ok {
		findings.Errors = append(findings.Errors, kafka.Forbidden(path.Child("brokers"),
			"is not a setting of this cloud", "use size"))
	}
	for i, name := range uniqueNames(c) {
		if strings.Contains(name, "_") {
			findings.Errors = append(findings.Errors, kafka.Invalid(field.NewPath("links").Index(i).Child("uniqueName"), name,
				"is no part of a host name", "copy it"))
		}
	}
	if size, _ := cluster["size"].(int); size < 3 {
		findings.Warnings = append(findings.Warnings, kafka.Invalid(path.Child("size"), size,
			"loses data with one broker", "use 3"))
	}
	return Cluster(), findings
}

// uniqueNames of the links, in their order; "" for one that has none.
func uniqueNames(c automation.Configuration) (names []string) {
	links, _ := c["kafkalink:links"].([]any)
	for _, l := range links {
		link, _ := l.(map[string]any)
		name, _ := link["uniqueName"].(string)
		names = append(names, name)
	}
	return names
}

// Cluster is the model of every stack of Program.
func Cluster() *kafka.Cluster {
	node := func(id int) kafka.Node {
		return kafka.Node{
			ID: id, Roles: []kafka.Role{kafka.RoleBroker, kafka.RoleController},
			Zone: fmt.Sprint(id), Address: fmt.Sprintf("10.0.0.%d", 10+id),
		}
	}
	return &kafka.Cluster{
		Name: "kafka", ID: "BRl69zcmTFmiPaoaANybiw", Version: "3.7.1",
		Nodes: []kafka.Node{node(1), node(2)},
		Ports: kafka.Ports{Controller: 29092, Internal: 9092},
		Links: []kafka.Link{{
			Name: "tidb", Pattern: "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>",
			Listener: "EXTERNAL", ListenerPort: 39092, PortBase: 9092, Endpoint: "tidb",
		}},
	}
}

type thing struct{ pulumi.CustomResourceState }

// Run registers Program's resources. The configuration keys test:size and kafkalink:links change the machines in place,
// test:image replaces them, test:generation replaces them by new ones that come first, and test:panic panics.
func Run(ctx *pulumi.Context) error {
	setting := func(key string) string {
		value, _ := ctx.GetConfig("test:" + key)
		return value
	}
	if setting("panic") != "" {
		theProgramPanics()
	}
	register := func(kind, name string, properties pulumi.Map, options ...pulumi.ResourceOption) *thing {
		var r thing
		if err := ctx.RegisterResource("test:cloud:"+kind, name, properties, &r, options...); err != nil {
			panic(err)
		}
		return &r
	}
	links, _ := ctx.GetConfig("kafkalink:links")
	group := register("Group", "group", nil)
	var machines []pulumi.Resource
	for id := 1; id <= 2; id++ {
		disk := register("Disk", fmt.Sprintf("disk-%d", id), pulumi.Map{"group": group.ID()}, pulumi.Protect(true))
		machine := register("Machine", fmt.Sprintf("machine-%d", id), pulumi.Map{
			"disk": disk.ID(), "size": pulumi.String(setting("size")), "replaces": pulumi.String(setting("image")),
			"renews": pulumi.String(setting("generation")), "links": pulumi.String(links),
		}, pulumi.DependsOn(machines))
		machines = append(machines, machine)
	}
	service := register("EndpointService", "service", pulumi.Map{"group": group.ID()},
		pulumi.DependsOn(machines), pulumi.Protect(true))
	ctx.Export(kafka.OutputKey, service.ID().ApplyT(func(id pulumi.ID) map[string]any {
		return outputs(string(id))
	}))
	return nil
}

func theProgramPanics() { panic("no such broker") }

// Project writes a project with one stack "dev" and returns its directory.
func Project(t testing.TB, configuration string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Pulumi.yaml", "name: house\nruntime: go\n")
	write("Pulumi.dev.yaml", configuration)
	return dir
}
