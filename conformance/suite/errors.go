package suite

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func errorCases() []Case {
	return []Case{
		{"S3.4 S3.8 S3.2 the note of an end is recorded once, with the end, even if the run completes", notedWithAnEnd},
		{"S3.4 a run records any number of errors and goes on", manyErrors},
		{"S3.4 a description may have any length and any bytes", anyDescription},
		{"S3.4 an unknown error type is refused before anything is written", unknownErrorType},
		{"S3.4 an error type of your own works like a preloaded one", ownErrorType},
		{"S3.4 the errors that a run fails with are recorded with its status, all or nothing", failsAtomically},
		{"S3.4 S3.7 an error's time is the caller's or now, and the process's last-errored time follows", errorTimes},
		{"S3.4 the process's last-errored time is that of its latest error, in whatever order errors are recorded", latestErrorTime},
		{"S3.4 S1.8 errors are found by run and by process, newest first", findErrors},
	}
}

func manyErrors(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	const n = 1_100 // more than two pages
	kinds := []string{tracker.FileError, tracker.DataError, tracker.ProcessError, ""}
	problems := make([]tracker.ErrorRecord, n)
	for i := range problems {
		problems[i] = tracker.ErrorRecord{Type: kinds[i%len(kinds)], Description: fmt.Sprint("line ", i)}
	}
	must(t, run.RecordError(ctx))
	must(t, run.RecordError(ctx, problems[0]))
	must(t, run.RecordError(ctx, problems[1:]...))
	got := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()}))
	if len(got) != n {
		t.Fatalf("recorded %d errors, read %d", n, len(got))
	}
	slices.Reverse(got)
	for i, problem := range got {
		want := problems[i]
		if want.Type == "" {
			want.Type = tracker.ProcessError
		}
		if problem.Type != want.Type || problem.Description != want.Description || problem.RunNumber != 1 || problem.Process != run.Process() {
			t.Fatalf("error %d is %+v, want %+v", i, problem, want)
		}
	}
	if info := stored(ctx, t, tr, run); !info.Active() || info.Status != tracker.Running {
		t.Errorf("the run did not go on: %+v", info)
	}
	must(t, run.Complete(ctx, nil))
}

func anyDescription(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	long := strings.Repeat("Zeile mit Umlauten äöü und 🚚, 48 bytes lang…\n", 1<<20/48)
	for given, want := range map[string]string{
		"": "", long: long,
		"two\nlines\tand a bell\a":  "two\nlines\tand a bell\a",
		`quotes ' " and \ % _ ; --`: `quotes ' " and \ % _ ; --`,
		"a\x00b":                    "a\uFFFDb",
		"a\xff\xfeb\xc3":            "a\uFFFDb\uFFFD", // a row of bad bytes is one
		"\uFFFD kept, \u202E too":   "\uFFFD kept, \u202E too",
		strings.Repeat("\x00", 99):  strings.Repeat("\uFFFD", 99),
		" spaces stay ":             " spaces stay ",
		long + "\x00" + long[:1000]: long + "\uFFFD" + long[:1000],
	} {
		must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: given}))
		for last, err := range tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID(), Limit: 1}) {
			if must(t, err); last.Description != want {
				t.Errorf("%d bytes %.40q became %d bytes %.40q", len(given), given, len(last.Description), last.Description)
			}
		}
	}
}

func unknownErrorType(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	rows := content(ctx, t, b)
	for _, kind := range []string{"Network Error", "data error", "Data  Error", "Dàta Error"} {
		problems := []tracker.ErrorRecord{{Description: "fine"}, {Type: kind}}
		for what, err := range map[string]error{"record": run.RecordError(ctx, problems...), "fail": run.Fail(ctx, problems...)} {
			var missing *tracker.NotFoundError
			if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.Name != kind || missing.What != "error type" {
				t.Errorf("%s with type %q: %v", what, kind, err)
			}
		}
	}
	wantContent(ctx, t, b, rows)
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("the refused failure ended the run: %+v", info)
	}
	if at := processTime(ctx, t, b, run.Process(), "last_errored_at"); !at.IsZero() {
		t.Errorf("last errored at %v, though nothing was recorded", at)
	}
}

func ownErrorType(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	for _, kind := range []string{"Network Error", "network error", " Netzwerkstörung 🔌 ", tracker.DataError} {
		must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, kind))
		must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, kind))
		must(t, run.RecordError(ctx, tracker.ErrorRecord{Type: kind}))
	}
	var got []string
	for _, problem := range collect(t, tr.Errors(ctx, tracker.ErrorFilter{})) {
		got = append(got, problem.Type)
	}
	if want := []string{tracker.DataError, "Netzwerkstörung 🔌", "network error", "Network Error"}; !slices.Equal(got, want) {
		t.Errorf("recorded types %q, want %q", got, want)
	}
}

// failsAtomically makes the database reject each statement of a run's failure in turn.
func failsAtomically(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	s := &spy{Backend: b}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	problems := []tracker.ErrorRecord{{Description: "first"}, {Description: "second"}}
	rows := content(ctx, t, b)
	for _, name := range []string{"error.process", "error.insert", "end.failed", "end.last_failed_at", "unclaim.links",
		"unclaim.history", "unclaim.give_back", "end.history", "end.run", "run.state"} {
		s.forget()
		s.meddle(broken(name))
		if err := run.Fail(ctx, problems...); err == nil || errors.Is(err, tracker.ErrAlreadyEnded) || !slices.Contains(s.names(), name) {
			t.Errorf("%s was refused, and Fail said: %v; it sent %q", name, err, s.names())
		}
		wantContent(ctx, t, b, rows)
		if info := stored(ctx, t, tr, run); !info.Active() {
			t.Fatalf("%s was refused, and the run is %+v", name, info)
		}
		if at := processTime(ctx, t, b, run.Process(), "last_errored_at"); !at.IsZero() {
			t.Errorf("%s was refused, and the process's last error was at %v", name, at)
		}
	}
	s.meddle(nil)
	must(t, run.Fail(ctx, problems...))
	info, recorded := stored(ctx, t, tr, run), collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()}))
	if info.Status != tracker.Failed || len(recorded) != 2 || recorded[0].Description != "second" {
		t.Errorf("at last: %+v, %+v", info, recorded)
	}
}

