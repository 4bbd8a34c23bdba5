//go:build linux

package rehearse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

// drill is something to break, or to change, on a deployment that works.
type drill struct {
	rehearsal.DrillInfo
	run func(context.Context, *stage) (finding, error)
	// apart is not one of `all`: it takes too long.
	apart bool
}

// finding is what a drill saw.
type finding struct {
	passed   bool
	found    string
	evidence []string
}

// drills in the order of `all`: the quick ones first, and what replaces machines last.
var drills = []drill{
	{DrillInfo: rehearsal.DrillInfo{Name: "missing-filter-rule", Does: "take away the rule that admits consumers to the brokers"}, run: missingFilterRule},
	{DrillInfo: rehearsal.DrillInfo{Name: "missing-balancer-rule", Does: "take away the load balancer's rule of one endpoint port"}, run: missingBalancerRule},
	{DrillInfo: rehearsal.DrillInfo{Name: "missing-approval", Does: "withdraw the approval of the private endpoint"}, run: missingApproval},
	{DrillInfo: rehearsal.DrillInfo{Name: "swapped-rules", Does: "make two endpoint ports lead to each other's broker"}, run: swappedRules},
	{DrillInfo: rehearsal.DrillInfo{Name: "kill-broker", Does: "kill -9 a broker while a producer writes"}, run: killBroker},
	{DrillInfo: rehearsal.DrillInfo{Name: "full-disk", Does: "fill a broker's data disk"}, run: fullDisk},
	{DrillInfo: rehearsal.DrillInfo{Name: "rolling-property", Does: "change a Kafka property while a producer writes"}, run: rollingProperty},
	{DrillInfo: rehearsal.DrillInfo{Name: "new-name", Does: "advertise another name, as when the consumer has made its connection, while a producer writes"}, run: newName},
	{DrillInfo: rehearsal.DrillInfo{Name: "idle-connections", Does: "let a client be silent for longer than load balancers remember connections"}, run: idleConnections},
	{DrillInfo: rehearsal.DrillInfo{Name: "rolling-replace", Does: "replace every machine while a producer writes"}, run: rollingReplace},
	{DrillInfo: rehearsal.DrillInfo{Name: "late-disk", Does: "replace every machine, with data disks that are attached 60 s late"}, run: lateDisk},
	{DrillInfo: rehearsal.DrillInfo{Name: "blank-disk", Does: "put a blank disk under a voter, and replace its machine"}, run: blankDisk},
	{
		DrillInfo: rehearsal.DrillInfo{Name: "mutations", Does: "alter every property on the way to a broker in turn (ten minutes, not in all)"},
		run:       mutations, apart: true,
	},
}

// Drills implements rehearsal.Rehearser.
func (Rehearser) Drills() []rehearsal.DrillInfo {
	infos := make([]rehearsal.DrillInfo, 0, len(drills))
	for _, d := range drills {
		infos = append(infos, d.DrillInfo)
	}
	return infos
}

func drillsNamed(names []string) (chosen []drill, err error) {
	for _, name := range names {
		if name == "all" {
			chosen = append(chosen, slices.DeleteFunc(slices.Clone(drills), func(d drill) bool { return d.apart })...)
			continue
		}
		i := slices.IndexFunc(drills, func(d drill) bool { return d.Name == name })
		if i < 0 {
			known := []string{"all"}
			for _, d := range drills {
				known = append(known, d.Name)
			}
			return nil, &automation.Error{
				Kind: automation.KindConfiguration,
				What: fmt.Sprintf("there is no drill %q", name), Next: "choose of: " + strings.Join(known, ", "),
			}
		}
		chosen = append(chosen, drills[i])
	}
	return chosen, nil
}

// drill runs one and writes down what it found. The rehearsal ends at the first that does not pass: what follows would
// begin with a deployment that does not work.
func (s *stage) drill(ctx context.Context, d drill) error {
	s.say("drill %s: %s", d.Name, d.Does)
	began := time.Now()
	found, err := d.run(ctx, s)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		found = finding{found: "it could not be carried out: " + err.Error()}
	}
	s.report.Drills = append(s.report.Drills, rehearsal.Drill{
		Name: d.Name, Passed: found.passed, Seconds: seconds(began), Found: found.found, Evidence: found.evidence,
	})
	if !found.passed {
		s.report.Failure = &rehearsal.Failure{What: fmt.Sprintf("drill %s: %s", d.Name, found.found), Evidence: found.evidence}
	}
	return nil
}
