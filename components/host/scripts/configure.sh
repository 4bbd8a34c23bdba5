#!/usr/bin/env bash
# The configuration step: makes this machine serve what the directory beside this script says, or leaves it
# serving what it served before, and reports.
set -euo pipefail

incoming=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=host.sh
source "$incoming/host.sh"
# shellcheck source=quorum.sh
source "$incoming/quorum.sh"
# shellcheck source=partitions.sh
source "$incoming/partitions.sh"
# shellcheck source=disk.sh
source "$incoming/disk.sh"
# shellcheck source=kernel.sh
source "$incoming/kernel.sh"
# shellcheck source=install.sh
source "$incoming/install.sh"
# shellcheck source=safety.sh
source "$incoming/safety.sh"
# shellcheck source=ready.sh
source "$incoming/ready.sh"
# shellcheck source=report.sh
source "$incoming/report.sh"
load_settings "$incoming"
# DIGEST, RUN, ALLOW_BLANK_DISK, FORCE, NEXT
# shellcheck source=/dev/null
source "$incoming/run.env"
formatted=false first_creation=false
readonly prepare=/usr/local/lib/kafkalink/prepare.sh

# A command that a cloud has given up on goes on running here; two must not meet.
take_lock() {
  exec 9>/run/kafkalink.lock
  flock --wait "$LOCK_SECONDS" 9 ||
    fail "another configuration step has held the lock for $LOCK_SECONDS s; wait for it to end and send this again"
}

prepared() {
  reason="the preparation of this machine has not ended"
  [[ -e $state_dir/prepared || -e $state_dir/prepare.failed ]]
}

# prepare_again SECONDS: what failed at first boot, a download most often, may succeed now. What is already there stays.
prepare_again() {
  local status=0
  log "the preparation of this machine failed: $(cat "$state_dir/prepare.failed" 2>/dev/null || echo "it was cut off"); preparing it again"
  timeout "$(($1 > 1 ? $1 : 1))" bash "$prepare" >&2 9>&- || status=$?
  if ((status)); then
    fail "the preparation of this machine failed: $(cat "$state_dir/prepare.failed" 2>/dev/null || echo "it did not end within $1 s")." \
      "Run up again when the cause is gone: it is repeated then. A change of hosts replaces the machine"
  fi
}

wait_for_preparation() {
  local begun=$SECONDS ended=0
  if command -v cloud-init >/dev/null; then
    # Its status also counts modules that are none of ours: the marker decides.
    timeout "$PREPARE_SECONDS" cloud-init status --wait >/dev/null 2>&1 || ended=$?
    # When cloud-init has ended, so has what it started. A machine that lost its power meanwhile has neither marker.
    if ((ended != 124)) && ! prepared && [[ -e $prepare ]]; then
      prepare_again "$((PREPARE_SECONDS - (SECONDS - begun)))"
      return 0
    fi
  fi
  wait_until "$((PREPARE_SECONDS - (SECONDS - begun)))" prepared ||
    fail "$reason after $PREPARE_SECONDS s; see /var/log/cloud-init-output.log and $log_file"
  if [[ -e $state_dir/prepare.failed ]]; then
    prepare_again "$((PREPARE_SECONDS - (SECONDS - begun)))"
  fi
}

# User-data wrote what this machine is; a payload for another node stops here.
check_identity() {
  if ! cmp --silent "$incoming/identity" "$settings_dir/identity"; then
    fail "this payload is for another node. Wanted: $(paste -s -d' ' "$incoming/identity")." \
      "This machine is: $(paste -s -d' ' "$settings_dir/identity" 2>/dev/null || echo 'not prepared by kafkalink')." \
      "Nothing was changed; replace the machine if it is the node that changed"
  fi
}

# From here on a failure restores what was there, and says why.
restore_and_fail() {
  local why=$reason tail
  tail=$(kafka_log_tail)
  log "not ready: $why"
  if ! has_good; then
    fail "node $NODE_ID: $why. There is no earlier configuration to restore. Kafka's log says:"$'\n'"$tail"
  fi
  log "restoring the previous configuration"
  if restore_good && restart_kafka && wait_until_ready; then
    fail "node $NODE_ID: $why. The previous configuration is restored and Kafka runs with it." \
      "With the new one its log said:"$'\n'"$tail"
  fi
  fail "node $NODE_ID: $why. The previous configuration is restored, but Kafka is not ready with it: $reason." \
    "Kafka's log says:"$'\n'"$tail"
}

# The next node's machine is touched as soon as this step reports. Nothing is restored for what other nodes do.
wait_for_next() {
  if ((!NEXT)) || [[ $state == listening ]]; then
    return 0
  fi
  log "asking whether the cluster can spare the next node"
  wait_until "$SYNC_SECONDS" can_spare ||
    fail "node $NODE_ID is in sync and runs the new configuration, but the cluster cannot spare the next one, not even" \
      "after $SYNC_SECONDS s: $reason. Bring back what is out and run up again; operator.force: [N] in the stack's" \
      "configuration, N being the next node, goes on without asking, and may make partitions unavailable"
}

# One older log is kept.
bound_log() {
  if [[ -e $log_file && $(stat -c %s "$log_file") -gt 1048576 ]]; then
    mv -f "$log_file" "$log_file.1"
  fi
}

main() {
  local changed restarted=false
  take_lock
  bound_log
  wait_for_preparation
  check_identity
  prepare_disk
  format_storage
  check_voters

  write_heap
  mapfile -t changed < <(changed_files)
  install_files none || fail "cannot install the host scripts: see above"
  # Connections that are open keep what ports they have; Kafka's own end with it.
  tune_kernel "$settings_dir/kernel.bounds"
  if ((${#changed[@]})); then
    log "changed: ${changed[*]}"
    if systemctl is-active --quiet kafka.service; then
      check_safe_to_stop
    fi
    install_files restart computed || restore_and_fail
    restart_kafka || restore_and_fail
    restarted=true
  elif ! systemctl is-active --quiet kafka.service; then
    log "nothing changed, but Kafka is not running: starting it"
    restart_kafka || fail "node $NODE_ID: $reason"$'\n'"$(kafka_log_tail)"
    restarted=true
  else
    log "nothing changed"
  fi

  if $restarted && ((${#changed[@]})); then
    wait_until_ready || restore_and_fail
    settle || restore_and_fail
  else
    { wait_until_ready && settle; } || fail "node $NODE_ID: $reason. Kafka's log says:"$'\n'"$(kafka_log_tail)"
  fi
  remember_good
  log "node $NODE_ID is $state"
  wait_for_next
  report "$state" "$(installed_digest)" "$restarted" "$formatted" "${changed[@]}"
}

main
