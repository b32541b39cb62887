package mysql

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// causally has a statement wait, before it begins, until the node has done what was
// committed on any other: a run that was completed on one is completed on all. It
// holds for that statement alone, whatever the session's setting is. That a
// transaction begins so is enough for all of it: what it writes is certified against
// all that came later.
const causally = "SET STATEMENT wsrep_sync_wait = 1 FOR "

// singly is a Conn on a pool whose single queries begin with a prefix.
type singly struct {
	*sqldb.DB

	prefix string
}

// Query implements [dialect.Conn].
func (c singly) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	s.SQL = c.prefix + s.SQL
	return c.DB.Query(ctx, s, row)
}
