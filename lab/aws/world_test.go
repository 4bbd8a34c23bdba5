package aws

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

type list = []any

// principal is TiDB Cloud's account in the documents' set-up.
const principal = "arn:aws:iam::111122223333:root"

// deployment is a scenario's golden file, deployed on the simulated AWS through its provider, so that the reader is held
// against what the cloud stores and computes.
type deployment struct {
	*simcloud.Server
	t   *testing.T
	ids map[string]string // by the program's name of a resource
}

// registration is a resource as the stack's golden file has it.
type registration struct {
	Name, Type   string
	Dependencies []string
	Inputs       map[string]any
}

// documents is the documents' set-up with TiDB Cloud's endpoint, accepted.
func documents(t *testing.T) *deployment {
	t.Helper()
	d := deploy(t, "documents")
	d.change(func(world *simcloud.World) {
		made, err := cloud.Connect(world, d.ids["link-tidb-service"], cloud.Endpoint{
			ID: "vpce-0123456789abcdef0", Principal: principal, ZoneIDs: zones, Client: "10.250.0.10",
		})
		require.NoError(t, err)
		require.NoError(t, cloud.Accept(world, d.ids["link-tidb-service"], made.Endpoint))
	})
	return d
}

var zones = []string{"usw2-az1", "usw2-az2", "usw2-az3"}

func deploy(t *testing.T, scenario string) *deployment {
	t.Helper()
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{cloud.Cloud(cloud.Account{})}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	d := &deployment{Server: server, t: t, ids: map[string]string{}}
	resources := registered(t, scenario)
	d.change(func(world *simcloud.World) { require.NoError(t, corporate().Put(world)) })
	d.register(resources, map[string]string{"five-brokers": "eu-central-1"}[scenario])
	return d
}

// corporate is what the scenario own-network finds: a VPC of other people's with a subnet in each zone.
func corporate() (existing cloud.Existing) {
	for i, zone := range zones {
		existing.Subnets = append(existing.Subnets, cloud.ExistingSubnet{
			ID: fmt.Sprintf("subnet-0aaaaaaaaaaaaaaa%d", i+1), Vpc: "vpc-0aaaaaaaaaaaaaaaa", CIDR: fmt.Sprintf("10.20.%d.0/24", i), ZoneID: zone, WayOut: true,
		})
	}
	return existing
}

// registered are the resources that a cloud makes, but those of Systems Manager and of permissions.
func registered(t *testing.T, scenario string) (made []registration) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../tests/testdata/aws", scenario, "registered.yaml"))
	require.NoError(t, err)
	var all []registration
	require.NoError(t, yaml.Unmarshal(text, &all))
	for _, r := range all {
		if !strings.HasPrefix(r.Type, "aws:") || strings.HasPrefix(r.Type, "aws:ssm/") || strings.HasPrefix(r.Type, "aws:iam/") {
			continue
		}
		delete(r.Inputs, "__defaults")
		if r.Type == tokenInstance {
			delete(r.Inputs, "iamInstanceProfile")
			delete(r.Inputs, "userData")
			r.Inputs["userDataBase64"] = base64.StdEncoding.EncodeToString([]byte("#cloud-config\n# " + r.Name + "\n"))
		}
		made = append(made, r)
	}
	require.NotEmpty(t, made)
	return made
}

