#!/usr/bin/env bash
# Whether Kafka may be stopped on this machine now, or on any one machine. Sourced after host.sh, quorum.sh, partitions.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# The quorum keeps its majority without this voter.
quorum_keeps_majority() {
  local count
  quorum_replication || return 1
  count=$(caught_up_voters "$NODE_ID" | grep -cxF -f <(voter_list | cut -d@ -f1) || true)
  if ((count < $(majority))); then
    reason="without controller $NODE_ID only $count of the $(voter_count) voters would be up to date, and the quorum needs $(majority)"
    return 1
  fi
}

safe_to_stop() {
  if no_quorum_yet; then
    return 0
  fi
  # A quorum of one has no majority to keep: whoever chose one voter chose its interruptions.
  if is_voter && (($(voter_count) > 1)); then
    quorum_keeps_majority || return 1
  fi
  if is_broker; then
    partitions_keep_min_isr || return 1
  fi
}

check_safe_to_stop() {
  if ((FORCE)); then
    log "the operator breaks the glass: no safety check before Kafka is stopped"
    return 0
  fi
  log "checking that Kafka may be stopped on node $NODE_ID"
  wait_until "$SAFETY_SECONDS" safe_to_stop ||
    fail "stopping node $NODE_ID is not safe, not even after $SAFETY_SECONDS s: $reason. Kafka goes on as it was." \
      "Bring the other nodes back in sync and run up again; operator.force: [$NODE_ID] in the stack's configuration skips" \
      "this check, and may make partitions unavailable"
}

# A quorum of one with one broker, as far as this node knows: whoever chose that chose its interruptions.
nothing_to_spare() {
  local brokers=${#PEERS[@]}
  if is_broker; then
    brokers=$((brokers + 1))
  fi
  (($(voter_count) == 1 && brokers <= 1))
}

# The cluster can spare any one of its nodes, whichever it is: everyone is there, and every replica in sync. What its
# listeners are called does not matter, nor what the next configuration says.
can_spare() {
  local quorum=
  if nothing_to_spare; then
    return 0
  fi
  # Asked on, so that the answer names all that is out.
  quorum_complete || quorum=$reason
  if ! replicas_complete; then
    reason=${quorum:+$quorum; }$reason
    return 1
  fi
  if [[ -n $quorum ]]; then
    reason=$quorum
    return 1
  fi
}
