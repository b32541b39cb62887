package conformance

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// begin begins a transaction on a pool as a program has it that knows nothing of
// the tracker: with the driver's defaults, but for times.
func begin(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	config, _, err := mysql.ParseDSN(dsn)
	if err != nil {
		return suite.Transaction{}, err
	}
	config.MultiStatements, config.InterpolateParams = false, false
	connector, err := driver.NewConnector(config)
	if err != nil {
		return suite.Transaction{}, err
	}
	db := sql.OpenDB(connector)
	return suite.BeginSQL(ctx, db, level, mysql.Tx)
}

// loads returns runs in a place of their own, and what begins transactions there.
func loads(t *testing.T, server *servers.Server, processes ...string) (*tracker.Tracker, []*tracker.Run, func() suite.Transaction) {
	t.Helper()
	dsn := databases(server, "")(t)
	b, err := open(t.Context(), dsn)
	must(t, err)
	t.Cleanup(func() { _ = b.Close() })
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	tr := suite.Tracker(t, b)
	var runs []*tracker.Run
	for _, name := range processes {
		run, err := tr.Start(t.Context(), tracker.Process{Name: name}, nil)
		must(t, err)
		runs = append(runs, run)
	}
	return tr, runs, func() suite.Transaction {
		tx, err := begin(t.Context(), dsn, sql.LevelReadCommitted)
		must(t, err)
		return tx
	}
}

// TestCommittedByDDL goes on in a transaction that a statement of the caller's has
// committed: each statement would be a transaction of its own.
func TestCommittedByDDL(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		tr, runs, begin := loads(t, server, "Teams Load")
		tx := begin()
		must(t, tx.Exec(t.Context(), "CREATE TABLE teams (id INT)"))
		for range 2 {
			err := runs[0].In(tx.Tx).Complete(t.Context(), nil)
			var e *driver.MySQLError
			if ok := errors.As(err, &e); !errors.Is(err, tracker.ErrTransaction) || !ok || e.Number != 1305 {
				t.Error(err)
			}
		}
		if err := tx.End(t.Context(), true); err != nil {
			t.Error(err)
		}
		if info, err := tr.RunByID(t.Context(), runs[0].ID()); err != nil || !info.Active() {
			t.Errorf("the run is %+v, %v", info, err)
		}
	})
}

// TestDeadlock has two transactions block each other. The server rolls one of them
// back as a whole, and takes what it is sent after as transactions of their own.
func TestDeadlock(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		ctx := t.Context()
		tr, runs, begin := loads(t, server, "Teams Load", "Players Load")
		txs := []suite.Transaction{begin(), begin()}
		count := func(tx, run int) error {
			return runs[run].In(txs[tx].Tx).AddCounts(ctx, tracker.Counts{Records: 1})
		}
		for i := range txs {
			must(t, count(i, i))
		}
		var errs [2]error
		var both sync.WaitGroup
		for i := range txs {
			both.Go(func() { errs[i] = count(i, 1-i) })
		}
		both.Wait()
		victim := 0
		if errs[1] != nil {
			victim = 1
		}
		var e *driver.MySQLError
		if ok := errors.As(errs[victim], &e); !errors.Is(errs[victim], tracker.ErrBusy) || !ok || e.Number != 1213 || errs[1-victim] != nil {
			t.Errorf("the counts ended with %v and %v", errs[0], errs[1])
		}
		if err := count(victim, 0); !errors.Is(err, tracker.ErrTransaction) {
			t.Errorf("after the deadlock: %v", err)
		}
		for i := range txs {
			if err := txs[i].End(ctx, true); err != nil {
				t.Error(err)
			}
		}
		for _, run := range runs {
			if info, err := tr.RunByID(ctx, run.ID()); err != nil || info.Counts.Records != 1 {
				t.Errorf("%v has %+v, %v", run, info, err)
			}
		}
	})
}
