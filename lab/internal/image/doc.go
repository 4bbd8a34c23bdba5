//go:build linux

// Package image prepares what hosts boot from and install: a tree of Debian 12 with systemd and cloud-init, and
// archives of Java and Kafka. All of it is cached; a first build needs root, a mirror of Debian's packages and, where
// Kafka's own archive cannot be reached, one of Maven's.
package image
