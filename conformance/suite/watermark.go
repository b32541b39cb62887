package suite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func watermarkCases() []Case {
	return []Case{
		{"S6.1 a backfill of older data that completes later does not move the watermark back", backfill},
		{"S6.1 S3.8 an explicit call moves the watermark either way, and the history keeps the actor, both values and the reason", watermarkMoved},
		{"S6.1 after a watermark was moved back, a later run moves it on from there", watermarkMovesOn},
		{"S6.1 S8.1 a watermark of no process, or moved without a reason, is refused", watermarkRefused},
		{"S6.1 S7.1 a watermark that is moved in a transaction moves with its commit", watermarkInside},
	}
}

// highOf returns the high of a day of data, with microseconds.
func highOf(n int) time.Time { return time.Date(2026, 11, n, 23, 59, 59, 999999000, time.UTC) }

// covered completes a run of data up to high.
func covered(ctx context.Context, t *testing.T, tr *tracker.Tracker, high time.Time) {
	t.Helper()
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, run.ExtendRange(ctx, time.Time{}, high))
	must(t, run.Complete(ctx, nil))
}

func wantWatermark(ctx context.Context, t *testing.T, tr *tracker.Tracker, want time.Time) {
	t.Helper()
	totals, err := tr.Registry().Totals(ctx, "Load")
	must(t, err)
	if !totals.Watermark.Equal(want) {
		t.Errorf("the watermark is %v, want %v", totals.Watermark, want)
	}
}

func backfill(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	covered(ctx, t, tr, highOf(20))
	for _, high := range []time.Time{highOf(3), highOf(20), highOf(19)} {
		covered(ctx, t, tr, high)
		wantWatermark(ctx, t, tr, highOf(20))
	}
	covered(ctx, t, tr, highOf(21))
	wantWatermark(ctx, t, tr, highOf(21))
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{FromWatermark: true})
	must(t, err)
	if !run.Low().Equal(highOf(21)) {
		t.Errorf("the next run begins at %v", run.Low())
	}
}

func watermarkMoved(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, operator := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, &tracker.Config{Actor: "operator"})
	covered(ctx, t, tr, highOf(20))
	moves := []struct{ from, to time.Time }{{highOf(20), highOf(3)}, {highOf(3), highOf(25)}, {highOf(25), time.Time{}}, {time.Time{}, highOf(1)}}
	for _, m := range moves {
		must(t, operator.Admin().SetWatermark(ctx, "Load", m.to, "load it again"))
		wantWatermark(ctx, t, tr, m.to)
		must(t, operator.Admin().SetWatermark(ctx, "Load", m.to, "said twice")) // no change
	}
	var found []tracker.Change
	for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{Process: "Load"})) {
		if c.To == "watermark" {
			found = append(found, c)
		}
	}
	if len(found) != len(moves) {
		t.Fatalf("the history has %d, want %d: %+v", len(found), len(moves), found)
	}
	for i, c := range found {
		if !c.FromTime.Equal(moves[i].from) || !c.ToTime.Equal(moves[i].to) || c.From != "" || c.RunID != 0 ||
			c.Process != "Load" || c.Actor != "operator" || c.Reason != "load it again" || c.At.IsZero() {
			t.Errorf("the history has %+v, want a move from %v to %v", c, moves[i].from, moves[i].to)
		}
	}
}

func watermarkMovesOn(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	covered(ctx, t, tr, highOf(20))
	must(t, tr.Admin().SetWatermark(ctx, "Load", highOf(3), "again"))
	covered(ctx, t, tr, highOf(10))
	wantWatermark(ctx, t, tr, highOf(10))
}

func watermarkRefused(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	covered(ctx, t, tr, highOf(20))
	before := content(ctx, t, b)
	if err := tr.Admin().SetWatermark(ctx, "Laod", highOf(1), "again"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("no process: %v", err)
	}
	for _, reason := range []string{"", " \n"} {
		if err := tr.Admin().SetWatermark(ctx, "Load", highOf(1), reason); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("reason %q: %v", reason, err)
		}
	}
	if err := tr.Admin().SetWatermark(ctx, "Load", time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), "far away"); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("the year 10000: %v", err)
	}
	wantWatermark(ctx, t, tr, highOf(20))
	wantContent(ctx, t, b, before)
}

func watermarkInside(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	covered(ctx, t, tr, highOf(20))
	for _, commit := range []bool{false, true} {
		l := e.begin(t, b)
		must(t, tr.In(l.Tx).Admin().SetWatermark(ctx, "Load", highOf(3), "again"))
		l.end(commit)
		want := highOf(20)
		if commit {
			want = highOf(3)
		}
		wantWatermark(ctx, t, tr, want)
	}
}
