package aws

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/rolling"
)

const (
	// longestSilence is how long a host may take until it has begun: to boot, to be registered with Systems Manager, and to be
	// told. An agent that asks before its role has spread through IAM sleeps for half an hour, by design
	// (aws/amazon-ssm-agent, credentialrefresher), and asks for associations every ten minutes. It does one thing after the
	// other: while it works on something else, it is not silent.
	longestSilence = 45 * time.Minute
	// suspicious is the silence after which, and every which, is asked whether the machine runs at all.
	suspicious = 2 * time.Minute
	// agentAsks is the silence after which the agent works on something that is not ours, if it works: it has asked for its
	// associations by then, and it does them one after the other (aws/amazon-ssm-agent, association/processor).
	agentAsks = 10 * time.Minute
	// worthSaying is how long a wait lasts of which something is said: the cloud does not wait, so nothing else shows it.
	worthSaying = 8 * time.Second
)

// hearing waits for what a host says of a payload.
type hearing struct {
	to      rolling.Destination
	payload host.Payload
	now     func() time.Time
	// said is what the host said last for a purpose; nil: nothing.
	said func(purpose string) (*report, error)
	// stopped is the id of the node's machine if it does not run, or "".
	stopped func() (string, error)
	// held is where to look which association holds the host's agent.
	held func() (string, error)
	say  func(text string) error

	// heard is when the host was last known to work on anything, or when the waiting began; looked when the machine was last
	// looked at.
	heard, looked time.Time
	sent          *rolling.Sent
	shown         string
	toldHeld      bool
}

func (h *hearing) begun() bool { return h.sent != nil && h.sent.Is(h.payload) }

// next asks once. It ends with context.DeadlineExceeded when the host was silent for too long.
func (h *hearing) next() (ended bool, err error) {
	said, err := h.said(h.to.Purpose)
	if err != nil {
		return false, err
	}
	if said != nil {
		h.sent = said.sent(h.now())
	}
	state, waited := "waiting for its host to begin", h.now().Sub(h.heard)
	switch {
	case h.begun() && !h.sent.Running:
		return true, nil
	case h.begun():
		state = "its host works on its " + h.to.Purpose
	case waited > longestSilence:
		last, err := h.lastBusy()
		if err != nil {
			return false, err
		}
		if h.heard = last; h.now().Sub(last) > longestSilence {
			return false, context.DeadlineExceeded
		}
		state = "its host works on something else"
	case waited > suspicious && h.now().Sub(h.looked) > suspicious:
		h.looked = h.now()
		switch id, err := h.stopped(); {
		case err != nil:
			return false, err
		case id != "":
			return false, rolling.Standstill(h.to.Machine.Host.Node.ID, id)
		}
	}
	if waited > worthSaying && state != h.shown {
		h.shown = state
		if err := h.tell(state); err != nil {
			return false, err
		}
	}
	if h.begun() || waited <= agentAsks || h.toldHeld {
		return false, nil
	}
	h.toldHeld = true
	held, err := h.held()
	if err != nil {
		return false, err
	}
	return false, h.tell(held)
}

// tell says something of the node.
func (h *hearing) tell(text string) error {
	return h.say(fmt.Sprintf("node %d: %s", h.to.Machine.Host.Node.ID, text))
}

// lastBusy is when the host was last known to work on anything: now, while it does; else when it ended.
func (h *hearing) lastBusy() (last time.Time, err error) {
	for _, purpose := range rolling.Purposes() {
		said, err := h.said(purpose)
		if err != nil {
			return last, err
		}
		if said == nil {
			continue
		}
		at := said.at
		if now := h.now(); said.sent(now).Running {
			at = now
		}
		if at.After(last) {
			last = at
		}
	}
	return last, nil
}
