package suite

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func runEndCases() []Case {
	return []Case{
		{"S3.2 completed and failed set the end time and the process's last-completed or last-failed time", endTimes},
		{"S3.2 S8.1 an ended run keeps its status, and accepts no more writes", endedForGood},
		{"S3.2 ending twice with the same status is harmless", endedTwice},
		{"S3.2 if many callers end a run at once, one decides", endedAtOnce},
		{"S3.2 S3.7 a caller's end time is kept to the microsecond, and is not before the start", ownEndTime},
		{"S3.2 S8.1 an end time with an active status is refused", endTimeWithoutEnd},
		{"S3.2 Close fails a run that has not ended, and leaves one that has", closeRun},
	}
}

// processTime reads one of the times of a process.
func processTime(ctx context.Context, t testing.TB, b dialect.Backend, process, column string) time.Time {
	t.Helper()
	return single[dialect.Time](ctx, t, b, "SELECT "+column+" FROM {process} WHERE name = ?", process).Time
}

// processState is the state of the latest run in a process's row.
type processState struct {
	active, held bool
	status       int64
	ended        [4]time.Time
}

func processStateOf(ctx context.Context, t testing.TB, b dialect.Backend, process string) processState {
	t.Helper()
	state := processState{
		active: single[bool](ctx, t, b, "SELECT active FROM {process} WHERE name = ?", process),
		status: single[int64](ctx, t, b, "SELECT latest_status_id FROM {process} WHERE name = ?", process),
		held:   !processTime(ctx, t, b, process, "held_at").IsZero(),
	}
	for i, column := range []string{"latest_ended_at", "last_completed_at", "last_failed_at", "last_errored_at"} {
		state.ended[i] = processTime(ctx, t, b, process, column)
	}
	return state
}

func endTimes(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	process := tracker.Process{Name: "Teams Load"}
	times := func() [2]time.Time {
		return [2]time.Time{
			processTime(ctx, t, b, process.Name, "last_completed_at"), processTime(ctx, t, b, process.Name, "last_failed_at"),
		}
	}
	first := start(ctx, t, tr, process)
	if got := times(); got != [2]time.Time{} {
		t.Errorf("before any end: %v", got)
	}
	must(t, first.Complete(ctx, nil))
	completed := stored(ctx, t, tr, first).EndedAt
	if got := times(); got != [2]time.Time{completed} || completed.IsZero() {
		t.Errorf("completed at %v, but the process says %v", completed, got)
	}
	second := start(ctx, t, tr, process)
	must(t, second.Fail(ctx))
	failed := stored(ctx, t, tr, second).EndedAt
	if got := times(); got != [2]time.Time{completed, failed} || failed.Before(completed) {
		t.Errorf("failed at %v, but the process says %v", failed, got)
	}
	third := start(ctx, t, tr, process)
	must(t, third.Hold(ctx, "a look is needed", nil))
	if got := times(); got != [2]time.Time{completed, failed} {
		t.Errorf("a run on hold is neither completed nor failed, but the process says %v", got)
	}
}

// sameStatus is the name that writes uses for the change to a status.
var sameStatus = map[tracker.RunStatus]string{tracker.Completed: "complete", tracker.Failed: "fail", tracker.OnHold: "hold"}

func endedForGood(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for status, end := range ways() {
		process := tracker.Process{Name: "ends as " + string(status)}
		run := start(ctx, t, tr, process)
		extract, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: process.Name})
		must(t, err)
		must(t, end(ctx, run))
		info, rows, state := stored(ctx, t, tr, run), content(ctx, t, b), processStateOf(ctx, t, b, process.Name)
		for what, write := range writes(extract) {
			if what == sameStatus[status] {
				continue // the next case
			}
			var ended *tracker.EndedError
			if err := write(ctx, run); !errors.Is(err, tracker.ErrAlreadyEnded) || !errors.As(err, &ended) {
				t.Errorf("%s after %s: %v", what, status, err)
			} else if ended.Status != status || !ended.EndedAt.Equal(info.EndedAt) || ended.Process != process.Name || ended.Number != 1 {
				t.Errorf("%s after %s: the error says %+v, stored is %+v", what, status, ended, info)
			}
		}
		if after := stored(ctx, t, tr, run); after != info {
			t.Errorf("the run was %+v and is %+v", info, after)
		}
		if after := processStateOf(ctx, t, b, process.Name); after != state {
			t.Errorf("the process was %+v and is %+v", state, after)
		}
		wantContent(ctx, t, b, rows)
	}
}

