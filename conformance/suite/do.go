package suite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func doCases() []Case {
	return []Case{
		{"S3.2 Do completes the run of a function that returns nil", doCompletes},
		{"S3.2 S3.4 Do fails the run of a function that returns an error, and records it", doFails},
		{"S3.2 S3.4 Do fails the run of a function that panics or ends its goroutine, and passes that on", doPanics},
		{"S3.2 Do records the end of a run even if the context has ended", doAfterContext},
		{"S3.2 Do leaves a run alone if the function has ended it", doEndedItself},
		{"S2.1 S3.2 Do is refused as a start is, and returns the error that kept an end from being recorded", doErrors},
	}
}

// recorded returns the errors that a run recorded, newest first: "type: text".
func recorded(ctx context.Context, t testing.TB, tr *tracker.Tracker, run int64) []string {
	t.Helper()
	var all []string
	for _, e := range collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run})) {
		all = append(all, e.Type+": "+e.Description)
	}
	return all
}

// wantDone checks how a run of Do's ended, and its errors.
func wantDone(ctx context.Context, t testing.TB, tr *tracker.Tracker, run *tracker.Run, status tracker.RunStatus, errs ...string) {
	t.Helper()
	if run == nil {
		t.Fatal("the function was not called")
	}
	if info := stored(ctx, t, tr, run); info.Status != status {
		t.Errorf("%v is %s, want %s", run, info.Status, status)
	}
	if got := recorded(ctx, t, tr, run.ID()); !slices.Equal(got, errs) {
		t.Errorf("%v recorded %q, want %q", run, got, errs)
	}
}

func doCompletes(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	var run *tracker.Run
	type key struct{}
	must(t, tr.Do(context.WithValue(ctx, key{}, "mine"), tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "2026-11-22"}, func(ctx context.Context, r *tracker.Run) error {
		run = r
		if ctx.Value(key{}) != "mine" {
			t.Error("the function gets another context")
		}
		wantRefused(ctx, t, tr, "Load", tracker.ErrAlreadyRunning)
		return r.ExtendRange(ctx, noon, noon.Add(time.Hour))
	}))
	wantDone(ctx, t, tr, run, tracker.Completed)
	if info := stored(ctx, t, tr, run); info.Name != "2026-11-22" {
		t.Errorf("the options are lost: %+v", info)
	}
}

func doFails(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "Network Error"))
	plain := errors.New("no disk")
	for _, c := range []struct {
		err  error
		want string
	}{
		{plain, "Process Error: no disk"},
		{tracker.ErrorRecord{Type: tracker.DataError, Description: "3 rows without a key"}, "Data Error: 3 rows without a key"},
		{fmt.Errorf("load: %w", tracker.ErrorRecord{Type: "Network Error", Description: "reset"}), "Network Error: load: reset"},
		{errors.Join(plain, tracker.ErrorRecord{Type: tracker.FileError}), "File Error: no disk\nFile Error"},
		{tracker.ErrorRecord{}, "Process Error: Process Error"},
		{fmt.Errorf("bad \x00 \xff: %w", plain), "Process Error: bad \uFFFD \uFFFD: no disk"},
		{context.Canceled, "Process Error: context canceled"},
	} {
		var run *tracker.Run
		err := tr.Do(ctx, tracker.Process{Name: "Load"}, nil, func(_ context.Context, r *tracker.Run) error {
			run = r
			return c.err
		})
		if err == nil || err.Error() != c.err.Error() || !errors.Is(err, c.err) && !errors.As(c.err, new(tracker.ErrorRecord)) {
			t.Errorf("returned %v, got %v", c.err, err)
		}
		wantDone(ctx, t, tr, run, tracker.Failed, c.want)
	}
	var run *tracker.Run
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	_ = tr.Do(ctx, tracker.Process{Name: "Load"}, nil, func(_ context.Context, r *tracker.Run) error {
		run = r
		return tracker.ErrorRecord{Description: "then", At: at}
	})
	if run == nil {
		t.Fatal("the function was not called")
	}
	if got := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()})); len(got) != 1 || !got[0].At.Equal(at) {
		t.Errorf("the problem's time: %+v", got)
	}

	// An unknown type does not prevent the run from failing.
	err := tr.Do(ctx, tracker.Process{Name: "Load"}, nil, func(_ context.Context, r *tracker.Run) error {
		run = r
		return tracker.ErrorRecord{Type: "Unheard of", Description: "odd"}
	})
	if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, new(tracker.ErrorRecord)) {
		t.Errorf("an unknown type: %v", err)
	}
	wantDone(ctx, t, tr, run, tracker.Failed, "Process Error: odd")
}

