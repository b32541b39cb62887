# Shared by the scripts in this directory; sourced, never run.

say() { printf '.ci: %s\n' "$*" >&2; }

fail() {
	say "$*"
	exit 1
}

# docker_client prints the command that talks to the engine, or fails when none does. A machine can have a client on
# PATH that is too new for the engine beside it; the distribution's own client is then the one that works.
docker_client() {
	local client
	for client in docker /usr/bin/docker; do
		if timeout 10 "$client" version --format '{{.Server.Version}}' >/dev/null 2>&1; then
			printf '%s\n' "$client"
			return
		fi
	done
	return 1
}

# The steps of a run, with how long each took and what came of it, are listed in this file.
export STEPS=${STEPS:-}

# begin_steps has the list printed when the script ends, however it does.
begin_steps() {
	STEPS=$(mktemp)
	trap 'print_steps; rm -f "$STEPS"' EXIT
}

# step runs a command that ends the script if it fails.
step() {
	local started=$SECONDS status=0
	say "$*"
	"$@" </dev/null || status=$?
	printf '%s\t%s\t%s\n' "$((SECONDS - started))" "$status" "$*" >>"$STEPS"
	((status == 0)) || fail "$* failed with status $status after $((SECONDS - started)) s"
}

# try runs a command as a step, and goes on if it fails.
try() { (step "$@") || true; }

print_steps() {
	local took status what
	printf '\n%6s  %s\n' seconds step >&2
	while IFS=$'\t' read -r took status what; do
		((status == 0)) || what+="   FAILED with status $status"
		printf '%6s  %s\n' "$took" "$what" >&2
	done <"$STEPS"
	printf '%6s  %s\n' "$SECONDS" 'in all, with what is no step' >&2
}

# failed_steps says how many did.
failed_steps() { awk -F '\t' '$2 != 0 { n++ } END { print n + 0 }' "$STEPS"; }

# For testcontainers: the engine's ports are on this machine, also when it is a container itself; and the image of its
# reaper is in a registry only. The tests remove their containers themselves.
engine_settings() {
	export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
	export TESTCONTAINERS_RYUK_DISABLED=true
	export PROCESSTRACKER_SERVERS=container # or the images would prove nothing
}
