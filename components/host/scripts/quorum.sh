#!/usr/bin/env bash
# Questions to the quorum. Sourced after host.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# VOTERS is controller.quorum.voters: 1@10.0.0.11:29092,2@10.0.0.12:29092,...
voter_list() { tr ',' '\n' <<<"$VOTERS"; }
voter_count() { voter_list | wc -l; }
majority() { echo $(($(voter_count) / 2 + 1)); }

# How many voters listen on their controller port, this one included.
voters_listening() {
  local voter endpoint count=0
  while read -r voter; do
    endpoint=${voter#*@}
    if port_open "${endpoint%:*}" "${endpoint##*:}"; then
      count=$((count + 1))
    fi
  done < <(voter_list)
  echo "$count"
}

# True while this voter's metadata log has never held a record: no quorum it was part of ever had a leader.
quorum_never_formed() {
  local file
  is_voter || return 1
  for file in "$data_dir"/__cluster_metadata-0/*.log "$data_dir"/__cluster_metadata-0/*.checkpoint; do
    if [[ -s $file ]]; then
      return 1
    fi
  done
}

# listening HOST:PORT...: those that listen, comma-separated. Kafka's tools wait long for the others.
listening() {
  local endpoint open=()
  for endpoint in "$@"; do
    if port_open "${endpoint%:*}" "${endpoint##*:}"; then
      open+=("$endpoint")
    fi
  done
  local IFS=,
  printf '%s' "${open[*]}"
}

# quorum_replication: the leader's table of replicas, in `quorum_table`. Brokers are asked first: a controller gives
# the tool the addresses of its colleagues as they are bound, which may lead nowhere. Without a leader brokers do
# not answer, and controllers answer UnsupportedVersionException (Kafka 3.7).
quorum_replication() {
  local servers option=--bootstrap-server controllers
  quorum_table=
  servers=$(listening "$(internal)" "${PEERS[@]}")
  if [[ -z $servers ]]; then
    option=--bootstrap-controller
    mapfile -t controllers < <(voter_list | cut -d@ -f2)
    servers=$(listening "${controllers[@]}")
  fi
  if [[ -z $servers ]]; then
    reason="no voter listens"
    return 1
  fi
  if ! quorum_table=$(kafka_tool kafka-metadata-quorum.sh "$option" "$servers" describe --replication) ||
    ! grep -q 'Leader' <<<"$quorum_table"; then
    reason="$servers know no leader of the quorum: $(explain_tool)"
    return 1
  fi
}

# Columns of the table: NodeId LogEndOffset Lag LastFetchTimestamp LastCaughtUpTimestamp Status.
# caught_up_voters EXCEPT: ids of voters, but for EXCEPT, that were level with the leader within QUORUM_LAG_MS of
# its own clock.
caught_up_voters() {
  awk -v within="$QUORUM_LAG_MS" -v except="$1" '
    $6 == "Leader" { now = $5 }
    $6 == "Leader" || $6 == "Follower" { seen[$1] = $5 }
    END { for (id in seen) if (id != except && seen[id] >= now - within) print id }
  ' <<<"$quorum_table"
}

# This voter follows the leader closely.
voter_in_sync() {
  quorum_replication || return 1
  if ! caught_up_voters "" | grep -qx "$NODE_ID"; then
    reason="controller $NODE_ID has not caught up with the quorum's leader"
    return 1
  fi
}

# The leader has never heard from this voter.
voter_never_fetched() {
  awk -v id="$NODE_ID" '
    $1 == id && $2 > 0 { known = 1 }
    END { exit known }
  ' <<<"$quorum_table"
}
