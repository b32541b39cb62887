#!/bin/bash
# Starts Postgres as the official image does, for what the tests use of it: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB
# and POSTGRES_INITDB_ARGS, arguments for the server with or without the word postgres before them, and any other command.
set -euo pipefail

[[ ${1-} != -* ]] || set -- postgres "$@"
[[ ${1-} == postgres ]] || exec "$@"

if ((EUID == 0)); then # the server refuses to run as root
	install -d -o postgres -g postgres -m 0700 "$PGDATA"
	install -d -o postgres -g postgres -m 2775 /var/run/postgresql
	exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [[ ! -s $PGDATA/PG_VERSION ]]; then
	: "${POSTGRES_PASSWORD:?must be set to the password of the superuser}"
	user=${POSTGRES_USER:-postgres} db=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
	initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust \
		--auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS-}
	printf '%s\n' "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
	printf '%s\n' 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
	[[ $db == postgres ]] ||
		printf 'CREATE DATABASE "%s"\n' "${db//\"/\"\"}" | postgres --single -j postgres >/dev/null
fi
unset POSTGRES_PASSWORD
exec "$@"
