package conformance

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// database opens a file of this test's, with parameters of the driver's.
func database(t *testing.T, path, parameters string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)&"+parameters)
	must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// on returns a tracker on a database that the caller has open.
func on(t *testing.T, db *sql.DB, setUp bool) *tracker.Tracker {
	t.Helper()
	b, err := sqlite.New(t.Context(), db, nil)
	must(t, err)
	if setUp {
		if _, err := setup.Run(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return suite.Tracker(t, b)
}

// wantCode checks the sentinel, and that SQLite's own error is in reach.
func wantCode(t *testing.T, err, sentinel error, code int) {
	t.Helper()
	var e *driver.Error
	ok := errors.As(err, &e)
	if !errors.Is(err, sentinel) || !ok || e.Code()&0xff != code {
		t.Errorf("want %v with code %d, got: %v", sentinel, code, err)
	}
}

// TestBusy has another connection write for longer than the tracker waits (rule S8.1).
func TestBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tracker.db")
	tr := on(t, database(t, path, "_pragma=busy_timeout(1)&_pragma=foreign_keys(1)"), true)
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	other, err := database(t, path, "").Conn(t.Context())
	must(t, err)
	defer func() { _ = other.Close() }()
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, run.Complete(t.Context(), nil), tracker.ErrBusy, sqlite3.SQLITE_BUSY)
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestReadOnly opens a database in which nothing may be written (rule S8.1).
func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tracker.db")
	if _, err := on(t, database(t, path, "_pragma=foreign_keys(1)"), true).Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil); err != nil {
		t.Fatal(err)
	}
	reader := on(t, database(t, path, "mode=ro&_pragma=foreign_keys(1)"), false)
	_, err := reader.Start(t.Context(), tracker.Process{Name: "Players Load"}, nil)
	wantCode(t, err, tracker.ErrReadOnly, sqlite3.SQLITE_READONLY)
	wantCode(t, reader.Registry().AddLookupName(t.Context(), tracker.ErrorTypes, "mine"), tracker.ErrReadOnly, sqlite3.SQLITE_READONLY)
	n := 0
	for info, err := range reader.Runs(t.Context(), tracker.RunFilter{}) {
		if err != nil || info.Process != "Teams Load" {
			t.Errorf("%+v, %v", info, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("it reads %d runs", n)
	}
}