func endedTwice(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "nothing to do", false))
	again := ways()
	again["nothing to do"] = func(ctx context.Context, r *tracker.Run) error { return r.SetStatus(ctx, "nothing to do", nil) }
	for status, end := range again {
		process := "ends as " + string(status)
		run := start(ctx, t, tr, tracker.Process{Name: process})
		must(t, end(ctx, run))
		info, rows, state := stored(ctx, t, tr, run), content(ctx, t, b), processStateOf(ctx, t, b, process)
		for range 3 {
			if err := end(ctx, run); err != nil {
				t.Errorf("%s again: %v", status, err)
			}
		}
		later := &tracker.EndOptions{EndedAt: info.EndedAt.Add(time.Hour)}
		if err := run.SetStatus(ctx, status, later); err != nil {
			t.Errorf("%s again, at another time: %v", status, err)
		}
		if after := stored(ctx, t, tr, run); after != info {
			t.Errorf("the run was %+v and is %+v", info, after)
		}
		if after := processStateOf(ctx, t, b, process); after != state {
			t.Errorf("the process was %+v and is %+v", state, after)
		}
		wantContent(ctx, t, b, rows)
	}
	run := start(ctx, t, tr, tracker.Process{Name: "fails"})
	must(t, run.Fail(ctx, tracker.ErrorRecord{Description: "once"}))
	must(t, run.Fail(ctx, tracker.ErrorRecord{Description: "once"}))
	if got := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()})); len(got) != 1 {
		t.Errorf("failing again recorded its errors again: %v", got)
	}
}

func endedAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: tracker.NeverHold})
	process := tracker.Process{Name: "Teams Load"}
	for round := range 10 {
		run := start(ctx, t, tr, process)
		calls := []tracker.RunStatus{tracker.Completed, tracker.Failed}
		results := atOnce(32, func(i int) error {
			if calls[i%2] == tracker.Completed {
				return run.Complete(ctx, nil)
			}
			return run.Fail(ctx, tracker.ErrorRecord{Description: "at once"})
		})
		info := stored(ctx, t, tr, run)
		for i, err := range results {
			var ended *tracker.EndedError
			switch {
			case calls[i%2] == info.Status && err != nil:
				t.Errorf("round %d: the run %s, and the caller that asked for it got: %v", round, info.Status, err)
			case calls[i%2] != info.Status && (!errors.As(err, &ended) || ended.Status != info.Status || !ended.EndedAt.Equal(info.EndedAt)):
				t.Errorf("round %d: the run %s at %v, and the caller that asked for another end got: %v", round, info.Status, info.EndedAt, err)
			}
		}
		want := []string{"running by tester", "running > " + string(info.Status) + " by tester"}
		if got := runHistory(ctx, t, b, run.ID()); !slices.Equal(got, want) {
			t.Fatalf("round %d: history %q, want %q", round, got, want)
		}
		problems := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()}))
		if failed := info.Status == tracker.Failed; failed && len(problems) != 1 || !failed && len(problems) != 0 {
			t.Errorf("round %d: the run %s with %d errors", round, info.Status, len(problems))
		}
		if left := processTime(ctx, t, b, process.Name, map[tracker.RunStatus]string{
			tracker.Completed: "last_completed_at", tracker.Failed: "last_failed_at",
		}[info.Status]); !left.Equal(info.EndedAt) {
			t.Errorf("round %d: the run ended at %v, the process says %v", round, info.EndedAt, left)
		}
	}
}

