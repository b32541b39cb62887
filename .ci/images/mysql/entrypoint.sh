#!/bin/bash
# Starts MySQL as the official image does, for what the tests use of it: MYSQL_ROOT_PASSWORD, MYSQL_DATABASE, MYSQL_USER
# and MYSQL_PASSWORD, arguments for the server with or without the word mysqld before them, and any other command.
set -euo pipefail

[[ ${1-} != -* ]] || set -- mysqld "$@"
[[ ${1-} == mysqld ]] || exec "$@"
shift

data=/var/lib/mysql
set -- --user=mysql --datadir="$data" --socket=/var/run/mysqld/mysqld.sock --secure-file-priv=NULL "$@"
install -d -o mysql -g mysql -m 0700 "$data"
install -d -o mysql -g mysql -m 0755 /var/run/mysqld

# text writes its argument as a literal of SQL, identifier as a name.
text() { printf "'%s'" "$(sed "s/[\\\\']/\\\\&/g" <<<"$1")"; }
identifier() { printf '`%s`' "${1//\`/\`\`}"; }

if [[ ! -d $data/mysql ]]; then
	: "${MYSQL_ROOT_PASSWORD:?must be set to the password of root}"
	mysqld --no-defaults --initialize-insecure --user=mysql --datadir="$data"
	umask 077
	{
		password=$(text "$MYSQL_ROOT_PASSWORD")
		printf "ALTER USER 'root'@'localhost' IDENTIFIED BY %s;\n" "$password"
		printf "CREATE USER 'root'@'%%' IDENTIFIED BY %s;\n" "$password"
		printf "GRANT ALL ON *.* TO 'root'@'%%' WITH GRANT OPTION;\n"
		[[ -z ${MYSQL_DATABASE-} ]] || printf 'CREATE DATABASE %s;\n' "$(identifier "$MYSQL_DATABASE")"
		if [[ -n ${MYSQL_USER-} ]]; then
			printf "CREATE USER %s@'%%' IDENTIFIED BY %s;\n" "$(text "$MYSQL_USER")" "$(text "${MYSQL_PASSWORD-}")"
			[[ -z ${MYSQL_DATABASE-} ]] ||
				printf "GRANT ALL ON %s.* TO %s@'%%';\n" "$(identifier "$MYSQL_DATABASE")" "$(text "$MYSQL_USER")"
		fi
	} >/var/run/mysqld/init.sql
	chown mysql: /var/run/mysqld/init.sql
	set -- --init-file=/var/run/mysqld/init.sql "$@"
fi
unset MYSQL_ROOT_PASSWORD MYSQL_PASSWORD
exec mysqld --no-defaults "$@"
