package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

// Tx lets a run be used in a transaction that the caller began, with its method
// In: one on the tracker's database, of any isolation level, and of
// a connection or a pool in any of pgx's query modes. Read the rows of a query to
// their end before.
func Tx(tx pgx.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersTx{txConn{tx}}}
}

// SQLTx is [Tx] for a transaction of database/sql's, whose driver is pgx's stdlib.
func SQLTx(tx *sql.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: sqldb.Join(tx, sqldb.Once(askTx))}
}

// callersTx is a [dialect.Conn] in a transaction that the caller goes on to use.
type callersTx struct{ txConn }

// Atomic opens a savepoint. It is rolled back also when ctx has ended: the caller
// may commit what is left.
func (c callersTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	if conn := c.tx.Conn(); conn != nil {
		if err := checkConn(conn); err != nil {
			return err
		}
	}
	savepoint, err := c.tx.Begin(ctx)
	if err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			err = errors.Join(pooled(err), savepoint.Rollback(context.WithoutCancel(ctx)))
		}
	}()
	if err := fn(callersTx{txConn{savepoint}}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	done = true // or at least tried, after which pgx takes no rollback
	if err := savepoint.Commit(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}
