package suite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func observerCases() []Case {
	return []Case{
		{"S8.8 the observer gets starts, refusals, ends and expired runs, with the caller's context", observed},
		{"S8.8 the observer and the log get lost leases and retries", observedTrouble},
		{"S8.8 S8.4 a logger gets each event at its level, and no token", logged},
		{"S8.8 S2.12 an expired run that a refused start does not end causes no event", notExpired},
	}
}

// A witness records the calls of an observer, one line each.
type witness struct {
	mu    sync.Mutex
	lines []string
	lost  chan error
}

type spanKey struct{}

func (s *witness) addf(ctx context.Context, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := fmt.Sprintf(format, args...)
	if span, ok := ctx.Value(spanKey{}).(string); ok {
		line += " in " + span
	}
	s.lines = append(s.lines, line)
}

func (s *witness) observer() tracker.Observer {
	s.lost = make(chan error, 10)
	return tracker.Observer{
		OnStart: func(ctx context.Context, e tracker.StartEvent) {
			s.addf(ctx, "start %s %d %s %t", e.Run.Process, e.Run.Number, e.Run.Status, e.Duration > 0)
		},
		OnRefusal: func(ctx context.Context, e tracker.RefusalEvent) {
			s.addf(ctx, "refusal %s %q %v %t", e.Process, e.RunName, e.Reason(), e.Duration > 0 && errors.Is(e.Err, e.Reason()))
		},
		OnEnd: func(ctx context.Context, e tracker.EndEvent) {
			s.addf(ctx, "end %s %d %s %v %t", e.Run.Process, e.Run.Number, e.Run.Status, e.Duration == e.Run.EndedAt.Sub(e.Run.StartedAt), e.InTransaction)
		},
		OnRetry: func(ctx context.Context, e tracker.RetryEvent) {
			s.addf(ctx, "retry %d %s %t", e.Try, e.Reason, e.Err != nil && e.Operation != "")
		},
		OnExpiry: func(ctx context.Context, e tracker.ExpiryEvent) {
			s.addf(ctx, "expiry %s %d %t %t", e.Run.Process, e.Run.Number, e.Forced, e.Held)
		},
		OnLeaseLost: func(_ context.Context, e tracker.LeaseLostEvent) { s.lost <- e.Err },
	}
}

func (s *witness) want(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.lines, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(s.lines, "\n"), strings.Join(want, "\n"))
	}
	s.lines = nil
}

func observed(t *testing.T, e *Env) {
	var s witness
	b := e.setUp(t)
	ctx := context.WithValue(e.context(t), spanKey{}, "a span")
	tr := trackerOn(ctx, t, b, &tracker.Config{Observer: s.observer()})
	p := tracker.Process{Name: "P"}
	run := start(ctx, t, tr, p)
	must(t, ignoreBlocked(tr.Start(ctx, p, &tracker.StartOptions{Name: "x"})))
	must(t, run.Complete(ctx, nil))
	must(t, run.Complete(ctx, nil)) // is not ended again
	s.want(t, "start P 1 running true in a span", `refusal P "x" already running true in a span`, "end P 1 completed true false in a span")

	expire(ctx, t, b, start(ctx, t, tr, p).ID())
	next, err := tr.Start(ctx, tracker.Process{Name: "P", Type: "new"}, nil)
	must(t, err)
	expire(ctx, t, b, next.ID())
	must(t, ignoreBlocked(tr.Start(ctx, p, &tracker.StartOptions{HoldExpired: true})))
	s.want(t, "start P 2 running true in a span", "expiry P 2 false false in a span", "start P 3 running true in a span",
		"expiry P 3 false true in a span", `refusal P "" on hold true in a span`)

	forced := start(ctx, t, tr, tracker.Process{Name: "Q"})
	must(t, ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: forced.ID(), Force: true, DryRun: true})))
	must(t, ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: forced.ID(), Force: true})))
	must(t, tr.Do(ctx, tracker.Process{Name: "R"}, nil, func(context.Context, *tracker.Run) error { return nil }))
	s.want(t, "start Q 1 running true in a span", "expiry Q 1 true false in a span", "start R 1 running true in a span",
		"end R 1 completed true false in a span")
}

