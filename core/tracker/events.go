package tracker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// events reports what a tracker does to its logger and its observer. A nil events does
// nothing.
type events struct {
	log      *slog.Logger
	observer Observer
}

func tell[E any](ctx context.Context, to func(context.Context, E), event E) {
	if to != nil {
		to(ctx, event)
	}
}

func (i RunInfo) attrs(more ...slog.Attr) []slog.Attr {
	attrs := []slog.Attr{slog.String("process", i.Process), slog.Int64("run", i.Number), slog.Int64("run_id", i.ID)}
	if i.Name != "" {
		attrs = append(attrs, slog.String("run_name", i.Name))
	}
	return append(attrs, more...)
}

// started reports the outcome of a start.
func (e *events) started(ctx context.Context, s starting, took time.Duration, run *Run, err error) {
	if e == nil {
		return
	}
	if err == nil {
		e.log.LogAttrs(ctx, slog.LevelDebug, "run started", run.info.attrs(slog.Duration("duration", took))...)
		tell(ctx, e.observer.OnStart, StartEvent{Run: run.info, Duration: took})
		return
	}
	refusal := RefusalEvent{Process: s.Process, RunName: s.Name, Err: err, Duration: took}
	if reason := refusal.Reason(); reason != nil {
		e.log.LogAttrs(ctx, slog.LevelInfo, "start refused", slog.String("process", s.Process),
			slog.String("reason", reason.Error()), slog.Any("error", err))
		tell(ctx, e.observer.OnRefusal, refusal)
	}
}

// ended reports the end of a run.
func (e *events) ended(ctx context.Context, r *Run, status RunStatus, at time.Time) {
	if e == nil {
		return
	}
	event := EndEvent{Run: r.info, Duration: at.Sub(r.info.StartedAt), InTransaction: r.of != nil}
	event.Run.Status, event.Run.EndedAt = status, at
	event.Run.LeaseUntil = time.Time{}
	e.log.LogAttrs(ctx, slog.LevelDebug, "run ended",
		event.Run.attrs(slog.String("status", string(status)), slog.Duration("duration", event.Duration))...)
	tell(ctx, e.observer.OnEnd, event)
}

// unrecorded logs that the end of a run could not be recorded. There may be no caller
// left to get the error.
func (e *events) unrecorded(ctx context.Context, r *Run, err error) {
	if e == nil || errors.Is(err, ErrLeaseLost) { // which is reported by leaseLost
		return
	}
	e.log.LogAttrs(ctx, slog.LevelError, "the end of the run could not be recorded", r.info.attrs(slog.Any("error", err))...)
}

// retried reports that an operation is about to be retried.
func (e *events) retried(ctx context.Context, again store.Retried) {
	event := RetryEvent{Operation: again.Operation, Try: again.Try, Reason: RetryDisconnected, Wait: again.Wait, Err: again.Err}
	level := slog.LevelWarn
	if again.Class == dialect.Conflict {
		event.Reason, level = RetryConflict, slog.LevelDebug
	}
	e.log.LogAttrs(ctx, level, "retry", slog.String("operation", event.Operation), slog.Int("try", event.Try),
		slog.String("reason", string(event.Reason)), slog.Duration("wait", event.Wait), slog.Any("error", event.Err))
	tell(ctx, e.observer.OnRetry, event)
}

// expired reports that this tracker ended another program's run.
func (e *events) expired(ctx context.Context, event ExpiryEvent) {
	if e == nil {
		return
	}
	what := "ended a run whose lease had expired"
	if event.Forced {
		what = "forced the end of a run"
	}
	e.log.LogAttrs(ctx, slog.LevelWarn, what, event.Run.attrs(slog.String("actor", event.Run.Actor), slog.Bool("held", event.Held))...)
	tell(ctx, e.observer.OnExpiry, event)
}

// unrenewed logs a heartbeat that failed. The next one comes sooner.
func (e *events) unrenewed(ctx context.Context, runs int, err error) {
	if e == nil {
		return
	}
	e.log.LogAttrs(ctx, slog.LevelWarn, "heartbeat failed", slog.Int("runs", runs), slog.Any("error", err))
}

// leaseLost returns the function to call when a run loses its lease. The function must
// not refer to the Run: a Run gets heartbeats for as long as something refers to it.
func (e *events) leaseLost(info RunInfo, also func(error)) func(error) {
	return func(why error) {
		if e != nil {
			ctx := context.Background()
			e.log.LogAttrs(ctx, slog.LevelError, "lease lost", info.attrs(slog.Any("error", why))...)
			tell(ctx, e.observer.OnLeaseLost, LeaseLostEvent{Run: info, Err: why})
		}
		if also != nil {
			also(why)
		}
	}
}
