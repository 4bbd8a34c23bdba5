#!/usr/bin/env bash
# Prepares a machine at its first boot, from user-data: packages that the image lacks, directories, Java, Kafka.
# Starts nothing: Kafka has no configuration yet. May be run again after a failure.
set -euo pipefail

# JAVA_* and KAFKA_* say where each comes from; PACKAGES maps commands to packages.
# shellcheck source=/dev/null
source /etc/kafkalink/prepare.env

readonly state_dir=/var/lib/kafkalink
readonly software=/opt/kafkalink

fail() {
  printf '%s\n' "$*" | tee "$state_dir/prepare.failed" >&2
  exit 1
}

# retry COMMAND...: five attempts, 5 to 40 s apart.
retry() {
  local pause=5
  until "$@"; do
    if ((pause > 40)); then
      return 1
    fi
    echo "kafkalink: failed, again in $pause s: $*" >&2
    sleep "$pause"
    pause=$((pause * 2))
  done
}

# Images of a distribution differ; a package manager is asked only for what is really missing, so that a
# machine without a package mirror can do with an image that has everything.
install_packages() {
  local entry missing=()
  for entry in "${PACKAGES[@]}"; do
    command -v "${entry%%=*}" >/dev/null || missing+=("${entry#*=}")
  done
  if ((${#missing[@]} == 0)); then
    return 0
  fi
  echo "kafkalink: installing ${missing[*]}" >&2
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    retry apt-get -qq -o DPkg::Lock::Timeout=120 update &&
      retry apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "${missing[@]}"
  else
    retry dnf -q -y install "${missing[@]}"
  fi || fail "cannot install ${missing[*]}: the machine needs a package mirror, or an image that has them"
}

# unpack NAME URL CHECKSUM_COMMAND DIGEST: verified and complete, or not there at all. The directory is named
# after the digest.
unpack() {
  local name=$1 url=$2 command=$3 digest=$4 target archive
  target=$software/$name-${digest:0:12}
  if [[ ! -d $target ]]; then
    archive=$(mktemp "$software/$name.XXXXXX")
    echo "kafkalink: fetching $url" >&2
    retry curl --fail --silent --show-error --location --connect-timeout 20 --max-time 900 \
      --speed-limit 1024 --speed-time 60 --output "$archive" "$url" ||
      fail "cannot fetch $name from $url: the machine needs a route to it (NAT gateway or a mirror inside the network)"
    if ! echo "$digest  $archive" | "$command" --check --status; then
      digest=$("$command" <"$archive" | cut -d' ' -f1)
      rm -f "$archive"
      fail "$name from $url has the checksum $digest, not the configured one: the file at this URL is another one"
    fi
    rm -rf "$target.partial"
    mkdir "$target.partial"
    tar -xzf "$archive" -C "$target.partial" --strip-components=1 --no-same-owner ||
      fail "$name from $url is not a gzipped tar archive"
    rm -f "$archive"
    mv "$target.partial" "$target"
  fi
  ln -sfn "$target" "/opt/$name"
}

# provide NAME FROM PATH URL CHECKSUM_COMMAND DIGEST PROOF: PROOF is the program that must be in it.
provide() {
  if [[ $2 == image ]]; then
    [[ -x $3/$7 ]] || fail "the image has no $1 at $3 ($7 is not there)"
    ln -sfn "$3" "/opt/$1"
  else
    unpack "$1" "$4" "$5" "$6"
  fi
  [[ -x /opt/$1/$7 ]] || fail "$1 has no $7: is it the right archive?"
}

install -d -m 0711 "$state_dir"
rm -f "$state_dir/prepare.failed"
install_packages
id kafka >/dev/null 2>&1 || fail "user kafka was not created"
install -d -m 0755 "$software" /etc/kafkalink /etc/kafka /var/log/kafkalink
install -d -m 0755 /var/lib/kafka
install -d -m 0750 -o kafka -g kafka /var/log/kafka
provide java "$JAVA_FROM" "$JAVA_PATH" "$JAVA_URL" "$JAVA_CHECKSUM" "$JAVA_DIGEST" bin/java
provide kafka "$KAFKA_FROM" "$KAFKA_PATH" "$KAFKA_URL" "$KAFKA_CHECKSUM" "$KAFKA_DIGEST" bin/kafka-server-start.sh
/opt/java/bin/java -version >/dev/null 2>&1 || fail "the Java at /opt/java does not run on this machine"

sysctl -q -p /etc/sysctl.d/60-kafkalink.conf || true
systemctl daemon-reload
systemctl try-restart systemd-journald.service || true
touch "$state_dir/prepared"
