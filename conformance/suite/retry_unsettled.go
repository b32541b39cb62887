package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func unsettledCases() []Case {
	return []Case{
		{"S2.8 S8.2 a start whose context ends during its commit tells its caller of the run", startUnsettled},
		{"S2.9 S8.2 an end whose context ends during its commit takes effect", endUnsettled},
		{"S8.2 a call that could take effect twice is not repeated if its context ends during its commit", onceUnsettled},
	}
}

// A doubtful backend ends the context of a call during its first change, and does not
// know what became of that.
type doubtful struct {
	dialect.Backend

	end    context.CancelFunc // nil while nothing is to happen
	commit bool               // the change takes effect
}

func (d *doubtful) Classify(err error) dialect.Class {
	if errors.Is(err, dialect.ErrUnsettled) {
		return dialect.Disconnected
	}
	return d.Backend.Classify(err)
}

func (d *doubtful) Conn() dialect.Conn { return tap.Conn(d.Backend.Conn(), d) }

// Send implements [tap.Tap].
func (d *doubtful) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	if !slices.ContainsFunc(steps, func(s *dialect.Step) bool { return s.Kind != dialect.Select }) {
		return real(ctx, steps)
	}
	return d.change(ctx, func() error { return real(ctx, steps) })
}

// Atomic implements [tap.Tap].
func (d *doubtful) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	return d.change(ctx, func() error { return c.Atomic(ctx, fn) })
}

func (d *doubtful) change(ctx context.Context, do func() error) error {
	end := d.end
	if end == nil {
		return do()
	}
	d.end = nil
	if d.commit {
		if err := do(); err != nil {
			return err
		}
	}
	end()
	return fmt.Errorf("%w: %w", ctx.Err(), dialect.ErrUnsettled)
}

// unsettled calls fn for a process of its own, with a context that ends during the first
// change: once if that takes effect, and once if it does not.
func unsettled(t *testing.T, e *Env, fn func(hasty func() context.Context, tr *tracker.Tracker, process string)) {
	t.Helper()
	ctx, d := e.context(t), &doubtful{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, d, nil)
	for _, d.commit = range []bool{true, false} {
		fn(func() context.Context {
			hasty, cancel := context.WithCancel(ctx)
			d.end = cancel
			t.Cleanup(cancel)
			return hasty
		}, tr, fmt.Sprintf("Load, committed %t", d.commit))
		if d.end != nil {
			t.Error("nothing was changed")
		}
	}
}

func startUnsettled(t *testing.T, e *Env) {
	ctx := e.context(t)
	unsettled(t, e, func(hasty func() context.Context, tr *tracker.Tracker, process string) {
		must(t, start(ctx, t, tr, tracker.Process{Name: process}).Complete(ctx, nil))
		run, err := tr.Start(hasty(), tracker.Process{Name: process}, nil)
		if err != nil {
			t.Errorf("%s: %v", process, err)
			return
		}
		must(t, run.Complete(ctx, nil))
		wantRuns(ctx, t, tr, process, 2)
	})
}

func endUnsettled(t *testing.T, e *Env) {
	ctx := e.context(t)
	unsettled(t, e, func(hasty func() context.Context, tr *tracker.Tracker, process string) {
		run := start(ctx, t, tr, tracker.Process{Name: process})
		must(t, run.Complete(hasty(), nil))
		if info := stored(ctx, t, tr, run); info.Status != tracker.Completed {
			t.Errorf("%s: the run is %+v", process, info)
		}
	})
}

func onceUnsettled(t *testing.T, e *Env) {
	ctx := e.context(t)
	unsettled(t, e, func(hasty func() context.Context, tr *tracker.Tracker, process string) {
		run := start(ctx, t, tr, tracker.Process{Name: process})
		err := run.AddCounts(hasty(), tracker.Counts{Inserts: 7})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, dialect.ErrUnsettled) {
			t.Errorf("%s: %v", process, err)
		}
		if info := stored(ctx, t, tr, run); info.Counts.Inserts > 7 {
			t.Errorf("%s: the run is %+v", process, info)
		}
		must(t, run.Complete(ctx, nil))
	})
}
