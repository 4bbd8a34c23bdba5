package host

import (
	"slices"
	"time"
)

// limit is the bound of one wait of the host scripts, overridable on the host in
// /etc/kafkalink/limits.local.
type limit struct {
	name    string
	seconds int
	// How often a configuration step can wait so long until its node runs the new configuration, and how often
	// more if it restores the previous one; 0 for what other limits include.
	times, restoring int
	says             string
}

// Starting happens twice at worst: with the new configuration, then with the restored one.
var limits = []limit{
	{"LOCK_SECONDS", 180, 1, 0, "for another configuration step to end"},
	{"PREPARE_SECONDS", 900, 1, 0, "for cloud-init and the preparation of the machine"},
	{"DISK_SECONDS", 180, 1, 0, "for the data disk to appear"},
	{"ELECTION_SECONDS", 30, 3, 0, "for a quorum that could have a leader to have one"},
	{"SAFETY_SECONDS", 600, 1, 0, "until stopping this node is safe"},
	{"STOP_SECONDS", 330, 1, 1, "for a controlled shutdown; the unit's TimeoutStopSec and some"},
	{"READY_SECONDS", 300, 1, 1, "until this node is registered"},
	{"SYNC_SECONDS", 900, 1, 1, "until its replicas have caught up"},
	{"SETTLE_SECONDS", 12, 1, 0, "after it listens: longer than a load balancer's probes need, two of them 5 s apart"},
	{"TOOL_SECONDS", 60, 0, 0, "for one of Kafka's tools"},
	{"POLL_SECONDS", 1, 0, 0, "between two looks"},
	{"QUORUM_LAG_MS", 5000, 0, 0, "by which a voter may trail the leader's clock and count as up to date (milliseconds)"},
}

func limitsFile() string {
	var f shellFile
	f.comment("Bounds of the host scripts' waits, in seconds. Override them in limits.local.")
	for _, l := range limits {
		f.comment(l.says)
		f.number(l.name, l.seconds)
	}
	return f.String()
}

// besidesWaiting is what a step that only asks may take on top of its one wait.
const besidesWaiting = 5 * time.Minute

func limitOf(name string) time.Duration {
	l := limits[slices.IndexFunc(limits, func(l limit) bool { return l.name == name })]
	return time.Duration(l.seconds) * time.Second
}

// Settle is how long the next node is left alone, at least, after one that was restarted listens again.
func Settle() time.Duration { return limitOf("SETTLE_SECONDS") }

// stepTimeout is the longest that a configuration step takes by its own limits. Its last wait is either for
// the restoration of the previous configuration or, when another node is next, for the cluster to spare that.
func stepTimeout(next bool) time.Duration {
	var forward, restoration, spare int
	for _, l := range limits {
		forward += l.seconds * l.times
		restoration += l.seconds * l.restoring
	}
	if next {
		spare = int(limitOf("SYNC_SECONDS").Seconds())
	}
	return time.Duration(forward+max(restoration, spare)) * time.Second
}
