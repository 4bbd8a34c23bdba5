package aws

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/internal/deploytest"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
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
	d.change(func(world *simcloud.World) { require.NoError(t, corporate().Put(world)) })
	config := simtest.Map{}
	if scenario == "five-brokers" {
		config["region"] = "eu-central-1"
	}
	deploytest.Register(t, simtest.Connect(t, server, config), registered(t, scenario),
		func(r deploytest.Registration) map[string]any { return d.resolved(r.Inputs).(map[string]any) },
		func(name, id string) { d.ids[name] = id })
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
func registered(t *testing.T, scenario string) (made []deploytest.Registration) {
	t.Helper()
	for _, r := range deploytest.Registrations(t, "aws", scenario, "aws:") {
		if strings.HasPrefix(r.Type, "aws:ssm/") || strings.HasPrefix(r.Type, "aws:iam/") {
			continue
		}
		delete(r.Inputs, "__defaults")
		if r.Type == tokenInstance {
			delete(r.Inputs, "iamInstanceProfile")
			if _, is := r.Inputs["userDataBase64"]; is {
				r.Inputs["userDataBase64"] = base64.StdEncoding.EncodeToString([]byte("#cloud-config\n# " + r.Name + "\n"))
			}
		}
		made = append(made, r)
	}
	return made
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
