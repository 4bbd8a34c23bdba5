//go:build !linux

package automation

import "errors"

// identify knows processes for certain on Linux alone: elsewhere a lock's holder is named, and whether it still runs is
// for people to say.
func identify(int) (processID, error) {
	return processID{}, errors.New("processes cannot be identified for certain here")
}

func (processID) gone(int) bool { return false }

func (processID) runs(int) bool { return false }

func idle(int) (done string, alone bool) { return "", false }

func (processID) end(int) error { return errors.ErrUnsupported }
