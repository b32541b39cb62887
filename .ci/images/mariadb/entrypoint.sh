#!/bin/bash
# Starts MariaDB as the official image does, for what the tests use of it: MARIADB_ROOT_PASSWORD, MARIADB_DATABASE, MARIADB_USER
# and MARIADB_PASSWORD, arguments for the server with or without the word mariadbd before them, and any other command.
set -euo pipefail

[[ ${1-} != -* ]] || set -- mariadbd "$@"
[[ ${1-} == mariadbd ]] || exec "$@"
shift

data=/var/lib/mysql
set -- --user=mysql --datadir="$data" --socket=/var/run/mysqld/mysqld.sock "$@"
install -d -o mysql -g mysql -m 0700 "$data"
install -d -o mysql -g mysql -m 0755 /var/run/mysqld

# text writes its argument as a literal of SQL, identifier as a name.
text() { printf "'%s'" "$(sed "s/[\\\\']/\\\\&/g" <<<"$1")"; }
identifier() { printf '`%s`' "${1//\`/\`\`}"; }

if [[ ! -d $data/mysql ]]; then
	: "${MARIADB_ROOT_PASSWORD:?must be set to the password of root}"
	mariadb-install-db --no-defaults --user=mysql --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >&2
	umask 077
	{
		password=$(text "$MARIADB_ROOT_PASSWORD")
		printf "ALTER USER 'root'@'localhost' IDENTIFIED BY %s;\n" "$password"
		printf "CREATE USER 'root'@'%%' IDENTIFIED BY %s;\n" "$password"
		printf "GRANT ALL ON *.* TO 'root'@'%%' WITH GRANT OPTION;\n"
		[[ -z ${MARIADB_DATABASE-} ]] || printf 'CREATE DATABASE %s;\n' "$(identifier "$MARIADB_DATABASE")"
		if [[ -n ${MARIADB_USER-} ]]; then
			printf "CREATE USER %s@'%%' IDENTIFIED BY %s;\n" "$(text "$MARIADB_USER")" "$(text "${MARIADB_PASSWORD-}")"
			[[ -z ${MARIADB_DATABASE-} ]] ||
				printf "GRANT ALL ON %s.* TO %s@'%%';\n" "$(identifier "$MARIADB_DATABASE")" "$(text "$MARIADB_USER")"
		fi
	} >/var/run/mysqld/init.sql
	chown mysql: /var/run/mysqld/init.sql
	set -- --init-file=/var/run/mysqld/init.sql "$@"
fi
unset MARIADB_ROOT_PASSWORD MARIADB_PASSWORD
exec mariadbd --no-defaults "$@"
