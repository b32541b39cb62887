package suite

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func runCases() []Case {
	return []Case{
		{"S3.1 running goes on; completed, failed and on hold have ended", builtInStatuses},
		{"S3.1 a status of your own is active or ended, as you say", ownStatuses},
		{"S3.1 an unknown status is refused, and an existing one stays active or ended", unknownStatus},
		{"S3.9 S8.1 a caller without the run's token writes nothing", notOwner},
	}
}

// ways are the ways to end a run, with the resulting statuses.
func ways() map[tracker.RunStatus]func(context.Context, *tracker.Run) error {
	return map[tracker.RunStatus]func(context.Context, *tracker.Run) error{
		tracker.Completed: func(ctx context.Context, r *tracker.Run) error { return r.Complete(ctx, nil) },
		tracker.Failed:    func(ctx context.Context, r *tracker.Run) error { return r.Fail(ctx) },
		tracker.OnHold:    func(ctx context.Context, r *tracker.Run) error { return r.Hold(ctx, "a look is needed", nil) },
	}
}

// stored is the stored state of a run.
func stored(ctx context.Context, t testing.TB, tr *tracker.Tracker, run *tracker.Run) tracker.RunInfo {
	t.Helper()
	all := collect(t, tr.Runs(ctx, tracker.RunFilter{ID: run.ID()}))
	if len(all) != 1 {
		t.Fatalf("there are %d runs of id %d", len(all), run.ID())
	}
	return all[0]
}

func builtInStatuses(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for status, end := range ways() {
		name := "ends as " + string(status)
		run := start(ctx, t, tr, tracker.Process{Name: name})
		info := stored(ctx, t, tr, run)
		if info.Status != tracker.Running || !info.Active() || info.Actor != "tester" || info.Process != name || info.Number != 1 {
			t.Errorf("after the start: %+v", info)
		}
		must(t, end(ctx, run))
		info = stored(ctx, t, tr, run)
		if info.Status != status || info.Active() || info.EndedAt.Before(info.StartedAt) {
			t.Errorf("%s: %+v", name, info)
		}
		_, err := tr.Start(ctx, tracker.Process{Name: name}, nil)
		if held := errors.Is(err, tracker.ErrOnHold); held != (status == tracker.OnHold) || !held && err != nil {
			t.Errorf("%s, and started again: %v", name, err)
		}
	}
}

func ownStatuses(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "waiting for files", true))
	must(t, tr.Registry().AddRunStatus(ctx, "nothing to do", false))
	process := tracker.Process{Name: "Teams Load"}
	run := start(ctx, t, tr, process)

	must(t, run.SetStatus(ctx, "waiting for files", nil))
	if info := stored(ctx, t, tr, run); info.Status != "waiting for files" || !info.Active() {
		t.Errorf("a status that goes on: %+v", info)
	}
	var blocked *tracker.BlockedError
	if _, err := tr.Start(ctx, process, nil); !errors.Is(err, tracker.ErrAlreadyRunning) || !errors.As(err, &blocked) ||
		blocked.Run == nil || blocked.Run.Status != "waiting for files" {
		t.Errorf("started while another run waits: %v", err)
	}
	must(t, run.SetStatus(ctx, tracker.Running, nil))
	must(t, run.SetStatus(ctx, " nothing to do ", nil))
	info := stored(ctx, t, tr, run)
	if info.Status != "nothing to do" || info.Active() {
		t.Errorf("a status that ends: %+v", info)
	}
	var ended *tracker.EndedError
	if err := run.Complete(ctx, nil); !errors.As(err, &ended) || ended.Status != "nothing to do" || !ended.EndedAt.Equal(info.EndedAt) {
		t.Errorf("completed after that: %v", err)
	}
	start(ctx, t, tr, process)
	want := []string{
		"running by tester", "running > waiting for files by tester",
		"waiting for files > running by tester", "running > nothing to do by tester",
	}
	if got := runHistory(ctx, t, b, run.ID()); !slices.Equal(got, want) {
		t.Errorf("history: %q", got)
	}
}

