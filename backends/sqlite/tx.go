package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// Tx lets you use a run in a transaction that you began on the tracker's file, with the
// run's method In. Until the transaction ends, all other writers to the file wait,
// including the tracker itself.
//
// Begin it as IMMEDIATE, which database/sql does for a pool whose DSN has
// _txlock=immediate. If you begin it in SQLite's default mode and it reads before it
// writes, it fails with ErrBusy if another transaction wrote in between.
func Tx(tx *sql.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersTx{sqldb.Join(tx, sqldb.Both(open, sqldb.Once(checkTx)))}}
}

// open returns an error if no transaction is open, by trying to begin one. Some errors
// end a transaction without the user's knowledge, and a savepoint would then begin
// another.
func open(ctx context.Context, q sqldb.Querier) error {
	_, err := q.ExecContext(ctx, "BEGIN")
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_ERROR {
		return nil // one is open
	}
	if err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	_, err = q.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(fmt.Errorf("the transaction is no longer open: an earlier error has rolled it back: %w", sql.ErrTxDone), err)
}

// callersTx is a [dialect.Conn] in a transaction that may have been begun in any
// way.
type callersTx struct{ dialect.Conn }

// Atomic implements [dialect.Conn].
func (c callersTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	err := c.Conn.Atomic(ctx, fn)
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_BUSY_SNAPSHOT {
		return fmt.Errorf("another transaction has written since this one first read; begin it as IMMEDIATE (_txlock=immediate): %w", err)
	}
	return dbMoved(err)
}
