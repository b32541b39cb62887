package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// TestTryDoesNotWait has others write: in this program, and through a connection of
// its own, as another program does.
func TestTryDoesNotWait(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "tracker.db")
	b, err := Open(ctx, dsn, &Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	b.owned.SetMaxOpenConns(1) // the one whose settings Try changes
	conn := b.conn
	ran := func() bool {
		called := false
		done, err := conn.Try(ctx, func(c dialect.Conn) error {
			called = true
			_, err := c.Exec(ctx, dialect.Stmt{SQL: "CREATE TABLE IF NOT EXISTS t (n INTEGER)"})
			return err
		})
		if err != nil || done != called {
			t.Errorf("done is %v, called %v: %v", done, called, err)
		}
		return done
	}
	if !ran() {
		t.Error("there is no other writer, but it did not run")
	}
	conn.turn <- struct{}{}
	if ran() {
		t.Error("it ran while another in this program writes")
	}
	<-conn.turn

	other, err := sql.Open("sqlite", "file:"+filepath.ToSlash(dsn[len("sqlite:"):]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	other.SetMaxOpenConns(1)
	execute := func(db *sql.DB, query string) {
		t.Helper()
		if _, err := db.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	execute(other, "BEGIN IMMEDIATE")
	if ran() {
		t.Error("it ran while another program writes")
	}
	execute(other, "ROLLBACK")
	if !ran() {
		t.Error("the other program is done, and it did not run")
	}
	failed := errors.New("failed")
	if done, err := conn.Try(ctx, func(dialect.Conn) error { return failed }); done || !errors.Is(err, failed) {
		t.Errorf("done is %v: %v", done, err)
	}
	var timeout int64
	if err := b.owned.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout").Scan(&timeout); err != nil || timeout != busyTimeout.Milliseconds() {
		t.Errorf("the connection waits for others for %d ms: %v", timeout, err)
	}
	execute(b.owned, "BEGIN IMMEDIATE") // no transaction was left open
	execute(b.owned, "ROLLBACK")
}
