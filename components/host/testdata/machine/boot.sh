#!/usr/bin/env bash
# Process 1 of a machine under test, in mount, PID and network namespaces of its own: gives it a system disk that is
# a copy on write of this system's directories, so that the scripts find their real paths and leave nothing behind.
# Argument: the directory with the stand-ins for systemctl and journalctl.
set -euo pipefail

mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir /run/machine
for directory in /etc /var /opt /usr/local /root; do
  changes=/run/machine/changes$directory
  mkdir -p "$changes/upper" "$changes/work"
  mount -t overlay overlay -o "lowerdir=$directory,upperdir=$changes/upper,workdir=$changes/work" "$directory"
done
# The kernel's settings are not the machine's own: nobody may change them, but for those of its network namespace.
mount --bind /proc/sys /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,ro /proc/sys
mkdir -p /run/lock
install -m 0755 "$1/systemctl" "$1/journalctl" /usr/local/bin/
: >/etc/fstab
ip link set lo up
echo booted

# A child that dies without a parent is reaped here.
while :; do
  sleep 3600 &
  wait $! || true
done
