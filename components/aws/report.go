package aws

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// noReport is in the parameter until a host has written into it.
const noReport = "-"

// Last is what the machine that is there said for a purpose. What one said that it has replaced is gone with it. Where one
// that is there has said nothing, its report may be lost, and what it was sent may be what it would be sent again, which
// runs nothing: the number to go on from is then one that none had.
func (s machines) Last(ctx *pulumi.Context, scope string, to rolling.Destination) (*rolling.Sent, error) {
	said, err := s.said(ctx, scope, to)
	if err != nil {
		return nil, err
	}
	var there rolling.DeployedMachine
	if s.Deployed != nil {
		there = s.Deployed.Machines[to.Machine.Host.Node.ID]
	}
	switch now := time.Now(); {
	case said != nil && (s.Deployed == nil || said.machine == there.ID):
		return said.sent(now), nil
	case there.ID != "":
		return &rolling.Sent{Attempt: unused(now), Unused: unused(now), State: "no report", Is: func(host.Payload) bool { return false }}, nil
	}
	return nil, nil
}

// said is what was last reported to a destination. Nil without an error: nothing was.
func (s machines) said(ctx *pulumi.Context, scope string, to rolling.Destination) (*report, error) {
	name := reportOf(scope, to)
	found, err := ssm.LookupParameter(ctx, &ssm.LookupParameterArgs{Name: name}, pulumi.Parent(to.Parent))
	if Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("node %d: cannot read the parameter %s; check that these credentials may (ssm:GetParameter); then run up again: %w", to.Machine.Host.Node.ID, name, err)
	}
	if found.InsecureValue == noReport {
		return nil, nil
	}
	said, err := parseReport(found.InsecureValue)
	if err != nil {
		return nil, fmt.Errorf("node %d: the parameter %s is not what a host writes; delete it, refresh the stack, and run up again: %w", to.Machine.Host.Node.ID, name, err)
	}
	return &said, nil
}

// Report waits until the host has said how the payload ended.
func (s machines) Report(ctx *pulumi.Context, scope string, to rolling.Destination, p host.Payload) (*rolling.Sent, error) {
	h := &hearing{
		to: to, payload: p, now: time.Now, heard: time.Now(),
		said: func(purpose string) (*report, error) {
			return s.said(ctx, scope, rolling.Destination{Machine: to.Machine, Purpose: purpose, Parent: to.Parent})
		},
		stopped: func() (string, error) { return s.inState(ctx, to, stopped) },
		held: func() (string, error) {
			id, err := s.inState(ctx, to, []string{"pending", "running"})
			return held(id), err
		},
		say: func(text string) error { return ctx.Log.Info(text, nil) },
	}
	err := rolling.Poll(ctx.Context(), longestSilence+2*longestRun, h.next)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, silence(to, h.begun())
	}
	return h.sent, err
}

// held says which association may hold the agent of an instance. The provider cannot be asked.
func held(instance string) string {
	if instance == "" {
		instance = "…"
	}
	return "its agent works on one association after the other, and another one of the account's, such as patching or inventory, may hold it up; " +
		"`aws ssm describe-instance-associations-status --instance-id " + instance + "` names those that are Pending or InProgress"
}

// inState is the id of a node's machine that is in one of some states, or "".
func (s machines) inState(ctx *pulumi.Context, to rolling.Destination, states []string) (string, error) {
	found, err := ec2.GetInstances(ctx, &ec2.GetInstancesArgs{
		Filters:            []ec2.GetInstancesFilter{{Name: "tag:" + nodeTag, Values: []string{nodeKey(s.Cluster, to.Machine.Host.Node)}}},
		InstanceStateNames: states,
	}, pulumi.Parent(to.Parent))
	switch {
	case err != nil:
		return "", fmt.Errorf("node %d: cannot tell whether its machine runs; check that these credentials may (ec2:DescribeInstances): %w", to.Machine.Host.Node.ID, err)
	case len(found.Ids) == 0:
		return "", nil
	}
	return found.Ids[0], nil
}

// silence is a host's that has not ended, or not begun, what it was sent.
func silence(to rolling.Destination, begun bool) error {
	node, where := to.Machine.Host.Node.ID, fmt.Sprintf("what Systems Manager's State Manager says of the association %s-%s", to.Machine.Name, to.Purpose)
	if begun {
		return fmt.Errorf("node %d has not ended in %s what it began; look at %s; then run up again", node, longestRun, where)
	}
	return fmt.Errorf("node %d has not answered in %s; look whether its machine runs and Systems Manager manages it (agent, role, way out), whether another association of the account's holds its agent up, and at %s; then run up again", node, longestSilence, where)
}

// report is what run.sh writes.
type report struct {
	run     string
	attempt int
	machine string // the instance's id
	state   string // running, or the exit code
	at      time.Time
	output  string
}

const running = "running"

func parseReport(text string) (report, error) {
	fields := strings.Split(text, " ")
	if len(fields) != 7 || fields[0] != "1" {
		return report{}, fmt.Errorf("%.60q has not the seven fields of version 1", text)
	}
	r := report{run: fields[1], machine: fields[3], state: fields[4]}
	var err error
	if r.attempt, err = strconv.Atoi(fields[2]); err != nil {
		return report{}, err
	}
	if _, err := strconv.Atoi(r.state); err != nil && r.state != running {
		return report{}, err
	}
	seconds, err := strconv.ParseInt(fields[5], 10, 64)
	if err != nil {
		return report{}, err
	}
	r.at = time.Unix(seconds, 0)
	r.output, err = unpacked(fields[6])
	return r, err
}

// mostUnpacked bounds what a report may grow to: run.sh packs less.
const mostUnpacked = 1 << 20

// unpacked undoes packed.
func unpacked(text string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	all, err := io.ReadAll(io.LimitReader(r, mostUnpacked))
	return string(all), err
}

// sent is a report as the chain knows it. A host that was killed leaves "running" behind: after the longest time it counts
// as failed, and is sent the payload again.
func (r report) sent(now time.Time) *rolling.Sent {
	s := &rolling.Sent{
		Attempt: r.attempt, Unused: max(unused(now), r.attempt+1), Running: r.state == running && now.Before(r.at.Add(longestRun)),
		Succeeded: r.state == "0", State: "exit code " + r.state, Output: r.output,
		Is: func(p host.Payload) bool { return p.Run() == r.run },
	}
	if r.state == running {
		s.State, s.Error = "it did not end", "the host began at "+r.at.UTC().Format(time.RFC3339)+", and has said no more"
	}
	return s
}

// unused is an attempt that none before had. Counting on from the last report would not do: what was sent after that may
// never have begun.
func unused(now time.Time) int { return int(now.Unix()) }
