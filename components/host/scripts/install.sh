#!/usr/bin/env bash
# Compares, installs and restores the files of a configuration. Sourced after host.sh.
#
# The manifest has a line per file: NAME EFFECT MODE GROUP DESTINATION. EFFECT is `restart` for what Kafka
# reads when it starts, `computed` for what it reads too but this host makes, `none` for what only these
# scripts read.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# Last configuration with which this node was ready: what a failed one is replaced by.
readonly good_dir=$state_dir/good

# The digest of what is installed now, as Payload.Digest computes what is wanted: SHA-256 over sha256sum's lines.
installed_digest() {
  local name effect mode group destination
  while read -r name effect mode group destination; do
    if [[ $effect != computed ]]; then
      printf '%s  %s\n' "$(sha256sum <"$destination" | cut -d' ' -f1)" "$name"
    fi
  done <"$incoming/manifest" | sha256sum | cut -d' ' -f1
}

# Names of the files that Kafka would read differently after a restart than it did at its last good start.
changed_files() {
  local name effect mode group destination
  while read -r name effect mode group destination; do
    if [[ $effect != none ]] &&
      ! { cmp --silent "$incoming/$name" "$good_dir/$name" && cmp --silent "$incoming/$name" "$destination"; }; then
      echo "$name"
    fi
  done <"$incoming/manifest"
}

# install_file SOURCE MODE GROUP DESTINATION, in one step: a reader sees the old file or the new one.
install_file() {
  install -D -o root -g "$3" -m "$2" "$1" "$4.kafkalink" && mv -f "$4.kafkalink" "$4"
}

# install_files EFFECT...
install_files() {
  local name effect mode group destination
  while read -r name effect mode group destination; do
    if [[ " $* " == *" $effect "* ]]; then
      install_file "$incoming/$name" "$mode" "$group" "$destination" || return 1
    fi
  done <"$incoming/manifest"
  systemctl daemon-reload
}

remember_good() {
  local name effect mode group destination
  install -d -m 0700 "$good_dir"
  while read -r name effect mode group destination; do
    if [[ $effect != none ]]; then
      cp "$destination" "$good_dir/$name"
    fi
  done <"$incoming/manifest"
}

has_good() { [[ -e $good_dir/server.properties ]]; }

restore_good() {
  local name effect mode group destination
  while read -r name effect mode group destination; do
    if [[ $effect != none && -e $good_dir/$name ]]; then
      install_file "$good_dir/$name" "$mode" "$group" "$destination" || return 1
    fi
  done <"$incoming/manifest"
  systemctl daemon-reload
}

# Heap in MiB when the payload does not say: a quarter of memory, at least 512 and at most 6144 MiB, and never
# more than half of memory. The rest is page cache, which serves Kafka's reads. Same rule as HeapMiB in Go.
heap_from_memory() {
  awk '/^MemTotal:/ {
    memory = int($2 / 1024); heap = int(memory / 4)
    if (heap < 512) heap = 512
    if (heap > 6144) heap = 6144
    if (heap > memory / 2) heap = int(memory / 2)
    print heap
  }' /proc/meminfo
}

write_heap() {
  local heap=${HEAP_MIB:-}
  if [[ -z $heap ]]; then
    heap=$(heap_from_memory)
  fi
  printf '# Written by the configuration step.\nKAFKA_HEAP_OPTS=-Xms%sm -Xmx%sm\n' "$heap" "$heap" >"$incoming/heap.env"
}
