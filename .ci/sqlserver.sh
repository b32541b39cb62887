#!/usr/bin/env bash
# All that can be proved on a SQL Server of yours, and a report to send: make sqlserver.
#
# The server is the one of PROCESSTRACKER_TEST_SQLSERVER_DSN, on which the user may create databases; or it is started in a
# container, of PROCESSTRACKER_SQLSERVER_IMAGE, if ACCEPT_EULA=Y accepts its licence. The databases that are made are called
# conformance_… and chaos_…, and are dropped. No other is touched. TIME is how long faults strike (10m).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/lib.sh
begin_steps

: "${TIME:=10m}"
[[ -n ${PROCESSTRACKER_TEST_SQLSERVER_DSN-} || -n ${PROCESSTRACKER_SQLSERVER_IMAGE-} ]] ||
	fail "no SQL Server: set PROCESSTRACKER_TEST_SQLSERVER_DSN=sqlserver://user:password@host:1433 (docs/sqlserver.md), or an image"
export PROCESSTRACKER_REQUIRE=sqlserver PROCESSTRACKER_NIGHTLY=1
report=.report/sqlserver.txt
mkdir -p bin .report
go build -o bin/ ./conformance/cmd/report ./conformance/cmd/serve ./conformance/cmd/chaos

# proved runs the suite twice (READ_COMMITTED_SNAPSHOT off and on) with its storms, the model, the histories and the unit tests.
proved() {
	bin/report -rules -run .report/sqlserver.json bin/serve sqlserver -- \
		go test -json -count=1 -parallel 4 -timeout 3h ./backends/sqlserver/... ./dialects/sqlserver/...
}

all() {
	printf 'ProcessTracker %s on SQL Server, %s, %s\n' \
		"$(git describe --always --dirty 2>/dev/null || echo unknown)" "$(go version)" "$(date -u +%FT%TZ)"
	try proved
	try bin/chaos -time "$TIME" sqlserver
	failed=$(failed_steps)
	((failed == 0)) || fail "$failed of the steps below failed"
}

status=0
(all) 2>&1 | tee "$report" || status=$?
say "send $report, and .report/sqlserver.json if something failed; neither has the DSN's password"
exit "$status"
