//go:build linux

// Package machine boots hosts on this machine, as a cloud boots virtual machines: systemd as the first process, a
// system disk that is a copy on write of an image, user-data read by the host's own cloud-init, data disks that
// outlive their host, and an agent that runs the cloud's commands.
//
// A host is systemd-nspawn in process and mount namespaces of its own. Whatever ends the program that booted it ends
// the host, to the last process and mount: the kernel sees to that, not a clean-up that must be reached. Needs root.
//
// Not modelled: loss of power (a host that is killed leaves the kernel's page cache behind), a kernel of its own,
// limits of memory and processors (a host is told how much memory it has, and nothing stops it from using more).
package machine
