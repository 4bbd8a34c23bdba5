package rolling

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
)

// What a machine records of itself: the digests of what reboots or replaces it, and of what replaces it.
const (
	DigestTag   = "kafkalink-machine"
	MadeFromTag = "kafkalink-made-from"
)

// Machine is one node's machine, planned and then made.
type Machine struct {
	// Resource is the beginning of the names of its resources, "<brokers>-<node id>".
	Resource string
	// Name of the machine itself.
	Name string
	// Host is what runs on it.
	Host host.Machine
	// UserData as text; clouds want it in base64, and bound its length before that.
	UserData string
	// Digest identifies what reboots or replaces the machine. A configuration carries it, so that such a change is
	// followed by that broker's gate before the next machine is touched.
	Digest string
	// MadeFrom identifies what replaces the machine, with the image that is asked for: not what that was resolved to.
	MadeFrom string
	// Deployed is the machine that is there. Nil: none is.
	Deployed *DeployedMachine
	// Purposes are those of what is sent to this machine and no other, by resources named as ShipmentName says.
	Purposes []string

	needsPower bool // see Plan
	registered Registered
}

// planMachines plans the nodes' machines in the order in which they may be restarted.
func planMachines(brokers string, args *Args, cloud Cloud) ([]*Machine, error) {
	var machines []*Machine
	for _, n := range args.Cluster.RestartOrder() {
		plan := cloud.Plan(n)
		m := &Machine{
			Resource:   brokers + "-" + strconv.Itoa(n.ID),
			Name:       plan.Name,
			Purposes:   []string{configuration},
			needsPower: plan.NeedsPower,
			Host:       host.Machine{Cluster: args.Cluster, Node: n, Config: args.Hosts, Disk: host.Disk{Paths: plan.DiskPaths}},
		}
		var err error
		if m.UserData, err = host.UserData(m.Host); err != nil {
			return nil, err
		}
		if err := checkSizes(plan, m); err != nil {
			return nil, err
		}
		m.Digest = Digest(plan.Inputs, m.Name, m.UserData, n.Zone)
		m.MadeFrom = Digest(plan.MadeFrom, m.UserData, n.Zone)
		if args.Deployed != nil {
			if deployed, there := args.Deployed.Machines[n.ID]; there {
				m.Deployed = &deployed
			}
		}
		machines = append(machines, m)
	}
	first := firstBroker(machines)
	first.Purposes = append(first.Purposes, clusterReady)
	return machines, nil
}

// checkSizes holds what a machine is given and sent against what the cloud takes.
func checkSizes(plan Plan, m *Machine) error {
	if size := len(m.UserData); plan.MostUserData != 0 && size > plan.MostUserData {
		return fmt.Errorf("user-data is %d bytes, more than the %d that %s accepts: shorten the source URLs, or use an image that has Java and Kafka", size, plan.MostUserData, plan.Cloud)
	}
	if plan.MostPayload == 0 {
		return nil
	}
	script := host.Configuration(m.Host, host.ConfigurationOptions{Next: true}).Script()
	if plan.Written != nil {
		script = plan.Written(script)
	}
	size := len(script)
	if size <= plan.MostPayload {
		return nil
	}
	return fmt.Errorf("node %d's configuration is a script of %d bytes, more than the %d that %s accepts: shorten cluster.properties, or have fewer links", m.Host.Node.ID, size, plan.MostPayload, plan.Cloud)
}

// Stays says that the machine is there and is not replaced. It keeps the image that it was made from, whatever has become of that.
func (m *Machine) Stays() bool { return m.Deployed != nil && m.Deployed.MadeFrom == m.MadeFrom }

// id is the machine's unique id. While the machine stays it is known beforehand, so that a preview does not announce a
// configuration that up would not send.
func (m *Machine) id(d *Deployment) pulumi.StringOutput {
	if d != nil {
		if deployed, there := d.Machines[m.Host.Node.ID]; there && deployed.Digest == m.Digest {
			return pulumi.String(deployed.ID).ToStringOutput()
		}
	}
	return m.registered.ID
}

// lifetime ties what is sent to its machine, with which it dies.
func (m *Machine) lifetime() pulumi.ResourceOption {
	return pulumi.Composite(
		pulumi.DependsOn(m.registered.Complete),
		pulumi.ReplaceWith([]pulumi.Resource{m.registered.Machine}),
		pulumi.DeleteBeforeReplace(true),
	)
}

// Made is the machine in the program; nil until it is registered.
func (m *Machine) Made() pulumi.Resource { return m.registered.Machine }

// ShipmentName is the name of the resource that brings the machine what has a purpose.
func (m *Machine) ShipmentName(purpose string) string { return m.Resource + "-" + purpose }

func firstBroker(machines []*Machine) *Machine {
	i := slices.IndexFunc(machines, func(m *Machine) bool { return m.Host.Node.IsBroker() })
	return machines[i] // a valid cluster has brokers
}

// Digest identifies plain values.
func Digest(inputs ...any) string {
	text, err := json.Marshal(inputs)
	if err != nil { // plain structs of strings, numbers and booleans
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
