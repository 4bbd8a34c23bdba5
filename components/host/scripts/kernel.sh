#!/usr/bin/env bash
# The kernel's settings. Sourced after host.sh.
# shellcheck disable=SC2034,SC2154 # variables shared with the scripts that source this

readonly kernel_settings=/etc/sysctl.d/60-kafkalink.conf

# What other files than ours reserve.
ports_reserved_by_others() {
  local file
  for file in /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf; do
    if [[ -e $file && $file != "$kernel_settings" ]]; then
      sed -n -E 's/^[[:space:]]*-?net[./]ipv4[./]ip_local_reserved_ports[[:space:]]*=[[:space:]]*([0-9,-]+).*/\1/p' "$file"
    fi
  done | sort -u | paste -s -d,
}

# tune_kernel BOUNDS: a line per setting, NAME at-least|at-most|besides VALUE. What the system has is left alone where it is
# better than that: Ubuntu 24.04 has four times the memory maps that Kafka needs.
tune_kernel() {
  local name rule bound value lines=
  while read -r name rule bound; do
    if [[ $name != [a-z]* ]]; then
      continue
    fi
    if ! value=$(sysctl -n "$name" 2>/dev/null); then
      log "warning: this kernel has no setting $name"
      continue
    fi
    case $rule in
    at-least) ((value > bound)) || lines+="$name = $bound"$'\n' ;;
    at-most) ((value < bound)) || lines+="$name = $bound"$'\n' ;;
    besides)
      value=$(ports_reserved_by_others)
      lines+="$name = $bound${value:+,$value}"$'\n'
      ;;
    esac
  done <"$1"
  printf '# Written by the configuration step. Settings that were better already are left out.\n%s' "$lines" >"$kernel_settings.new"
  mv -f "$kernel_settings.new" "$kernel_settings"
  # One that is refused must not keep the others from being set.
  sysctl -q -e -p "$kernel_settings" >&2 ||
    log "warning: not every kernel setting of $kernel_settings could be made; see above"
}