// register creates resources, each after those it depends on.
func (d *deployment) register(resources []registration, region string) {
	connection, err := grpc.NewClient(providerAddress(d.t, d.Server), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(d.t, err)
	defer func() { require.NoError(d.t, connection.Close()) }()
	client := pulumirpc.NewResourceProviderClient(connection)
	if region != "" {
		_, err := client.Configure(d.t.Context(), &pulumirpc.ConfigureRequest{Args: &structpb.Struct{Fields: map[string]*structpb.Value{"region": structpb.NewStringValue(region)}}})
		require.NoError(d.t, err)
	}
	waiting := map[string]bool{}
	for _, r := range resources {
		waiting[r.Name] = true
	}
	for len(waiting) > 0 {
		before := len(waiting)
		for _, r := range resources {
			ready := waiting[r.Name]
			for _, dependency := range r.Dependencies {
				ready = ready && !waiting[dependency]
			}
			if ready {
				d.create(client, r)
				delete(waiting, r.Name)
			}
		}
		require.Less(d.t, len(waiting), before, "dependencies in a circle: %v", waiting)
	}
}

func providerAddress(t *testing.T, server *simcloud.Server) string {
	t.Helper()
	for _, setting := range server.Environment() {
		if addresses, ok := strings.CutPrefix(setting, "PULUMI_DEBUG_PROVIDERS="); ok {
			return "127.0.0.1:" + strings.TrimPrefix(addresses, "aws:")
		}
	}
	require.Fail(t, "the server names no provider")
	return ""
}

func (d *deployment) create(client pulumirpc.ResourceProviderClient, r registration) {
	d.t.Helper()
	inputs, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(d.resolved(r.Inputs).(map[string]any)), plugin.MarshalOptions{})
	require.NoError(d.t, err)
	urn := "urn:pulumi:dev::test::" + r.Type + "::" + r.Name
	checked, err := client.Check(d.t.Context(), &pulumirpc.CheckRequest{Urn: urn, Olds: &structpb.Struct{}, News: inputs, RandomSeed: []byte(r.Name)})
	require.NoError(d.t, err, r.Name)
	require.Empty(d.t, checked.Failures, r.Name)
	made, err := client.Create(d.t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: checked.Inputs})
	require.NoError(d.t, err, r.Name)
	d.ids[r.Name] = made.Id
}

var reference = regexp.MustCompile(`\$\{([^.}]+)(\.[a-zA-Z]+)?\}`)

// resolved puts ids in the place of references: those that the golden file has to other properties are to ARNs, which are
// ids, and to private addresses.
func (d *deployment) resolved(value any) any {
	switch v := value.(type) {
	case string:
		return reference.ReplaceAllStringFunc(v, func(text string) string {
			m := reference.FindStringSubmatch(text)
			if r, ok := d.View().Get(d.ids[m[1]]); ok && m[2] == ".privateIp" {
				return r.Computed.Text("privateIp")
			}
			return cmp.Or(d.ids[m[1]], m[1]) // or a name of its own
		})
	case map[string]any:
		all := map[string]any{}
		for name, inner := range v {
			all[name] = d.resolved(inner)
		}
		return all
	case list:
		var all list
		for _, inner := range v {
			all = append(all, d.resolved(inner))
		}
		return all
	}
	return value
}

// change alters the cloud behind everybody's back.
func (d *deployment) change(change func(*simcloud.World)) {
	d.t.Helper()
	require.NoError(d.t, d.Mutate(func(world *simcloud.World) error { change(world); return nil }))
}

// set gives a property of a resource, by the program's name of it, another value; nil takes it away.
func (d *deployment) set(name, path string, value any) {
	d.t.Helper()
	d.change(func(world *simcloud.World) {
		require.Contains(d.t, d.ids, name, "of %v", maps.Keys(d.ids))
		world.Change(d.ids[name], func(r *simcloud.Resource) {
			in := map[string]any(r.Properties)
			steps := strings.Split(path, ".")
			for _, step := range steps[:len(steps)-1] {
				in = in[step].(map[string]any)
			}
			last := steps[len(steps)-1]
			if in[last] = simcloud.Plain(value); value == nil {
				delete(in, last)
			}
		})
	})
}

func (d *deployment) remove(name string) {
	d.t.Helper()
	d.change(func(world *simcloud.World) {
		require.Contains(d.t, d.ids, name)
		world.Delete(d.ids[name])
	})
}

func address(text string) netip.Addr { return netip.MustParseAddr(text) }

func at(text string, port int) netip.AddrPort { return netip.AddrPortFrom(address(text), uint16(port)) }

func broker(n int) string { return fmt.Sprintf("brokers-%d-vm", n) }

func brokerAddress(n int) string { return fmt.Sprintf("10.0.%d.%d", 64*(n-1), 10+n) }
