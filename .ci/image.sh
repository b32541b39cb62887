#!/usr/bin/env bash
# Builds the tool's container image and tries it: bash .ci/image.sh [NAME], or make image. It takes what this machine has,
# and pulls nothing. CA_CERTIFICATES names the authorities that go into the image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/lib.sh

image=${1:-local/processtracker}
: "${CA_CERTIFICATES:=/etc/ssl/certs/ca-certificates.crt}"
[[ -r $CA_CERTIFICATES ]] || fail "no $CA_CERTIFICATES: install ca-certificates, or name a file with CA_CERTIFICATES"
docker=$(docker_client) || fail "no container engine answers; run .ci/engine.sh first"
context=$(mktemp -d)
volume=processtracker-image-$$
server=processtracker-image-$$-server
cleanup() {
	rm -rf "$context"
	"$docker" rm --force "$server" >/dev/null 2>&1 || true
	"$docker" volume rm --force "$volume" >/dev/null
}
trap cleanup EXIT

CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$context/processtracker" ./cmd/processtracker
install -m 0644 "$CA_CERTIFICATES" "$context/ca-certificates.crt"
mkdir "$context/data"
chmod -R go+rX "$context"
"$docker" build --quiet --file cmd/processtracker/Dockerfile --tag "$image" "$context" >/dev/null

# run is the tool in the image, which may write to its volume only, and has no network and no capability.
run() { start -- "$@"; }

# start is the same with options of docker run before --.
start() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	"$docker" run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges \
		--volume "$volume:/data" "${options[@]}" "$image" "$@"
}

user=$("$docker" image inspect --format '{{.Config.User}}' "$image")
[[ $user == 65532:65532 ]] || fail "$image runs as ${user:-root}"
run version
run setup >/dev/null
run exec --process 'Image Check' -- processtracker version >/dev/null
runs=$(run runs --json)
[[ $runs == *'"process":"Image Check"'*'"status":"completed"'* ]] || fail "no completed run in $runs"

# The image's own check, asked every second, finds the server healthy. The engine tells by an event.
began=$(date +%s)
start --detach --name "$server" --health-interval 1s -- serve >/dev/null
exec 3< <(timeout 60 "$docker" events --since "$began" --filter "container=$server" --filter event=health_status --format '{{.Action}}')
events=$!
read -r health <&3 || health='health_status: none'
kill "$events" 2>/dev/null || true
[[ $health == 'health_status: healthy' ]] || fail "the server in $image has the $health: $("$docker" logs "$server" 2>&1)"
size=$("$docker" image inspect --format '{{.Size}}' "$image")
say "built $image, $((size / 1000000)) MB"