func errorTimes(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	lastErrored := func() time.Time { return processTime(ctx, t, b, run.Process(), "last_errored_at") }
	if at := lastErrored(); !at.IsZero() {
		t.Errorf("last errored at %v, before any error", at)
	}
	given := run.StartedAt().Add(time.Hour + 1_234_567*time.Microsecond) // later than the first error, however slow the server is
	for i, problem := range []tracker.ErrorRecord{{}, {At: given.In(time.FixedZone("", 20700))}, {At: given.Add(time.Hour)}} {
		must(t, run.RecordError(ctx, problem))
		last := collect(t, tr.Errors(ctx, tracker.ErrorFilter{Limit: 1}))[0]
		if !last.At.Equal(lastErrored()) || last.At.Location() != time.UTC || last.At.Before(run.StartedAt()) {
			t.Errorf("error %d is of %v, the process says %v", i, last.At, lastErrored())
		}
		if !problem.At.IsZero() && !last.At.Equal(problem.At) {
			t.Errorf("error %d was of %v, stored is %v", i, problem.At, last.At)
		}
	}
	must(t, run.Fail(ctx, tracker.ErrorRecord{At: given.Add(2 * time.Hour)}))
	if at := lastErrored(); !at.Equal(given.Add(2 * time.Hour)) {
		t.Errorf("failed with an error of %v, the process says %v", given.Add(2*time.Hour), at)
	}
}

// latestErrorTime records errors in an order that is not the order of their times.
func latestErrorTime(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	first := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	at := func(hours int) time.Time {
		return first.StartedAt().Add(time.Duration(hours)*time.Hour + 3*time.Microsecond)
	}
	wantLast := func(hours int) {
		t.Helper()
		if got := processTime(ctx, t, b, "Teams Load", "last_errored_at"); !got.Equal(at(hours)) {
			t.Errorf("last errored at %v, want %v", got, at(hours))
		}
	}
	must(t, first.RecordError(ctx, tracker.ErrorRecord{At: at(-2)}))
	wantLast(-2)
	must(t, first.RecordError(ctx, tracker.ErrorRecord{At: at(-1)}, tracker.ErrorRecord{At: at(5)}, tracker.ErrorRecord{At: at(-3)}))
	wantLast(5)
	must(t, first.RecordError(ctx, tracker.ErrorRecord{})) // now
	must(t, first.Fail(ctx, tracker.ErrorRecord{At: at(4)}, tracker.ErrorRecord{At: at(2)}))
	wantLast(5)
	second := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, second.RecordError(ctx, tracker.ErrorRecord{At: at(1)}))
	wantLast(5)
	var got []int // hours
	for _, problem := range collect(t, tr.Errors(ctx, tracker.ErrorFilter{})) {
		got = append(got, int(problem.At.Sub(at(0))/time.Hour))
	}
	want := []int{1, 2, 4, 0, -3, 5, -1, -2}
	if !slices.Equal(got, want) {
		t.Errorf("the errors are of %v, want %v", got, want)
	}
}

func findErrors(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	runs := map[string]*tracker.Run{}
	for _, name := range []string{"a 1", "b 1", "a 2", "b 2"} {
		process := name[:1]
		run := start(ctx, t, tr, tracker.Process{Name: process})
		must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: name + " first"}, tracker.ErrorRecord{Description: name + " second"}))
		must(t, run.Complete(ctx, nil))
		runs[name] = run
	}
	for _, c := range []struct {
		filter tracker.ErrorFilter
		want   string
	}{
		{tracker.ErrorFilter{}, "b 2 second, b 2 first, a 2 second, a 2 first, b 1 second, b 1 first, a 1 second, a 1 first"},
		{tracker.ErrorFilter{Process: " a "}, "a 2 second, a 2 first, a 1 second, a 1 first"},
		{tracker.ErrorFilter{Process: "A"}, ""},
		{tracker.ErrorFilter{Process: "b", Limit: 3}, "b 2 second, b 2 first, b 1 second"},
		{tracker.ErrorFilter{RunID: runs["b 1"].ID()}, "b 1 second, b 1 first"},
		{tracker.ErrorFilter{RunID: runs["b 1"].ID(), Process: "a"}, ""},
		{tracker.ErrorFilter{RunID: 1 << 60}, ""},
	} {
		var got []string
		for _, problem := range collect(t, tr.Errors(ctx, c.filter)) {
			got = append(got, problem.Description)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%+v finds %q, want %q", c.filter, got, c.want)
		}
	}
}

func notedWithAnEnd(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	late := &tracker.EndOptions{Note: "an hour late \x00"}
	must(t, run.Complete(ctx, late))
	must(t, run.Complete(ctx, late)) // a retry
	wantDone(ctx, t, tr, run, tracker.Completed, "Process Error: an hour late \uFFFD")
	changes := collect(t, tr.History(ctx, tracker.HistoryFilter{RunID: run.ID()}))
	if got := changes[len(changes)-1].Reason; got != "an hour late \uFFFD" {
		t.Errorf("the history says %q", got)
	}
	ended := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, ended.Fail(ctx))
	if err := ended.Complete(ctx, late); !errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("complete a failed run: %v", err)
	}
	wantDone(ctx, t, tr, ended, tracker.Failed)
}
