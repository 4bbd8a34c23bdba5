package network

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// directory is where `ip netns` keeps the names of namespaces too.
const directory = "/run/netns"

var (
	prefixes = regexp.MustCompile(`^[a-z0-9]+$`)
	roles    = regexp.MustCompile(`^([a-z0-9]+)-(vnet|link|consumer|internet|h[0-9]+)$`)
)

func checkPrefix(prefix string) error {
	if !prefixes.MatchString(prefix) {
		return fmt.Errorf("network prefix %q: must be small letters and digits, it begins names of namespaces", prefix)
	}
	return nil
}

// create makes a named namespace with its loopback up, IPv6 off, and replies leaving whichever way they came.
func create(ns Namespace, forwards bool) error {
	if err := shareDirectory(); err != nil {
		return err
	}
	err := onThread(func() error {
		handle, err := netns.NewNamed(ns.Name)
		if err != nil {
			return err
		}
		_ = handle.Close()
		return setSysctls(forwards)
	})
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create network namespace %s: it exists: if a killed run left it, Remove(%q)",
			ns.Name, ns.prefix())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("create network namespace %s: %w", ns.Name, err), remove(ns))
	}
	return ns.links(func(h *netlink.Handle) error { return setUp(h, "lo") })
}

// tellForgotten has the thread's namespace call a packet invalid if it knows nothing of its connection's beginning, or has
// forgotten it, and only then: not if it is merely unexpected in one that it knows.
func tellForgotten() error {
	const settings = "/proc/sys/net/netfilter/nf_conntrack_tcp_"
	return errors.Join(os.WriteFile(settings+"loose", []byte("0"), 0), os.WriteFile(settings+"be_liberal", []byte("1"), 0))
}

// setSysctls speaks of the thread's own namespace, which is what /proc/sys/net shows it.
func setSysctls(forwards bool) error {
	settings := [][2]string{
		{"ipv6/conf/all/disable_ipv6", "1"},
		{"ipv6/conf/default/disable_ipv6", "1"},
		{"ipv4/conf/all/rp_filter", "0"},
		{"ipv4/conf/default/rp_filter", "0"},
	}
	if forwards {
		settings = append(settings,
			[2]string{"ipv4/ip_forward", "1"},
			[2]string{"ipv4/conf/all/send_redirects", "0"},
			[2]string{"ipv4/conf/default/send_redirects", "0"},
		)
	}
	for _, s := range settings {
		err := os.WriteFile("/proc/sys/net/"+s[0], []byte(s[1]), 0)
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(s[0], "ipv6/") {
			continue // a kernel without IPv6
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shareDirectory makes the directory of names a shared mount, as `ip netns add` does. Were that left to a later
// `ip netns add`, it would hide mounts made before and they could not be removed.
func shareDirectory() error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("keep names of network namespaces: %w", err)
	}
	lock, err := os.Open(directory)
	if err != nil {
		return fmt.Errorf("keep names of network namespaces: %w", err)
	}
	defer func() { _ = lock.Close() }()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", directory, err)
	}
	err = unix.Mount("", directory, "none", unix.MS_SHARED|unix.MS_REC, "")
	if errors.Is(err, unix.EINVAL) { // not a mount yet
		if err = unix.Mount(directory, directory, "none", unix.MS_BIND|unix.MS_REC, ""); err == nil {
			err = unix.Mount("", directory, "none", unix.MS_SHARED|unix.MS_REC, "")
		}
	}
	if err != nil {
		return fmt.Errorf("make %s a shared mount: %w", directory, err)
	}
	return nil
}

// remove takes a namespace's links away, so that nothing passes even if a process still lives in it, and then its name.
func remove(ns Namespace) error {
	if _, err := os.Lstat(ns.Path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	failed := removeLinks(ns)
	for range 8 { // mounts may lie on top of each other
		if err := unix.Unmount(ns.Path, unix.MNT_DETACH); err != nil {
			break
		}
	}
	if err := os.Remove(ns.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		failed = errors.Join(failed, fmt.Errorf("remove network namespace %s: %w", ns.Name, err))
	}
	return failed
}

func removeLinks(ns Namespace) error {
	// A run that was killed between making the name and mounting the namespace there leaves a plain file.
	if err := ns.Do(func() error { return nil }); errors.Is(err, unix.EINVAL) {
		return nil
	}
	return ns.links(func(h *netlink.Handle) error {
		links, err := h.LinkList()
		if err != nil {
			return fmt.Errorf("list links: %w", err)
		}
		var failed []error
		for _, link := range links {
			if link.Attrs().Name != "lo" {
				failed = append(failed, unless(h.LinkDel(link), unix.ENODEV))
			}
		}
		return errors.Join(failed...)
	})
}

// Leftovers gives the prefixes of networks whose namespaces exist, of those that the caller calls its own: after a run
// was killed, they are what Remove is for.
func Leftovers(own func(prefix string) bool) ([]string, error) {
	entries, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for network namespaces: %w", err)
	}
	var found []string
	for _, entry := range entries {
		if m := roles.FindStringSubmatch(entry.Name()); m != nil && !slices.Contains(found, m[1]) && own(m[1]) {
			found = append(found, m[1])
		}
	}
	return found, nil
}

// Remove deletes all namespaces of a network that is not open any more, by its prefix. It is no error if there are
// none.
func Remove(prefix string) error {
	if err := checkPrefix(prefix); err != nil {
		return err
	}
	paths, err := filepath.Glob(directory + "/" + prefix + "-*")
	if err != nil {
		return err
	}
	var failed []error
	for _, path := range paths {
		if m := roles.FindStringSubmatch(filepath.Base(path)); m != nil {
			failed = append(failed, remove(Namespace{Name: filepath.Base(path), Path: path}))
		}
	}
	return errors.Join(failed...)
}
