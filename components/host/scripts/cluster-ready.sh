#!/usr/bin/env bash
# The last step of a deployment: waits until every broker is registered under its names and every partition is in
# sync. Changes nothing. BROKERS holds "ID LISTENER PORT ADVERTISED" for every broker and listener.
set -euo pipefail

incoming=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=host.sh
source "$incoming/host.sh"
# shellcheck source=quorum.sh
source "$incoming/quorum.sh"
# shellcheck source=partitions.sh
source "$incoming/partitions.sh"
# shellcheck source=ready.sh
source "$incoming/ready.sh"
# shellcheck source=report.sh
source "$incoming/report.sh"
load_settings "$incoming"
# shellcheck source=/dev/null
source "$incoming/cluster.env"
# DIGEST, RUN
# shellcheck source=/dev/null
source "$incoming/run.env"

cluster_ready() {
  local behind
  ask "${BROKERS[@]}"
  quorum_replication || return 1
  behind=$(voter_list | cut -d@ -f1 | grep -vxF -f <(caught_up_voters "") | paste -s -d, || true)
  if [[ -n $behind ]]; then
    reason="controllers $behind have not caught up"
    return 1
  fi
  all_listed "${BROKERS[@]}" || return 1
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
