package host

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
)

// One line of a payload's script each, with one group.
var (
	stepLine   = regexp.MustCompile(`(?m)^` + stepMarker + `(\S+)$`)
	digestLine = regexp.MustCompile(`(?m)^DIGEST='([0-9a-f]{64})'$`)
	runLine    = regexp.MustCompile(`(?m)^RUN='([0-9a-f]{64})'$`)
	vmLine     = regexp.MustCompile(`(?m)^VM_DIGEST=(.*)$`)
	nodeLine   = regexp.MustCompile(`(?m)^NODE_ID=(\d+)$`)
)

// SimulatedReport is what a healthy host would print for this script. It serves simulated clouds that
// have no data plane; it fails on a script that no Payload rendered.
func SimulatedReport(script string) (string, error) {
	var step, digest, run, vm, node string
	for _, wanted := range []struct {
		line *regexp.Regexp
		into *string
	}{{stepLine, &step}, {digestLine, &digest}, {runLine, &run}, {vmLine, &vm}, {nodeLine, &node}} {
		found := wanted.line.FindStringSubmatch(script)
		if found == nil {
			return "", errors.New("the script is no kafkalink payload: it has no line " + wanted.line.String())
		}
		*wanted.into = found[1]
	}
	id, err := strconv.Atoi(node)
	if err != nil {
		return "", err
	}
	state := StateInSync
	switch step {
	case "cluster-ready.sh":
		state = StateClusterReady
	case "spare.sh":
		state = StateSpare
	}
	text, err := json.Marshal(Report{
		Digest: digest, Run: run, BootID: simulatedBootID(vm), NodeID: id, State: state, Restarted: state == StateInSync,
	})
	if err != nil {
		return "", err
	}
	return reportPrefix + string(text) + "\n", nil
}

// simulatedBootID is a UUID that stays with a virtual machine until that is changed or replaced.
func simulatedBootID(vm string) string {
	sum := sha256Hex(vm)
	return sum[:8] + "-" + sum[8:12] + "-4" + sum[13:16] + "-8" + sum[17:20] + "-" + sum[20:32]
}
