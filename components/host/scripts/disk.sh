#!/usr/bin/env bash
# The data disk: found, given a file system on first creation only, mounted. Sourced after host.sh, quorum.sh,
# partitions.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

# Present on the system disk once this machine has seen its data disk formatted.
readonly formatted_marker=$state_dir/formatted

# Beside the data: the quorum it belongs to.
readonly voters_record=$mount_point/kafkalink.voters

# A path may be a pattern, where a link's name has the disk's serial number in it: it counts if it matches one disk.
find_disk() {
  local path found
  for path in "${DISKS[@]}"; do
    mapfile -t found < <(compgen -G "$path" || true)
    if ((${#found[@]} == 1)) && [[ -b ${found[0]} ]]; then
      disk=${found[0]}
      return 0
    fi
  done
  reason="no data disk at ${DISKS[*]}"
  return 1
}

# The file system type, empty for a disk with nothing on it. Fails on anything in between: a partition
# table, another signature, bytes at its beginning.
disk_filesystem() {
  local status=0 signature
  signature=$(blkid -p -o value -s TYPE -s PTTYPE "$disk") || status=$?
  if ((status == 0)) && [[ -n $signature ]]; then
    printf '%s' "$signature"
    return 0
  fi
  # 2: no signature known. Others: unreadable, or several signatures.
  if ((status != 2)) || ! cmp --silent --bytes=1048576 "$disk" /dev/zero; then
    printf 'unknown'
  fi
}

mount_disk() {
  local uuid entry
  uuid=$(blkid -p -o value -s UUID "$disk")
  # nofail: a machine without its data disk must still boot, or no command reaches it. Kafka does not
  # start then: its unit asserts the mount.
  entry="UUID=$uuid $mount_point ext4 noatime,nofail,x-systemd.device-timeout=60s 0 2"
  if ! grep -qxF "$entry" /etc/fstab 2>/dev/null; then
    {
      grep -v "[[:space:]]${mount_point}[[:space:]]" /etc/fstab 2>/dev/null || true
      printf '%s\n' "$entry"
    } >/etc/fstab.kafkalink
    mv /etc/fstab.kafkalink /etc/fstab
    systemctl daemon-reload
  fi
  mkdir -p "$mount_point"
  mount "$mount_point" || fail "the data disk $disk has an ext4 file system but does not mount on $mount_point; see dmesg"
}

# The quorum's view in `quorum_table`, or a `reason` why there is none. While a majority without this voter listens,
# an election may be going on: it gets time to end.
running_quorum() {
  if (($(voters_listening) >= $(majority))); then
    wait_until "$ELECTION_SECONDS" quorum_replication
  else
    quorum_replication
  fi
}

# Asks the disk how large it is: the kernel does not notice by itself that a cloud enlarged it (Azure: "Expand virtual hard
# disks on a Linux VM"). SCSI answers at once; an NVMe controller is asked in the background, so that it gets two seconds.
rescan_disk() {
  local before=$1 device file
  device=/sys/class/block/$(basename "$(readlink -f "$disk")")/device
  if [[ -e $device/rescan ]]; then
    echo 1 >"$device/rescan" || log "warning: $disk could not be asked for its size"
  fi
  for file in "$device"/rescan_controller "$device"/nvme*/rescan_controller; do
    if [[ -e $file ]]; then
      echo 1 >"$file" || log "warning: the controller of $disk could not be asked for its size"
      wait_until 2 disk_grew "$before" || true
    fi
  done
}

disk_grew() {
  reason="$disk has ${1} bytes as before"
  (($(blockdev --getsize64 "$disk") > $1))
}

# Clouds enlarge a disk in place; its file system follows, mounted or not. Nothing to do otherwise.
grow_filesystem() {
  local before after
  before=$(blockdev --getsize64 "$disk")
  rescan_disk "$before"
  after=$(blockdev --getsize64 "$disk")
  if ((after > before)); then
    log "$disk grew from $((before >> 20)) to $((after >> 20)) MiB"
  fi
  resize2fs "$disk" >/dev/null 2>&1 || log "the file system on $disk could not be fitted to the disk; going on with its size"
}

others_hold_metadata() {
  quorum_replication || return 1
  if (($(caught_up_voters "$NODE_ID" | grep -cxF -f <(voter_list | cut -d@ -f1)) < $(majority))); then
    reason="no majority of the other voters holds all committed metadata"
    return 1
  fi
}

# Whether this node may begin with an empty disk. Formatting belongs to first creation: on a node with a
# past, an empty disk means that its data is gone, and a voter that forgets its vote can lose committed
# metadata (Kafka: never format a replacement controller until a majority holds all committed data).
blank_disk_allowed() {
  if ((ALLOW_BLANK_DISK)); then
    log "the operator allows a blank data disk"
    return 0
  fi
  if [[ -e $formatted_marker ]]; then
    reason="this machine's data disk was formatted before ($(<"$formatted_marker"))"
    return 1
  fi
  if ! running_quorum; then
    # A broker opens its listeners only after it has registered with a leader: there was one once.
    if [[ -n $(listening "${PEERS[@]}") ]]; then
      reason="other brokers serve ($(listening "${PEERS[@]}")), but the quorum has no leader now"
      return 1
    fi
    log "first creation: $reason"
    first_creation=true
    return 0
  fi
  if is_voter; then
    if ! voter_never_fetched "$NODE_ID"; then
      reason="the running quorum knows voter $NODE_ID"
      return 1
    fi
    # Asked again: a follower may be behind for a moment.
    wait_until "$ELECTION_SECONDS" others_hold_metadata || return 1
  fi
  if is_broker && [[ -n $(listening "${PEERS[@]}") ]]; then
    wait_until "$ELECTION_SECONDS" broker_has_no_replicas || return 1
  fi
}

refuse_blank_disk() {
  fail "the data disk $disk is blank, but node $NODE_ID has a past: $reason. Nothing was formatted." \
    "If the disk is the wrong one, attach the right one and send this again. If its data is really gone and the" \
    "other nodes are healthy, set operator.acceptBlankDisk: [$NODE_ID] in the stack's configuration and run up again:" \
    "Kafka copies the data back from the other replicas"
}

# Finds and mounts the data disk. A blank one gets a file system, if that is permitted.
prepare_disk() {
  local filesystem
  blank_permitted=false
  if mountpoint -q "$mount_point"; then
    disk=$(findmnt -n -o SOURCE --target "$mount_point")
    grow_filesystem
    return 0
  fi
  wait_until "$DISK_SECONDS" find_disk ||
    fail "$reason after $DISK_SECONDS s: is the data disk attached to this machine?"
  filesystem=$(disk_filesystem)
  case $filesystem in
  ext4) ;;
  "")
    blank_disk_allowed || refuse_blank_disk
    blank_permitted=true
    log "making an ext4 file system on $disk"
    mkfs.ext4 -q -m 1 -L kafkalink-data "$disk" || fail "mkfs.ext4 $disk failed"
    ;;
  *)
    fail "the data disk $disk holds something that is not kafkalink's ($filesystem): nothing was touched." \
      "If it may be lost, wipe it (wipefs --all $disk, then zero its first MiB) and send this again"
    ;;
  esac
  mount_disk
  grow_filesystem
}

