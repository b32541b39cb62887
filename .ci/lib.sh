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
