//go:build linux

package machine

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
)

// Spec is what a cloud would be told about a virtual machine.
type Spec struct {
	// Name is for people.
	Name string
	// Hostname is what the host calls itself: letters, digits and hyphens, at most 64.
	Hostname string
	// Image is the directory tree that the system disk begins as, see lab/internal/image. It is only read.
	Image string
	// Dir is the host's own directory, on a file system that can be the upper layer of an overlay: the system disk and
	// the console's log are there. Boot makes it, and goes on with a system disk that is there already.
	Dir string
	// Namespace is the path of the network namespace the host lives in, like /run/netns/NAME. Empty: one of its own,
	// with nothing in it but the loopback interface.
	Namespace string
	// InstanceID decides whether cloud-init runs user-data: once per id and system disk.
	InstanceID string
	UserData   []byte
	// AdminUser is the name that `default` in user-data's list of users means. Empty: the distribution's.
	AdminUser string
	AdminKeys []string // for SSH, a line each
	// MemoryMiB is the memory that /proc/meminfo tells of. 0: the machine's own.
	MemoryMiB int
	// NameServer is asked for names; not valid: there is none.
	NameServer netip.Addr
	// Authority is a certificate, in PEM, whose holder the host trusts beside those that its distribution does.
	Authority []byte
	// Disks are attached from the first moment of the first boot.
	Disks []Attachment
}

// Attachment is a data disk, and the stable paths at which its host finds it, like /dev/disk/azure/scsi1/lun0.
type Attachment struct {
	Disk  *Disk
	Paths []string
}

var (
	hostname   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$`)
	devicePath = regexp.MustCompile(`^/dev/[A-Za-z0-9._/-]+$`)
)

func (s Spec) check() error {
	var problems []error
	if !hostname.MatchString(s.Hostname) {
		problems = append(problems, fmt.Errorf("hostname %q: want letters, digits and hyphens", s.Hostname))
	}
	if s.InstanceID == "" {
		problems = append(problems, errors.New("without an instance id cloud-init runs no user-data"))
	}
	if !filepath.IsAbs(s.Dir) || filepath.Clean(s.Dir) != s.Dir || s.Dir == "/" {
		problems = append(problems, fmt.Errorf("directory %q: want an absolute, clean path", s.Dir))
	}
	if _, err := os.Stat(filepath.Join(s.Image, hardware)); err != nil {
		problems = append(problems, fmt.Errorf("image %q is none of the lab's: %w", s.Image, err))
	}
	if len(problems) > 0 {
		return fmt.Errorf("host %s: %w", s.Name, errors.Join(problems...))
	}
	return nil
}
