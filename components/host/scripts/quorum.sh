#!/usr/bin/env bash
# Questions to the quorum. Sourced after host.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# VOTERS is controller.quorum.voters: 1@10.0.0.11:29092,2@10.0.0.12:29092,...
voter_list() { tr ',' '\n' <<<"$VOTERS"; }
voter_count() { voter_list | wc -l; }
majority() { echo $(($(voter_count) / 2 + 1)); }

# How many voters listen on their controller port, this one included.
voters_listening() {
  local endpoints
  mapfile -t endpoints < <(voter_list | cut -d@ -f2)
  listening "${endpoints[@]}" | tr ',' '\n' | grep -c . || true
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

# It never formed, and cannot have formed on the others either: there is no cluster yet.
no_quorum_yet() {
  quorum_never_formed && (($(voters_listening) < $(majority)))
}

# listening HOST:PORT...: those that listen, comma-separated. Asked all at once: a machine that is not there takes long
# not to answer, and Kafka's tools longer.
listening() {
  local endpoint
  for endpoint in "$@"; do
    { port_open "${endpoint%:*}" "${endpoint##*:}" && echo "$endpoint"; } &
  done | sort | paste -s -d,
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

# voter_never_fetched ID: the leader has never heard from this voter, as far back as this leader remembers.
voter_never_fetched() {
  awk -v id="$1" '
    $1 == id && $2 > 0 { known = 1 }
    END { exit known }
  ' <<<"$quorum_table"
}

# Nodes that have ever registered, in `registrations`, as "broker ID" and "controller ID", from this node's own copy of
# the metadata: its newest snapshot and its log. Kafka's tools know of those only that are there.
read_registrations() {
  local metadata=$data_dir/__cluster_metadata-0 files dumped
  registrations=
  mapfile -t files < <(find "$metadata" -name '*.checkpoint' 2>/dev/null | sort | tail -n 1)
  mapfile -t -O "${#files[@]}" files < <(find "$metadata" -name '*.log' 2>/dev/null | sort)
  dumped=$(
    IFS=,
    kafka_tool kafka-dump-log.sh --cluster-metadata-decoder --files "${files[*]}" </dev/null |
      sed -nE 's/.*"type":"REGISTER_(BROKER|CONTROLLER)_RECORD".*"(broker|controller)Id":([0-9]+)[,}].*/\2 \3/p
        s/.*"type":"FEATURE_LEVEL_RECORD".*/metadata/p' | sort -u
  ) || return 1
  # Every metadata log has feature levels, from its beginning and in every snapshot.
  grep -qx metadata <<<"$dumped" || return 1
  registrations=$dumped
}

# voter_is_new ID: this voter has never been part of the cluster, whose first creation has not come to it yet. A leader
# forgets voters at every election, so its table alone is no proof.
voter_is_new() {
  local id
  voter_never_fetched "$1" && read_registrations || return 1
  # Controllers register since metadata version 3.7: only where those do that are there, a missing one means something.
  for id in $(caught_up_voters ""); do
    grep -qxE "(broker|controller) $id" <<<"$registrations" || return 1
  done
  ! grep -qxE "(broker|controller) $1" <<<"$registrations"
}

no_broker_yet() {
  read_registrations && ! grep -q '^broker ' <<<"$registrations"
}

# Everyone the quorum knows is there: it has a leader, and every voter, and every broker that fetched from that leader
# (in the last five minutes, it forgets the others), follows it closely.
quorum_complete() {
  local id behind late=()
  quorum_replication || return 1
  mapfile -t behind < <(voter_list | cut -d@ -f1 | grep -vxF -f <(caught_up_voters ""))
  for id in "${behind[@]}"; do
    if voter_is_new "$id"; then
      reason="controller $id has never been there"
    else
      late+=("controller $id")
    fi
  done
  mapfile -t -O "${#late[@]}" late < <(awk -v within="$QUORUM_LAG_MS" '
    $6 == "Leader" { now = $5 }
    $6 == "Observer" { seen[$1] = $5 }
    END { for (id in seen) if (seen[id] < now - within) print "broker " id }
  ' <<<"$quorum_table" | sort)
  if ((${#late[@]})); then
    reason="out or behind in the quorum: $(join_words "${late[@]}")"
    return 1
  fi
}
