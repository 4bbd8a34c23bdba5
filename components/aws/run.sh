# Runs a payload of kafkalink as root, and writes into a parameter what came of it, where `pulumi up` reads it:
#   1 RUN ATTEMPT MACHINE STATE TIME OUTPUT
# STATE is "running", or the exit code; TIME is in seconds since 1970; OUTPUT is the end of what the payload printed, as
# base64 of gzip. A parameter takes 4 KiB.
run='{{ run }}'
attempt='{{ attempt }}'
machine='{{ machine }}'
parameter='{{ parameter }}'
region='{{ region }}'

# The role of the machine reports, whatever role the agent has been given (Default Host Management).
unset AWS_PROFILE AWS_SHARED_CREDENTIALS_FILE

umask 077
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
: >"$work/output"

report() {
	for bytes in 16000 8000 4000 2000 500; do
		tail -c "$bytes" "$work/output" | gzip -9 | base64 | tr -d '\n' >"$work/tail"
		if [ "$(wc -c <"$work/tail")" -le 3800 ]; then break; fi
	done
	printf '1 %s %s %s %s %s %s' "$run" "$attempt" "$machine" "$1" "$(date +%s)" "$(cat "$work/tail")" >"$work/report"
	for pause in 1 3 10 30 0; do
		aws ssm put-parameter --region "$region" --name "$parameter" --type String --overwrite \
			--value "file://$work/report" >/dev/null && return
		sleep "$pause"
	done
	echo "cannot write the parameter $parameter" >&2
	return 1
}

report running || exit 1
trap 'report 143; rm -rf "$work"; exit 143' TERM INT HUP
sed 's/KAFKALINK_BRACES/{''{/g' >"$work/payload" <<'KAFKALINK_PAYLOAD'
{{ payload }}
KAFKALINK_PAYLOAD
bash "$work/payload" >"$work/output" 2>&1
status=$?
cat "$work/output"
report "$status" || exit 1
exit "$status"
