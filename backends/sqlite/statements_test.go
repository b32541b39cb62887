package sqlite_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	modernc "modernc.org/sqlite"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// counting counts what its connections prepare.
type counting struct {
	driver.Connector

	prepared, closed *atomic.Int64
}

func (c counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return countingConn{conn.(wholeConn), c}, nil
}

type wholeConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type countingConn struct {
	wholeConn

	counts counting
}

func (c countingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	c.counts.prepared.Add(1)
	s, err := c.wholeConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return countingStmt{s.(wholeStmt), c.counts}, nil
}

type wholeStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type countingStmt struct {
	wholeStmt

	counts counting
}

func (s countingStmt) Close() error {
	s.counts.closed.Add(1)
	return s.wholeStmt.Close()
}

// keepingPool is a pool of one connection to a new file that is set up.
func keepingPool(t *testing.T) (*sql.DB, counting) {
	t.Helper()
	inner, err := modernc.NewConnector("file:" + filepath.Join(t.TempDir(), "kept.db") + "?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	counts := counting{inner, new(atomic.Int64), new(atomic.Int64)}
	pool := sql.OpenDB(sqlite.KeepStatements(counts))
	pool.SetMaxOpenConns(1)
	return pool, counts
}

func TestAConnectionPreparesEachStatementOnceAndClosesAll(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool, counts := keepingPool(t)
	b, err := sqlite.New(ctx, pool, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(ctx, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	life := func() {
		run, err := tr.Start(ctx, tracker.Process{Name: "kept"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e, err := run.RegisterExtract(ctx, tracker.File{Location: "/kept", Name: "file"})
		if err != nil {
			t.Fatal(err)
		}
		for _, status := range []tracker.ExtractStatus{tracker.Ready, tracker.Loading, tracker.Loaded} {
			if err := run.SetExtractStatus(ctx, status, e); err != nil {
				t.Fatal(err)
			}
		}
		if err := run.Complete(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 { // the first ones prepare: what they learn, such as that there are no sources, later ones leave out
		life()
	}
	before := counts.prepared.Load()
	life()
	if now := counts.prepared.Load(); now != before || now == 0 {
		t.Errorf("%d statements were prepared before, and %d more", before, now-before)
	}
	if err := tr.Close(); err != nil {
		t.Error(err)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	if prepared, closed := counts.prepared.Load(), counts.closed.Load(); prepared != closed {
		t.Errorf("%d statements were prepared, and %d closed", prepared, closed)
	}
}

func TestAKeptStatementWhoseRowsAreBeingReadIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool, _ := keepingPool(t)
	defer func() { _ = pool.Close() }()
	conn, err := pool.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const text = "SELECT 1 UNION ALL SELECT 2"
	read := func(each func()) (rows int) {
		prepared, err := conn.PrepareContext(ctx, text)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = prepared.Close() }()
		found, err := prepared.QueryContext(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = found.Close() }()
		for found.Next() {
			rows++
			each()
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := read(func() {
		if inner := read(func() {}); inner != 2 {
			t.Errorf("the inner query has %d rows", inner)
		}
	})
	if again := read(func() {}); rows != 2 || again != 2 {
		t.Errorf("%d rows, and %d the next time", rows, again)
	}
}

func TestAKeptStatementSeesATableThatHasChanged(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool, _ := keepingPool(t)
	defer func() { _ = pool.Close() }()
	conn, err := pool.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	columns := func() int {
		prepared, err := conn.PrepareContext(ctx, "SELECT * FROM t")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = prepared.Close() }()
		rows, err := prepared.QueryContext(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if err := errors.Join(err, rows.Err()); err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	for i, change := range []string{"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "ALTER TABLE t ADD b"} {
		if _, err := conn.ExecContext(ctx, change); err != nil {
			t.Fatal(err)
		}
		if want := 1 + i/2; columns() != want {
			t.Errorf("after %s there are not %d columns", change, want)
		}
	}
}
