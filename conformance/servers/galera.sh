# galera DIRECTORY PASSWORD PORT PORT GROUP_PORT GROUP_PORT [SETTING...]: runs a cluster of two MariaDB servers on the
# loopback interface, with Galera and what the package mariadb-server has for it, and ends when one of them does. The
# second node joins when the first answers, and gets its data from it. A node takes three ports from its GROUP_PORT on: for the
# group, for what it missed, and for the copy of all data.
set -eu
dir=$1 password=$2 port1=$3 port2=$4 group1=$5 group2=$6
shift 6
account=mysql
[ "$(id -u)" = 0 ] || account=$(id -un)

for provider in /usr/lib/galera/libgalera_smm.so /usr/lib64/galera-4/libgalera_smm.so /usr/lib/galera-4/libgalera_smm.so; do
	[ ! -e "$provider" ] || break
done
[ -e "$provider" ] || { echo "Galera is not installed: no $provider" >&2; exit 1; }

mkdir -p "$dir/1" "$dir/2"
[ "$(id -u)" != 0 ] || chown "$account" "$dir" "$dir/1" "$dir/2"
mariadb-install-db --no-defaults --user="$account" --datadir="$dir/1" --skip-test-db --auth-root-authentication-method=normal >&2
mariadbd --no-defaults --user="$account" --datadir="$dir/1" --bootstrap <<SQL
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE USER 'root'@'%' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
SQL

# node NUMBER PORT GROUP_PORT CLUSTER_ADDRESS [SETTING...]
node() {
	number=$1 port=$2 group=$3 cluster=$4
	shift 4
	mariadbd --no-defaults --user="$account" --datadir="$dir/$number" --socket="$dir/$number.socket" --port="$port" \
		--pid-file="$dir/$number.pid" --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
		--wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-name=two --wsrep-node-name="node $number" \
		--wsrep-cluster-address="$cluster" --wsrep-node-address="127.0.0.1:$group" --wsrep-slave-threads=4 \
		--wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$((group + 2))" \
		--wsrep-provider-options="base_port=$group;gmcast.listen_addr=tcp://127.0.0.1:$group;ist.recv_addr=127.0.0.1:$((group + 1))" \
		"$@"
}

answers() { MYSQL_PWD=$password mariadb --no-defaults --user=root --socket="$1" --execute='SELECT 1' >/dev/null 2>&1; }

node 1 "$port1" "$group1" gcomm:// "$@" &
first=$!
until answers "$dir/1.socket"; do
	kill -0 "$first" || exit 1
	sleep 0.1
done
node 2 "$port2" "$group2" "gcomm://127.0.0.1:$group1" "$@" &
wait -n
