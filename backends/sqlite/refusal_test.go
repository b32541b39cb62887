package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestRefusalDoesNotWait refuses a start in a transaction that writes. Nobody can keep the refusal beside it,
// and trying would block the caller's own transaction for as long as connections wait for each other.
func TestRefusalDoesNotWait(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const patience = time.Minute
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "tracker.db")+"?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=foreign_keys(1)")
	must(t, err)
	defer func() { _ = db.Close() }()
	b, err := New(db)
	must(t, err)
	_, err = setup.Run(ctx, b)
	must(t, err)
	tr, err := tracker.New(ctx, b, nil)
	must(t, err)
	defer func() { _ = tr.Close() }()
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil)
	must(t, err)
	defer func() { _ = run.Close() }()

	tx, err := db.BeginTx(ctx, nil)
	must(t, err)
	began := time.Now()
	if _, err := tr.In(Tx(tx)).Start(ctx, tracker.Process{Name: "Load"}, nil); !errors.Is(err, tracker.ErrAlreadyRunning) {
		t.Errorf("the start in the transaction: %v", err)
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("the refusal took %v", took)
	}
	must(t, tx.Rollback())
}
