package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// preparing is a [dialect.Conn] on one connection, which prepares the tracker's statements
// before it runs them, for a connection that keeps them: see [KeepStatements].
type preparing struct {
	dialect.Conn // sends as a text what has another text each time

	conn preparer
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepare makes c, which sends by q, prepare its statements.
func prepare(c dialect.Conn, q sqldb.Querier) dialect.Conn {
	if conn, ok := q.(preparer); ok {
		return preparing{c, conn}
	}
	return c
}

// again reports whether a statement is one of the store's few texts, and not a PRAGMA, which
// may take effect when it is prepared.
func again(s dialect.Stmt) bool { return len(s.Between) > 0 }

// Exec implements [dialect.Conn].
func (p preparing) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	if !again(s) {
		return p.Conn.Exec(ctx, s)
	}
	err = p.with(ctx, s, func(prepared *sql.Stmt) error {
		result, err := prepared.ExecContext(ctx, s.Args...)
		if err == nil {
			n, err = result.RowsAffected()
		}
		return sqldb.Ended(ctx, err)
	})
	return n, err
}

// Query implements [dialect.Conn].
func (p preparing) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if !again(s) {
		return p.Conn.Query(ctx, s, row)
	}
	return p.with(ctx, s, func(prepared *sql.Stmt) (err error) {
		rows, err := prepared.QueryContext(ctx, s.Args...)
		if err != nil {
			return sqldb.Ended(ctx, err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			if err := row(rows); err != nil {
				return err
			}
		}
		return sqldb.Ended(ctx, rows.Err())
	})
}

// with calls fn with the prepared statement.
func (p preparing) with(ctx context.Context, s dialect.Stmt, fn func(*sql.Stmt) error) (err error) {
	prepared, err := p.conn.PrepareContext(ctx, s.SQL)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, sqldb.Ended(ctx, err))
	}
	defer func() { err = errors.Join(err, prepared.Close()) }()
	if err := fn(prepared); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}
