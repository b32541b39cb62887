package suite

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseToldCases() []Case {
	return []Case{{"S4.3 the error of a lost run says whether a reap, another start or an operator ended it", toldHowLost}}
}

// toldHowLost learns of the loss by a write and by resuming the run. If the run's end
// is forced, it also learns of it by a renewal, as a program does that does not write.
func toldHowLost(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	forced := func(r *tracker.Run) {
		must(t, ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: r.ID(), Force: true, Reason: "its machine is gone"})))
	}
	const reason = "ended by tester: its machine is gone"
	const text = "an operator forced the end of the run: " + reason
	for process, way := range map[string]struct {
		end  func(*tracker.Run)
		want tracker.LeaseLostError
		text string
	}{
		"Forced": {forced, tracker.LeaseLostError{Reason: reason}, text},
		"Reaped": {
			func(r *tracker.Run) {
				expire(ctx, t, b, r.ID())
				must(t, ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Process: r.Process()})))
			},
			tracker.LeaseLostError{Reason: "lease expired"}, "it expired, and the run was ended by a reap",
		},
		"Taken": {
			func(r *tracker.Run) { take(ctx, t, b, tr, r) },
			tracker.LeaseLostError{Reason: "lease expired", Next: 2, NextActor: "tester"},
			"it expired, and run 2, started by tester, has taken over",
		},
	} {
		run := start(ctx, t, tr, tracker.Process{Name: process})
		way.end(run)
		way.want.Process, way.want.Number = process, 1
		wantLostTold(t, process+", complete", run.Complete(ctx, nil), way.want, way.text)
		_, err := tr.Resume(ctx, run.ID(), run.Token())
		wantLostTold(t, process+", resume", err, way.want, way.text)
	}
	heard := make(chan error, 1)
	renewed, err := often(ctx, t, b).Start(ctx, tracker.Process{Name: "Renewed"}, &tracker.StartOptions{OnLeaseLost: func(why error) { heard <- why }})
	must(t, err)
	forced(renewed)
	wantLostTold(t, "renewed", hear(ctx, t, heard), tracker.LeaseLostError{Process: "Renewed", Number: 1, Reason: reason}, text)
	runtime.KeepAlive(renewed) // an unreferenced run is not renewed, and so learns nothing
}

func wantLostTold(t *testing.T, what string, err error, want tracker.LeaseLostError, text string) {
	t.Helper()
	var got *tracker.LeaseLostError
	ok := errors.As(err, &got)
	if !ok || *got != want || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: %v, want %+v and %q in it", what, err, want, text)
	}
}