# Kafka's own format, where meta.properties is missing; refuses a disk of another node.
format_storage() {
  local meta=$data_dir/meta.properties foreign
  if [[ -e $meta ]]; then
    { grep -qx "cluster.id=$CLUSTER_ID" "$meta" && grep -qx "node.id=$NODE_ID" "$meta"; } ||
      fail "the data disk belongs to another node ($(grep -E '^(cluster|node)\.id=' "$meta" | paste -s -d' '))," \
        "not to node $NODE_ID of cluster $CLUSTER_ID: attach the right disk"
  else
    if [[ -n $(find "$data_dir" -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null) ]]; then
      fail "$data_dir holds files but no meta.properties: it is not blank and not formatted. Nothing was touched." \
        "Restore meta.properties, or move the files away"
    fi
    foreign=$(find "$mount_point" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name data ! -name "${voters_record##*/}" -printf '%f ')
    if [[ -n $foreign ]]; then
      fail "the data disk $disk holds files that are not Kafka's: $foreign. Nothing was touched." \
        "Attach the right disk, or move the files away"
    fi
    $blank_permitted || blank_disk_allowed || refuse_blank_disk
    install -d -o kafka -g kafka -m 0750 "$data_dir"
    chown kafka:kafka "$mount_point"
    log "formatting Kafka's storage for node $NODE_ID of cluster $CLUSTER_ID"
    install -o root -g kafka -m 0640 "$incoming/server.properties" "$state_dir/format.properties"
    chmod 0711 "$state_dir"
    kafka_tool kafka-storage.sh format -t "$CLUSTER_ID" -c "$state_dir/format.properties" >/dev/null ||
      fail "kafka-storage.sh format failed: $(explain_tool)"
    rm -f "$state_dir/format.properties"
    sync -f "$data_dir"
    formatted=true
  fi
  # Users are numbered anew on every machine; the disk outlives them.
  if [[ $(stat -c %U "$data_dir") != kafka || $(stat -c %U "$meta") != kafka ]]; then
    log "giving $data_dir to user kafka"
    chown -R kafka:kafka "$mount_point"
  fi
  if [[ ! -e $formatted_marker ]]; then
    printf 'node %s of cluster %s, seen %s\n' "$NODE_ID" "$CLUSTER_ID" "$(date -u +%FT%TZ)" >"$formatted_marker"
  fi
}

# The voters of a quorum are fixed: Kafka 3.x reads them from every node's properties, and nodes that disagree elect
# two leaders. The disk remembers them, because a change of voters comes with a new machine.
check_voters() {
  local formed
  if [[ -e $voters_record ]]; then
    formed=$(<"$voters_record")
    if [[ $formed != "$VOTERS" ]]; then
      ((FORCE)) ||
        fail "the quorum that node $NODE_ID has data of was formed by the voters $formed, and this configuration says" \
          "$VOTERS. The voters of a quorum cannot be changed; Kafka was not started. Put cluster.controllers, and the" \
          "addresses of the controllers, back"
      log "the operator breaks the glass: the voters $formed become $VOTERS"
    fi
  fi
  printf '%s\n' "$VOTERS" >"$voters_record"
}
