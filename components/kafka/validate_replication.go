package kafka

import (
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

func (d *draft) checkReplication() {
	brokers := len(d.brokers())
	if brokers == 0 {
		return
	}
	cluster := clusterPath.Child("properties")
	d.checkReplicationOf(brokers, cluster, d.spec.Properties, d.spec.Properties)
	for _, n := range d.nodes {
		if n.listed {
			d.checkReplicationOf(brokers, n.path.Child("properties"), n.Properties, merged(d.spec.Properties, n.Properties))
		}
	}
}

// checkReplicationOf one level of properties, given those in effect there.
func (d *draft) checkReplicationOf(brokers int, path *field.Path, own, effective map[string]string) {
	var touched bool
	for _, key := range replicationKeys {
		value, set := own[key]
		if !set {
			continue
		}
		touched = true
		if n, err := strconv.Atoi(value); err != nil || n < 1 || n > brokers {
			d.invalid(path.Key(key), value, fmt.Sprintf("must be a whole number from 1 to %d, the number of brokers", brokers),
				"set such a number, or add brokers")
			return
		}
	}
	if !touched {
		return
	}
	r := replication(brokers, effective)
	d.checkFits(path, own, r, minISRKey, replicationKey)
	// Group offsets are written with acks=all, under the brokers' min ISR.
	d.checkFits(path, own, r, minISRKey, offsetsReplicationKey)
	d.checkFits(path, own, r, transactionMinISRKey, transactionReplicationKey)
	if _, set := own[minISRKey]; set && r[minISRKey] > 1 && r[minISRKey] == r[replicationKey] {
		d.warn(path.Key(minISRKey), own[minISRKey], fmt.Sprintf("equals %s: no broker can restart without refusing writes", replicationKey),
			fmt.Sprintf("set it to %d", r[replicationKey]-1))
	}
}

// checkFits: a partition that never has enough copies refuses every write.
func (d *draft) checkFits(path *field.Path, own map[string]string, r map[string]int, minISR, copies string) {
	if r[minISR] <= r[copies] {
		return
	}
	if value, set := own[minISR]; set {
		d.invalid(path.Key(minISR), value, fmt.Sprintf("is more than %s (%d), so writes would be refused", copies, r[copies]),
			fmt.Sprintf("lower it to %d, or raise %s", r[copies], copies))
		return
	}
	if value, set := own[copies]; set {
		d.invalid(path.Key(copies), value, fmt.Sprintf("is less than %s (%d), so writes would be refused", minISR, r[minISR]),
			fmt.Sprintf("raise it to %d, or lower %s", r[minISR], minISR))
	}
}
