//go:build linux

package machine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// told is where the image's own script reads what hardware a host has; see lab/internal/image/host.
const told = "/etc/kafkalink-lab"

const hardware = "/usr/lib/kafkalink-lab/hardware"

// seed writes what a machine finds when it gets power into the system disk's layer: instance data for cloud-init, the
// size of its memory, its disks.
func seed(spec Spec, disks string) error {
	metadata, err := yaml.Marshal(struct {
		InstanceID string   `yaml:"instance-id"`
		Hostname   string   `yaml:"local-hostname"`
		Keys       []string `yaml:"public-keys"`
	}{spec.InstanceID, spec.Hostname, spec.AdminKeys})
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"/var/lib/cloud/seed/nocloud/meta-data": metadata,
		"/var/lib/cloud/seed/nocloud/user-data": spec.UserData,
		told + "/disks":                         []byte(disks),
	}
	if spec.AdminUser != "" {
		var admin struct {
			SystemInfo struct {
				DefaultUser struct {
					Name string `yaml:"name"`
				} `yaml:"default_user"`
			} `yaml:"system_info"`
		}
		admin.SystemInfo.DefaultUser.Name = spec.AdminUser
		if files["/etc/cloud/cloud.cfg.d/91-kafkalink-lab-user.cfg"], err = yaml.Marshal(admin); err != nil {
			return err
		}
	}
	if spec.MemoryMiB > 0 {
		own, err := os.ReadFile("/proc/meminfo")
		if err != nil {
			return err
		}
		files[told+"/meminfo"] = meminfo(own, spec.MemoryMiB)
	}
	if spec.NameServer.IsValid() {
		files["/etc/resolv.conf"] = fmt.Appendf(nil, "nameserver %s\n", spec.NameServer)
	}
	if len(spec.Authority) > 0 {
		const bundle = "/etc/ssl/certs/ca-certificates.crt"
		own, err := os.ReadFile(filepath.Join(spec.Image, bundle))
		if err != nil {
			return err
		}
		files[bundle] = slices.Concat(own, spec.Authority)
	}
	for name, content := range files {
		if err := writeLayer(filepath.Join(spec.Dir, upper), name, content); err != nil {
			return err
		}
	}
	return nil
}

// writeLayer writes a file into the upper layer of an overlay that is not mounted. A directory there takes the place of
// the lower one's owner and mode, so new ones get what system directories have.
func writeLayer(layer, name string, content []byte) error {
	at := layer
	for _, part := range strings.Split(path.Dir(name), "/") {
		at = filepath.Join(at, part)
		if err := os.Mkdir(at, 0o755); err == nil {
			err = os.Chmod(at, 0o755)
			if err != nil {
				return err
			}
		} else if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	file := filepath.Join(layer, name)
	return errors.Join(os.WriteFile(file, content, 0o644), os.Chmod(file, 0o644))
}

var memoryLine = regexp.MustCompile(`(?m)^(MemTotal|MemFree|MemAvailable):\s+(\d+) kB$`)

// meminfo is this machine's, of a smaller one.
func meminfo(own []byte, memoryMiB int) []byte {
	return memoryLine.ReplaceAllFunc(own, func(line []byte) []byte {
		parts := memoryLine.FindSubmatch(line)
		kib := memoryMiB * 1024
		if string(parts[1]) != "MemTotal" {
			// Three quarters: what a host at rest has.
			kib = kib * 3 / 4
			if free, err := strconv.Atoi(string(parts[2])); err == nil {
				kib = min(kib, free)
			}
		}
		return fmt.Appendf(nil, "%-15s%9d kB", string(parts[1])+":", kib)
	})
}
