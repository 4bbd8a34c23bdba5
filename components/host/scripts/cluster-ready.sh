#!/usr/bin/env bash
# The last step of a deployment: waits until every broker is registered under its names and every partition is in
# sync. Changes nothing. BROKERS holds "ID LISTENER PORT ADVERTISED" for every broker and listener.
set -euo pipefail

incoming=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=components/host/scripts/host.sh
source "$incoming/host.sh"
# shellcheck source=components/host/scripts/quorum.sh
source "$incoming/quorum.sh"
# shellcheck source=components/host/scripts/partitions.sh
source "$incoming/partitions.sh"
# shellcheck source=components/host/scripts/ready.sh
source "$incoming/ready.sh"
# shellcheck source=components/host/scripts/report.sh
source "$incoming/report.sh"
load_settings "$incoming"
# shellcheck source=/dev/null
source "$incoming/cluster.env"
# DIGEST, RUN
# shellcheck source=/dev/null
source "$incoming/run.env"

cluster_ready() {
  local row id listener port wanted behind
  local -A listed=()
  quorum_replication || return 1
  behind=$(voter_list | cut -d@ -f1 | grep -vxF -f <(caught_up_voters "") | paste -s -d, || true)
  if [[ -n $behind ]]; then
    reason="controllers $behind have not caught up"
    return 1
  fi
  for row in "${BROKERS[@]}"; do
    read -r id listener port wanted <<<"$row"
    if [[ -z ${listed[$port]:-} ]]; then
      listed[$port]=$(advertised "$ADDRESS:$port")
    fi
    if ! is_advertised "${listed[$port]}" "$id" "$wanted"; then
      reason="listener $listener does not yet list broker $id as $wanted"
      return 1
    fi
  done
  describe_partitions --under-replicated-partitions || return 1
  behind=$(select_partitions 'NF')
  if [[ -n $behind ]]; then
    reason="not all replicas are in sync: $behind"
    return 1
  fi
}

cmp --silent "$incoming/identity" "$settings_dir/identity" ||
  fail "this payload is for another node: $(paste -s -d' ' "$incoming/identity")"
wait_until "$SYNC_SECONDS" cluster_ready || fail "the cluster is not ready after $SYNC_SECONDS s: $reason"
log "all brokers are registered and in sync"
# shellcheck disable=SC2153 # from run.env
report cluster-ready "$DIGEST" false false
