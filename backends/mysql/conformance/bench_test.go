package conformance

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/bench"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

func BenchmarkOperations(b *testing.B) { measureEach(b, bench.Operations) }

func BenchmarkAlone(b *testing.B) { measureEach(b, bench.Alone) }

func BenchmarkProfile(b *testing.B) { measureEach(b, bench.Profile) }

func BenchmarkLoad(b *testing.B) { measureEach(b, bench.Load) }

func BenchmarkHistory(b *testing.B) { measureEach(b, bench.History) }

func TestHistory(t *testing.T) {
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.TryHistory(t, benched(t, name)) })
	}
}

func TestBenchmarks(t *testing.T) {
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.Try(t, benched(t, name)) })
	}
}

func BenchmarkBulk(b *testing.B) { measureEach(b, bench.Bulk) }

// update has TestCosts write down what it counts.
var update = flag.Bool("update", false, "rewrite the table of costs")

func TestCosts(t *testing.T) {
	table := &bench.CostTable{Path: "../../../conformance/bench/testdata/costs.txt", Update: *update}
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.Costs(t, benched(t, name), table) })
	}
}

func TestFloors(t *testing.T) {
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.Floors(t, benched(t, name)) })
	}
}

func flavours() []string { return []string{"mysql", "mariadb"} }

// measureEach measures MySQL and MariaDB, one after the other.
func measureEach(b *testing.B, what func(*testing.B, bench.Backend)) {
	b.Helper()
	for _, name := range flavours() {
		bench.Measure(b, name, func(b *testing.B) { what(b, benched(b, name)) })
	}
}

// benched returns what is measured, or skips where there is no server.
func benched(tb testing.TB, name string) bench.Backend {
	tb.Helper()
	server, err := instances.Get(context.Background(), name)
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		tb.Skip(unavailable)
	} else if err != nil {
		tb.Fatal(err)
	}
	return bench.Backend{
		Name: server.Backend, Server: server.Version, Wire: true, StatementCount: "SHOW SESSION STATUS LIKE 'Questions'",
		Fresh: databases(server, ""), Open: openBenched, RowsRead: rowsRead,
		Steps: func(ctx context.Context, o bench.Opened, statement func(string, ...any) bench.Statement) (map[string]int64, error) {
			return rowsRead(ctx, o.Hand, statement)
		},
	}
}

// rowsRead is how many rows and entries of indexes the connection has read, by the way
// in which it came to them. No condition is pushed down to an index, as the server does
// not count the entries that one skips there.
func rowsRead(ctx context.Context, hand bench.Hand, _ func(string, ...any) bench.Statement) (map[string]int64, error) {
	if err := hand.Run(ctx, bench.Statement{SQL: "SET SESSION optimizer_switch = 'index_condition_pushdown=off'"}); err != nil {
		return nil, err
	}
	_, rows, err := hand.Read(ctx, bench.Statement{SQL: "SHOW SESSION STATUS LIKE 'Handler_read%'"})
	all := map[string]int64{}
	for _, row := range rows {
		n, err := strconv.ParseInt(fmt.Sprintf("%s", row[1]), 10, 64)
		if err != nil {
			return nil, err
		}
		all[fmt.Sprintf("%s", row[0])] = n
	}
	return all, err
}

func TestHistoryPlans(t *testing.T) {
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.Plans(t, benched(t, name)) })
	}
}

func TestBulkPlans(t *testing.T) {
	for _, name := range flavours() {
		t.Run(name, func(t *testing.T) { bench.BulkPlans(t, benched(t, name)) })
	}
}

// openBenched opens a database as the backend's own Open does, but by a pool that
// the hand uses, too.
func openBenched(ctx context.Context, dsn string, o bench.Options) (bench.Opened, error) {
	config, prefix, err := mysql.ParseDSN(dsn)
	if err != nil {
		return bench.Opened{}, err
	}
	config.DialFunc = o.Dial
	connector, err := driver.NewConnector(config)
	if err != nil {
		return bench.Opened{}, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	b, err := mysql.New(ctx, pool, &mysql.Options{Prefix: prefix})
	if err != nil {
		return bench.Opened{}, errors.Join(err, pool.Close())
	}
	return bench.Opened{
		Backend: b, Close: pool.Close,
		Hand: bench.SQLHand{
			Pool: pool, Begin: "START TRANSACTION", Table: b.Dialect().Table, Joined: true, MostArguments: 65_535,
		},
	}, nil
}
