//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// trial is mutations under way, and who has noticed how many.
type trial struct {
	*stage
	account consumerAccount // of the first link's consumer
	// newcomer is what becomes of a second consumer of that account while nothing is altered.
	newcomer string

	refused, found, drifted, same int
	survived, log                 []string
}

// mutations alters every property on the way to a broker, one after the other, as somebody could in a console, and
// counts who notices: the cloud, which refuses; the rehearsal, by what packets and settings say; or the engine, which
// compares the cloud with the stack. It passes if 95 of 100 are noticed.
func mutations(ctx context.Context, s *stage) (finding, error) {
	if len(s.links) == 0 {
		return finding{}, errNoLink
	}
	t := &trial{stage: s}
	var err error
	if t.account, err = s.consumerOf(s.links[0].Service.ID); err != nil {
		return finding{}, err
	}
	if t.newcomer, err = t.welcome(ctx); err != nil {
		return finding{}, err
	}
	var all []mutation
	for _, r := range s.cloud.Mutable(s.server.View()) {
		all = append(all, s.mutationsOf(r)...)
	}
	for i, m := range all {
		s.say("mutation %d of %d: %s", i+1, len(all), m)
		if err := t.try(ctx, m); err != nil {
			return finding{}, fmt.Errorf("%s: %w", m, err)
		}
	}
	return t.judge(), nil
}

func (t *trial) judge() finding {
	const want = 0.95
	noticed := t.refused + t.found + t.drifted
	total := noticed + len(t.survived)
	f := finding{passed: float64(noticed) >= want*float64(total)}
	f.found = fmt.Sprintf("%d mutations: %d refused by the cloud, %d found by the rehearsal, %d by comparing the cloud with the stack, "+
		"%d not noticed; %d more changed nothing", total, t.refused, t.found, t.drifted, len(t.survived), t.same)
	for _, survivor := range t.survived {
		f.evidence = append(f.evidence, "not noticed: "+survivor)
	}
	f.evidence = append(f.evidence, t.log...)
	return f
}

// try makes one mutation, and puts everything back.
func (t *trial) try(ctx context.Context, m mutation) error {
	before := t.server.View()
	refused := t.server.Edit(m.id, func(p simcloud.Properties) { m.path.put(map[string]any(p), m.to) })
	was, _ := before.Get(m.id)
	is, _ := t.server.View().Get(m.id)
	say := func(format string, args ...any) {
		t.log = append(t.log, m.String()+": "+strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; "))
	}
	switch {
	case is == was && refused != nil:
		t.refused++
		say("refused: %v", refused)
		return nil
	case reflect.DeepEqual(is.Properties, was.Properties):
		t.same++
		say("is what it was")
		return t.mend(ctx, before)
	}
	if err := t.notice(ctx, m, say); err != nil {
		return err
	}
	// First as an edit, which machines hear of too.
	_ = t.server.Edit(m.id, func(p simcloud.Properties) { clear(p); maps.Copy(p, was.Properties.Clone()) })
	if err := t.mend(ctx, before); err != nil {
		return err
	}
	return t.recover(ctx, m.id)
}

// notice counts who finds an accepted mutation.
func (t *trial) notice(ctx context.Context, m mutation, say func(string, ...any)) error {
	problem, err := t.problem(ctx)
	if err != nil {
		return err
	}
	if problem != "" {
		t.found++
		say("found: %s", problem)
		return nil
	}
	drift, err := t.drift(ctx)
	if err != nil {
		return err
	}
	if len(drift) > 0 {
		t.drifted++
		say("drifted: %s", drift[0])
		return nil
	}
	t.survived = append(t.survived, m.String())
	return nil
}

// problem is what packets and settings say is wrong; "": nothing.
func (t *trial) problem(ctx context.Context) (string, error) {
	if err := t.lab.Sync(ctx); err != nil {
		return fmt.Sprintf("the network cannot be like that: %v", err), ctx.Err()
	}
	t.lab.ProbeNow()
	failure, err := t.inspect(ctx)
	if err != nil {
		return "", err
	}
	if failure != nil {
		return failure.Guilty, nil
	}
	if problem, err := t.glance(ctx); err != nil || problem != "" {
		return problem, err
	}
	status, err := t.welcome(ctx)
	if err != nil || status == t.newcomer {
		return "", err
	}
	return fmt.Sprintf("a second consumer is %s and not %s", status, t.newcomer), nil
}

// recover waits until consumers are served again. A machine from which a disk was torn off has to start anew.
func (t *trial) recover(ctx context.Context, id string) error {
	restarted := false
	return t.until(ctx, 3*time.Minute, func() (string, bool) {
		t.lab.ProbeNow()
		problem, err := t.glance(ctx)
		if err == nil && problem == "" {
			return "", true
		}
		if _, isMachine := t.lab.Host(id); isMachine && !restarted {
			restarted = true
			err = errors.Join(err, t.lab.Restart(ctx, id))
		}
		if err != nil {
			return err.Error(), false
		}
		return "it was mended, and still: " + problem, false
	})
}

// glance is a short check of the first link; "": it works.
func (t *trial) glance(ctx context.Context) (problem string, err error) {
	options := t.consumerOptions(t.links[0])
	options.Records, options.Timeout, options.Progress = 3, 8*time.Second, nil
	_, problems, err := t.consume(ctx, t.links[0], options)
	if err != nil || len(problems) == 0 {
		return "", err
	}
	return problems[0], nil
}

// welcome says what becomes of one more private endpoint of the account, and removes it.
func (t *trial) welcome(ctx context.Context) (status string, err error) {
	before, service := t.server.View(), t.links[0].Service.ID
	if err := t.connectEndpoint(service, "newcomer", t.account); err != nil {
		return fmt.Sprintf("refused (%v)", err), ctx.Err()
	}
	i := slices.IndexFunc(t.lab.Deployed().Fabric.Connections, func(c fabric.Connection) bool {
		return strings.EqualFold(c.Service, service) && c.ID != t.links[0].connection
	})
	if i >= 0 {
		status = t.lab.Deployed().Fabric.Connections[i].Status
	}
	return status, t.mend(ctx, before)
}
