package sqlite

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// poolConn is a [dialect.Conn] on a pool, whose transactions take turns. SQLite
// lets one connection write at a time and has the others look again after longer
// and longer waits, so that among many most of the time is lost with nobody
// writing. Go's queue wakes the next one at once.
type poolConn struct {
	*sqldb.DB

	turn chan struct{} // full while a transaction has its turn
}

// Atomic implements [dialect.Conn].
func (c poolConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.DB.Atomic(ctx, func(tx dialect.Conn) error {
		query := func(s dialect.Stmt, row func(dialect.Row) error) error { return tx.Query(ctx, s, row) }
		if err := keepsForeignKeys(query); err != nil {
			return err
		}
		return fn(tx)
	})
}
