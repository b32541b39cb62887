#!/usr/bin/env bash
# Builds a container image out of Debian packages, without any image registry:
#
#     bash .ci/images/build.sh postgres:15        makes local/postgres:15
#
# The directory named before the colon holds what is particular to that server: recipe.sh, sourced with $version set,
# says what goes into the image, entrypoint.sh is what it runs. An image that was built from the same recipe is kept.
set -euo pipefail
images=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$images/../lib.sh"

# mirror prints the Debian archive that this machine's own apt uses, whatever the format of its sources. Apt knows which
# of them is Debian's main archive once it has read their indexes.
mirror() {
	local uri try
	for try in indexes-there update-first; do
		[[ $try == indexes-there ]] || apt-get update -qq
		uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sort -u | sed 1q)
		[[ -z $uri ]] || break
	done
	[[ -n $uri ]] || fail "apt's sources name no Debian archive"
	printf '%s\n' "$uri"
}

# root_file_system writes the image's content as a tar file to standard output.
# mmdebstrap gets a session of its own: when it breaks off it signals its whole process group, which would be ours.
root_file_system() {
	local archive keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	archive=$(mirror) || return
	setsid --wait mmdebstrap --quiet --mode=root --variant=minbase \
		--include="$(IFS=,; echo "${packages[*]}")" \
		--dpkgopt=force-unsafe-io \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*/LC_MESSAGES/*' \
		"${hooks[@]}" \
		--customize-hook="copy-in $images/$server/entrypoint.sh /usr/local/bin" \
		--customize-hook='chmod 0755 "$1/usr/local/bin/entrypoint.sh"' \
		"$suite" - "deb [signed-by=$keyring] $archive $suite main"
}

build() {
	local id previous started=$SECONDS
	say "building $image"
	previous=$("$docker" image inspect --format '{{.Id}}' "$image" 2>/dev/null) || previous=
	# The name is given last, so that a build that breaks off leaves no image that looks whole.
	id=$(root_file_system </dev/null | "$docker" import "${changes[@]/#/--change=}" \
		--change="LABEL recipe=$recipe" -) || fail "building $image failed"
	"$docker" tag "$id" "$image"
	# What the name meant before goes, unless a container still runs on it.
	[[ -z $previous ]] || "$docker" image rm "$previous" >/dev/null 2>&1 || true
	say "built $image in $((SECONDS - started)) s"
}

[[ ${1-} == *:* ]] || fail "usage: build.sh SERVER:VERSION, for example postgres:15"
server=${1%%:*} version=${1#*:}
image=local/$server:$version

# A recipe sets these.
suite=       # the Debian release
packages=()  # what to install
hooks=()     # further arguments to mmdebstrap
changes=()   # the image's settings, as lines of a Dockerfile
[[ -r $images/$server/recipe.sh ]] || fail "no recipe for $server in $images"
. "$images/$server/recipe.sh"
[[ -n $suite ]] || fail "the recipe for $server knows no version $version"

docker=$(docker_client) || fail "no container engine answers; run engine.sh first"
recipe=$(cat "$images/build.sh" "$images/$server/"* | sha256sum | cut -c 1-16)
if [[ $("$docker" image inspect --format '{{index .Config.Labels "recipe"}}' "$image" 2>/dev/null) == "$recipe" ]]; then
	say "$image is there"
else
	build
fi
