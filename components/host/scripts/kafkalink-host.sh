#!/usr/bin/env bash
# kafkalink-host: what an operator runs on a broker. The checks of the walk-through documents, and the node's state.
set -euo pipefail

libraries=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=host.sh
source "$libraries/host.sh"
# shellcheck source=quorum.sh
source "$libraries/quorum.sh"
# shellcheck source=partitions.sh
source "$libraries/partitions.sh"
# shellcheck source=ready.sh
source "$libraries/ready.sh"

usage() {
  cat <<'TEXT'
Usage: kafkalink-host COMMAND

  check              bootstrap on every listener of this broker and list what it answers
  produce [TOPIC]    create TOPIC (test-topic: 3 partitions, replication 3) if needed, write 10 messages
  consume [TOPIC]    read 10 messages of TOPIC (test-topic) from its beginning
  status             service, disk, quorum, partitions that are not in sync
  log                the end of Kafka's log and of the configuration step's
TEXT
}

check() {
  local listener name port wanted listed failed=0
  for listener in "${LISTENERS[@]}"; do
    read -r name port wanted <<<"$listener"
    echo "$name: bootstrap on $ADDRESS:$port"
    listed=$(advertised "$ADDRESS:$port")
    # The names of a link lead to its consumer's endpoint: from here they need not resolve.
    sed -E 's/ -> .*//; s/^/  /' <<<"${listed:-nothing answers}" | sort
    if ! is_advertised "$listed" "$NODE_ID" "$wanted"; then
      echo "  this broker is not listed as $wanted"
      failed=1
    fi
  done
  return "$failed"
}

produce() {
  local topic=${1:-test-topic} replication=${REPLICATION:-3}
  kafka_tool kafka-topics.sh --bootstrap-server "$(internal)" --create --if-not-exists --topic "$topic" \
    --partitions 3 --replication-factor "$replication" >&2 || fail "cannot create $topic: $(explain_tool)"
  seq -f "message %g of $(date -u +%FT%TZ)" 10 |
    kafka_tool kafka-console-producer.sh --bootstrap-server "$(internal)" --topic "$topic" \
      --producer-property acks=all || fail "cannot write to $topic: $(explain_tool)"
  echo "wrote 10 messages to $topic"
}

consume() {
  local topic=${1:-test-topic} read
  read=$(kafka_tool kafka-console-consumer.sh --bootstrap-server "$(internal)" --topic "$topic" \
    --from-beginning --max-messages 10 --timeout-ms 30000) || fail "cannot read $topic: $(explain_tool)"
  printf '%s\n' "$read"
  [[ $(wc -l <<<"$read") == 10 ]] || fail "read $(wc -l <<<"$read") messages of $topic instead of 10"
}

status() {
  echo "node $NODE_ID ($ROLES) of cluster $CLUSTER_ID"
  echo "service: $(systemctl is-active kafka.service || true)"
  echo "disk: $(findmnt -n -o SOURCE,SIZE,USED,AVAIL "$mount_point" || echo 'not mounted')"
  quorum_replication && printf '%s\n' "$quorum_table" || echo "quorum: $reason"
  if describe_partitions --under-replicated-partitions; then
    echo "partitions not in sync: $(select_partitions 'NF' | grep . || echo none)"
  else
    echo "partitions: $reason"
  fi
}

load_settings "$settings_dir"
case ${1:-} in
check) check ;;
produce) produce "${2:-}" ;;
consume) consume "${2:-}" ;;
status) status ;;
log)
  tail -n 40 "$log_file" || true
  kafka_log_tail
  ;;
*)
  usage >&2
  exit 2
  ;;
esac
