package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

// Tx lets you use a run in a transaction that you began, with the run's method In. The
// transaction must be on the tracker's database. Any isolation level works, and so does
// any of pgx's query modes. Read the rows of any query to their end first.
func Tx(tx pgx.Tx) dialect.Tx {
	if ofPool, ok := tx.(*pgxpool.Tx); tx == nil || ok && ofPool == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersTx{txConn{tx}, 1}}
}

// SQLTx is [Tx] for a database/sql transaction with pgx's stdlib as the driver.
func SQLTx(tx *sql.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersSQLTx{sqldb.Join(tx, sqldb.Once(askTx))}}
}

// errTimedOut is the error for a caller's transaction that took or waited too long, so
// that the server ended it together with the session.
var errTimedOut = errors.New("the server has ended the transaction and its session, which took too long; raise the limit that it names, or keep the transaction shorter")

// timedOut marks the error of such a transaction.
func timedOut(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) && (e.Code == "25P03" || e.Code == "25P04" || e.Code == "57P05") {
		return fmt.Errorf("%w: %w", errTimedOut, err)
	}
	return err
}

// callersSQLTx is [callersTx] for database/sql's.
type callersSQLTx struct{ dialect.Conn }

// Atomic implements [dialect.Conn].
func (c callersSQLTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return timedOut(c.Conn.Atomic(ctx, fn))
}

// callersTx is a [dialect.Conn] in a transaction that the caller goes on to use.
type callersTx struct {
	txConn

	depth int // of the next savepoint
}

// Atomic opens a savepoint. It does not use Begin, because the caller may use the same
// names. It rolls the savepoint back even if ctx has ended: the caller may commit the
// rest.
func (c callersTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	if conn := c.tx.Conn(); conn != nil {
		if err := checkConn(conn); err != nil {
			return err
		}
	}
	defer func() { err = timedOut(err) }()
	if err := c.say(ctx, "SAVEPOINT "); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	done := false
	defer func() {
		if done {
			return
		}
		err = pooled(err)
		// fn failed or panicked
		for _, words := range []string{"ROLLBACK TO SAVEPOINT ", "RELEASE SAVEPOINT "} {
			if failed := c.say(context.WithoutCancel(ctx), words); failed != nil {
				err = errors.Join(err, fmt.Errorf("undo: %w", failed))
				return
			}
		}
	}()
	if err := fn(callersTx{c.txConn, c.depth + 1}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	if err := c.say(context.WithoutCancel(ctx), "RELEASE SAVEPOINT "); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	done = true
	return nil
}

// say sends a statement about the savepoint.
func (c callersTx) say(ctx context.Context, words string) error {
	_, err := c.tx.Exec(ctx, words+sqldb.Savepoint(c.depth))
	return err
}