// ignoreBlocked is like ignore for a start that has to be refused.
func ignoreBlocked(_ *tracker.Run, err error) error {
	var blocked *tracker.BlockedError
	if errors.As(err, &blocked) && blocked != nil {
		return nil //nolint:nilerr // it was to be refused
	}
	return fmt.Errorf("not refused: %w", err)
}

func observedTrouble(t *testing.T, e *Env) {
	var s witness
	var log lockedBuffer
	ctx, b := e.context(t), e.setUp(t)
	w := &switched{Backend: b}
	tr := trackerOn(ctx, t, w, &tracker.Config{
		Observer: s.observer(), Logger: slog.New(slog.NewTextHandler(&log, nil)), Retry: tracker.RetryPolicy{Tries: 2, Wait: time.Nanosecond},
	})
	run := start(ctx, t, tr, tracker.Process{Name: "P"})
	must(t, ignore(trackerOn(ctx, t, b, nil).Admin().Reap(ctx, tracker.ReapOptions{RunID: run.ID(), Force: true})))
	if err := run.Complete(ctx, nil); !errors.Is(err, tracker.ErrLeaseLost) {
		t.Errorf("complete: %v", err)
	}
	if err := <-s.lost; !errors.Is(err, tracker.ErrLeaseLost) {
		t.Errorf("told of %v", err)
	}
	s.want(t, "start P 1 running true")
	for class, reason := range map[dialect.Class]tracker.RetryReason{
		dialect.Conflict: tracker.RetryConflict, dialect.Disconnected: tracker.RetryDisconnected,
	} {
		w.off.Store(&dead{Backend: b, class: class})
		if err := ignore(tr.Start(ctx, tracker.Process{Name: "P"}, nil)); err == nil {
			t.Error("it started")
		}
		w.off.Store(nil)
		s.want(t, fmt.Sprintf("retry 1 %s true", reason))
	}
	closed := start(ctx, t, tr, tracker.Process{Name: "Q"})
	w.off.Store(&dead{Backend: b, class: dialect.Disconnected})
	if err := closed.Close(); err == nil {
		t.Error("it was closed")
	}
	w.off.Store(nil)
	text := log.String()
	if !strings.Contains(text, `level=ERROR msg="the end of the run could not be recorded" process=Q run=1`) {
		t.Errorf("logged is\n%s", text)
	}
	if strings.Count(text, `level=ERROR msg="lease lost" process=P run=1`) != 1 || strings.Count(text, "level=WARN msg=retry") < 1 ||
		strings.Contains(text, string(tracker.RetryConflict)) {
		t.Errorf("logged is\n%s", text)
	}
}

func logged(t *testing.T, e *Env) {
	var log lockedBuffer
	ctx, b := e.context(t), e.setUp(t)
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})
	tr := trackerOn(ctx, t, b, &tracker.Config{Logger: slog.New(handler)})
	run := start(ctx, t, tr, tracker.Process{Name: "P"})
	must(t, ignoreBlocked(tr.Start(ctx, tracker.Process{Name: "P"}, nil)))
	expire(ctx, t, b, run.ID())
	must(t, start(ctx, t, tr, tracker.Process{Name: "P"}).Complete(ctx, nil))
	var got []string
	for line := range strings.Lines(log.String()) {
		_, line, _ = strings.Cut(line, "level=")
		what, _, _ := strings.Cut(line, " process=")
		got = append(got, what)
	}
	want := []string{
		`DEBUG msg="run started"`, `INFO msg="start refused"`, `WARN msg="ended a run whose lease had expired"`, `DEBUG msg="run started"`, `DEBUG msg="run ended"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("logged is %q, want %q", got, want)
	}
	if strings.Contains(log.String(), run.Token()) {
		t.Error("the log has a token")
	}
}

func notExpired(t *testing.T, e *Env) {
	var s witness
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{Observer: s.observer()})
	run := start(ctx, t, tr, tracker.Process{Name: "P", Type: "old"})
	expire(ctx, t, b, run.ID())
	if _, err := tr.Start(ctx, tracker.Process{Name: "P", Type: "new"}, nil); !errors.Is(err, tracker.ErrMismatch) {
		t.Errorf("start: %v", err)
	}
	ended := !stored(ctx, t, tr, run).Active()
	want := []string{"start P 1 running true"}
	if ended {
		want = append(want, "expiry P 1 false false")
	}
	s.want(t, want...)
}

// lockedBuffer is a buffer that several goroutines write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
