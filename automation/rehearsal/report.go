// Package rehearsal says what a rehearsal is and what it found: a stack deployed onto a simulated cloud with a data
// plane, in which real brokers run and a real client goes through the private endpoint. It is the word between the
// command and whoever can rehearse; it runs nothing itself.
package rehearsal

import (
	"time"
)

// Report is what a rehearsal found.
type Report struct {
	Stack  string    `json:"stack"`
	Cloud  string    `json:"cloud"`
	Began  time.Time `json:"began"`
	Passed bool      `json:"passed"`
	Phases []Phase   `json:"phases"`
	Links  []Link    `json:"links,omitempty"`
	Drills []Drill   `json:"drills,omitempty"`
	// Failure is the first thing that was wrong; nil if nothing was.
	Failure *Failure `json:"failure,omitempty"`
	// MemoryMiB is the most that the rehearsal's processes held at once, the brokers' included.
	MemoryMiB int `json:"memoryMiB,omitempty"`
	// Software that the hosts ran, and where it came from.
	Software []string `json:"software,omitempty"`
	// Unmodelled are resources, or properties of them, that the lab cannot imitate.
	Unmodelled []string `json:"unmodelled,omitempty"`
	// Kept says how to look around in a rehearsal that goes on.
	Kept []Instruction `json:"kept,omitempty"`
}

// Phase is a part of a rehearsal.
type Phase struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Passed  bool    `json:"passed"`
	Detail  string  `json:"detail,omitempty"`
}

// Link is what a consumer saw of one link.
type Link struct {
	Name     string `json:"name"`
	Service  string `json:"service"`
	Endpoint string `json:"endpoint"` // the private endpoint's address in the consumer's network
	Ports    []Port `json:"ports"`
	Records  Counts `json:"records"`
}

// Port is an endpoint port, and which broker answers behind it.
type Port struct {
	Port       int    `json:"port"`
	Wanted     int    `json:"wanted"`            // node id by the port map
	Reached    int    `json:"reached,omitempty"` // node id observed; 0: none
	Advertised string `json:"advertised,omitempty"`
	Bootstrap  bool   `json:"bootstrap,omitempty"` // the consumer may begin here
	Error      string `json:"error,omitempty"`
}

// Right tells whether the port reached the broker of the port map.
func (p Port) Right() bool { return p.Error == "" && p.Reached == p.Wanted }

// Counts are records written through an endpoint, acknowledged by all replicas in sync, and read back equal.
type Counts struct {
	Partitions   int `json:"partitions"`
	Produced     int `json:"produced"`
	Acknowledged int `json:"acknowledged"`
	Read         int `json:"read"`
}

// Drill is something that was broken on purpose, and whether the deployment, or the rehearsal, dealt with it.
type Drill struct {
	Name     string   `json:"name"`
	Passed   bool     `json:"passed"`
	Seconds  float64  `json:"seconds"`
	Found    string   `json:"found"` // what was observed, in a sentence
	Evidence []string `json:"evidence,omitempty"`
}

// Failure names the guilty hop.
type Failure struct {
	What     string   `json:"what"`
	Guilty   string   `json:"guilty,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Next     string   `json:"next,omitempty"`
}

// Instruction is a command to type, and what it does.
type Instruction struct {
	Does    string `json:"does"`
	Command string `json:"command"`
}
