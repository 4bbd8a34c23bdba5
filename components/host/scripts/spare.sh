#!/usr/bin/env bash
# The question before any machine is touched: can the cluster, as it is deployed, spare any one of its nodes? Changes
# nothing. Asked of the settings this machine has; the payload's model may have more nodes, or other ports.
set -euo pipefail

incoming=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=host.sh
source "$incoming/host.sh"
# shellcheck source=quorum.sh
source "$incoming/quorum.sh"
# shellcheck source=partitions.sh
source "$incoming/partitions.sh"
# shellcheck source=safety.sh
source "$incoming/safety.sh"
# shellcheck source=report.sh
source "$incoming/report.sh"
# DIGEST, RUN, FORCE
# shellcheck source=/dev/null
source "$incoming/run.env"

# What no change of the model can change: which node of which cluster this is.
who() { grep -E '^(NODE_ID|CLUSTER_ID)=' "$1" 2>/dev/null || true; }

answer() {
  log "$*"
  NODE_ID=$(sed -n 's/^NODE_ID=//p' "$incoming/identity")
  # shellcheck disable=SC2153 # from run.env
  report can-spare "$DIGEST" false false
  exit 0
}

if [[ -e $settings_dir/identity && $(who "$incoming/identity") != "$(who "$settings_dir/identity")" ]]; then
  fail "this question is for another node. Wanted: $(who "$incoming/identity" | paste -s -d' ')." \
    "This machine is: $(who "$settings_dir/identity" | paste -s -d' '). Nothing was touched"
fi
if ((FORCE)); then
  answer "the operator breaks the glass: not asking whether the cluster can spare a node"
fi
# The mark outlives a data disk that is lost or not mounted: such a node is out, not new.
if [[ ! -e $settings_dir/node.env || ! (-e $data_dir/meta.properties || -e $state_dir/formatted) ]]; then
  answer "this machine has not been configured yet: there is nothing to protect"
fi
load_settings "$settings_dir" "$incoming"
if [[ -e $data_dir/meta.properties ]] && no_quorum_yet; then
  answer "the quorum has never formed: there is nothing to protect"
fi
if nothing_to_spare; then
  answer "the only node there is: nothing to spare"
fi
log "asking whether the cluster can spare a node"
wait_until "$SAFETY_SECONDS" can_spare ||
  fail "the cluster cannot spare a node, not even after $SAFETY_SECONDS s: $reason. Nothing was touched." \
    "Bring back what is out, then run up again. If a change under way was interrupted, finish it first: run up with the" \
    "configuration as it was. operator.force: [N] in the stack's configuration takes node N without asking, and may" \
    "make partitions unavailable"
answer "everyone is there and in sync: the cluster can spare any one node"
