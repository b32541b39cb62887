// Package sqlite runs the tracker on SQLite: in the process itself, in one
// file, without a server and without cgo. It is the default of the command-line
// tool and the backend to begin with.
//
// One process at a time writes to the file; the others wait for it, up to ten
// seconds at a time. The file must lie on a local disk, not on a network share.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// busyTimeout is how long one waits for others that write.
const busyTimeout = 10 * time.Second

// A Backend is one SQLite database. It implements [dialect.Backend].
type Backend struct {
	dialect dialects.Dialect
	conn    poolConn
	owned   *sql.DB // nil if the caller opened it
}

// An Option changes how a backend is made.
type Option func(*options)

type options struct {
	prefix string
	create bool
}

// Prefix sets what the tables' names begin with; the default is pt_.
func Prefix(prefix string) Option { return func(o *options) { o.prefix = prefix } }

// Create lets [Open] make the file if it does not exist, for setting up.
// Without it, a file that is not there is an error and stays away.
func Create() Option { return func(o *options) { o.create = true } }

// New makes a backend of a database that the caller has open. It needs the
// driver modernc.org/sqlite, foreign keys in every connection
// (_pragma=foreign_keys(1) in the DSN), without which it is a
// [dialect.SettingError], and, where more than one connection writes, a busy
// time-out: _pragma=busy_timeout(10000).
func New(db *sql.DB, opts ...Option) (*Backend, error) {
	if db == nil {
		return nil, noPool()
	}
	var o options
	for _, opt := range opts {
		if opt == nil {
			return nil, dialect.Missing("option", "leave it out")
		}
		opt(&o)
	}
	d, err := dialects.New(o.prefix)
	if err != nil {
		return nil, err
	}
	return build(db, d, nil), nil
}

func build(db *sql.DB, d dialects.Dialect, p *place) *Backend {
	// IMMEDIATE takes the right to write at once. A transaction that asks for it
	// after having read is refused if another wrote in between.
	return &Backend{dialect: d, conn: poolConn{sqldb.New(db, "BEGIN IMMEDIATE"), db, make(chan struct{}, 1), p}}
}

// Open opens the database that a DSN names:
//
//	sqlite:path/to/file.db
//	sqlite:///absolute/path/to/file.db?prefix=etl_
//
// The path is percent-encoded where it has a % or a ?. The only parameter is
// prefix, what the tables' names begin with. A file that does not exist is
// [dialect.ErrNoDatabase], unless [Create] is given.
func Open(ctx context.Context, dsn string, opts ...Option) (*Backend, error) {
	file, o, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		if opt == nil {
			return nil, dialect.Missing("option", "leave it out")
		}
		opt(&o)
	}
	d, err := dialects.New(o.prefix)
	if err != nil {
		return nil, err
	}
	isNew := false
	if o.create {
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

// open opens the file, and reports whether as one that nobody changes: where SQLite
// cannot read it otherwise, having to write beside it to read its write-ahead log, and
// there is nothing in that.
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
	db, err := sql.Open("sqlite", uri)
	if err != nil {
		return nil, err
	}
	// Only one connection writes at a time. A few more let readers go on.
	db.SetMaxOpenConns(8)
	if err := connect(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connect makes the first connection. Where several make the file at once, one
// turns the write-ahead log on, and the others are told that the file is busy
// without having waited, as waiting would block that one.
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
	if moved, ok := errors.AsType[*movedError](err); ok {
		return moved.class()
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		switch {
		case errors.Is(err, sql.ErrTxDone):
			return dialect.Over
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
		sqlite3.SQLITE_PROTOCOL, // others were quicker to lock the write-ahead log, time after time
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

// noPool is the error of a pool that is nil.
func noPool() error {
	return dialect.Missing("pool", "make one with sql.Open, and check its error, or give sqlite.Open a DSN")
}

// unopened is the error of a backend that is nil or was not opened.
func unopened() error {
	return dialect.Missing("backend", "open one with sqlite.Open or sqlite.New, and check its error")
}
