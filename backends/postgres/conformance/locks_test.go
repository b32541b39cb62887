package conformance

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestMemoryForLocksIsUsedUp has another session take all locks that the server has room
// for. A call is tried until there is room, or until it has used up its attempts (rule S8.2).
func TestMemoryForLocksIsUsedUp(t *testing.T) {
	server := own(t)
	if !server.Restarts() {
		t.Skip("other tests use this server at the same time")
	}
	ctx, conn := t.Context(), admin(t, server)
	b, _ := backend(t, server, nil)
	failed := 0
	with := func(retry tracker.RetryPolicy) *tracker.Tracker {
		tr, err := tracker.New(ctx, b, &tracker.Config{Retry: retry, Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) {
			wantCode(t, r.Err, nil, "53200")
			if failed++; failed == 2 {
				run(t, conn, "ROLLBACK")
			}
		}}})
		must(t, err)
		t.Cleanup(func() { _ = tr.Close() })
		return tr
	}
	once, often := with(tracker.RetryPolicy{Tries: 1}), with(tracker.RetryPolicy{})

	takeAllLocks(t, conn)
	_, err := once.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	wantCode(t, err, tracker.ErrBusy, "53200")
	load, err := often.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	if err != nil || failed != 2 {
		t.Fatalf("after %d attempts that failed: %v", failed, err)
	}
	must(t, load.Complete(ctx, nil))
}

// takeAllLocks takes locks in a transaction until there is no room for another one.
func takeAllLocks(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	run(t, conn, "BEGIN")
	taken := 0
	for _, n := range []int{1000, 100, 10, 1} {
		for full := false; !full; {
			run(t, conn, "SAVEPOINT room")
			_, err := conn.Exec(t.Context(), fmt.Sprintf("SELECT pg_advisory_xact_lock(n) FROM generate_series(%d, %d) AS n", taken+1, taken+n))
			var e *pgconn.PgError
			if full = errors.As(err, &e) && e.Code == "53200"; full {
				run(t, conn, "ROLLBACK TO SAVEPOINT room")
			} else {
				must(t, err)
				taken += n
			}
		}
	}
	t.Logf("%d locks are taken", taken)
}
