package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func refusalKeptCases() []Case {
	return []Case{
		{"S2.12 a refusal is kept with its time, actor, reason and cause", refusalKept},
		{"S2.12 equal refusals are counted in one row, and another cause begins a new row", refusalsCounted},
		{"S2.12 a process keeps 20 refusals, at most 5 of them from one polling program", refusalsBounded},
		{"S2.12 refusals are found by process, actor and time, newest first", refusalsFound},
		{"S2.12 a start that succeeds sends no statement about refusals", refusalsCostNothing},
		{"S2.12 a start is refused even if its refusal cannot be stored", refusalNotKept},
		{"S2.12 a refused start waits for no other refusal that is being stored", refusalWaitsForNone},
		{"S2.12 S2.7 concurrent refusals share one row", refusedAtOnce},
		{"S2.12 S7.1 a refusal in a transaction is kept even if the transaction is rolled back", refusedInTransaction},
		{"S2.12 S9.5 a purge removes refusals that are as old as the runs that it removes", refusalsPurged},
	}
}

// refused starts a process as an actor. The start must be refused.
func refused(ctx context.Context, t *testing.T, b dialect.Backend, actor, process string, reason error, options *tracker.StartOptions) error {
	t.Helper()
	_, err := trackerOn(ctx, t, b, &tracker.Config{Actor: actor}).Start(ctx, tracker.Process{Name: process}, options)
	if !errors.Is(err, reason) {
		t.Fatalf("%s starts %q: %v, want %v", actor, process, err, reason)
	}
	return err
}

// keptOf formats the refusals of a process: "2 × on hold, Zoë, day 1".
func keptOf(ctx context.Context, t *testing.T, tr *tracker.Tracker, f tracker.RefusalFilter) []string {
	t.Helper()
	var all []string
	for _, r := range collect(t, tr.Refusals(ctx, f)) {
		text := fmt.Sprintf("%d × %v, %s", r.Times, r.Reason, r.Actor)
		if r.RunName != "" {
			text += ", " + r.RunName
		}
		all = append(all, text)
	}
	return all
}

func wantRefusals(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string, want ...string) {
	t.Helper()
	got := keptOf(ctx, t, tr, tracker.RefusalFilter{Process: process})
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("refusals of %q: %q, want %q", process, got, want)
	}
}

func refusalKept(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	before := single[string](ctx, t, b, "SELECT max(name) FROM {process_type}")
	for reason, refuse := range whatRefuses(ctx, t, tr) {
		process := "refused: " + reason.Error()
		must(t, start(ctx, t, tr, tracker.Process{Name: process}).Complete(ctx, nil))
		options := refuse(process)
		began := now(ctx, t, b)
		err := refused(ctx, t, b, `Zoë "日本" 🚚`, process, reason, options)
		ended := now(ctx, t, b)
		all := collect(t, tr.Refusals(ctx, tracker.RefusalFilter{Process: process}))
		if len(all) != 1 {
			t.Fatalf("%s: %d refusals are kept: %+v", process, len(all), all)
		}
		r := all[0]
		if !errors.Is(r.Reason, reason) || r.Process != process || r.Actor != `Zoë "日本" 🚚` || r.Times != 1 || !r.First.Equal(r.Last) {
			t.Errorf("kept is %+v", r)
		}
		if r.First.Before(began) || r.Last.After(ended) {
			t.Errorf("%s: kept for %v, it was between %v and %v", process, r.First, began, ended)
		}
		if r.Detail == "" || !strings.Contains(err.Error(), r.Detail) {
			t.Errorf("kept is %q of %q", r.Detail, err)
		}
		if named := errors.Is(reason, tracker.ErrAlreadyDone); named != (r.RunName == "day 1") {
			t.Errorf("%s: kept is the run name %q", process, r.RunName)
		}
	}
	if after := single[string](ctx, t, b, "SELECT max(name) FROM {process_type}"); after != before {
		t.Errorf("refusals registered %q", after)
	}
}

