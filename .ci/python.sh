#!/usr/bin/env bash
# Makes a virtual environment for checks of clients/python, outside the repository, and prints its directory:
#
#     bash .ci/python.sh lint        what requirements/lint.txt names
#     bash .ci/python.sh spark       what requirements/spark.txt names, and Java from Debian
#     bash .ci/python.sh dbt         what requirements/dbt.txt names; airflow likewise
#
# One that was made of the same requirements is kept. Several of these can run at once.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
requirements=$(cd "$(dirname "${BASH_SOURCE[0]}")/../clients/python/requirements" && pwd)/$1.txt

install_packages() {
	((EUID == 0)) || fail "not root, and these packages are missing: $*"
	say "installing $*"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >&2
	apt-get install -y -qq --no-install-recommends "$@" >&2
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/processtracker
mkdir -p "$cache"
(
	flock 9 # apt-get fails where it would have to wait for another one
	python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
	[[ $1 != spark ]] || command -v java >/dev/null || install_packages default-jre-headless
) 9>"$cache/packages.lock"

digest=$( (python3 --version && cat "$requirements") | sha256sum | cut -c1-16)
directory=$cache/python-$1-$digest
if [[ ! -e $directory/made ]]; then
	say "making $directory"
	python3 -m venv --clear "$directory" >&2
	"$directory/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
	touch "$directory/made"
fi
printf '%s\n' "$directory"
