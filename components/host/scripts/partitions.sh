#!/usr/bin/env bash
# Questions about partitions, from kafka-topics.sh --describe. Sourced after host.sh, quorum.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# describe_partitions [FILTER]: rows "topic partition replicas isr leader" in `partitions`.
describe_partitions() {
  local described servers
  servers=$(listening "$(internal)" "${PEERS[@]}")
  if [[ -z $servers ]]; then
    reason="no broker listens that could be asked about partitions ($(internal) ${PEERS[*]})"
    return 1
  fi
  if ! described=$(kafka_tool kafka-topics.sh --bootstrap-server "$servers" --describe "$@"); then
    reason="$servers do not describe their partitions: $(explain_tool)"
    return 1
  fi
  partitions=$(awk '/Partition: / {
    topic = number = replicas = isr = leader = "-"
    for (i = 1; i < NF; i++) {
      if ($i == "Topic:") topic = $(i + 1)
      if ($i == "Partition:") number = $(i + 1)
      if ($i == "Leader:") leader = $(i + 1)
      if ($i == "Replicas:") replicas = $(i + 1)
      if ($i == "Isr:") isr = $(i + 1)
    }
    print topic, number, replicas, isr, leader
  }' <<<"$described")
}

# select_partitions CONDITION: those of `partitions` for which the awk condition on
# in_replicas, in_isr, replicas, isr (counts) and led holds, as topic-partition, at most five, comma-separated.
select_partitions() {
  awk -v id="$NODE_ID" '
    function has(list, item) { return index("," list ",", "," item ",") > 0 }
    NF == 5 {
      in_replicas = has($3, id); in_isr = has($4, id); led = $5 ~ /^[0-9]+$/
      replicas = split($3, ignored, ","); isr = split($4, ignored, ",")
      if ('"$1"') { count++; if (count <= 5) found = found (count > 1 ? ", " : "") $1 "-" $2 }
    }
    END { if (count > 5) found = found " and " count - 5 " more"; if (count) print found }
  ' <<<"$partitions"
}

# In sync: no partition with a replica here has this broker outside its in-sync replicas.
broker_in_sync() {
  local behind
  describe_partitions --under-replicated-partitions || return 1
  behind=$(select_partitions 'in_replicas && !in_isr')
  if [[ -n $behind ]]; then
    reason="broker $NODE_ID is not yet in sync with $behind"
    return 1
  fi
}

# No partition would fall below its min.insync.replicas, nor further below it, without this broker.
# A partition with a single replica is not safe by design, and does not count.
partitions_keep_min_isr() {
  local filter short
  for filter in --under-min-isr-partitions --at-min-isr-partitions; do
    describe_partitions "$filter" || return 1
    short=$(select_partitions 'in_isr && replicas > 1')
    if [[ -n $short ]]; then
      reason="without broker $NODE_ID these partitions would have fewer in-sync replicas than min.insync.replicas: $short"
      return 1
    fi
  done
}

# No partition has a replica on this broker.
broker_has_no_replicas() {
  local here
  describe_partitions || return 1
  here=$(select_partitions 'in_replicas')
  if [[ -n $here ]]; then
    reason="broker $NODE_ID holds replicas of $here"
    return 1
  fi
}

# Brokers of `partitions` that are missing: not in sync with one, or the last of one that has no leader.
brokers_missing() {
  awk 'NF == 5 {
    count = split($3, replicas, ",")
    for (i = 1; i <= count; i++)
      if ($5 !~ /^[0-9]+$/ || index("," $4 ",", "," replicas[i] ",") == 0) missing["broker " replicas[i]]
  }
  END { for (name in missing) print name }' <<<"$partitions" | sort
}

# Every partition has a leader, and all its replicas in sync.
replicas_complete() {
  local behind missing
  if [[ -z $(listening "$(internal)" "${PEERS[@]}") ]] && no_broker_yet; then
    return 0
  fi
  describe_partitions || return 1
  behind=$(select_partitions 'isr < replicas || !led')
  if [[ -n $behind ]]; then
    mapfile -t missing < <(brokers_missing)
    reason="out or not in sync: $(join_words "${missing[@]}") (replicas of $behind)"
    return 1
  fi
}
