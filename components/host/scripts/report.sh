#!/usr/bin/env bash
# The host's own word. Sourced after host.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# report STATE DIGEST RESTARTED FORMATTED [CHANGED...]: one line, the last of stdout.
report() {
  local state=$1 digest=$2 restarted=$3 formatted=$4 changed=
  shift 4
  if (($#)); then
    changed=$(printf ',"%s"' "$@")
    changed=",\"changed\":[${changed:1}]"
  fi
  printf 'kafkalink-report: {"digest":"%s","run":"%s","bootId":"%s","nodeId":%d,"state":"%s","restarted":%s,"formatted":%s%s}\n' \
    "$digest" "$RUN" "$(</proc/sys/kernel/random/boot_id)" "$NODE_ID" "$state" "$restarted" "$formatted" "$changed"
}
