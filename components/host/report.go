package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// reportPrefix opens the one line by which a host answers.
const reportPrefix = "kafkalink-report: "

// States a host reports.
const (
	// StateInSync: registered with the expected listeners, in sync with all its partitions.
	StateInSync = "in-sync"
	// StateListening: its own process listens, and the cluster is only being created.
	StateListening = "listening"
	// StateClusterReady: every broker is registered and in sync.
	StateClusterReady = "cluster-ready"
	// StateSpare: the cluster can spare any one of its nodes, or there is nothing to protect yet.
	StateSpare = "can-spare"
)

var states = []string{StateInSync, StateListening, StateClusterReady, StateSpare}

// Report is a host's own word on a payload that it has run to its end.
type Report struct {
	Digest    string   `json:"digest"`            // of the configuration that is installed, see Payload.Digest
	Run       string   `json:"run"`               // which payload was run, see Payload.Run
	BootID    string   `json:"bootId"`            // the kernel's, new at every boot
	NodeID    int      `json:"nodeId"`            //
	State     string   `json:"state"`             // one of the above
	Restarted bool     `json:"restarted"`         // whether Kafka was started or restarted by this run
	Formatted bool     `json:"formatted"`         // whether the data disk was formatted by this run
	Changed   []string `json:"changed,omitempty"` // names of the files that differed
}

// ParseReport finds the report in the output of a payload. Output may be cut at its beginning, as Azure
// does (last 4 KB); the report is the last line that a successful run prints.
func ParseReport(output string) (Report, error) {
	lines := strings.Split(strings.TrimRight(output, "\r\n"), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		text, found := strings.CutPrefix(strings.TrimSpace(lines[i]), reportPrefix)
		if !found {
			continue
		}
		var report Report
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			return Report{}, fmt.Errorf("host report is not what kafkalink writes: %w: %s", err, text)
		}
		return report, nil
	}
	if strings.TrimSpace(output) == "" {
		return Report{}, errors.New("no host report: the command printed nothing, so it has probably not run; " +
			"raise the attempt number to send it again")
	}
	return Report{}, fmt.Errorf("no host report in the output, so the configuration step did not finish; it ended with:\n%s",
		strings.Join(lines[max(0, len(lines)-20):], "\n"))
}
