package suite

import (
	"context"
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinTrackerCases() []Case {
	return []Case{
		{"S7.1 S1.1 S2.11 S3.3 S5.2 names that are registered in the caller's transaction are stored by its commit, or never", registerInside},
		{"S7.1 S2.7 a run is started and ended in the caller's transaction", startInside},
		{"S7.1 S2.8 another start of a process waits for the transaction that started it", startsMeet},
		{"S7.1 S8.1 after a refused call of a tracker in it, the caller's own work can still be committed", trackerRefusedInside},
		{"S7.1 S8.1 a transaction that has ended, or is on another database, is an error to a tracker, too", trackerUnusable},
	}
}

// deployment makes the changes that a team deploys in one transaction.
func deployment(ctx context.Context, tr *tracker.Tracker) error {
	four := int64(4)
	_, err := tr.Registry().RegisterLocation(ctx, "/landing", "landing")
	return errors.Join(err,
		tr.Registry().Register(ctx, tracker.Process{Name: "Teams Extract", Type: "Extract", Tool: "bash", Targets: tracker.SystemRefs("Lahman")}),
		tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Type: "Load"}),
		tr.Registry().AddDependency(ctx, "Teams Load", "Teams Extract", tracker.DependencyOptions{Kind: tracker.Hard}),
		tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "small", MaxMemory: &four}),
		tr.Registry().JoinCluster(ctx, "Teams Load", "small"),
		tr.Admin().SetMaxFailures(ctx, "Teams Load", 2),
		tr.Registry().AddRunStatus(ctx, "waiting for rows", true),
		tr.Admin().Hold(ctx, "Teams Extract", "until the source is there"),
		tr.Admin().Release(ctx, "Teams Extract", "it is"),
		tr.Admin().Hold(ctx, "Teams Load", "until Monday"))
}

func registerInside(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	before := content(ctx, t, b)
	for _, commit := range []bool{false, true} {
		l := e.begin(t, b)
		l.add(1)
		in := tr.In(l.Tx)
		must(t, deployment(ctx, in))
		if err := in.Registry().AddDependency(ctx, "Teams Extract", "Teams Load", tracker.DependencyOptions{Kind: tracker.Hard}); !only(err, tracker.ErrCycle) {
			t.Errorf("its own dependency is not seen: %v", err)
		}
		wantContent(ctx, t, b, before)
		l.end(commit)
		if !commit {
			wantContent(ctx, t, b, before)
			wantLedger(ctx, t, b)
		}
	}
	wantLedger(ctx, t, b, 1)
	if _, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil); !only(err, tracker.ErrOnHold) {
		t.Errorf("the hold is not there: %v", err)
	}
	must(t, tr.Admin().Release(ctx, "Teams Load", "it is Monday"))
	if _, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil); !only(err, tracker.ErrDependency) {
		t.Errorf("the dependency is not there: %v", err)
	}
	if _, err := tr.Registry().Location(ctx, "/landing"); err != nil {
		t.Error(err)
	}
}

func startInside(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	before := content(ctx, t, b)
	for _, commit := range []bool{false, true} {
		l := e.begin(t, b)
		l.add(1)
		run, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load"}, &tracker.StartOptions{Name: "Monday"})
		must(t, err)
		extract, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv"})
		must(t, err)
		must(t, errors.Join(run.SetExtractStatus(ctx, tracker.Loaded, extract), run.AddCounts(ctx, tracker.Counts{Records: 3}), run.Complete(ctx, nil)))
		must(t, run.Close())
		if _, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Name: "Monday"}); !only(err, tracker.ErrAlreadyDone) {
			t.Errorf("its own run is not seen: %v", err)
		}
		l.end(commit)
		if !commit {
			wantContent(ctx, t, b, before)
		}
	}
	wantLedger(ctx, t, b, 1)
	got := collect(t, tr.Runs(ctx, tracker.RunFilter{}))
	if len(got) != 1 || got[0].Number != 1 || got[0].Status != tracker.Completed || got[0].Counts.Records != 3 {
		t.Errorf("runs %+v", got)
	}

	l := e.begin(t, b)
	run, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	l.end(true)
	taken, err := tr.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	must(t, taken.Complete(ctx, nil))
}

// startsMeet makes another caller start a process while a transaction that started it
// is open. The transaction then commits or rolls back.
func startsMeet(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load"}))
	for _, commit := range []bool{false, true} {
		l := e.begin(t, b)
		mine, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
		must(t, err)
		type outcome struct {
			run *tracker.Run
			err error
		}
		done := make(chan outcome, 1)
		go func() {
			run, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
			done <- outcome{run, err}
		}()
		l.end(commit)
		o := <-done
		if commit {
			var blocked *tracker.BlockedError
			ok := errors.As(o.err, &blocked)
			if !ok || !errors.Is(o.err, tracker.ErrAlreadyRunning) || blocked.Run.ID != mine.ID() {
				t.Errorf("after the commit: %v", o.err)
			}
			continue
		}
		must(t, o.err)
		must(t, o.run.Complete(ctx, nil))
	}
}

func trackerRefusedInside(t *testing.T, e *Env) {
	ctx, b, tr, run, _ := begun(t, e)
	before := content(ctx, t, b)
	l := e.begin(t, b)
	in := tr.In(l.Tx)
	l.add(1)
	for what, c := range map[string]struct{ err, want error }{
		"a start":             {ignore(in.Start(ctx, tracker.Process{Name: "Teams Load", Sources: tracker.SystemRefs("Lahman")}, nil)), tracker.ErrAlreadyRunning},
		"an unknown process":  {in.Admin().Hold(ctx, "no such process", "why"), tracker.ErrNotFound},
		"a cycle":             {in.Registry().AddDependency(ctx, "Teams Load", "Teams Load", tracker.DependencyOptions{Kind: tracker.Hard}), tracker.ErrCycle},
		"no name":             {in.Registry().Register(ctx, tracker.Process{}), tracker.ErrInvalid},
		"a run that is not":   {ignore(in.Resume(ctx, 1<<40, "x")), tracker.ErrNotFound},
		"a run of another's":  {ignore(in.Resume(ctx, run.ID(), "x")), tracker.ErrNotOwner},
		"an unknown location": {ignore(in.Registry().Location(ctx, "/nowhere")), tracker.ErrNotFound},
	} {
		if !only(c.err, c.want) {
			t.Errorf("%s: %v, want %v", what, c.err, c.want)
		}
		l.add(2)
	}
	l.end(true)
	wantLedger(ctx, t, b, 1, 2, 2, 2, 2, 2, 2, 2)
	wantContent(ctx, t, b, before)
}

func trackerUnusable(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load"}))
	l := e.begin(t, b)
	over := l.Tx
	l.end(true)
	for what, tx := range map[string]dialect.Tx{"over": over, "none": {}, "of another database's": {Dialect: "another", Conn: b.Conn()}} {
		in := tr.In(tx)
		for _, err := range []error{
			in.Registry().Register(ctx, tracker.Process{Name: "New"}), in.Admin().Hold(ctx, "Teams Load", "why"),
			ignore(in.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)),
		} {
			if !only(err, tracker.ErrTransaction) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
}
