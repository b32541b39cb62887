# MariaDB, laid out like the official image: same paths, variables and arguments.
# Sourced by build.sh with $version set.

case $version in
10.11) suite=bookworm ;;
11.8) suite=trixie ;;
esac

# The whole package, as in the official image: with Galera, and with what copies the data to a node that joins. tzdata is for
# time zones by name. awk, which waiting for a port needs, is in every minimal system as mawk.
packages=(mariadb-server tzdata)

hooks=(
	# The package has made a data directory, which is for the entry point to make.
	--customize-hook='rm -rf "$1/var/lib/mysql"'
)

changes=(
	'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
	'VOLUME /var/lib/mysql'
	'EXPOSE 3306'
	'ENTRYPOINT ["entrypoint.sh"]'
	'CMD ["mariadbd"]'
)
