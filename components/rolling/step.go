package rolling

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
)

// step is a payload under way: what comes after it waits for the host's own report.
type step struct {
	carrier pulumi.Resource
	// passed resolves to the carrier once the report was read back and is the wanted one.
	passed pulumi.ResourceOutput
	// report is the digest that the host reported.
	report pulumi.StringOutput
}

// gate makes a resource wait for the step. The first step of a chain waits for nothing.
func (s step) gate() pulumi.ResourceOption {
	if s.carrier == nil {
		return pulumi.DependsOn(nil)
	}
	return pulumi.Composite(
		pulumi.DependsOn([]pulumi.Resource{s.carrier}), // known in a preview
		pulumi.DependsOnInputs(pulumi.NewResourceArrayOutput(s.passed)),
	)
}

// configure sends a machine what its node serves, and is done when the node is in sync and, if another comes next in the
// chain, when the cluster can spare that one.
func (c *chain) configure(ctx *pulumi.Context, m *Machine, next bool) (step, error) {
	return c.send(ctx, c.sending(m, configuration, func(attempt int, vmDigest string) host.Payload {
		return host.Configuration(m.Host, host.ConfigurationOptions{
			Attempt:        attempt,
			VMDigest:       vmDigest,
			AllowBlankDisk: slices.Contains(c.args.AcceptBlankDisk, m.Host.Node.ID),
			Force:          c.args.forced(m),
			Next:           next,
		})
	}), m.lifetime())
}

// awaitCluster is the last step: no node is configured by it, it returns when all brokers are in sync. A chain on a
// quorum that has never formed would otherwise end before there is a cluster.
func (c *chain) awaitCluster(ctx *pulumi.Context, after []step) (step, error) {
	m := firstBroker(c.machines)
	opts := []pulumi.ResourceOption{m.lifetime()}
	for _, s := range after {
		opts = append(opts, s.gate())
	}
	return c.send(ctx, c.sending(m, clusterReady, func(attempt int, vmDigest string) host.Payload {
		return host.ClusterReady(m.Host, host.ConfigurationOptions{Attempt: attempt, VMDigest: vmDigest})
	}), opts...)
}

// sending is a payload that is to go to a machine.
type sending struct {
	name string // of the resource
	to   Destination
	// vmID is the machine's unique id: one that was replaced under its name is configured again.
	vmID   pulumi.StringInput
	render func(attempt int, vmDigest string) host.Payload
	// attempt of the payload; 0: the last one's, or one more if that failed.
	attempt int
	// still leaves the resource as it is, if there is one, and asks for no report.
	still bool
}

func (c *chain) sending(m *Machine, purpose string, render func(attempt int, vmDigest string) host.Payload) sending {
	return sending{
		name: m.ShipmentName(purpose),
		to:   c.to(m, purpose),
		vmID: m.id(c.args.Deployed),
		render: func(attempt int, vmID string) host.Payload {
			return render(attempt, vmID+"/"+m.Digest)
		},
	}
}

func (c *chain) to(m *Machine, purpose string) Destination {
	return Destination{Machine: m, Purpose: purpose, Parent: c.parent}
}

// send brings a payload to a machine, and reads the host's report back.
func (c *chain) send(ctx *pulumi.Context, s sending, opts ...pulumi.ResourceOption) (step, error) {
	payload := pulumi.All(c.cloud.Scope(), s.vmID).ApplyT(func(v []any) (any, error) {
		render := func(attempt int) host.Payload { return s.render(attempt, v[1].(string)) }
		attempt := s.attempt
		if attempt == 0 {
			last, err := c.cloud.Last(ctx, v[0].(string), s.to)
			if err != nil {
				return nil, err
			}
			attempt = last.next(s.to, render)
		}
		return Payload{render(attempt), attempt}, nil
	})
	shipment := Shipment{Destination: s.to, Name: s.name, MachineID: s.vmID, Still: s.still, payload: payload}
	carrier, err := c.cloud.Send(ctx, shipment, append(opts, pulumi.Parent(c.parent))...)
	if err != nil {
		return step{}, err
	}
	report := pulumi.All(c.cloud.Scope(), payload, carrier.ID()).ApplyT(func(v []any) (string, error) {
		p := v[1].(Payload)
		if ctx.DryRun() || s.still {
			return p.Digest(), nil
		}
		sent, err := c.cloud.Report(ctx, v[0].(string), s.to, p.Payload)
		if err != nil {
			return "", err
		}
		return sent.verify(s.to, p.Payload)
	}).(pulumi.StringOutput)
	passed := report.ApplyT(func(string) pulumi.Resource { return carrier }).(pulumi.ResourceOutput)
	return step{carrier: carrier, passed: passed, report: report}, nil
}

// next is the number the next payload carries: the last one's, or another if that payload failed, or may have been sent and
// never heard of. Clouds do not run identical content again, not even after a failure, so a retry has to differ.
func (s *Sent) next(to Destination, render func(attempt int) host.Payload) int {
	if s == nil {
		return 1
	}
	p := render(s.Attempt)
	if s.Running || s.Latest && !s.Is(p) {
		return s.Attempt
	}
	if _, err := s.verify(to, p); err != nil {
		return s.Unused
	}
	return s.Attempt
}

// verify takes a success only from the host's own words. Only they count: a cloud calls a success what it recorded.
func (s *Sent) verify(to Destination, p host.Payload) (digest string, err error) {
	node := to.Machine.Host.Node.ID
	if !s.Succeeded {
		what, next := "refused its configuration", "The node runs what it ran before"
		if to.Purpose != configuration {
			what, next = "failed at "+to.Purpose, "Nothing was changed on it"
		}
		return "", fmt.Errorf("node %d %s (%s): %s\n%s\n%s; correct the cause and run up again", node, what, s.State, s.Error, s.Output, next)
	}
	report, err := host.ParseReport(s.Output)
	if err == nil {
		err = p.Check(report)
	}
	if err != nil {
		return "", fmt.Errorf("node %d: %w", node, err)
	}
	return report.Digest, nil
}
