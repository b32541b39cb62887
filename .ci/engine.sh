#!/usr/bin/env bash
# Brings a bare Debian machine to where the tests can run: installs the packages that are missing and starts a container
# engine unless one answers. Safe to run again, and to run twice at once.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly log=/var/log/processtracker-dockerd.log
readonly pidfile=/var/run/docker.pid # dockerd's own default, so an engine started by anything else is seen too
readonly start_seconds=60

# libc6-dev is what gcc needs for the race detector; iptables is what dockerd needs and docker.io only recommends. Chromium
# is for the dashboard's pages. The last line is what a DBA has: clients for what setup prints, and a PgBouncer.
readonly packages=(
	ca-certificates chromium docker.io fonts-dejavu-core gcc git iptables libc6-dev make mmdebstrap
	mariadb-client pgbouncer postgresql-client python3 sqlite3
)

install_packages() {
	local package missing=()
	for package in "${packages[@]}"; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
	done
	((${#missing[@]})) || return 0

	((EUID == 0)) || fail "not root, and these packages are missing: ${missing[*]}"
	say "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# engine_starting tells whether a dockerd already lives, be it one that the package's own start script has just begun.
engine_starting() {
	[[ -s $pidfile ]] && kill -0 "$(<"$pidfile")" 2>/dev/null
}

# wait_for_engine waits until an engine answers. Its argument is the process that we started, if it was us.
wait_for_engine() {
	local pid=${1-} deadline=$((SECONDS + start_seconds)) why=
	until docker_client >/dev/null; do
		if ((SECONDS >= deadline)); then
			why="no container engine answers after $start_seconds s"
		elif [[ -n $pid ]] && ! kill -0 "$pid" 2>/dev/null; then
			why="dockerd ended"
		fi
		if [[ -n $why ]]; then
			tail -n 30 "$log" >&2 2>/dev/null || true
			fail "$why; the end of $log is above"
		fi
		sleep 0.2
	done
}

start_engine() {
	docker_client >/dev/null && return
	((EUID == 0)) || fail "no container engine answers, and only root can start one"

	# One at a time: whoever waits for the lock finds the engine running. The engine itself must not inherit the lock.
	local pid=
	exec 9>/var/lock/processtracker-engine.lock
	flock 9
	if ! docker_client >/dev/null && ! engine_starting; then
		say "starting dockerd, log in $log"
		# The kernel forwards the servers' ports: a proxy in between takes a twentieth of the tests' time.
		setsid dockerd --userland-proxy=false >"$log" 2>&1 </dev/null 9>&- &
		pid=$!
	fi
	wait_for_engine "$pid"
	exec 9>&-
}

command -v go >/dev/null || fail "go is not on PATH: install Go and put its bin directory (/usr/local/go/bin) on PATH"
install_packages
start_engine
docker=$(docker_client)
say "engine $("$docker" version --format '{{.Server.Version}}'), client $("$docker" version --format '{{.Client.Version}}')"
