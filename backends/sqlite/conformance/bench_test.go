package conformance

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	driver "modernc.org/sqlite"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/bench"
)

func BenchmarkOperations(b *testing.B) { measure(b, bench.Operations) }

func BenchmarkAlone(b *testing.B) { measure(b, bench.Alone) }

func BenchmarkProfile(b *testing.B) { measure(b, bench.Profile) }

func BenchmarkLoad(b *testing.B) { measure(b, bench.Load) }

func BenchmarkHistory(b *testing.B) { measure(b, bench.History) }

func TestHistory(t *testing.T) { bench.TryHistory(t, benched(t)) }

func TestBenchmarks(t *testing.T) { bench.Try(t, benched(t)) }

func BenchmarkBulk(b *testing.B) { measure(b, bench.Bulk) }

func TestFloors(t *testing.T) { bench.Floors(t, benched(t)) }

func measure(b *testing.B, what func(*testing.B, bench.Backend)) {
	b.Helper()
	bench.Measure(b, "sqlite", func(b *testing.B) { what(b, benched(b)) })
}

// update has TestCosts write down what it counts.
var update = flag.Bool("update", false, "rewrite the table of costs")

func TestCosts(t *testing.T) {
	bench.Costs(t, benched(t), &bench.CostTable{Path: "../../../conformance/bench/testdata/costs.txt", Update: *update})
}

func benched(tb testing.TB) bench.Backend {
	tb.Helper()
	return bench.Backend{Name: "sqlite", Server: sqliteVersion(tb), Fresh: fresh, Open: openBenched, Whole: whole}
}

// whole returns the steps of a plan that read all of a table with many rows, read rows
// that travel more than once, or sort what a list or a claim finds before the limit. What
// else is sorted has the size of what travels, or of the registry.
func whole(ctx context.Context, hand bench.Hand, st bench.Statement) (all []string, err error) {
	_, rows, err := hand.Read(ctx, bench.Statement{SQL: "EXPLAIN QUERY PLAN " + st.SQL, Args: st.Args})
	read := false
	for _, row := range rows {
		step := fmt.Sprint(row[3])
		table, _, _ := strings.Cut(strings.TrimPrefix(step, "SCAN "), " ")
		again := read && table == "json_each" && !strings.Contains(st.SQL, "IN (SELECT")
		switch {
		case strings.HasPrefix(step, "SCAN ") && (slices.Contains([]string{"run", "e", "h", "lease", "re", "ed", "parent", "holder"}, table) || again),
			strings.Contains(step, "TEMP B-TREE FOR") && strings.Contains(st.SQL, "LIMIT"), strings.Contains(step, "AUTOMATIC"):
			all = append(all, step)
		}
		read = read || strings.HasPrefix(step, "SEARCH ") || strings.HasPrefix(step, "SCAN ")
	}
	return all, err
}

func TestHistoryPlans(t *testing.T) { bench.Plans(t, benched(t)) }

// sqliteVersion asks the library.
func sqliteVersion(tb testing.TB) (version string) {
	tb.Helper()
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	if err := pool.QueryRowContext(context.Background(), "SELECT sqlite_version()").Scan(&version); err != nil {
		tb.Fatal(err)
	}
	return version
}

// openBenched opens a file as the backend's own Open does, but by a pool that the
// hand uses, too.
func openBenched(ctx context.Context, dsn string, o bench.Options) (bench.Opened, error) {
	connector, err := driver.NewConnector(file(dsn) + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)")
	if err != nil {
		return bench.Opened{}, err
	}
	pool := sql.OpenDB(sqlite.KeepStatements(connector))
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	b, err := sqlite.New(ctx, pool, nil)
	if err != nil {
		return bench.Opened{}, err
	}
	return bench.Opened{
		Backend: b, Close: pool.Close,
		Hand: bench.SQLHand{
			Pool: pool, Begin: "BEGIN IMMEDIATE", Table: b.Dialect().Table, Turn: make(chan struct{}, 1), MostArguments: 900,
		},
	}, nil
}
