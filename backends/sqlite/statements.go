package sqlite

import (
	"context"
	"database/sql/driver"
)

// KeepStatements returns a connector whose connections keep the tracker's prepared
// statements until the connections are closed. Preparing a statement takes longer than
// running it. [Open]'s pool does that; open your own pool for [New] with
// [database/sql.OpenDB]:
//
//	connector, err := modernc.NewConnector(dsn) // modernc "modernc.org/sqlite"
//	…
//	pool := sql.OpenDB(sqlite.KeepStatements(connector)) // of this package
func KeepStatements(c driver.Connector) driver.Connector { return keeping{c} }

type keeping struct{ driver.Connector }

// Connect implements [driver.Connector]. A connection of another driver, which does less, is
// left as it is.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if able, ok := conn.(ableConn); ok {
		return &keepingConn{ableConn: able, kept: map[string]*keptStmt{}}, nil
	}
	return conn, nil
}

// ableConn has the optional methods of the driver's connections that database/sql uses.
type ableConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// mostKept is how many statements a connection keeps: all but lists with rare conditions.
const mostKept = 500

type keepingConn struct {
	ableConn

	kept map[string]*keptStmt // by their texts; used by one at a time, as the connection is
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *keepingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if s := c.kept[text]; s != nil {
		if s.used {
			return c.ableConn.PrepareContext(ctx, text) // its rows are being read
		}
		s.used = true
		return s, nil
	}
	prepared, err := c.ableConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	able, ok := prepared.(ableStmt)
	if !ok || len(c.kept) >= mostKept {
		return prepared, nil
	}
	s := &keptStmt{ableStmt: able, used: true}
	c.kept[text] = s
	return s, nil
}

// Close implements [driver.Conn]. The file is not closed before all statements are.
func (c *keepingConn) Close() error {
	for _, s := range c.kept {
		_ = s.ableStmt.Close()
	}
	clear(c.kept)
	return c.ableConn.Close()
}

type ableStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptStmt is a statement that is ready to be used again when it is closed.
type keptStmt struct {
	ableStmt

	used bool
}

// Close implements [driver.Stmt].
func (s *keptStmt) Close() error {
	s.used = false
	return nil
}