func ownEndTime(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	early := run.StartedAt().Add(-time.Microsecond)
	var invalid *tracker.InvalidError
	if err := run.Complete(ctx, &tracker.EndOptions{EndedAt: early}); !errors.As(err, &invalid) || invalid.Field != "end time" {
		t.Errorf("ended a microsecond before it started: %v", err)
	}
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("the refused end ended it: %+v", info)
	}
	kolkata := time.FixedZone("Asia/Kolkata", 5*3600+1800)
	given := run.StartedAt().Add(3*time.Hour + 123_456*time.Microsecond).In(kolkata)
	must(t, run.Complete(ctx, &tracker.EndOptions{EndedAt: given.Add(789 * time.Nanosecond)}))
	if info := stored(ctx, t, tr, run); !info.EndedAt.Equal(given) || info.EndedAt.Location() != time.UTC {
		t.Errorf("ended at %v, stored is %v", given, info.EndedAt)
	}
	if got := processTime(ctx, t, b, run.Process(), "last_completed_at"); !got.Equal(given) {
		t.Errorf("ended at %v, the process says %v", given, got)
	}
	second := start(ctx, t, tr, tracker.Process{Name: "Players Load"})
	must(t, second.Fail(ctx))
	third := start(ctx, t, tr, tracker.Process{Name: "Players Load"})
	must(t, third.SetStatus(ctx, tracker.Failed, &tracker.EndOptions{EndedAt: third.StartedAt()}))
	if info := stored(ctx, t, tr, third); !info.EndedAt.Equal(info.StartedAt) || info.Status != tracker.Failed {
		t.Errorf("ended as it started: %+v", info)
	}
}

func endTimeWithoutEnd(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "checking", true))
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	info, rows := stored(ctx, t, tr, run), content(ctx, t, b)
	for _, status := range []tracker.RunStatus{"checking", tracker.Running} {
		var invalid *tracker.InvalidError
		err := run.SetStatus(ctx, status, &tracker.EndOptions{EndedAt: run.StartedAt().Add(time.Hour)})
		if !errors.As(err, &invalid) || invalid.Field != "end time" || invalid.Remedy == "" {
			t.Errorf("%s, with an end time: %v", status, err)
		}
	}
	if after := stored(ctx, t, tr, run); after != info {
		t.Errorf("the run was %+v and is %+v", info, after)
	}
	wantContent(ctx, t, b, rows)
	must(t, run.SetStatus(ctx, "checking", nil))
	must(t, run.SetStatus(ctx, tracker.Failed, &tracker.EndOptions{EndedAt: run.StartedAt().Add(time.Hour)}))
}

func closeRun(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	left := start(ctx, t, tr, tracker.Process{Name: "forgotten"})
	must(t, left.Close())
	if info := stored(ctx, t, tr, left); info.Status != tracker.Failed || info.Active() {
		t.Errorf("closed without an end: %+v", info)
	}
	problems := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: left.ID()}))
	if len(problems) != 1 || problems[0].Type != tracker.ProcessError || problems[0].Description == "" {
		t.Errorf("it does not say why: %+v", problems)
	}
	must(t, left.Close())
	must(t, tr.Registry().AddRunStatus(ctx, "nothing to do", false))
	ends := ways()
	ends["nothing to do"] = func(ctx context.Context, r *tracker.Run) error { return r.SetStatus(ctx, "nothing to do", nil) }
	for status, end := range ends {
		run := start(ctx, t, tr, tracker.Process{Name: "ends as " + string(status)})
		must(t, end(ctx, run))
		info := stored(ctx, t, tr, run)
		must(t, run.Close())
		if after := stored(ctx, t, tr, run); after != info {
			t.Errorf("closing changed %+v to %+v", info, after)
		}
	}
	if all := collect(t, tr.Errors(ctx, tracker.ErrorFilter{})); len(all) != 1 {
		t.Errorf("closing ended runs recorded errors: %v", all)
	}
}
