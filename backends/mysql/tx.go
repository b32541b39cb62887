package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

// Tx lets you use a run in a transaction that you began, with the run's method In. The
// transaction must be in the tracker's database, on a pool that [New] would accept.
// Read the rows of any query to their end first.
//
// Any isolation level works. READ COMMITTED is best: at stricter levels, MySQL also
// locks the gaps between rows, so more transactions block each other. DDL and TRUNCATE
// commit the transaction, and a deadlock rolls it back; afterwards the tracker refuses
// to write.
func Tx(tx *sql.Tx) dialect.Tx {
	if tx == nil {
		return dialect.Tx{}
	}
	return dialect.Tx{Dialect: dialects.Dialect{}.Name(), Conn: callersTx{sqldb.Join(tx, sqldb.Both(sqldb.Once(checkSession), open))}}
}

// open returns an error if no transaction is open. The connection is then in autocommit
// mode, so a savepoint does not last, and its release would fail too late.
func open(ctx context.Context, q sqldb.Querier) error {
	probe := sqldb.Savepoint(0)
	if _, err := q.ExecContext(ctx, "SAVEPOINT "+probe); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	_, err := q.ExecContext(ctx, "RELEASE SAVEPOINT "+probe)
	var e *mysql.MySQLError
	if errors.As(err, &e) && e.Number == errNoSavepoint {
		return fmt.Errorf("the transaction is no longer open: a statement such as CREATE or TRUNCATE has committed it, or a deadlock rolled it back: %w", err)
	}
	return err
}

// callersTx is a [dialect.Conn] in a transaction of any isolation level.
type callersTx struct{ dialect.Conn }

// Atomic implements [dialect.Conn].
func (c callersTx) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.Conn.Atomic(ctx, func(inner dialect.Conn) error { return fn(callersTx{inner}) })
}

// Query implements [dialect.Conn]. Under REPEATABLE READ, the default, a select that does
// not lock would read the state at the transaction's first read: an old count, or none of
// the rows that other callers have registered since.
func (c callersTx) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if !s.Locks {
		s.SQL += " LOCK IN SHARE MODE"
	}
	return c.Conn.Query(ctx, s, row)
}
