package kafka

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	idleKey = "connections.max.idle.ms"
	// forgottenMS is after how long a load balancer may drop an idle flow by default,
	// without telling either side: the shortest of the clouds', Azure's.
	forgottenMS = 4 * 60 * 1000
	// brokerIdleMS is after how long a broker closes an idle connection itself.
	brokerIdleMS = 3 * 60 * 1000
)

// warnOfOverride: the user knows better, once told.
func (d *draft) warnOfOverride(path *field.Path, key, value string) {
	switch key {
	case idleKey:
		if ms, err := strconv.ParseInt(value, 10, 64); err == nil && (ms < 0 || ms >= forgottenMS) {
			d.warn(path, value, "outlives the 4 minutes after which a load balancer may silently forget an idle connection",
				"keep it below 240000")
		}
	case "unclean.leader.election.enable":
		if strings.EqualFold(value, "true") {
			d.warn(path, value, "lets a replica that missed acknowledged records become leader", "remove it unless losing them is acceptable")
		}
	case "auto.create.topics.enable":
		if strings.EqualFold(value, "true") {
			d.warn(path, value, "makes a topic of every misspelt name", "create topics on purpose")
		}
	}
}
