package host

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Payload is what a host is to become, and the step that makes it so, ready to be sent.
type Payload struct {
	title   string // one line for whoever reads the script
	step    string // the host script that runs
	node    int
	files   []hostFile // what the host gets; the digest is theirs
	beside  []hostFile // what the step needs besides
	options ConfigurationOptions
	timeout time.Duration
}

// ConfigurationOptions are what a payload carries besides the machine.
type ConfigurationOptions struct {
	// Attempt is raised to send the same configuration again: clouds do not run identical content twice.
	Attempt int
	// VMDigest identifies the virtual machine and every input of it, so that a machine that was
	// replaced or changed in place gets its configuration again.
	VMDigest string
	// AllowBlankDisk lets a node with a past format a blank data disk: the operator replaced the disk.
	AllowBlankDisk bool
	// Force breaks the glass: no safety check before Kafka is stopped.
	Force bool
	// Next says that another node's machine is touched after this one: the step ends when the cluster can
	// spare it. False, too, when that node is forced.
	Next bool
}

// Digest is the SHA-256, in hexadecimal, of what the host is to become. The attempt, the virtual
// machine and the operator's permissions do not count.
func (p Payload) Digest() string {
	var sums strings.Builder
	for _, f := range p.files {
		if f.effect != effectComputed {
			fmt.Fprintf(&sums, "%s  %s\n", sha256Hex(f.content), f.name)
		}
	}
	return sha256Hex(sums.String())
}

// Run is the SHA-256, in hexadecimal, of everything that makes this payload this one: digest, attempt,
// virtual machine and permissions. It tells a fresh report from an old one.
func (p Payload) Run() string {
	return sha256Hex(fmt.Sprintf("%s %s %d %q %t %t %t",
		p.step, p.Digest(), p.options.Attempt, p.options.VMDigest, p.options.AllowBlankDisk, p.options.Force, p.options.Next))
}

// Timeout is the longest that the host itself takes for this payload, by its own limits: what the cloud
// must allow at least.
func (p Payload) Timeout() time.Duration { return p.timeout }

// Check compares a host's report with what was wanted.
func (p Payload) Check(r Report) error {
	switch {
	case r.NodeID != p.node:
		return fmt.Errorf("the report is node %d's, not node %d's: "+
			"the command ran on another machine; compare the machine's name with the node's", r.NodeID, p.node)
	case r.Digest != p.Digest():
		return fmt.Errorf("node %d reports configuration %.12s, wanted %.12s: the report is an earlier run's, or the files "+
			"were changed on the host; raise the attempt number to send the configuration again", p.node, r.Digest, p.Digest())
	case r.Run != p.Run():
		return fmt.Errorf("node %d reports run %.12s, wanted %.12s: the report is an earlier run's, so the cloud has not run "+
			"this command; raise the attempt number to send it again", p.node, r.Run, p.Run())
	case !slices.Contains(states, r.State):
		return fmt.Errorf("node %d reports the state %q, which this version of kafkalink does not know: "+
			"send the configuration again with this version", p.node, r.State)
	case r.BootID == "":
		return fmt.Errorf("node %d reports no boot id: the report was not written by the host scripts", p.node)
	}
	return nil
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
