# MariaDB, laid out like the official image: same paths, variables and arguments.
# Sourced by build.sh with $version set.

case $version in
10.11) suite=bookworm ;;
esac

# tzdata for time zones by name. awk, which waiting for a port needs, is in every minimal system as mawk.
packages=(mariadb-server-core mariadb-client-core tzdata)

hooks=(
	# The package of the programs alone makes no account for the server.
	--customize-hook='chroot "$1" groupadd --system mysql'
	--customize-hook='chroot "$1" useradd --system --gid mysql --no-create-home --home-dir /var/lib/mysql mysql'
)

changes=(
	'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
	'VOLUME /var/lib/mysql'
	'EXPOSE 3306'
	'ENTRYPOINT ["entrypoint.sh"]'
	'CMD ["mariadbd"]'
)
