package conformance

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestTimedOutTransaction has the server end a caller's transaction that waits too long: this is not a lost
// connection, which could be made again, but a transaction that has ended (rules S7.1 and S8.1).
func TestTimedOutTransaction(t *testing.T) {
	t.Parallel()
	server := start(t)
	b, _ := backend(t, server, nil)
	tr, err := tracker.New(t.Context(), b, nil)
	must(t, err)
	t.Cleanup(func() { _ = tr.Close() })
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	config, err := pgx.ParseConfig(server.DSN)
	must(t, err)
	const limit = "SET LOCAL idle_in_transaction_session_timeout = '1ms'"
	for name, begin := range map[string]func() (dialect.Tx, func() bool){
		"pgx": func() (dialect.Tx, func() bool) {
			conn, err := pgx.ConnectConfig(t.Context(), config)
			must(t, err)
			t.Cleanup(func() { _ = conn.Close(t.Context()) })
			tx, err := conn.Begin(t.Context())
			must(t, err)
			_, err = tx.Exec(t.Context(), limit)
			must(t, err)
			return postgres.Tx(tx), func() bool { return ended(t, b, conn.PgConn().PID()) }
		},
		"database/sql": func() (dialect.Tx, func() bool) {
			db := stdlib.OpenDB(*config)
			t.Cleanup(func() { _ = db.Close() })
			tx, err := db.BeginTx(t.Context(), &sql.TxOptions{})
			must(t, err)
			var pid uint32
			must(t, tx.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&pid))
			_, err = tx.ExecContext(t.Context(), limit)
			must(t, err)
			return postgres.SQLTx(tx), func() bool { return ended(t, b, pid) }
		},
	} {
		tx, over := begin()
		for !over() { // each look is a round trip
		}
		if err := run.In(tx).Complete(t.Context(), nil); !errors.Is(err, tracker.ErrTransaction) || errors.Is(err, tracker.ErrDisconnected) {
			t.Errorf("%s: %v, want %v", name, err, tracker.ErrTransaction)
		}
	}
	must(t, run.Complete(t.Context(), nil))
}

// ended reports whether a session is no more.
func ended(t *testing.T, b *postgres.Backend, pid uint32) bool {
	t.Helper()
	n := 0
	look := dialect.Stmt{Name: "look", SQL: "SELECT count(*) FROM pg_stat_activity WHERE pid = $1", Args: []any{int32(pid)}}
	must(t, b.Conn().Query(t.Context(), look, func(r dialect.Row) error { return r.Scan(&n) }))
	return n == 0
}
