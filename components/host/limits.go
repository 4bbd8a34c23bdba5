package host

import "time"

// limit is the bound of one wait of the host scripts, overridable on the host in
// /etc/kafkalink/limits.local.
type limit struct {
	name    string
	seconds int
	times   int // how often one configuration step can wait so long; 0 for what other limits include
	says    string
}

// Starting happens twice at worst: with the new configuration, then with the restored one.
var limits = []limit{
	{"LOCK_SECONDS", 180, 1, "for another configuration step to end"},
	{"PREPARE_SECONDS", 900, 1, "for cloud-init and the preparation of the machine"},
	{"DISK_SECONDS", 180, 1, "for the data disk to appear"},
	{"ELECTION_SECONDS", 30, 2, "for a quorum that could have a leader to have one"},
	{"SAFETY_SECONDS", 600, 1, "until stopping this node is safe"},
	{"STOP_SECONDS", 330, 2, "for a controlled shutdown; the unit's TimeoutStopSec and some"},
	{"READY_SECONDS", 300, 2, "until this node is registered"},
	{"SYNC_SECONDS", 900, 2, "until its replicas have caught up"},
	{"SETTLE_SECONDS", 30, 1, "after that: longer than a load balancer's probes need"},
	{"TOOL_SECONDS", 60, 0, "for one of Kafka's tools"},
	{"POLL_SECONDS", 3, 0, "between two looks"},
	{"QUORUM_LAG_MS", 5000, 0, "by which a voter may trail the leader's clock and count as up to date (milliseconds)"},
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

// stepTimeout is the longest that a configuration step takes by its own limits, the restoration of the
// previous configuration included.
func stepTimeout() time.Duration {
	total := 0
	for _, l := range limits {
		total += l.seconds * l.times
	}
	return time.Duration(total) * time.Second
}
