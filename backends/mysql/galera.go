package mysql

import (
	"context"
	"database/sql"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

// lockless is the dialect of a node that refuses GET_LOCK, as Percona XtraDB Cluster's
// strict mode does. Of two setups at once, one may fail then, and can be run again.
type lockless struct{ dialects.Galera }

// SetupLock implements [dialect.Upkeep].
func (lockless) SetupLock() (lock, unlock dialect.Stmt) { return lock, unlock }

// causally has a statement wait, before it begins, until the node has done what was
// committed on any other: a run that was completed on one is completed on all. It
// holds for that statement alone, whatever the session's setting is. That a
// transaction begins so is enough for all of it: what it writes is compared with
// all that came later.
//
// It is MariaDB's. For others, wsrep_sync_wait has to be set in the DSN.
const causally = "SET STATEMENT wsrep_sync_wait = 1 FOR "

// galeraConn is a Conn on a pool of connections to nodes of a Galera cluster. It is
// no [dialect.Batcher]: a node can give a transaction up at any moment, and within a
// text of several statements some are answered then as if nothing had happened,
// before the error comes, or in its place.
type galeraConn struct {
	*sqldb.DB

	read string // what a query of its own begins with
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
