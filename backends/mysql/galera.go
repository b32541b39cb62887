package mysql

import (
	"context"
	"database/sql"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

// lockless is the dialect of a node that refuses GET_LOCK, as Percona XtraDB Cluster's
// strict mode does. One of two concurrent setups may then fail, and can be run again.
type lockless struct{ dialects.Galera }

// SetupLock implements [dialect.Upkeep].
func (lockless) SetupLock() (lock, unlock dialect.Stmt) { return lock, unlock }

// causally makes a statement wait, before it begins, until the node has applied
// everything that was committed on other nodes: so a run that completed on one node is
// completed on all. It only applies to that statement, whatever the session's setting
// is. In a transaction, doing so at the beginning is enough: its writes are certified
// against all later ones.
//
// Only MariaDB has it. For others, set wsrep_sync_wait in the DSN.
const causally = "SET STATEMENT wsrep_sync_wait = 1 FOR "

// galeraConn is a Conn on a pool of connections to nodes of a Galera cluster. It is no
// [dialect.Batcher]: a node can abort a transaction at any moment, and in a text of
// several statements some then succeed as if nothing had happened, before the error or
// instead of it.
type galeraConn struct {
	*sqldb.DB

	read string // the beginning of a query outside a transaction
}

func newGaleraConn(pool *sql.DB, has traits) galeraConn {
	prefix := ""
	if has.mariadb {
		prefix = causally
	}
	return galeraConn{sqldb.New(pool, isolation, prefix+begin).Speaking(words()), prefix}
}

// Query implements [dialect.Conn].
func (c galeraConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	s.SQL = c.read + s.SQL
	return c.DB.Query(ctx, s, row)
}
