// Package rolling makes the machines of a cluster and configures them one at a time, on any cloud: the chain of machines
// and configurations is the rolling restart. A Cloud brings the machines and the way to reach them; what waits for what,
// who is asked before a machine is touched, which attempt a payload is and when a report counts are decided here.
package rolling