func unknownStatus(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	for _, status := range []tracker.RunStatus{"paused", "Running", "on  hold", "complèted"} {
		var missing *tracker.NotFoundError
		if err := run.SetStatus(ctx, status, nil); !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.Name != string(status) {
			t.Errorf("%q: %v", status, err)
		}
	}
	must(t, tr.Registry().AddRunStatus(ctx, "paused", true))
	must(t, tr.Registry().AddRunStatus(ctx, "paused", true))
	for status, active := range map[tracker.RunStatus]bool{"paused": false, tracker.Running: false, tracker.Failed: true} {
		var differ *tracker.MismatchError
		if err := tr.Registry().AddRunStatus(ctx, status, active); !errors.Is(err, tracker.ErrMismatch) || !errors.As(err, &differ) || differ.Stored == differ.Given {
			t.Errorf("%q made again as another sort: %v", status, err)
		}
	}
	must(t, run.SetStatus(ctx, "paused", nil))
	if info := stored(ctx, t, tr, run); info.Status != "paused" || !info.Active() {
		t.Errorf("stored: %+v", info)
	}
}

// writes are the calls that write to a run, by name.
func writes(extract tracker.Extract) map[string]func(context.Context, *tracker.Run) error {
	return map[string]func(context.Context, *tracker.Run) error{
		"complete": func(ctx context.Context, r *tracker.Run) error { return r.Complete(ctx, nil) },
		"fail": func(ctx context.Context, r *tracker.Run) error {
			return r.Fail(ctx, tracker.ErrorRecord{Description: "late"})
		},
		"hold":            func(ctx context.Context, r *tracker.Run) error { return r.Hold(ctx, "late", nil) },
		"set a status":    func(ctx context.Context, r *tracker.Run) error { return r.SetStatus(ctx, tracker.Running, nil) },
		"record an error": func(ctx context.Context, r *tracker.Run) error { return r.RecordError(ctx, tracker.ErrorRecord{}) },
		"set extract status": func(ctx context.Context, r *tracker.Run) error {
			return r.SetExtractStatus(ctx, tracker.Loaded, extract)
		},
		"register an extract": func(ctx context.Context, r *tracker.Run) error {
			_, err := r.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "late.csv"})
			return err
		},
		"claim extracts": func(ctx context.Context, r *tracker.Run) error {
			return ignore(r.Claim(ctx, tracker.ClaimOptions{Limit: 1}))
		},
		"update an extract": func(ctx context.Context, r *tracker.Run) error { return r.UpdateExtracts(ctx, extract) },
		"measure an extract": func(ctx context.Context, r *tracker.Run) error {
			return r.RecordMeasures(ctx, tracker.ExtractMeasures{Extract: extract, Loaded: tracker.Measures{Count: pointer(int64(7))}})
		},
		"count":      func(ctx context.Context, r *tracker.Run) error { return r.AddCounts(ctx, tracker.Counts{Records: 7}) },
		"set counts": func(ctx context.Context, r *tracker.Run) error { return r.SetCounts(ctx, tracker.Counts{Records: 7}) },
		"widen":      func(ctx context.Context, r *tracker.Run) error { return r.ExtendRange(ctx, noon, noon) },
	}
}

func notOwner(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	extract, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv"})
	must(t, err)
	// As if another holder had taken over the run.
	change(ctx, t, b, "UPDATE {run} SET token_digest = 'theirs' WHERE id = ?", run.ID())
	change(ctx, t, b, "UPDATE {process} SET latest_token_digest = 'theirs' WHERE name = ?", run.Process())
	info, rows := stored(ctx, t, tr, run), content(ctx, t, b)
	for what, write := range writes(extract) {
		if err := write(ctx, run); !errors.Is(err, tracker.ErrNotOwner) {
			t.Errorf("%s with a wrong token: %v", what, err)
		}
	}
	if err := run.Close(); !errors.Is(err, tracker.ErrNotOwner) {
		t.Errorf("close with a wrong token: %v", err)
	}
	if after := stored(ctx, t, tr, run); after != info || !after.Active() {
		t.Errorf("the run was %+v and is %+v", info, after)
	}
	wantContent(ctx, t, b, rows, "location") // a location belongs to no run
}
