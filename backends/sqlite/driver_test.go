package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestDSNNamesAnyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name %41?x=1.db")
	d := Driver()
	if where, err := d.Describe(DSN(path)); err != nil || where != path {
		t.Errorf("%s is described as %q, %v, want %q", DSN(path), where, err, path)
	}
	b, err := backend.Open(t.Context(), DSN(path), &backend.Options{Create: true}, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestOpenSQLOpensTheFileForOtherTables(t *testing.T) {
	t.Parallel()
	dsn := DSN(filepath.Join(t.TempDir(), "tracker.db")) + "?prefix=etl_"
	d := Driver()
	if db, err := d.OpenSQL(t.Context(), dsn, backend.Options{}); err == nil {
		t.Errorf("a file was made: %v", db.Close())
	}
	b, err := Open(t.Context(), dsn, &Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	db, err := d.OpenSQL(t.Context(), dsn, backend.Options{Password: func(context.Context) (string, error) {
		t.Error("a file's password was asked for")
		return "", nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE teams (id TEXT)"); err != nil {
		t.Error(err)
	}
	made, err := d.Dialect(dsn)
	if err != nil || made.Table("run") != b.Dialect().Table("run") {
		t.Errorf("the dialect before there is a file: %v, %v, want that of the file", made, err)
	}
}

func TestNewReturnsTheErrorOfAFileThatIsNotADatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("This is no database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if b, err := New(t.Context(), db, nil); err == nil {
		t.Errorf("a text file was opened: %v", b)
	}
}

func TestARunJoinsATransactionOfTheDriversPool(t *testing.T) {
	t.Parallel()
	ctx, d, dsn := t.Context(), Driver(), DSN(filepath.Join(t.TempDir(), "tracker.db"))
	b, err := backend.Open(ctx, dsn, &backend.Options{Create: true}, d)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(ctx, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := tr.Start(ctx, tracker.Process{Name: "P", Type: "Load", Tool: "Go"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = run.Close() }()
	db, err := d.OpenSQL(ctx, dsn, backend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, c := range []struct {
		end  func(*sql.Tx) error
		want tracker.RunStatus
	}{{(*sql.Tx).Rollback, tracker.Running}, {(*sql.Tx).Commit, tracker.Completed}} {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := run.In(d.SQLTx(tx)).Complete(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.end(tx); err != nil {
			t.Fatal(err)
		}
		if info, err := tr.RunByID(ctx, run.ID()); err != nil || info.Status != c.want {
			t.Errorf("the run is %s, %v; want %s", info.Status, err, c.want)
		}
	}
}
