package kafka

import "strconv"

// Properties that must fit the number of brokers and each other.
const (
	replicationKey            = "default.replication.factor"
	minISRKey                 = "min.insync.replicas"
	offsetsReplicationKey     = "offsets.topic.replication.factor"
	transactionReplicationKey = "transaction.state.log.replication.factor"
	transactionMinISRKey      = "transaction.state.log.min.isr"
)

var replicationKeys = []string{
	replicationKey, minISRKey, offsetsReplicationKey, transactionReplicationKey, transactionMinISRKey,
}

const usualReplication = 3

// replication are the defaults for a number of brokers, adapted to what the
// user overrides: never more copies than brokers, and one copy may be missing
// while a broker restarts.
func replication(brokers int, overrides map[string]string) map[string]int {
	copies := min(brokers, usualReplication)
	chosen := func(key string, otherwise int) int {
		if n, err := strconv.Atoi(overrides[key]); err == nil {
			return n
		}
		return otherwise
	}
	all := map[string]int{
		replicationKey:            chosen(replicationKey, copies),
		offsetsReplicationKey:     chosen(offsetsReplicationKey, copies),
		transactionReplicationKey: chosen(transactionReplicationKey, copies),
	}
	all[minISRKey] = chosen(minISRKey, tolerating(all[replicationKey]))
	all[transactionMinISRKey] = chosen(transactionMinISRKey, tolerating(all[transactionReplicationKey]))
	return all
}

// tolerating is the min ISR at which one copy may be missing; 2 suffices.
func tolerating(copies int) int { return min(2, max(1, copies-1)) }
