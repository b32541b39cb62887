package suite

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// subject is a process for one deed.
type subject struct {
	tr      *tracker.Tracker
	process string
	run     *tracker.Run // active, unless the deed is a start
	files   []tracker.Extract
}

// A deed is an operation that commits.
type deed struct {
	name string
	do   func(context.Context, *subject) (string, error) // also returns the result that the caller got
	once bool                                            // it cannot be repeated if its answer is lost
	idle bool                                            // it needs a process without an active run
}

func deeds() []deed {
	plain := func(call func(context.Context, *subject) error) func(context.Context, *subject) (string, error) {
		return func(ctx context.Context, w *subject) (string, error) { return "", call(ctx, w) }
	}
	return []deed{
		{name: "start", idle: true, do: func(ctx context.Context, w *subject) (string, error) {
			run, err := w.tr.Start(ctx, tracker.Process{Name: w.process}, &tracker.StartOptions{Name: "day"})
			if err != nil {
				return "", err
			}
			w.run = run
			return strconv.FormatInt(run.Number(), 10), nil
		}},
		{name: "complete", do: plain(func(ctx context.Context, w *subject) error { return w.run.Complete(ctx, nil) })},
		{name: "fail", do: plain(func(ctx context.Context, w *subject) error {
			return w.run.Fail(ctx, tracker.ErrorRecord{Description: "no disk"})
		})},
		{name: "end as on hold", do: plain(func(ctx context.Context, w *subject) error { return w.run.Hold(ctx, "look", nil) })},
		{name: "register extracts", do: func(ctx context.Context, w *subject) (string, error) {
			all, err := w.run.RegisterExtracts(ctx, files("/landing/new/"+w.process, "d", "e")...)
			return fmt.Sprint(names(all)), err
		}},
		{name: "set their status", do: plain(func(ctx context.Context, w *subject) error {
			return w.run.SetExtractStatus(ctx, tracker.Loaded, w.files...)
		})},
		{name: "claim", do: func(ctx context.Context, w *subject) (string, error) {
			all, err := w.run.Claim(ctx, tracker.ClaimOptions{Limit: 2, Process: w.process})
			return fmt.Sprint(names(all)), err
		}},
		{name: "set counts", do: plain(func(ctx context.Context, w *subject) error {
			return w.run.SetCounts(ctx, tracker.Counts{Inserts: 7})
		})},
		{name: "add counts", once: true, do: plain(func(ctx context.Context, w *subject) error {
			return w.run.AddCounts(ctx, tracker.Counts{Inserts: 7})
		})},
		{name: "record an error", once: true, do: plain(func(ctx context.Context, w *subject) error {
			return w.run.RecordError(ctx, tracker.ErrorRecord{Description: "line 7"})
		})},
		{name: "cover", do: plain(func(ctx context.Context, w *subject) error {
			return w.run.ExtendRange(ctx, noon, noon.Add(time.Hour))
		})},
		{name: "hold", do: plain(func(ctx context.Context, w *subject) error { return w.tr.Admin().Hold(ctx, w.process, "look") })},
		{name: "depend", do: plain(func(ctx context.Context, w *subject) error {
			return w.tr.Registry().AddDependency(ctx, w.process, w.process+" before", tracker.DependencyOptions{Kind: tracker.Soft})
		})},
		{name: "register", do: plain(func(ctx context.Context, w *subject) error {
			return w.tr.Registry().Register(ctx, tracker.Process{Name: w.process + " after", Sources: tracker.SystemRefs(w.process)})
		})},
	}
}

// prepare creates a process for a deed.
func (d deed) prepare(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string) *subject {
	t.Helper()
	w := &subject{tr: tr, process: process}
	w.run = start(ctx, t, tr, tracker.Process{Name: process})
	w.files = ready(ctx, t, w.run, "/landing/"+process, "a", "b", "c")
	if d.idle {
		must(t, w.run.Complete(ctx, nil))
	}
	return w
}

// A trial is the outcome of a deed whose commit may have failed.
type trial struct {
	got     string
	err     error
	tries   []tracker.RetryEvent
	then    map[string]int64 // the changes when the tracker was about to retry
	changed map[string]int64
}

// trials do deeds over a wire.
type trials struct {
	*wire

	t    *testing.T
	tr   *tracker.Tracker
	told func(tracker.RetryEvent)
}

