package sqlserver

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// Tx lets you use a run in a transaction that you began, with the run's method In. The
// transaction must be on the tracker's database, on a pool with this driver. Read the
// rows of any query to their end first.
//
// If the session has XACT_ABORT on, which is not the default, any error ends the whole
// transaction. At the isolation level SNAPSHOT, the error is tracker.ErrBusy if
// another transaction has changed the rows since yours began.
func Tx(tx *sql.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersTx{sqldb.JoinSpeaking(tx, words(), open)}}
}

// open returns an error if no transaction is open, if an error has left it open only to
// be rolled back, or if the tracker cannot work with its session's settings.
func open(ctx context.Context, q sqldb.Querier) error {
	found, err := ask(ctx, q)
	switch {
	case has(err, 0): // the driver's own: it has seen the transaction end
		return fmt.Errorf("the transaction is no longer open: %w: %w", sql.ErrTxDone, err)
	case err != nil:
		return err
	}
	switch found.state {
	case 0:
		return fmt.Errorf("the transaction is no longer open: an error has rolled it back: %w", sql.ErrTxDone)
	case -1:
		return fmt.Errorf("after an earlier error, the transaction can only be rolled back: %w", sql.ErrTxDone)
	default:
		return found.check(true)
	}
}

// callersTx is a [dialect.Conn] in a transaction that the caller goes on to use. It
// is no [dialect.Batcher]: in one text, what follows an error would be carried out
// unless XACT_ABORT is on, and that would be the end of the transaction.
type callersTx struct{ dialect.Conn }

// Exec implements [dialect.Conn].
func (c callersTx) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	return exec(ctx, c.Conn, s)
}

// Query implements [dialect.Conn].
func (c callersTx) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if s.Skips { // whatever level the caller has chosen
		s.SQL = committed + ";\n" + s.SQL
	}
	return query(ctx, c.Conn, s, row)
}

// Atomic implements [dialect.Conn].
func (c callersTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.Conn.Atomic(ctx, func(inner dialect.Conn) error { return fn(callersTx{inner}) })
}