func refusalsCounted(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: tracker.NeverHold})
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	for range 3 {
		refused(ctx, t, b, "poller", "Load", tracker.ErrAlreadyRunning, nil)
	}
	refused(ctx, t, b, "operator", "Load", tracker.ErrAlreadyRunning, nil)
	refused(ctx, t, b, "poller", "Load", tracker.ErrAlreadyRunning, &tracker.StartOptions{Name: "day 1"})
	wantRefusals(ctx, t, tr, "Load", "3 × already running, poller", "1 × already running, operator", "1 × already running, poller, day 1")
	for _, r := range collect(t, tr.Refusals(ctx, tracker.RefusalFilter{Process: "Load"})) {
		if r.Times == 3 && r.Last.Before(r.First) {
			t.Errorf("three times from %v to %v", r.First, r.Last)
		}
	}
	must(t, run.Fail(ctx))
	start(ctx, t, tr, tracker.Process{Name: "Load"})
	refused(ctx, t, b, "poller", "Load", tracker.ErrAlreadyRunning, nil) // by another run
	wantRefusals(ctx, t, tr, "Load", "3 × already running, poller", "1 × already running, poller",
		"1 × already running, operator", "1 × already running, poller, day 1")
}

func refusalsBounded(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, poller := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, &tracker.Config{Actor: "poller"})
	start(ctx, t, tr, tracker.Process{Name: "Load"})
	refused(ctx, t, b, "the first", "Load", tracker.ErrAlreadyRunning, nil)
	for i := range 9 { // each of them another run
		clockMoves(ctx, t, b)
		_, err := poller.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: fmt.Sprint("day ", i)})
		_ = wantBlocked(t, err, tracker.ErrAlreadyRunning)
	}
	want := []string{"1 × already running, the first"}
	for i := 4; i < 9; i++ {
		want = append(want, fmt.Sprintf("1 × already running, poller, day %d", i))
	}
	wantRefusals(ctx, t, tr, "Load", want...)

	for i := range 20 {
		clockMoves(ctx, t, b)
		refused(ctx, t, b, fmt.Sprintf("actor %02d", i), "Load", tracker.ErrAlreadyRunning, nil)
	}
	want = nil
	for i := range 20 {
		want = append(want, fmt.Sprintf("1 × already running, actor %02d", i))
	}
	wantRefusals(ctx, t, tr, "Load", want...)
}

func refusalsFound(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for _, process := range []string{"a", "b"} {
		start(ctx, t, tr, tracker.Process{Name: process})
		for _, actor := range []string{"one", "two"} {
			clockMoves(ctx, t, b)
			refused(ctx, t, b, actor, process, tracker.ErrAlreadyRunning, nil)
		}
	}
	all := collect(t, tr.Refusals(ctx, tracker.RefusalFilter{}))
	if len(all) != 4 || !slices.IsSortedFunc(all, func(x, y tracker.Refusal) int { return y.First.Compare(x.First) }) {
		t.Fatalf("refusals: %+v", all)
	}
	last := all[0]
	for _, c := range []struct {
		filter tracker.RefusalFilter
		want   int
	}{
		{tracker.RefusalFilter{Process: "a"}, 2}, {tracker.RefusalFilter{Actor: "one"}, 2}, {tracker.RefusalFilter{Process: "a", Actor: "one"}, 1},
		{tracker.RefusalFilter{Limit: 3}, 3}, {tracker.RefusalFilter{Process: "c"}, 0},
		{tracker.RefusalFilter{Since: last.Last}, 1}, {tracker.RefusalFilter{Until: last.First}, 3},
		{tracker.RefusalFilter{Since: last.Last.Add(time.Hour)}, 0},
	} {
		if got := collect(t, tr.Refusals(ctx, c.filter)); len(got) != c.want {
			t.Errorf("%+v: %d, want %d", c.filter, len(got), c.want)
		}
	}
	for _, err := range tr.Refusals(ctx, tracker.RefusalFilter{Limit: -1}) {
		if !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("limit -1: %v", err)
		}
	}
}

// ofRefusals are the statements that record refusals.
func ofRefusals(s *spy) (all []string) {
	for _, name := range s.names() {
		if strings.HasPrefix(name, "refusal.") {
			all = append(all, name)
		}
	}
	return all
}

