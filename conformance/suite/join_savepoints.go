package suite

import (
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinSavepointCases() []Case {
	return []Case{
		{"S7.1 the caller's savepoint stays, whatever its name, through calls that succeed, fail and are nested", callersSavepoints},
	}
}

// callersSavepoints sets savepoints with names that the tracker or a driver could use,
// and rolls back to them after calls of the tracker.
func callersSavepoints(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	ledger(ctx, t, b)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	for _, name := range []string{"processtracker", "processtracker_1", "processtracker_probe", "sp_1", "sp_2", "mine"} {
		l := e.begin(t, b)
		l.add(1)
		l.exec(l.inItsWords("SAVEPOINT ", "SAVE TRANSACTION ") + name)
		l.add(2)
		r := run.In(l.Tx)
		must(t, r.AddCounts(ctx, tracker.Counts{Records: 1}))
		if err := r.RecordError(ctx, tracker.ErrorRecord{Type: "no such type"}); !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("savepoint %s: %v", name, err)
		}
		// A start with a parent uses a nested savepoint.
		started, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Report " + name, Type: "Report"}, &tracker.StartOptions{DependsOn: []string{"Extract"}})
		must(t, err)
		must(t, started.Complete(ctx, nil))
		_, err = tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Mail " + name}, &tracker.StartOptions{DependsOn: []string{"Load"}})
		_ = wantBlocked(t, err, tracker.ErrDependency)
		l.exec(l.inItsWords("ROLLBACK TO SAVEPOINT ", "ROLLBACK TRANSACTION ") + name)
		l.end(true)
		wantLedger(ctx, t, b, 1)
		change(ctx, t, b, "DELETE FROM {ledger}")
	}
	if info := stored(ctx, t, tr, run); info.Counts.Records != 0 {
		t.Errorf("counted are %+v, after all of it was taken back", info.Counts)
	}
}
