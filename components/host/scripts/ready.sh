#!/usr/bin/env bash
# Starting Kafka, and waiting until this node serves. Sourced after host.sh, quorum.sh, partitions.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

kafka_restarts() {
  systemctl show --property=NRestarts --value kafka.service 2>/dev/null || true
}

# As systemd sees it: up, or about to be. `reason` says why not. One crash may be bad luck; a third since
# `restarts_before` is none.
kafka_alive() {
  local active restarts
  active=$(systemctl is-active kafka.service || true)
  restarts=$(kafka_restarts)
  case $active in
  active | activating | reloading) ;;
  *)
    reason="Kafka is not running (systemd: $active)"
    return 1
    ;;
  esac
  if ((${restarts:-0} >= ${restarts_before:-0} + 3)); then
    reason="Kafka does not stay up: systemd has restarted it $((restarts - restarts_before)) times"
    return 1
  fi
}

restart_kafka() {
  systemctl enable --quiet kafka.service || true
  systemctl reset-failed kafka.service 2>/dev/null || true
  restarted_at=$(date +%s)
  listening_since=
  log_from=$(stat -c %s "$kafka_log" 2>/dev/null || echo 0)
  if ! timeout "$STOP_SECONDS" systemctl restart kafka.service; then
    reason="systemctl restart kafka.service failed"
    return 1
  fi
}

# Alive brokers with the name each advertises, by asking one of this broker's listeners. A link's names lead to its
# consumer's endpoint and need not resolve here: that the tool cannot go on to talk to them is expected. It would wait
# for a DNS server all the same; an empty hosts file spares it that.
advertised() {
  local options=
  if [[ $ADDRESS =~ ^[0-9.]+$ ]]; then
    options=-Djdk.net.hosts.file=/dev/null
  fi
  KAFKA_OPTS=$options kafka_tool kafka-broker-api-versions.sh --bootstrap-server "$1" |
    grep -E '^[^[:space:]].* \(id: [0-9]+ ' || true
}

is_advertised() {
  awk -v id="$2" -v name="$3" '$1 == name && $2 == "(id:" && $3 == id { found = 1 } END { exit !found }' <<<"$1"
}

# ask ROW...: begins to ask this machine's listeners. Rows: "ID LISTENER PORT ADVERTISED".
ask() {
  local port
  wait
  for port in $(printf '%s\n' "$@" | cut -d' ' -f3 | sort -u); do
    advertised "$ADDRESS:$port" >"$state_dir/advertised.$port" &
  done
}

# all_listed ROW...: they list brokers as they are to be.
all_listed() {
  local row id listener port wanted
  wait
  for row in "$@"; do
    read -r id listener port wanted <<<"$row"
    if ! is_advertised "$(<"$state_dir/advertised.$port")" "$id" "$wanted"; then
      reason="listener $listener on port $port does not yet list broker $id as $wanted"
      return 1
    fi
  done
}

listens() {
  if is_voter && ! port_open "$ADDRESS" "$CONTROLLER_PORT"; then
    reason="port $CONTROLLER_PORT (CONTROLLER) does not listen yet"
    return 1
  fi
  if is_broker && ! port_open "$ADDRESS" "$INTERNAL_PORT"; then
    reason="port $INTERNAL_PORT (INTERNAL) does not listen yet"
    return 1
  fi
  listening_since=${listening_since:-$SECONDS}
}

# Ready, or `state` listening, which is enough at first creation: a quorum cannot form before its next voter exists,
# which may wait for this step, and cluster-ready looks at everyone in the end.
node_ready() {
  local voters
  kafka_alive || {
    dead=1
    return 0
  }
  if is_voter && quorum_never_formed; then
    if ! port_open "$ADDRESS" "$CONTROLLER_PORT"; then
      reason="port $CONTROLLER_PORT (CONTROLLER) does not listen yet"
      return 1
    fi
    # Counted after this one listens, or it would be missing from the count.
    voters=$(voters_listening)
    if ((voters < $(majority))); then
      state=listening
      return 0
    fi
    reason="the quorum has no leader yet ($voters of $(voter_count) voters listen)"
    return 1
  fi
  # Kafka's tools wait long for a listener that is not there.
  if ! listens; then
    return 1
  fi
  if $first_creation; then
    state=listening
    return 0
  fi
  if is_voter; then
    voter_in_sync || return 1
  fi
  if is_broker; then
    if ! $registered; then
      ask "${LISTENERS[@]/#/$NODE_ID }"
      all_listed "${LISTENERS[@]/#/$NODE_ID }" || return 1
      registered=true
    fi
    broker_in_sync || return 1
  fi
  state=in-sync
}

# Fails with a `reason`, at once when Kafka dies.
wait_until_ready() {
  dead=0
  state=
  restarts_before=$(kafka_restarts)
  registered=false
  if ! wait_until "$READY_SECONDS" node_ready; then
    # Registered but behind: copying data takes its time, as long as it is not for ever.
    $registered || return 1
    wait_until "$SYNC_SECONDS" node_ready || return 1
  fi
  ((!dead))
}

# A load balancer sends connections again only after its probes have seen the listener for a while; the
# next broker must not stop before that. Counted from when it was first seen, unless Kafka has been up for long. A node
# that is new leads nothing, so nobody waits for it.
settle() {
  local pid age rest
  pid=$(systemctl show --property=MainPID --value kafka.service)
  age=$(ps -o etimes= -p "$pid" 2>/dev/null || echo 0)
  if [[ $state == listening ]] || { $formatted && ((!ALLOW_BLANK_DISK)); } || ((age > SETTLE_SECONDS + READY_SECONDS)); then
    return 0
  fi
  rest=$((${listening_since:-$SECONDS} + SETTLE_SECONDS - SECONDS))
  if ((rest > 0)); then
    log "ready; $rest s more for the load balancer's probes"
    sleep "$rest"
  fi
  kafka_alive
}
