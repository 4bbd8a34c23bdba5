//go:build linux

package image

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const suite = "bookworm" // Debian 12

// What a cloud's image of this distribution has and user-data counts on, each package once: no host asks a package
// manager. The second line serves drills: what an operator would look with.
var packages = []string{
	"systemd", "systemd-sysv", "dbus", "cloud-init", "sudo", "openssh-server", "ca-certificates", "netbase", "iproute2",
	"libnss-myhostname", "curl", "e2fsprogs", "mount", "procps", "util-linux", "mawk", "diffutils", "gzip", "tar",
	"iputils-ping", "netcat-openbsd", "lsof",
	"awscli", // Amazon Linux brings it: 160 MB and a minute of the first build
}

// Nobody reads these in a host that lives for minutes.
var left = []string{"/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"}

// Units that would only cost time and memory, or touch what is not the host's: nobody logs in on a terminal, nothing is
// upgraded, and other packages' timers have nothing to do.
var masked = []string{
	"apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "e2scrub_reap.service",
	"fstrim.timer", "man-db.timer", "getty@.service", "console-getty.service", "ssh.service", "systemd-pstore.service",
	"systemd-timesyncd.service", "systemd-resolved.service", "systemd-networkd.service", "cloud-init-hotplugd.socket",
}

// host is what is laid over the distribution: files at the paths they have in a host.
//
//go:embed host
var host embed.FS

// tree is the directory tree of the host image.
func (b builder) tree(ctx context.Context) (string, error) {
	recipe, err := recipe()
	if err != nil {
		return "", err
	}
	return b.once(ctx, "host-"+suite+"-"+recipe, func(partial string) error {
		b.progress("building the host image: Debian 12 with systemd and cloud-init, once")
		if err := b.bootstrap(ctx, partial, "apt", packages); err != nil {
			return err
		}
		return furnish(partial)
	})
}

// recipe is a digest of everything that an image follows from, besides the distribution's own updates.
func recipe() (string, error) {
	files, err := filesDigest(host)
	sum := sha256.Sum256(fmt.Append(nil, "recipe 1", suite, packages, left, masked, files))
	return hex.EncodeToString(sum[:])[:12], err
}

func filesDigest(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%s\n%d\n%s", path, len(content), content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

// bootstrap makes a tree of Debian with these packages and what they depend on.
func (b builder) bootstrap(ctx context.Context, target, variant string, packages []string) error {
	arguments := []string{"--variant=" + variant, "--mode=root", "--quiet", "--include=" + strings.Join(packages, ",")}
	for _, pattern := range left {
		arguments = append(arguments, "--dpkgopt=path-exclude="+pattern)
	}
	return confined(ctx, "", "mmdebstrap", append(arguments, suite, target)...)
}

// furnish lays our files over a fresh tree and takes out what this machine, or the building of it, left there.
func furnish(tree string) error {
	err := fs.WalkDir(host, "host", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(tree, strings.TrimPrefix(path, "host"))
		if entry.IsDir() {
			return makeDirectory(target)
		}
		content, err := host.ReadFile(path)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(string(content), "#!") {
			mode = 0o755
		}
		return write(target, content, mode)
	})
	if err != nil {
		return err
	}
	units := filepath.Join(tree, "etc/systemd/system")
	for _, unit := range masked {
		path := filepath.Join(units, unit)
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if err := os.Symlink("/dev/null", path); err != nil {
			return err
		}
	}
	wants := filepath.Join(units, "sysinit.target.wants")
	if err := makeDirectory(wants); err != nil {
		return err
	}
	if err := os.Symlink("../kafkalink-lab.service", filepath.Join(wants, "kafkalink-lab.service")); err != nil {
		return err
	}
	// A host has its own identity, and no name server: the mirror is reached by its address.
	keys, err := filepath.Glob(filepath.Join(tree, "etc/ssh/ssh_host_*"))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := os.Remove(key); err != nil {
			return err
		}
	}
	for name, content := range map[string]string{
		"etc/machine-id":  "",
		"etc/hostname":    "localhost\n",
		"etc/resolv.conf": "# There is no name server here.\n",
		"etc/fstab":       "",
	} {
		path := filepath.Join(tree, name)
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if err := write(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// makeDirectory makes a directory that everybody may enter, whatever the umask. One that is there stays as it is.
func makeDirectory(path string) error {
	err := os.Mkdir(path, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errors.Join(err, os.Chmod(path, 0o755))
}

// write writes a file with this mode, whatever the umask.
func write(path string, content []byte, mode fs.FileMode) error {
	return errors.Join(os.WriteFile(path, content, mode), os.Chmod(path, mode))
}
