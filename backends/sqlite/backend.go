// Package sqlite runs the tracker on SQLite: in the process itself, in one
// file, without a server and without cgo. It is the default of the command-line
// tool and the backend to begin with.
//
// One process at a time writes to the file; the others wait for it, up to ten
// seconds at a time. The file must lie on a local disk, not on a network share.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// busyTimeout is how long a connection waits for other writers.
const busyTimeout = 10 * time.Second

// A Backend is one SQLite database. It implements [dialect.Backend]: give it to
// tracker.New, and close it after the last tracker that uses it. The tracker calls its other
// methods; programs have no need of them. It is safe for concurrent use.
type Backend struct {
	dialect dialects.Dialect
	conn    poolConn
	owned   *sql.DB // nil if the caller opened it
}

// Options are the settings of a backend. Nil means the defaults.
type Options struct {
	// Prefix is the prefix of the tables' names: by default the DSN's prefix, or pt_.
	Prefix string

	// Create lets [Open] make a file that doesn't exist, for setting up. Without it,
	// the error for a missing file is [dialect.ErrNoDatabase].
	Create bool
}

// New returns a backend on a pool that the program has opened, with the driver
// modernc.org/sqlite. Each connection needs foreign keys (_pragma=foreign_keys(1) in the
// DSN); without them, opening a tracker returns a [dialect.SettingError]. If more than
// one connection writes, each needs a busy timeout, too: _pragma=busy_timeout(10000).
// New returns an error if the file can't be read. Close leaves the pool open.
func New(ctx context.Context, pool *sql.DB, options *Options) (*Backend, error) {
	if pool == nil {
		return nil, noPool()
	}
	o := *cmp.Or(options, new(Options))
	if o.Create {
		return nil, dialect.OnlyOpen("Create")
	}
	d, err := dialects.New(o.Prefix)
	if err != nil {
		return nil, err
	}
	if err := connect(ctx, pool); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return build(pool, d, nil), nil
}

func build(db *sql.DB, d dialects.Dialect, p *place) *Backend {
	// IMMEDIATE takes the write lock at once. A transaction that asks for it after a
	// read fails if another transaction wrote in between.
	return &Backend{dialect: d, conn: poolConn{sqldb.New(db, "BEGIN IMMEDIATE").InTransactions(prepare), db, make(chan struct{}, 1), p}}
}

// Open opens the database that a DSN names:
//
//	sqlite:path/to/file.db
//	sqlite:///absolute/path/to/file.db?prefix=etl_
//
// The path is percent-encoded where it has a % or a ?. The only parameter is prefix,
// the prefix of the tables' names. A relative path begins at the program's working directory.
// If the file does not exist, the error is [dialect.ErrNoDatabase], unless options say to create
// it; if the DSN cannot be parsed, [dialect.ErrDSN].
func Open(ctx context.Context, dsn string, options *Options) (*Backend, error) {
	file, prefix, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	o := *cmp.Or(options, new(Options))
	d, err := dialects.New(cmp.Or(o.Prefix, prefix))
	if err != nil {
		return nil, err
	}
	isNew := false
	if o.Create {
		if isNew, err = file.create(); err != nil {
			return nil, err
		}
	}
	db, frozen, err := file.open(ctx, isNew)
	if err != nil {
		return nil, err
	}
	p, err := file.place(frozen)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	b := build(db, d, p)
	b.owned = db
	return b, nil
}

// open opens the file, and reports whether it opened it as immutable. It does so if
// SQLite could otherwise not read the file, because it would have to write beside it to
// read its write-ahead log, and that log is empty.
func (f file) open(ctx context.Context, isNew bool) (db *sql.DB, frozen bool, err error) {
	db, err = f.pool(ctx, f.uri(isNew, false))
	if unwritable(err) && !hasLog(f.path) {
		if db, again := f.pool(ctx, f.uri(false, true)); again == nil {
			return db, true, nil
		}
	}
	if err != nil {
		return nil, false, f.explain(err)
	}
	return db, false, nil
}

// pool opens a pool, and reads something, which is when SQLite first looks at the file.
func (f file) pool(ctx context.Context, uri string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(uri)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(KeepStatements(connector))
	// Only one connection writes at a time. A few more let readers go on.
	db.SetMaxOpenConns(8)
	if err := connect(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connect makes the first connection. If several programs create the file at once, one
// turns the write-ahead log on, and the others get "busy" without a wait, because
// waiting would block that one.
func connect(ctx context.Context, db *sql.DB) error {
	limit, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			err = db.QueryRowContext(ctx, "PRAGMA schema_version").Scan(new(int64))
		}
		if classify(err) != dialect.Conflict {
			return err
		}
		select {
		case <-again.C:
		case <-limit.Done():
			return err
		}
	}
}

// Dialect implements [dialect.Backend].
func (b *Backend) Dialect() dialect.Dialect {
	if b == nil {
		return dialects.Dialect{}
	}
	return b.dialect
}

// Conn implements [dialect.Backend].
func (b *Backend) Conn() dialect.Conn {
	if b == nil || b.conn.pool == nil {
		return dialect.NoConn{Err: unopened()}
	}
	return b.conn
}

// Close closes the database if [Open] opened it.
func (b *Backend) Close() error {
	if b == nil || b.owned == nil {
		return nil
	}
	return b.owned.Close()
}

// Classify implements [dialect.Backend].
func (b *Backend) Classify(err error) dialect.Class { return classify(err) }

func classify(err error) dialect.Class {
	var moved *movedError
	if errors.As(err, &moved) {
		return moved.class()
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		switch {
		case errors.Is(err, sql.ErrTxDone):
			return dialect.TransactionEnded
		case errors.Is(err, driver.ErrBadConn):
			return dialect.Disconnected
		default:
			return dialect.Other
		}
	}
	return classifyCode(e.Code())
}

func classifyCode(code int) dialect.Class {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return dialect.Duplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dialect.Reference
	case sqlite3.SQLITE_READONLY_DBMOVED:
		return dialect.Unreachable
	}
	switch code & 0xff { // the primary code; the higher bits say more
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
		sqlite3.SQLITE_PROTOCOL, // other connections kept locking the write-ahead log first
		sqlite3.SQLITE_SCHEMA:   // a table has changed
		return dialect.Conflict
	case sqlite3.SQLITE_TOOBIG:
		return dialect.TooLarge
	case sqlite3.SQLITE_READONLY:
		return dialect.ReadOnly
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return dialect.Denied
	default:
		return dialect.Other
	}
}

// noPool is the error for a nil pool.
func noPool() error {
	return dialect.Missing("pool", "make one with sql.Open, and check its error, or give sqlite.Open a DSN")
}

// unopened is the error for a backend that is nil or was not opened.
func unopened() error {
	return dialect.Missing("backend", "open one with sqlite.Open or sqlite.New, and check its error")
}
