package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// errorsOfSQLite has SQLite make errors of every sort that the tracker tells
// apart.
func errorsOfSQLite(t *testing.T) map[string]error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tracker.db")
	open := func(parameters string) *sql.DB {
		db, err := sql.Open("sqlite", "file:"+path+parameters)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	writer := open("")
	writer.SetMaxOpenConns(1)
	exec := func(db *sql.DB, text string) error {
		_, err := db.ExecContext(t.Context(), text)
		return err
	}
	for _, text := range []string{
		"PRAGMA foreign_keys = 1",
		"CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER NOT NULL CHECK (n > 0))", "INSERT INTO a VALUES (1, 'x', 1)",
		"CREATE TABLE b (a_id INTEGER REFERENCES a (id))", "INSERT INTO b VALUES (1)",
	} {
		if err := exec(writer, text); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]error{
		"unique key":  exec(writer, "INSERT INTO a VALUES (2, 'x', 1)"),
		"primary key": exec(writer, "INSERT INTO a VALUES (1, 'y', 1)"),
		"not null":    exec(writer, "INSERT INTO a VALUES (3, 'z', NULL)"),
		"check":       exec(writer, "INSERT INTO a VALUES (3, 'z', 0)"),
		"referred to": exec(writer, "DELETE FROM a"),
		"refers":      exec(writer, "INSERT INTO b VALUES (2)"),
		"syntax":      exec(writer, "INSERT INTO nowhere"),
		"read-only":   exec(open("?mode=ro"), "INSERT INTO a VALUES (3, 'z', 1)"),
	}
	if err := exec(writer, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	all["locked"] = exec(open("?_pragma=busy_timeout(1)"), "BEGIN IMMEDIATE")
	return all
}

func TestClassify(t *testing.T) {
	t.Parallel()
	b := new(Backend)
	want := map[string]dialect.Class{
		"unique key": dialect.Duplicate, "primary key": dialect.Duplicate, "read-only": dialect.ReadOnly, "locked": dialect.Conflict,
		"referred to": dialect.Reference, "refers": dialect.Reference,
	}
	for what, err := range errorsOfSQLite(t) {
		if !errors.As(err, new(*sqlite.Error)) {
			t.Errorf("%s: %v", what, err)
		}
		for _, err := range []error{err, fmt.Errorf("start: %w", err), errors.Join(errors.New("first"), err)} {
			if got := b.Classify(err); got != want[what] {
				t.Errorf("%s: %v is %v, want %v", what, err, got, want[what])
			}
		}
	}
	for err, want := range map[error]dialect.Class{
		driver.ErrBadConn: dialect.Disconnected, context.Canceled: dialect.Other, sql.ErrConnDone: dialect.Other, sql.ErrTxDone: dialect.TransactionEnded,
		errors.New("database is locked"): dialect.Other, nil: dialect.Other,
	} {
		if got := b.Classify(err); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
}

// TestClassifyCodes has codes that a test cannot bring about, too.
func TestClassifyCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]dialect.Class{
		sqlite3.SQLITE_BUSY: dialect.Conflict, sqlite3.SQLITE_BUSY_SNAPSHOT: dialect.Conflict, sqlite3.SQLITE_LOCKED: dialect.Conflict, sqlite3.SQLITE_LOCKED_SHAREDCACHE: dialect.Conflict,
		sqlite3.SQLITE_PROTOCOL: dialect.Conflict, sqlite3.SQLITE_SCHEMA: dialect.Conflict,
		sqlite3.SQLITE_READONLY: dialect.ReadOnly, sqlite3.SQLITE_READONLY_DBMOVED: dialect.Unreachable,
		sqlite3.SQLITE_AUTH: dialect.Denied, sqlite3.SQLITE_PERM: dialect.Denied, sqlite3.SQLITE_TOOBIG: dialect.TooLarge,
		sqlite3.SQLITE_CORRUPT: dialect.Other, sqlite3.SQLITE_FULL: dialect.Other,
	} {
		if got := classifyCode(code); got != want {
			t.Errorf("%d is %v, want %v", code, got, want)
		}
	}
}

func TestCloseLeavesTheCallersDatabase(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "tracker.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	b, err := New(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if err := db.PingContext(t.Context()); err != nil {
		t.Errorf("it closed what it was given: %v", err)
	}
}
