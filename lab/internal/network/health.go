package network

import (
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// TargetHealth is what a load balancer believes of a rule's target.
type TargetHealth struct {
	Rule      string         `json:"rule"`      // its name
	Interface string         `json:"interface"` // id
	Address   netip.AddrPort `json:"address"`   // where the target's packets go; its probe may ask another port
	Healthy   bool           `json:"healthy"`
	Said      string         `json:"said"`  // what the last probe met, like "connection refused" or "no answer"
	Since     time.Time      `json:"since"` // when it became what it is
}

// asks says whether a probe asks anything: if not, targets are healthy.
func asks(p fabric.Probe) bool { return p.Port != 0 || p.OwnPort }
