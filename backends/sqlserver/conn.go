package sqlserver

import (
	"context"
	"database/sql"
	"time"

	"github.com/golang-sql/civil"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// What opens a transaction. With XACT_ABORT any error undoes all of it, also what
// breaks the statement off. Both settings are the session's; the driver has them
// reset before the pool hands the connection out again.
const (
	settings = "SET XACT_ABORT ON;\nSET TRANSACTION ISOLATION LEVEL READ COMMITTED"
	begin    = settings + ";\nBEGIN TRANSACTION"
	rollback = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION" // an error may have done it
)

// poolConn is a [dialect.Conn] and a [dialect.Batcher] on a pool.
type poolConn struct {
	*sqldb.DB

	pool *sql.DB
}

// words are those of transactions. Savepoints are not released.
func words() sqldb.Words {
	return sqldb.Words{Commit: "COMMIT", Rollback: rollback, Save: "SAVE TRANSACTION ", RollbackTo: "ROLLBACK TRANSACTION "}
}

func newConn(pool *sql.DB) poolConn {
	return poolConn{sqldb.New(pool, begin).Speaking(words()).InTransactions(inTransaction), pool}
}

// Exec implements [dialect.Conn].
func (c poolConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	return exec(ctx, c.DB, s)
}

// Query implements [dialect.Conn].
func (c poolConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return query(ctx, c.DB, s, row)
}

// inTransaction makes a transaction's Conn a [dialect.Batcher].
func inTransaction(c dialect.Conn, q sqldb.Querier) dialect.Conn { return txConn{c, q} }

// txConn is the same inside a transaction.
type txConn struct {
	dialect.Conn

	q sqldb.Querier
}

// Exec implements [dialect.Conn].
func (c txConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	return exec(ctx, c.Conn, s)
}

// Query implements [dialect.Conn].
func (c txConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return query(ctx, c.Conn, s, row)
}

// typed makes times travel as DATETIME2, and nil as a NULL text. The driver would make
// times DATETIMEOFFSET, to which SQL Server would convert the column, and not find it
// by index; and would give nothing no type.
func typed(s dialect.Stmt) dialect.Stmt {
	args := make([]any, len(s.Args))
	for i, arg := range s.Args {
		switch v := arg.(type) {
		case time.Time:
			arg = civil.DateTimeOf(v.UTC())
		case nil:
			arg = sql.NullString{}
		case *int64:
			if arg = (sql.NullInt64{}); v != nil {
				arg = *v
			}
		case *string:
			if arg = (sql.NullString{}); v != nil {
				arg = *v
			}
		}
		args[i] = arg
	}
	s.Args = args
	return s
}
