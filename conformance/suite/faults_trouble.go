package suite

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// readOnly makes every kind of call with a tracker that may change nothing.
func readOnly(t *testing.T, e *Env) {
	if e.Backend.ReadOnly == nil {
		t.Skip("the backend cannot make a read-only place of " + e.Backend.Name + " takes no changes")
	}
	ctx, b := e.context(t), e.setUp(t)
	now := &turned{Backend: b}
	tr := trackerOn(ctx, t, now, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { t.Errorf("tried again: %+v", r) }}})
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	extract := ready(ctx, t, run, "/landing", "a")[0]
	before := condition(ctx, t, b)

	closed, err := e.Backend.ReadOnly(ctx, e.DSN)
	must(t, err)
	t.Cleanup(func() { must(t, closed.Close()) })
	now.other.Store(&closed)
	for call, err := range map[string]error{
		"start":               ignore(tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil)),
		"complete":            run.Complete(ctx, nil),
		"fail":                run.Fail(ctx, tracker.ErrorRecord{Description: "x"}),
		"resume":              ignore(tr.Resume(ctx, run.ID(), run.Token())),
		"register an extract": ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "b"})),
		"set its status":      run.SetExtractStatus(ctx, tracker.Loaded, extract),
		"claim":               ignore(run.Claim(ctx, tracker.ClaimOptions{Limit: 1})),
		"count":               run.AddCounts(ctx, tracker.Counts{Inserts: 1}),
		"record an error":     run.RecordError(ctx, tracker.ErrorRecord{Description: "x"}),
		"register":            tr.Registry().Register(ctx, tracker.Process{Name: "Players Load"}),
		"hold":                tr.Admin().Hold(ctx, "Teams Load", ""),
	} {
		if !only(err, tracker.ErrReadOnly) || !driverError(err) || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("%s where nothing may be changed: %v", call, err)
		}
	}
	if all := collect(t, tr.Runs(ctx, tracker.RunFilter{})); len(all) != 1 || !all[0].Active() {
		t.Errorf("it reads %+v", all)
	}
	wantChanges(t, "where nothing may be changed, they", changes(before, condition(ctx, t, b)), nil)
	now.other.Store(nil)
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 1}, "a")
	must(t, run.Complete(ctx, nil))
}

// A turned backend becomes another one on command.
type turned struct {
	dialect.Backend

	other atomic.Pointer[dialect.Backend]
}

// Conn implements [dialect.Backend].
func (b *turned) Conn() dialect.Conn {
	if other := b.other.Load(); other != nil {
		return (*other).Conn()
	}
	return b.Backend.Conn()
}

// wrongClock runs a program whose clock is years late, beside one whose clock is right.
func wrongClock(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	right := trackerOn(ctx, t, b, nil)
	theirs := start(ctx, t, right, tracker.Process{Name: "Players Load"})
	before := now(ctx, t, b)
	var id int64
	var token string
	synctest.Test(t, func(t *testing.T) { // in which it is the year 2000
		ctx, late := context.WithoutCancel(t.Context()), *e
		tr := trackerOn(ctx, t, late.open(t), nil)
		wantRefused(ctx, t, tr, "Players Load", tracker.ErrAlreadyRunning)
		run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
		id, token = run.ID(), run.Token()
		ready(ctx, t, run, "/landing", "a")
		wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 1}, "a")
		must(t, start(ctx, t, tr, tracker.Process{Name: "Games Load"}).Complete(ctx, nil))
		must(t, tr.Close())
	})
	wantRefused(ctx, t, right, "Teams Load", tracker.ErrAlreadyRunning)
	run, err := right.Resume(ctx, id, token)
	must(t, err)
	must(t, run.Complete(ctx, nil))
	after := now(ctx, t, b)
	for query, args := range map[string][]any{
		"SELECT started_at FROM {run} WHERE id = ?":                     {id},
		"SELECT ended_at FROM {run} WHERE id <> ? AND status_id = 2":    {id},
		"SELECT registered_at FROM {extract} WHERE registered_by = ?":   {id},
		"SELECT max(changed_at) FROM {status_history} WHERE run_id = ?": {id},
	} {
		if at := single[dialect.Time](ctx, t, b, query, args...).Time; at.Before(before) || at.After(after) {
			t.Errorf("%s: %v, by the database's clock it was %v to %v", query, at, before, after)
		}
	}
	must(t, theirs.Complete(ctx, nil))
}