func doPanics(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	var run *tracker.Run
	do := func(fn func()) {
		must(t, tr.Do(ctx, tracker.Process{Name: "Load"}, nil, func(_ context.Context, r *tracker.Run) error {
			run = r
			fn()
			return nil
		}))
		t.Error("Do returned")
	}
	caught := func(fn func()) (value any) {
		defer func() { value = recover() }()
		do(fn)
		return nil
	}
	own := &struct{ int }{7}
	for value, want := range map[any]string{"no disk": "panic: no disk", own: "panic: &{7}"} {
		if got := caught(func() { panic(value) }); got != value {
			t.Errorf("panicked with %v, got %v", value, got)
		}
		wantDone(ctx, t, tr, run, tracker.Failed, "Process Error: "+want)
	}
	var values []int
	got := caught(func() { _ = values[run.Number()] })
	if err, ok := got.(runtime.Error); !ok || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("an error of Go's own: %v", got)
	}
	wantDone(ctx, t, tr, run, tracker.Failed, "Process Error: panic: "+fmt.Sprint(got))

	ended := make(chan struct{})
	go func() {
		defer close(ended)
		do(runtime.Goexit)
	}()
	<-ended
	wantDone(ctx, t, tr, run, tracker.Failed, "Process Error: ended by runtime.Goexit")
}

func doAfterContext(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for status, errs := range map[tracker.RunStatus][]string{tracker.Completed: nil, tracker.Failed: {"Process Error: context canceled"}} {
		over, cancel := context.WithCancel(ctx)
		var run *tracker.Run
		err := tr.Do(over, tracker.Process{Name: "ends " + string(status)}, nil, func(ctx context.Context, r *tracker.Run) error {
			run = r
			cancel()
			<-ctx.Done()
			if status == tracker.Failed {
				return ctx.Err()
			}
			return nil // the work was done
		})
		if failed := errors.Is(err, context.Canceled); failed != (status == tracker.Failed) || !failed && err != nil {
			t.Errorf("%s: %v", status, err)
		}
		wantDone(ctx, t, tr, run, status, errs...)
	}
}

func doEndedItself(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	late := errors.New("late")
	for status, end := range ways() {
		for what, after := range map[string]func() error{
			"nil": func() error { return nil }, "an error": func() error { return late }, "a panic": func() error { panic(late) },
		} {
			var run *tracker.Run
			var err error
			func() {
				defer func() { _ = recover() }()
				err = tr.Do(ctx, tracker.Process{Name: string(status) + ", then " + what}, nil, func(ctx context.Context, r *tracker.Run) error {
					run = r
					must(t, end(ctx, r))
					return after()
				})
			}()
			if errors.Is(err, late) != (what == "an error") || err != nil && !errors.Is(err, late) {
				t.Errorf("%s, then %s: %v", status, what, err)
			}
			wantDone(ctx, t, tr, run, status)
		}
	}
	var run *tracker.Run // ended by another program that has resumed it
	err := tr.Do(ctx, tracker.Process{Name: "taken up"}, nil, func(ctx context.Context, r *tracker.Run) error {
		run = r
		taken, err := tr.Resume(ctx, r.ID(), r.Token())
		must(t, err)
		must(t, taken.Complete(ctx, nil))
		return late
	})
	if !errors.Is(err, late) || errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("completed by another: %v", err)
	}
	wantDone(ctx, t, tr, run, tracker.Completed)
}

func doErrors(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	start(ctx, t, tr, tracker.Process{Name: "busy"})
	err := tr.Do(ctx, tracker.Process{Name: "busy"}, nil, func(context.Context, *tracker.Run) error {
		t.Error("the function was called")
		return nil
	})
	if blocked := wantBlocked(t, err, tracker.ErrAlreadyRunning); blocked.Run == nil {
		t.Errorf("blocked by %+v", blocked)
	}
	work := errors.New("no disk")
	for name, want := range map[string]error{"Load": nil, "Extract": work} {
		err := tr.Do(ctx, tracker.Process{Name: name}, nil, func(context.Context, *tracker.Run) error {
			s.failAs(dialect.Denied)
			s.meddle(allFail)
			return want
		})
		s.meddle(nil)
		if !errors.Is(err, errLost) || !errors.Is(err, tracker.ErrDenied) || want != nil && !errors.Is(err, want) {
			t.Errorf("%s, and the end could not be recorded: %v", name, err)
		}
	}
}
