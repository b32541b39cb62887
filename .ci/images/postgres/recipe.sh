# Postgres, laid out like the official image: same paths, variables, locale and arguments.
# Sourced by build.sh with $version set.

case $version in
15) suite=bookworm ;;
17) suite=trixie ;;
18) suite=sid ;; # no release of Debian has it yet
esac

# tzdata for time zones by name. awk, which waiting for a port needs, is in every minimal system as mawk.
packages=("postgresql-$version" locales tzdata)

hooks=(
	# The package would make a cluster of its own while it is installed.
	--essential-hook='mkdir -p "$1/etc/postgresql-common"'
	--essential-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"'
	# Names must sort here as they sort in the official image, which is not by byte. The file of aliases that the official
	# recipe names is gone since glibc 2.42, and adds nothing to this locale.
	--customize-hook='chroot "$1" localedef -i en_US -c -f UTF-8 en_US.UTF-8'
)

changes=(
	"ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$version/bin"
	'ENV LANG=en_US.utf8'
	'ENV PGDATA=/var/lib/postgresql/data'
	'VOLUME /var/lib/postgresql/data'
	'EXPOSE 5432'
	'ENTRYPOINT ["entrypoint.sh"]'
	'CMD ["postgres"]'
)
