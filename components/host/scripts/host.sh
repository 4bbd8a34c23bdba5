#!/usr/bin/env bash
# What the host scripts share: where things are, how long to wait, how to speak, how to call Kafka's tools.
# Sourced, after `set -euo pipefail`, by a script that sits in the same directory.
#
# Functions that can fail for an ordinary reason set `reason` and return 1; the caller decides.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

readonly state_dir=/var/lib/kafkalink
readonly settings_dir=/etc/kafkalink
readonly mount_point=/var/lib/kafka
readonly data_dir=$mount_point/data
readonly log_file=/var/log/kafkalink/configure.log
readonly kafka_log=/var/log/kafka/server.log

reason=

# Progress goes to stderr and to a file, never to stdout: that is the report's alone.
log() {
  local line
  line="$(date -u +%H:%M:%SZ) $*"
  printf '%s\n' "$line" >&2
  printf '%s\n' "$line" >>"$log_file" 2>/dev/null || true
}

fail() {
  log "FAILED: $*"
  exit 1
}

# load_settings SETTINGS [LIMITS]: directories of what the node serves, and of the limits of every wait, which an
# operator (or a test) may override on the host in limits.local.
load_settings() {
  # shellcheck source=/dev/null
  source "$1/node.env"
  # shellcheck source=/dev/null
  source "${2:-$1}/limits.env"
  if [[ -e $settings_dir/limits.local ]]; then
    # shellcheck source=/dev/null
    source "$settings_dir/limits.local"
  fi
}

# wait_until SECONDS COMMAND...: runs the command until it succeeds; `reason` is its last one.
wait_until() {
  local deadline=$((SECONDS + $1)) said=
  shift
  until "$@"; do
    if [[ $reason != "$said" ]]; then
      log "waiting: $reason"
      said=$reason
    fi
    if ((SECONDS >= deadline)); then
      return 1
    fi
    sleep "$POLL_SECONDS"
  done
}

# kafka_tool SCRIPT ARGUMENTS...: one of Kafka's own tools, as user kafka, bounded in time.
# Its stdout is the caller's; its stderr is kept for explain_tool. Its JVM does not live long
# enough to compile much.
kafka_tool() {
  local tool=$1 status=0
  shift
  timeout "$TOOL_SECONDS" runuser -u kafka -- env JAVA_HOME=/opt/java LOG_DIR=/var/log/kafka \
    KAFKA_HEAP_OPTS="-Xmx256M" \
    KAFKA_JVM_PERFORMANCE_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1" "/opt/kafka/bin/$tool" "$@" 2>"$state_dir/tool.err" 9>&- || status=$?
  if ((status == 124)); then
    echo "$tool got no answer within $TOOL_SECONDS s" >"$state_dir/tool.err"
  fi
  return "$status"
}

# The first line that a failed tool said, without its stack.
explain_tool() {
  grep -v -E '^[[:space:]]+at |^$' "$state_dir/tool.err" 2>/dev/null | tail -n 1 | cut -c1-300 || true
}

port_open() {
  timeout 2 bash -c ": <'/dev/tcp/$1/$2'" 2>/dev/null
}

# join_words WORDS...: with commas.
join_words() {
  printf '%s' "$1"
  shift
  (($# == 0)) || printf ', %s' "$@"
}

is_broker() { [[ ,$ROLES, == *,broker,* ]]; }
is_voter() { [[ ,$ROLES, == *,controller,* ]]; }

internal() { printf '%s:%s' "$ADDRESS" "$INTERNAL_PORT"; }

# What Kafka's own log says last: warnings and errors before all else, since a Kafka that stops says much after them.
# Without stacks, and short enough for the 4 KB that Azure keeps. Of what is there since the last restart.
kafka_log_tail() {
  local lines
  lines=$({
    journalctl -u kafka.service --since "@${restarted_at:-0}" -n 200 --no-pager -o cat 2>/dev/null || true
    tail -c "+$((${log_from:-0} + 1))" "$kafka_log" 2>/dev/null | tail -n 400 || true
  } | grep -v -E '^[[:space:]]|^$' | awk '!seen[$0]++' | cut -c1-300) || true
  { grep -v ' INFO ' <<<"$lines" | tail -n 12 | tail -c 2000 && grep ' INFO ' <<<"$lines" | tail -n 3; } || true
}
