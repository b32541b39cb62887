package conformance

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/bench"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
)

func BenchmarkOperations(b *testing.B) { measure(b, bench.Operations) }

func BenchmarkAlone(b *testing.B) { measure(b, bench.Alone) }

func BenchmarkProfile(b *testing.B) { measure(b, bench.Profile) }

func BenchmarkLoad(b *testing.B) { measure(b, bench.Load) }

func BenchmarkHistory(b *testing.B) { measure(b, bench.History) }

func TestHistory(t *testing.T) { bench.TryHistory(t, benched(t)) }

func TestBenchmarks(t *testing.T) { bench.Try(t, benched(t)) }

func BenchmarkBulk(b *testing.B) { measure(b, bench.Bulk) }

func measure(b *testing.B, what func(*testing.B, bench.Backend)) {
	b.Helper()
	bench.Measure(b, "postgres", func(b *testing.B) { what(b, benched(b)) })
}

// update has TestCosts write down what it counts.
var update = flag.Bool("update", false, "rewrite the table of costs")

func TestCosts(t *testing.T) {
	bench.Costs(t, benched(t), &bench.CostTable{Path: "../../../conformance/bench/testdata/costs.txt", Update: *update})
}

func TestFloors(t *testing.T) { bench.Floors(t, benched(t)) }

// benched returns what is measured, or skips where there is no server.
func benched(tb testing.TB) bench.Backend {
	tb.Helper()
	server, err := instances.Get(context.Background(), "postgres")
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		tb.Skip(unavailable)
	} else if err != nil {
		tb.Fatal(err)
	}
	return bench.Backend{Name: "postgres", Server: server.Version, Wire: true, Fresh: schemas(server.DSN), Open: openBenched, RowsRead: rowsRead, Plans: 5, Steps: steps, PlanModes: planModes()}
}

// rowsRead is how many rows and entries of indexes were read in the schema, by any
// connection that has said so.
func rowsRead(ctx context.Context, hand bench.Hand, statement func(string, ...any) bench.Statement) (map[string]int64, error) {
	if err := hand.Run(ctx, statement("SELECT pg_stat_force_next_flush()")); err != nil {
		return nil, err
	}
	_, rows, err := hand.Read(ctx, statement(`WITH here AS (SELECT nspname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = '{extract}'::regclass)
		SELECT relname::text, coalesce(seq_tup_read, 0) FROM pg_stat_all_tables, here WHERE schemaname = here.name
		UNION ALL SELECT indexrelname::text, idx_tup_read FROM pg_stat_all_indexes, here WHERE schemaname = here.name`))
	all := map[string]int64{}
	for _, row := range rows {
		all[row[0].(string)] = row[1].(int64)
	}
	return all, err
}

func TestHistoryPlans(t *testing.T) { bench.Plans(t, counting(t)) }

// counting returns what is measured by the rows that the server counts, or skips where
// it counts them too late.
func counting(t *testing.T) bench.Backend {
	t.Helper()
	b := benched(t)
	if version, ok := dialect.ParseVersion(b.Server); ok && version.Before(dialect.Version{15}) {
		t.Skip("before version 15, PostgreSQL adds up the rows that were read half a second later")
	}
	return b
}

// openBenched opens a schema as the backend's own Open does, but by a pool that the
// hand uses, too.
func openBenched(ctx context.Context, dsn string, o bench.Options) (bench.Opened, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return bench.Opened{}, err
	}
	q := u.Query()
	schema := q.Get("schema")
	q.Del("schema")
	u.RawQuery = q.Encode()
	config, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return bench.Opened{}, err
	}
	config.MinConns, config.MaxConns = int32(o.Connections), int32(o.Connections)
	if o.Dial != nil {
		config.ConnConfig.DialFunc = o.Dial
	}
	// A look whether an idle connection still lives is the pool's, not the tracker's.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	var steps map[string]int64
	if o.Explain {
		steps = explained(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return bench.Opened{}, err
	}
	b, err := postgres.New(ctx, pool, &postgres.Options{Schema: schema})
	if err != nil {
		pool.Close()
		return bench.Opened{}, err
	}
	return bench.Opened{Backend: b, Hand: pgxHand{pool, schema}, Close: func() error { pool.Close(); return nil }, Steps: steps}, nil
}

// pgxHand is a [bench.Hand] on a pool of pgx's.
type pgxHand struct {
	pool   *pgxpool.Pool
	schema string
}

// Run implements [bench.Hand]: several statements are one pipeline, which is one
// transaction.
func (h pgxHand) Run(ctx context.Context, statements ...bench.Statement) error {
	if len(statements) == 1 {
		_, err := h.pool.Exec(ctx, statements[0].SQL, statements[0].Args...)
		return err
	}
	var batch pgx.Batch
	for _, s := range statements {
		batch.Queue(s.SQL, s.Args...)
	}
	return h.pool.SendBatch(ctx, &batch).Close()
}

// Read implements [bench.Hand].
func (h pgxHand) Read(ctx context.Context, s bench.Statement) (columns []string, all [][]any, err error) {
	rows, err := h.pool.Query(ctx, s.SQL, s.Args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for _, field := range rows.FieldDescriptions() {
		columns = append(columns, field.Name)
	}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, nil, err
		}
		all = append(all, values)
	}
	return columns, all, rows.Err()
}

// Load implements [bench.Hand] with COPY.
func (h pgxHand) Load(ctx context.Context, tables ...bench.Rows) error {
	return pgx.BeginFunc(ctx, h.pool, func(tx pgx.Tx) error {
		for _, t := range tables {
			table := pgx.Identifier{h.schema, t.Table}
			if _, err := tx.CopyFrom(ctx, table, t.Columns, pgx.CopyFromRows(t.Values)); err != nil {
				return err
			}
			if slices.Contains(t.Columns, "id") { // the next ids come after those that were given
				name := table.Sanitize()
				_, err := tx.Exec(ctx, "SELECT setval(pg_get_serial_sequence($1, 'id'), max(id)) FROM "+name, name)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}