func refusalsCostNothing(t *testing.T, e *Env) {
	ctx := e.context(t)
	s := &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	p := tracker.Process{Name: "Load", Type: "Load"}
	for range 2 { // the first registers
		must(t, start(ctx, t, tr, p).Complete(ctx, nil))
	}
	if sent := ofRefusals(s); len(sent) > 0 {
		t.Errorf("sent: %q", sent)
	}
	start(ctx, t, tr, p)
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
	s.forget()
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
	if sent := ofRefusals(s); !slices.Equal(sent, []string{"refusal.again", "refusal.of_process"}) {
		t.Errorf("an equal refusal sent %q", sent)
	}
}

func refusalNotKept(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	broke := &spy{Backend: b, before: broken("refusal.again", "refusal.first", "refusal.of_process")}
	tr := trackerOn(ctx, t, broke, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
	if broke.count("refusal.again") == 0 {
		t.Error("nothing was sent that could fail")
	}
	wantRefusals(ctx, t, tr, "Load")
	must(t, run.Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load"}).Complete(ctx, nil))
}

// refusalWaitsForNone has another transaction that writes the row which counts a
// refusal, and does not commit.
func refusalWaitsForNone(t *testing.T, e *Env) {
	if !e.Backend.SkipsLocked {
		t.Skip("a writer has the database to itself: see the backend's test of Try")
	}
	ctx, b := e.context(t), e.setUp(t)
	s := &spy{Backend: b}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
	other := e.beginLoose(t, b)
	other.exec("UPDATE {refusal} SET detail = 'locked'")
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
	if err := errors.Join(s.failed["refusal.again"], s.failed["refusal.of_process"]); err != nil {
		t.Errorf("it waited until %v", err)
	}
	must(t, run.Complete(ctx, nil))
	other.end(false)
	wantRefusals(ctx, t, tr, "Load", "1 × already running, tester")
}

func refusedAtOnce(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const many = 16
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	o := outcomeOf(atOnce(many, func(int) attempt { return try(ctx, tr, tracker.Process{Name: "Load"}) }))
	if o.Refused[1] != many || len(o.Errors) > 0 {
		t.Fatalf("want nothing but refusals: %+v", o)
	}
	wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning) // alone: this refusal is recorded in any case
	all := collect(t, tr.Refusals(ctx, tracker.RefusalFilter{Process: "Load"}))
	if len(all) != 1 || all[0].Times < 1 || all[0].Times > many+1 {
		t.Errorf("%d times refused, kept is %+v", many+1, all)
	}
	must(t, run.Complete(ctx, nil))
}

func refusedInTransaction(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	start(ctx, t, tr, tracker.Process{Name: "Load"})
	l := e.begin(t, b)
	_, err := tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Load"}, nil)
	_ = wantBlocked(t, err, tracker.ErrAlreadyRunning)
	l.end(false)
	if _, alone := b.Conn().(dialect.Trier); alone {
		wantRefusals(ctx, t, tr, "Load") // no other caller can write beside the transaction
		return
	}
	wantRefusals(ctx, t, tr, "Load", "1 × already running, tester")
}

func refusalsPurged(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	start(ctx, t, tr, tracker.Process{Name: "Load"})
	refused(ctx, t, b, "long ago", "Load", tracker.ErrAlreadyRunning, nil)
	change(ctx, t, b, "UPDATE {refusal} SET first_at = ?, last_at = ?", b.Dialect().Time(noon), b.Dialect().Time(noon))
	refused(ctx, t, b, "just now", "Load", tracker.ErrAlreadyRunning, nil)
	for _, dry := range []bool{true, false} {
		gone, err := tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: time.Hour, DryRun: dry})
		if err != nil || gone != (tracker.Purged{Refusals: 1, Before: gone.Before}) {
			t.Errorf("dry %v: %+v, %v", dry, gone, err)
		}
	}
	wantRefusals(ctx, t, tr, "Load", "1 × already running, just now")
}
