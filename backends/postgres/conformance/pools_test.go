package conformance

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// callersPools are the pools of programs: in the modes that pgx has, and of
// database/sql.
func callersPools() (all []suite.Variant) {
	modes := map[string]pgx.QueryExecMode{
		"cache_describe": pgx.QueryExecModeCacheDescribe, "describe_exec": pgx.QueryExecModeDescribeExec,
		"exec": pgx.QueryExecModeExec, "simple_protocol": pgx.QueryExecModeSimpleProtocol,
	}
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		all = append(all, suite.Variant{Name: "pool in mode " + name, Run: func(t *testing.T) {
			onCallers(t, underTest(start(t)), ", pool in mode "+name, openIn(modes[name]), beginIn(modes[name]))
		}})
	}
	return append(all, suite.Variant{Name: "pool of database sql", Run: func(t *testing.T) {
		onCallers(t, underTest(start(t)), ", pool of database/sql", openSQL, beginSQL)
	}})
}

// onCallers goes through the cases in which a connection's settings could matter,
// and those of transactions.
func onCallers(t *testing.T, backend suite.Backend, pool string, open func(context.Context, string) (dialect.Backend, error), begin suite.Begin) {
	t.Helper()
	backend.Provider += pool
	backend.Open, backend.Begin = open, begin
	backend.Proves = []string{"S8.3"}
	backend.Only = []string{"S2.4", "S3.6", "S3.7", "S5.2", "S7.1", "S7.2"}
	suite.Run(t, backend)
}

// callersPool is a backend and the pool under it, which it does not close.
type callersPool struct {
	dialect.Backend

	pool func() error
}

func (p callersPool) Close() error { return errors.Join(p.Backend.Close(), p.pool()) }

func openIn(mode pgx.QueryExecMode) func(context.Context, string) (dialect.Backend, error) {
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		config, schema, err := configure(dsn, mode)
		if err != nil {
			return nil, err
		}
		pool, err := pgxpool.NewWithConfig(ctx, config)
		if err != nil {
			return nil, err
		}
		return onPgx(ctx, pool, schema)
	}
}

func openSQL(ctx context.Context, dsn string) (dialect.Backend, error) {
	config, schema, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*config.ConnConfig)
	pool.SetMaxOpenConns(8)
	return onSQL(ctx, pool, schema)
}

// onPgx opens a place on a pool that is closed with it.
func onPgx(ctx context.Context, pool *pgxpool.Pool, schema string) (dialect.Backend, error) {
	b, err := postgres.New(ctx, pool, &postgres.Options{Schema: schema})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return callersPool{b, func() error { pool.Close(); return nil }}, nil
}

// onSQL is onPgx for a pool of database/sql.
func onSQL(ctx context.Context, pool *sql.DB, schema string) (dialect.Backend, error) {
	b, err := postgres.NewSQL(ctx, pool, &postgres.Options{Schema: schema})
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return callersPool{b, pool.Close}, nil
}

// session says what a connection is and how it is set. What pgx has prepared is
// its own to keep.
const session = `SELECT name || ' ' || setting FROM pg_settings
	UNION ALL SELECT 'temporary ' || relname::text FROM pg_class WHERE relpersistence = 't' AND relname = 'of_this_connection'
	UNION ALL SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`

// TestPool looks at a program's own pool after the tracker has used it.
func TestPool(t *testing.T) {
	server := start(t)
	schema := t.Name()
	t.Cleanup(func() { drop(t, server.DSN, schema) })
	t.Run("pgx", func(t *testing.T) {
		config, _, err := configure(server.DSN, pgx.QueryExecModeCacheStatement)
		must(t, err)
		config.MaxConns = 1
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, err)
		t.Cleanup(pool.Close)
		b, err := postgres.New(t.Context(), pool, &postgres.Options{Schema: schema + " pgx"})
		must(t, err)
		t.Cleanup(func() { drop(t, server.DSN, schema+" pgx") })
		if _, err := pool.Exec(t.Context(), "CREATE TEMP TABLE of_this_connection ()"); err != nil {
			t.Fatal(err)
		}
		suite.KeepsSession(t.Context(), t, b, func() []string {
			rows, err := pool.Query(t.Context(), session)
			must(t, err)
			all, err := pgx.CollectRows(rows, pgx.RowTo[string])
			must(t, err)
			return all
		})
	})
	t.Run("database/sql", func(t *testing.T) {
		config, _, err := configure(server.DSN, pgx.QueryExecModeCacheStatement)
		must(t, err)
		pool := stdlib.OpenDB(*config.ConnConfig)
		t.Cleanup(func() { _ = pool.Close() })
		pool.SetMaxOpenConns(1)
		b, err := postgres.NewSQL(t.Context(), pool, &postgres.Options{Schema: schema})
		must(t, err)
		if _, err := pool.ExecContext(t.Context(), "CREATE TEMP TABLE of_this_connection ()"); err != nil {
			t.Fatal(err)
		}
		suite.KeepsSession(t.Context(), t, b, func() []string { return column(t, pool, session) })
	})
}

func column(t *testing.T, pool *sql.DB, query string) []string {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		all = append(all, line)
	}
	must(t, rows.Err())
	return all
}
