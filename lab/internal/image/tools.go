//go:build linux

package image

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// tool is a command, or a file, and the package of Debian and Ubuntu that brings it.
type tool struct{ name, brings string }

// Debian's keys, which Ubuntu does not install with mmdebstrap.
const debianKeys = "/usr/share/keyrings/debian-archive-keyring.gpg"

// Missing tells what hosts, their image and their network need and this machine lacks, and the command that installs it; nil: nothing.
// Maven is not among it: only where Kafka has to be assembled it is asked for.
func Missing() error {
	var missing []tool
	for _, t := range []tool{
		{"systemd-nspawn", "systemd-container"},
		{"mmdebstrap", "mmdebstrap"},
		{"nsenter", "util-linux"},
		{"mount", "mount"},
		{"nft", "nftables"},
	} {
		if _, err := exec.LookPath(t.name); err != nil {
			missing = append(missing, t)
		}
	}
	if _, err := os.Stat(debianKeys); err != nil {
		missing = append(missing, tool{debianKeys, "debian-archive-keyring"})
	}
	return missingError(missing)
}

func missingError(missing []tool) error {
	if len(missing) == 0 {
		return nil
	}
	var names, packages []string
	for _, t := range missing {
		names = append(names, t.name)
		packages = append(packages, t.brings)
	}
	return fmt.Errorf("not found on this machine: %s. On Debian or Ubuntu, as root: "+
		"apt-get update && apt-get install -y %s", strings.Join(names, ", "), strings.Join(packages, " "))
}
