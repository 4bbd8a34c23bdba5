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

# A command whose failure nobody foresaw must be known to the configuration step, too.
trap 'status=$?; if ((status)) && [[ ! -e $state_dir/prepare.failed ]]; then
  echo "$BASH_COMMAND: exit code $status; see /var/log/cloud-init-output.log" >"$state_dir/prepare.failed"
fi' EXIT

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

# fetch NAME FILE CHECKSUM_COMMAND DIGEST URL...: from the first URL whose file has the digest. One that has no such file, or
# another file, is not asked again; the others are, in five rounds. Gives its URL in `origin`.
fetch() {
  local name=$1 archive=$2 command=$3 digest=$4 pause=5 url sum status problem again problems
  shift 4
  while (($#)); do
    problems=() again=()
    for url in "$@"; do
      echo "kafkalink: fetching $url" >&2
      if status=$(curl --fail --silent --show-error --location --connect-timeout 20 --max-time 900 --speed-limit 1024 \
        --speed-time 60 --write-out '%{http_code}' --output "$archive" "$url" 2>"$archive.curl"); then
        sum=$("$command" <"$archive" | cut -d' ' -f1)
        if [[ $sum == "$digest" ]]; then
          origin=$url
          rm -f "$archive.curl"
          return 0
        fi
        problem="$name from $url has the checksum $sum, not the configured one: the file at this URL is another one"
        refused+=("$problem")
      elif [[ $status == 404 || $status == 410 ]]; then
        problem="$name is not at $url ($status)"
        refused+=("$problem")
      else
        problem="cannot fetch $name from $url ($(tail -n 1 "$archive.curl"))"
        problems+=("$problem")
        again+=("$url")
      fi
      echo "kafkalink: $problem" >&2
    done
    if ((pause > 40)); then
      break
    fi
    set -- "${again[@]}"
    if (($#)); then
      echo "kafkalink: again in $pause s" >&2
      sleep "$pause"
      pause=$((pause * 2))
    fi
  done
  rm -f "$archive" "$archive.curl"
  fail "$(printf '%s; ' "${refused[@]}" "${problems[@]}")the machine needs a route to one source of $name: a mirror inside the" \
    "network (hosts.$name.mirror) or a NAT gateway"
}

# unpack NAME CHECKSUM_COMMAND DIGEST URL...: verified and complete, or not there at all. The directory is named after the
# digest.
unpack() {
  local name=$1 digest=$3 target archive origin refused=()
  target=$software/$name-${digest:0:12}
  if [[ ! -d $target ]]; then
    archive=$(mktemp "$software/$name.XXXXXX")
    fetch "$name" "$archive" "${@:2}"
    rm -rf "$target.partial"
    mkdir "$target.partial"
    tar -xzf "$archive" -C "$target.partial" --strip-components=1 --no-same-owner ||
      fail "$name from $origin is not a gzipped tar archive"
    rm -f "$archive"
    mv "$target.partial" "$target"
  fi
  ln -sfn "$target" "/opt/$name"
}

# provide NAME PROOF FROM PATH CHECKSUM_COMMAND DIGEST URL...: PROOF is the program that must be in it.
provide() {
  if [[ $3 == image ]]; then
    [[ -x $4/$2 ]] || fail "the image has no $1 at $4 ($2 is not there)"
    ln -sfn "$4" "/opt/$1"
  else
    unpack "$1" "${@:5}"
  fi
  [[ -x /opt/$1/$2 ]] || fail "$1 has no $2: is it the right archive?"
}

install -d -m 0711 "$state_dir"
rm -f "$state_dir/prepare.failed"
install_packages
id kafka >/dev/null 2>&1 || fail "user kafka was not created"
install -d -m 0755 "$software" /etc/kafkalink /etc/kafka /var/log/kafkalink
install -d -m 0755 /var/lib/kafka
install -d -m 0750 -o kafka -g kafka /var/log/kafka
provide java bin/java "$JAVA_FROM" "$JAVA_PATH" "$JAVA_CHECKSUM" "$JAVA_DIGEST" "${JAVA_URLS[@]}"
provide kafka bin/kafka-server-start.sh "$KAFKA_FROM" "$KAFKA_PATH" "$KAFKA_CHECKSUM" "$KAFKA_DIGEST" "${KAFKA_URLS[@]}"
/opt/java/bin/java -version >/dev/null 2>&1 || fail "the Java at /opt/java does not run on this machine"

systemctl daemon-reload
systemctl try-restart systemd-journald.service || true
touch "$state_dir/prepared"
