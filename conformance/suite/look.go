package suite

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// This file reads the tables without the tracker's API, for promises of the contract
// that the API does not show. It also creates states that the API does not allow.

// setUp opens the place and sets it up, if it is not yet.
func (e *Env) setUp(t testing.TB) dialect.Backend {
	t.Helper()
	b := e.open(t)
	if _, err := setup.Run(e.context(t), b); err != nil {
		t.Fatalf("set up: %v", err)
	}
	return b
}

// calm is a lease that is longer than any case lasts.
const calm = time.Hour

// trackerOn returns a tracker on a backend that is set up. Unless its configuration
// says otherwise, it renews no lease while a case lasts: timed statements do not
// interfere with the case, and no lease expires on a slow machine.
func trackerOn(ctx context.Context, t testing.TB, b dialect.Backend, config *tracker.Config) *tracker.Tracker {
	t.Helper()
	var c tracker.Config
	if config != nil {
		c = *config
	}
	c.Actor = cmp.Or(c.Actor, "tester")
	if !c.NoLease {
		c.Lease = cmp.Or(c.Lease, calm)
	}
	tr, err := tracker.New(ctx, b, &c)
	if err != nil {
		t.Fatalf("tracker: %v", err)
	}
	t.Cleanup(func() { must(t, tr.Close()) }) // some cases leave runs active
	return tr
}

// Tracker returns a tracker for a backend's own tests, on a place that is set up.
func Tracker(t testing.TB, b dialect.Backend) *tracker.Tracker {
	t.Helper()
	return trackerOn(t.Context(), t, b, nil)
}

var tableName = regexp.MustCompile(`\{(\w+)\}`)

// statement translates a statement for the database: {run} is the tracker's table of
// that name, and ? a placeholder.
func statement(t testing.TB, b dialect.Backend, query string, args ...any) dialect.Stmt {
	t.Helper()
	query = tableName.ReplaceAllStringFunc(query, func(name string) string {
		return b.Dialect().Table(strings.Trim(name, "{}"))
	})
	query, err := b.Dialect().Placeholders().ReplacePlaceholders(query)
	must(t, err)
	return dialect.Stmt{Name: "case", SQL: query, Args: args}
}

// column returns the only column of a query.
func column[T any](ctx context.Context, t testing.TB, b dialect.Backend, query string, args ...any) []T {
	t.Helper()
	var all []T
	must(t, past(b).Query(ctx, statement(t, b, query, args...), func(r dialect.Row) error {
		var value T
		err := r.Scan(&value)
		all = append(all, value)
		return err
	}))
	return all
}

// single returns the only value of a query.
func single[T any](ctx context.Context, t testing.TB, b dialect.Backend, query string, args ...any) T {
	t.Helper()
	all := column[T](ctx, t, b, query, args...)
	if len(all) != 1 {
		t.Fatalf("%s: %d rows, want 1", query, len(all))
	}
	return all[0]
}

// now returns the time by the database's clock.
func now(ctx context.Context, t testing.TB, b dialect.Backend) time.Time {
	t.Helper()
	return single[dialect.Time](ctx, t, b, "SELECT "+b.Dialect().Now()).Time
}

// clockMoves waits until the database's clock shows another time: SQLite's shows whole
// milliseconds, in which two calls can happen.
func clockMoves(ctx context.Context, t testing.TB, b dialect.Backend) {
	t.Helper()
	for began := now(ctx, t, b); !now(ctx, t, b).After(began); {
		if !pause(ctx) {
			t.Fatal("the database's clock stands still")
		}
	}
}

// change executes a statement without the tracker, and returns how many rows it changed.
func change(ctx context.Context, t testing.TB, b dialect.Backend, query string, args ...any) int64 {
	t.Helper()
	n, err := past(b).Exec(ctx, statement(t, b, query, args...))
	must(t, err)
	return n
}

// runHistory returns the history of a run itself, oldest first: "running by tester",
// "running > failed by tester".
func runHistory(ctx context.Context, t testing.TB, b dialect.Backend, run int64) []string {
	t.Helper()
	return column[string](ctx, t, b, `SELECT concat(CASE WHEN h.from_status IS NULL THEN '' ELSE concat(h.from_status, ' > ') END, h.to_status, ' by ', a.name)
		FROM {status_history} AS h JOIN {actor} AS a ON a.id = h.actor_id
		WHERE h.run_id = ? AND h.extract_id IS NULL ORDER BY h.id`, run)
}

// content counts the rows of every table of the tracker's that can change.
func content(ctx context.Context, t testing.TB, b dialect.Backend) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for _, table := range []string{
		"actor", "tool", "dataset_type", "process_type", "schedule_frequency", "location_type", "error_type", "run_status",
		"extract_status", "data_system", "data_object", "data_attribute", "process", "process_dependency", "run",
		"run_error", "location", "location_system", "location_object", "extract", "extract_system", "extract_object",
		"run_extract", "status_history", "schema_version", "source_type", "file_type", "compression_type",
		"process_filter", "contact", "process_contact", "system_contact", "cluster", "process_cluster", "extract_dependency",
	} {
		counts[table] = single[int64](ctx, t, b, "SELECT count(*) FROM {"+table+"}")
	}
	return counts
}

// wantContent checks that no table has a different number of rows, except for the named
// tables.
func wantContent(ctx context.Context, t testing.TB, b dialect.Backend, want map[string]int64, except ...string) {
	t.Helper()
	for table, n := range content(ctx, t, b) {
		if n != want[table] && !slices.Contains(except, table) {
			t.Errorf("table %s had %d rows and has %d", table, want[table], n)
		}
	}
}
