#!/bin/sh
# First process of a host's namespaces on this machine, outside the host itself: when it is killed, everything here is.
#   start.sh DIR IMAGE NAMESPACE CGROUP... -- NSPAWN ARGUMENT...
set -eu

cd "$1"
image=$2 namespace=$3
shift 3

# Hosts that shared a control group would take each other's services for their own.
while [ "$1" != -- ]; do
  echo 0 >"$1/cgroup.procs"
  shift
done
shift

mount -n --make-rprivate /
mount -n -t proc proc /proc
: >network
[ -z "$namespace" ] || mount -n --bind "$namespace" network

# This namespace has begun with every mount of the machine. What others unmount meanwhile, a disk or a network
# namespace, would stay in use here: only what holds programs, this host or its image may stay.
tac /proc/self/mountinfo | while read -r _ _ _ _ point _; do
  point=$(printf %b "$point")
  case $point/ in
  // | /proc/* | /sys/* | /dev/* | /run/ | /tmp/ | /etc/*) continue ;;
  /usr/* | /bin/* | /sbin/* | /lib*/* | /opt/* | /nix/*) continue ;;
  "$PWD"/*) continue ;;
  esac
  case $PWD/ in "$point"/*) continue ;; esac
  case $image/ in "$point"/*) continue ;; esac
  umount -n --lazy "$point" 2>/dev/null || true
done

# What nspawn keeps under /run is this host's alone, and goes with it.
mkdir -p image run
mount -n -t tmpfs -o mode=0755 tmpfs run
mkdir run/disk
: >run/network
mount -n --bind network run/network
mount -n --bind "$image" image
mount -n -o remount,bind,ro image
# By names relative to here: a path with a comma or a colon would be read as options.
mount -n -t overlay -o lowerdir=image,upperdir=upper,workdir=work overlay run/disk ||
  {
    echo "the file system of $PWD cannot be the upper layer of an overlay; use one like ext4 or xfs" >&2
    exit 1
  }
mount -n --move run /run

while :; do
  status=0
  "$@" </dev/null || status=$?
  # The host restarted itself.
  [ "$status" -eq 133 ] || exit "$status"
done
