package automation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Lock is somebody's hold on a stack, as a backend of the user's own keeps it. Pulumi Cloud does not tell who.
type Lock struct {
	User  string    `json:"user"`
	Host  string    `json:"host"`
	PID   int       `json:"pid"` // of the Pulumi CLI, on that host
	Since time.Time `json:"since"`
}

func (l Lock) String() string {
	return fmt.Sprintf("%s@%s, process %d, since %s", l.User, l.Host, l.PID, l.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// createdBy is how the CLI tells of each lock.
var createdBy = regexp.MustCompile(`created by (.+)@([^@ ]+) \(pid (\d+)\) at (\S+)`)

// lockedBy is how it tells how many there are.
var lockedBy = regexp.MustCompile(`locked by (\d+) lock`)

// locksIn are the locks that the CLI tells of; none if it does not tell of all.
func locksIn(said string) []Lock {
	var locks []Lock
	for _, m := range createdBy.FindAllStringSubmatch(said, -1) {
		pid, _ := strconv.Atoi(m[3])
		since, _ := time.Parse(time.RFC3339, m[4])
		locks = append(locks, Lock{User: m[1], Host: m[2], PID: pid, Since: since})
	}
	if m := lockedBy.FindStringSubmatch(said); m != nil && m[1] != strconv.Itoa(len(locks)) {
		return nil
	}
	return locks
}

// holders names those of the locks, or says what the CLI did where it names nobody.
func holders(locks []Lock, said string) string {
	if len(locks) == 0 {
		return "another operation holds the stack\n" + said
	}
	return "the stack is held by " + named(locks)
}

func named(locks []Lock) string {
	names := make([]string, len(locks))
	for i, lock := range locks {
		names[i] = lock.String()
	}
	return strings.Join(names, "; ")
}
