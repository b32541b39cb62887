package conformance

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// begin begins a transaction as a program does that has the file open itself.
func begin(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	db, err := sql.Open("sqlite", file(dsn)+"?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=foreign_keys(1)")
	if err != nil {
		return suite.Transaction{}, err
	}
	return suite.BeginSQL(ctx, db, level, sqlite.Tx)
}

// file is the driver's name of the file that a DSN of [fresh]'s names.
func file(dsn string) string { return "file:" + dsn[len("sqlite:"):] }

// onFile opens a pool of a program's own on the file of a place, with connections
// that a program may have, and the tracker on it.
func onFile(t *testing.T, dsn, parameters string) (*sql.DB, *tracker.Tracker) {
	t.Helper()
	db, err := sql.Open("sqlite", file(dsn)+"?_pragma=foreign_keys(1)"+parameters)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	be, err := sqlite.New(t.Context(), db, nil)
	must(t, err)
	if _, err := setup.Run(t.Context(), be); err != nil {
		t.Fatal(err)
	}
	return db, suite.Tracker(t, be)
}

func started(t *testing.T, tr *tracker.Tracker) *tracker.Run {
	t.Helper()
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	return run
}

// active fails the test unless the run goes on and has counted nothing.
func active(t *testing.T, tr *tracker.Tracker, run *tracker.Run) {
	t.Helper()
	info, err := tr.RunByID(t.Context(), run.ID())
	if err != nil || !info.Active() || info.Counts != (tracker.Counts{}) {
		t.Errorf("the run is %+v, %v", info, err)
	}
}

// TestOneConnection makes all of a load on the one connection that a pool has: a
// statement outside of the transaction would wait forever.
func TestOneConnection(t *testing.T) {
	t.Parallel()
	db, tr := onFile(t, fresh(t), "")
	db.SetMaxOpenConns(1)
	run := started(t, tr)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tx, err := db.BeginTx(ctx, nil)
	must(t, err)
	r := run.In(sqlite.Tx(tx))
	extract, err := r.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv", FileType: "my own", Status: tracker.Ready})
	must(t, err)
	claimed, err := r.Claim(ctx, tracker.ClaimOptions{Limit: 1, From: tracker.Ready, OnFailure: tracker.InError})
	if err != nil || len(claimed) != 1 {
		t.Errorf("claimed %v, %v", claimed, err)
	}
	_, listed := r.ListLocation(ctx, listing.Local{}, t.TempDir(), &tracker.ListOptions{MissingAs: tracker.Deleted})
	if err := errors.Join(listed, r.SetExtractStatus(ctx, tracker.Loaded, extract), r.UpdateExtracts(ctx, extract),
		r.AddCounts(ctx, tracker.Counts{Records: 1}), r.ExtendRange(ctx, time.Now(), time.Now()),
		r.RecordError(ctx, tracker.ErrorRecord{Type: tracker.DataError}), r.SetStatus(ctx, tracker.Running, nil), r.Complete(ctx, nil), r.Close(), tx.Commit(), run.Close()); err != nil {
		t.Error(err)
	}
	if info, err := tr.RunByID(ctx, run.ID()); err != nil || info.Status != tracker.Completed {
		t.Errorf("the run is %+v, %v", info, err)
	}
}

// TestDeferred reads in a transaction that SQLite began in its own way, and writes
// after another has.
func TestDeferred(t *testing.T) {
	t.Parallel()
	db, tr := onFile(t, fresh(t), "&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10)")
	run := started(t, tr)
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	must(t, tx.QueryRowContext(t.Context(), "SELECT count(*) FROM pt_run").Scan(new(int64)))
	if err := tr.Registry().Register(t.Context(), tracker.Process{Name: "another"}); err != nil {
		t.Fatal(err)
	}
	err = run.In(sqlite.Tx(tx)).AddCounts(t.Context(), tracker.Counts{Records: 1})
	if !errors.Is(err, tracker.ErrBusy) || !strings.Contains(err.Error(), "IMMEDIATE") {
		t.Error(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	active(t, tr, run)
}

// TestEndedByHand ends a transaction without database/sql's knowing, as some of
// SQLite's errors do. A savepoint would begin another, and commit it.
func TestEndedByHand(t *testing.T) {
	t.Parallel()
	db, tr := onFile(t, fresh(t), "")
	run := started(t, tr)
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	if _, err := tx.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err = run.In(sqlite.Tx(tx)).Complete(t.Context(), nil)
		if !errors.Is(err, tracker.ErrTransaction) || !errors.Is(err, sql.ErrTxDone) {
			t.Error(err)
		}
	}
	_ = tx.Rollback()
	active(t, tr, run)
}

// TestPool looks at a program's own pool after the tracker has used it.
func TestPool(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", file(fresh(t))+"?_pragma=foreign_keys(1)")
	must(t, err)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	be, err := sqlite.New(t.Context(), db, nil)
	must(t, err)
	if _, err := db.ExecContext(t.Context(), "CREATE TEMP TABLE of_this_connection (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	suite.KeepsSession(t.Context(), t, be, func() []string {
		all := []string{}
		for _, name := range []string{
			"busy_timeout", "foreign_keys", "journal_mode", "synchronous", "locking_mode", "cache_size", "temp_store", "query_only",
			"read_uncommitted", "recursive_triggers", "defer_foreign_keys", "case_sensitive_like", "ignore_check_constraints",
		} {
			var value *string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err == nil {
				all = append(all, name+" "+*value)
			}
		}
		var own string
		if err := db.QueryRowContext(t.Context(), "SELECT name FROM temp.sqlite_master").Scan(&own); err != nil {
			t.Errorf("it is another connection: %v", err)
		}
		return append(all, own)
	})
}
