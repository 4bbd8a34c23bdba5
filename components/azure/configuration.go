package azure

import (
	"slices"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
)

// longestRun is Azure's limit for a managed Run Command. The host's own limits are shorter: it gives up first, and says
// why.
const longestRun = 90 * time.Minute

// attemptTag records on a Run Command how often its content was sent.
const attemptTag = "kafkalink-attempt"

// step is a configuration under way: what comes after it waits for the host's own report.
type step struct {
	command pulumi.Resource
	// passed resolves to the command once the report was read back and is the wanted one.
	passed pulumi.ResourceOutput
	// report is the digest that the host reported.
	report pulumi.StringOutput
}

// gate makes a resource wait for the step. The first step of a chain waits for nothing.
func (s step) gate() pulumi.ResourceOption {
	if s.command == nil {
		return pulumi.DependsOn(nil)
	}
	return pulumi.Composite(
		pulumi.DependsOn([]pulumi.Resource{s.command}), // known in a preview
		pulumi.DependsOnInputs(pulumi.NewResourceArrayOutput(s.passed)),
	)
}

// configure sends a machine what its node serves, and is done when the node is in sync and, if another comes next in the
// chain, when the cluster can spare that one.
func configure(ctx *pulumi.Context, m *machine, args *BrokersArgs, next bool, parent pulumi.Resource) (step, error) {
	return send(ctx, args, m.sending(args, "configuration", parent, func(attempt int, vmDigest string) host.Payload {
		return host.Configuration(m.host, host.ConfigurationOptions{
			Attempt:        attempt,
			VMDigest:       vmDigest,
			AllowBlankDisk: slices.Contains(args.AcceptBlankDisk, m.host.Node.ID),
			Force:          args.forced(m),
			Next:           next,
		})
	}), m.lifetime())
}

// awaitCluster is the last step: no node is configured by it, it returns when all brokers are in sync. A chain on a
// quorum that has never formed would otherwise end before there is a cluster.
func awaitCluster(ctx *pulumi.Context, m *machine, args *BrokersArgs, after []step, parent pulumi.Resource) (step, error) {
	opts := []pulumi.ResourceOption{m.lifetime()}
	for _, s := range after {
		opts = append(opts, s.gate())
	}
	return send(ctx, args, m.sending(args, "cluster-ready", parent, func(attempt int, vmDigest string) host.Payload {
		return host.ClusterReady(m.host, host.ConfigurationOptions{Attempt: attempt, VMDigest: vmDigest})
	}), opts...)
}

// sending is a payload on its way to a machine.
type sending struct {
	name string // of the resource
	run  runCommand
	// vmID is the machine's unique id: one that was replaced under its name is configured again.
	vmID   pulumi.StringInput
	render func(attempt int, vmDigest string) host.Payload
	// attempt of the payload; 0: the last one's, or one more if that failed.
	attempt int
	// still leaves the resource as it is, if there is one, and asks for no report.
	still bool
}

func (m *machine) sending(args *BrokersArgs, kind string, parent pulumi.Resource, render func(attempt int, vmDigest string) host.Payload) sending {
	return sending{
		name: m.name + "-" + kind,
		run:  m.runCommand(kind, parent),
		vmID: m.id(args.Deployed),
		render: func(attempt int, vmID string) host.Payload {
			return render(attempt, vmID+"/"+m.digest)
		},
	}
}

func (m *machine) runCommand(kind string, parent pulumi.Resource) runCommand {
	return runCommand{vmName: m.vmName, name: "kafkalink-" + kind, node: m.host.Node.ID, parent: parent}
}

// id is the machine's unique id. While the machine stays it is known beforehand, so that a preview does not announce a
// configuration that up would not send.
func (m *machine) id(d *Deployment) pulumi.StringOutput {
	if d != nil {
		if deployed, there := d.Machines[m.host.Node.ID]; there && deployed.Digest == m.digest {
			return pulumi.String(deployed.ID).ToStringOutput()
		}
	}
	return m.vm.VmId
}

// lifetime ties a Run Command to its machine, with which it dies.
func (m *machine) lifetime() pulumi.ResourceOption {
	vm := []pulumi.Resource{m.vm}
	return pulumi.Composite(pulumi.DependsOn(vm), pulumi.ReplaceWith(vm), pulumi.DeleteBeforeReplace(true))
}

// send runs a payload on a machine by a managed Run Command, and reads the host's report back.
func send(ctx *pulumi.Context, args *BrokersArgs, s sending, opts ...pulumi.ResourceOption) (step, error) {
	sent := pulumi.All(args.ResourceGroupName, s.vmID).ApplyT(func(v []any) (any, error) {
		render := func(n int) host.Payload { return s.render(n, v[1].(string)) }
		if s.attempt > 0 {
			return payload{s.attempt, render(s.attempt)}, nil
		}
		attempt, err := s.run.attempt(ctx, v[0].(string), render)
		return payload{attempt, render(attempt)}, err
	})
	if s.still {
		opts = append(opts, pulumi.IgnoreChanges([]string{"vmName", "source", "tags"}))
	}
	command, err := compute.NewVirtualMachineRunCommandByVirtualMachine(ctx, s.name, &compute.VirtualMachineRunCommandByVirtualMachineArgs{
		ResourceGroupName: args.ResourceGroupName,
		VmName:            pulumi.String(s.run.vmName),
		RunCommandName:    pulumi.String(s.run.name),
		Source: &compute.VirtualMachineRunCommandScriptSourceArgs{
			Script: sent.ApplyT(func(v any) string { return v.(payload).Script() }).(pulumi.StringOutput).ToStringPtrOutput(),
		},
		TimeoutInSeconds: pulumi.Int(int(longestRun.Seconds())),
		// Without these two, Azure calls a script that failed, or still runs, a success.
		AsyncExecution:                  pulumi.Bool(false),
		TreatFailureAsDeploymentFailure: pulumi.Bool(true),
		Tags: sent.ApplyT(func(v any) map[string]string {
			return tagged(args.Tags, attemptTag, strconv.Itoa(v.(payload).attempt))
		}).(pulumi.StringMapOutput),
	}, append(opts, pulumi.Parent(s.run.parent),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: withSlack(longestRun), Update: withSlack(longestRun)}))...)
	if err != nil {
		return step{}, err
	}
	report := pulumi.All(args.ResourceGroupName, sent, command.ID()).ApplyT(func(v []any) (string, error) {
		p := v[1].(payload)
		if ctx.DryRun() || s.still {
			return p.Digest(), nil
		}
		return s.run.report(ctx, v[0].(string), p.Payload)
	}).(pulumi.StringOutput)
	passed := report.ApplyT(func(string) pulumi.Resource { return command }).(pulumi.ResourceOutput)
	return step{command: command, passed: passed, report: report}, nil
}

// payload with the attempt it carries.
type payload struct {
	attempt int
	host.Payload
}

// withSlack is what the engine allows above Azure's own limit, for Azure to start and to answer.
func withSlack(limit time.Duration) string { return (limit + 15*time.Minute).String() }