const noCommit = "no network leads to it, or the backend does not describe the bytes of a commit on the way to "

func (e *Env) trials(t *testing.T) *trials {
	t.Helper()
	if e.Backend.Commit == nil {
		t.Skip(noCommit + e.Backend.Name)
	}
	s := &trials{wire: e.wired(t), t: t}
	s.tr = s.tracker(e.context(t), t, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { s.told(r) }}})
	return s
}

// do does a deed on the process of that name.
func (s *trials) do(ctx context.Context, d deed, process string, arm func()) (o trial) {
	s.t.Helper()
	s.told = func(r tracker.RetryEvent) { s.t.Errorf("%s: unexpected %+v", process, r) }
	w := d.prepare(ctx, s.t, s.tr, process)
	before := condition(ctx, s.t, s.direct)
	s.told = func(r tracker.RetryEvent) {
		if len(o.tries) == 0 {
			o.then = changes(before, condition(ctx, s.t, s.direct))
		}
		o.tries = append(o.tries, r)
	}
	arm()
	o.got, o.err = d.do(ctx, w)
	s.Disarm()
	o.changed = changes(before, condition(ctx, s.t, s.direct))
	s.told = func(tracker.RetryEvent) {}
	must(s.t, w.run.Close())
	return o
}

// answerLost executes every commit of every deed, and loses the answer.
func answerLost(t *testing.T, e *Env) {
	s := e.trials(t)
	s.strikes(e, s.CutAfter, func(counts faults.Counts) int64 { return counts.CutAfter }, true)
}

// commitLost loses every commit of every deed before the server gets it.
func commitLost(t *testing.T, e *Env) {
	s := e.trials(t)
	s.strikes(e, s.CutBefore, func(counts faults.Counts) int64 { return counts.CutBefore }, false)
}

func (s *trials) strikes(e *Env, arm func(faults.Match) <-chan struct{}, count func(faults.Counts) int64, done bool) {
	s.t.Helper()
	ctx := e.context(s.t)
	for _, d := range deeds() {
		undisturbed := s.do(ctx, d, d.name, func() {})
		if undisturbed.err != nil || len(undisturbed.changed) == 0 {
			s.t.Fatalf("%s: %+v", d.name, undisturbed)
		}
		var last trial
		for n := 1; ; n++ {
			before, what := count(s.Counts()), fmt.Sprintf("%s %d", d.name, n)
			o := s.do(ctx, d, what, func() { arm(nth(e.Backend.Commit, n)) })
			if count(s.Counts()) == before {
				if n == 1 {
					s.t.Fatalf("%s: no commit was seen; is the connection encrypted?", d.name)
				}
				break
			}
			s.check(d, what, o, undisturbed, done)
			last = o
		}
		if all := maps.Equal(last.then, undisturbed.changed); !d.once && all != done {
			s.t.Errorf("%s: when its last commit had gone wrong it had changed %v, in all it changes %v", d.name, last.then, undisturbed.changed)
		}
	}
}

// check checks a deed whose commit was struck by a fault, and took effect or did not.
func (s *trials) check(d deed, what string, o, undisturbed trial, done bool) {
	s.t.Helper()
	if d.once {
		if !only(o.err, tracker.ErrDisconnected) || len(o.tries) > 0 {
			s.t.Errorf("%s, which cannot be repeated: %v, tried again %v", what, o.err, o.tries)
		}
		if !done {
			undisturbed.changed = nil
		}
		wantChanges(s.t, what, o.changed, undisturbed.changed)
		return
	}
	if o.err != nil || o.got != undisturbed.got {
		s.t.Errorf("%s: %s, %v; want %s", what, o.got, o.err, undisturbed.got)
	}
	wantChanges(s.t, what, o.changed, undisturbed.changed)
	for i, again := range o.tries {
		if again.Reason != tracker.RetryDisconnected || again.Try != i+1 || again.Operation == "" || again.Err == nil {
			s.t.Errorf("%s was tried again: %+v", what, again)
		}
	}
	if len(o.tries) == 0 {
		s.t.Errorf("%s: the observer got no event", what)
	}
}

// nth matches the nth matching request.
func nth(match faults.Match, n int) faults.Match {
	seen := 0
	return func(r faults.Request) bool {
		if match(r) {
			seen++
		}
		return seen == n
	}
}
