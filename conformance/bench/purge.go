package bench

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// purged is the number of runs that a purge removes.
const purged = 100

// ancient is the end time of the runs to purge.
func ancient() time.Time { return time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) }

// purgeOperation removes 100 old runs, with their leases and history, in one batch.
func purgeOperation() operation {
	return operation{
		name: "purge 100 runs", prepare: makeAncient, done: nothing,
		ours: func(ctx context.Context, p *place, _ *subject) error {
			gone, err := p.tracker.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: 10 * 365 * 24 * time.Hour})
			if err == nil && gone.Runs != purged {
				err = fmt.Errorf("purged %d runs instead of %d", gone.Runs, purged)
			}
			return err
		},
		facts: func(p *place, s *subject) work {
			var statements []Statement
			for _, child := range []string{
				"{status_history} WHERE run_id", "{run_error} WHERE run_id", "{run_extract} WHERE run_id",
				"{run_soft_dependency} WHERE run_id", "{run_lease} WHERE run_id", "{run} WHERE id",
			} {
				statements = append(statements, p.statement("DELETE FROM "+child+" IN ("+placeholders(len(s.ids))+")", arguments(s.ids)...))
			}
			return p.do(statements...)
		},
	}
}

// makeAncient creates runs that ended long ago, with their other rows.
func makeAncient(ctx context.Context, p *place, s *subject) error {
	at := p.d.Time(ancient())
	values := make([][]any, purged)
	for i := range values {
		values[i] = []any{s.processID, -p.next(), 2, p.nextName("ancient"), p.actor, at, at}
	}
	err := p.Hand.Load(ctx, Rows{
		Table: "run", Columns: []string{"process_id", "run_no", "status_id", "token_digest", "actor_id", "started_at", "ended_at"}, Values: values,
	})
	if err != nil {
		return err
	}
	const from = ` FROM {run} WHERE process_id = ? AND run_no < 0 AND ended_at = ?`
	err = p.Hand.Run(ctx,
		p.statement(`INSERT INTO {run_lease} (run_id, length_ms, expires_at, renewed_at) SELECT id, 60000, ended_at, started_at`+from, s.processID, at),
		p.statement(`INSERT INTO {status_history} (process_id, run_id, to_status, actor_id, changed_at)
			SELECT process_id, id, 'running', actor_id, started_at`+from, s.processID, at),
		p.statement(`INSERT INTO {status_history} (process_id, run_id, from_status, to_status, actor_id, changed_at)
			SELECT process_id, id, 'running', 'completed', actor_id, ended_at`+from, s.processID, at),
	)
	if err != nil {
		return err
	}
	_, rows, err := p.Hand.Read(ctx, p.statement("SELECT id"+from, s.processID, at))
	for _, row := range rows {
		s.ids = append(s.ids, integer(row[0]))
	}
	return err
}

// purgeExtracts removes the first extracts of a history in which all extracts can be removed.
func purgeExtracts() operation {
	return operation{
		name: "purge a batch of extracts", prepare: nothing, done: nothing,
		ours: func(ctx context.Context, p *place, _ *subject) error {
			const batch = 20
			once, stop := context.WithCancel(ctx)
			defer stop()
			gone, err := p.tracker.Admin().Purge(once, tracker.PurgeOptions{
				OlderThan: 24 * time.Hour, Extracts: []tracker.ExtractStatus{tracker.Loaded}, BatchSize: batch,
				OnBatch: func(tracker.Purged) { stop() },
			})
			switch {
			case ctx.Err() == nil && errors.Is(err, context.Canceled) && gone.Extracts == batch:
				return nil
			case err == nil || errors.Is(err, context.Canceled):
				return fmt.Errorf("purged %d extracts instead of %d", gone.Extracts, batch)
			}
			return err
		},
	}
}

// purgeMeanwhile purges the history for some seconds. It reports the longest
// transaction of a batch, which limits how long locks are held, and how much the purge
// slows down starts and completions.
func (p *place) purgeMeanwhile(b *testing.B) {
	ctx := b.Context()
	cycle := func(ctx context.Context, _, _ int) error {
		run, err := p.tracker.Start(ctx, tracker.Process{Name: smallProcess}, nil)
		if err != nil {
			return err
		}
		return run.Complete(ctx, nil)
	}
	var alone, meanwhile []float64
	var longest time.Duration
	var gone int64
	var purging time.Duration
	for b.Loop() {
		rate, err := throughput(ctx, 1, purgeSlice, cycle)
		if err != nil {
			b.Fatal(err)
		}
		alone = append(alone, rate)
		purge := p.purgeUntil(ctx)
		rate, err = throughput(ctx, 1, purgeSlice, cycle)
		runs, most, took, failed := purge()
		if err = errors.Join(err, failed); err != nil {
			b.Fatal(err)
		}
		meanwhile = append(meanwhile, rate)
		longest, gone, purging = max(longest, most), gone+runs, purging+took
	}
	b.ReportMetric(float64(longest.Nanoseconds()), "ns/op")
	b.ReportMetric(float64(gone)/purging.Seconds(), "rows/s")
	b.ReportMetric(middle(meanwhile)/middle(alone), "speed/alone")
}

// purgeSlice is how long starts are counted, both without and with a purge.
const purgeSlice = time.Second

// purgeUntil purges the rows that fill the place, until the returned function is
// called. That function returns how many runs and extracts were removed, the longest
// transaction of a batch, and the duration of all batches with their pauses.
func (p *place) purgeUntil(parent context.Context) func() (rows int64, longest, took time.Duration, err error) {
	ctx, stop := context.WithCancel(parent)
	var rows int64
	var took time.Duration
	watch := &stopwatch{Backend: p.Backend}
	purging, err := newTracker(ctx, watch)
	if err != nil {
		stop()
		return func() (int64, time.Duration, time.Duration, error) { return 0, 0, 0, err }
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		began := time.Now()
		_, err = purging.Admin().Purge(ctx, tracker.PurgeOptions{
			OlderThan: 24 * time.Hour, Extracts: []tracker.ExtractStatus{tracker.Loaded},
			OnBatch: func(all tracker.Purged) { rows = all.Runs + all.Extracts },
		})
		took = time.Since(began)
		if ctx.Err() != nil && parent.Err() == nil {
			err = nil // the context was cancelled
		}
	}()
	return func() (int64, time.Duration, time.Duration, error) {
		stop()
		<-done
		return rows, watch.longest, took, errors.Join(err, purging.Close())
	}
}

// A stopwatch is a [tap.Tap] that measures transactions, which must not overlap.
type stopwatch struct {
	dialect.Backend

	longest time.Duration
}

// Conn implements [dialect.Backend].
func (w *stopwatch) Conn() dialect.Conn { return tap.Conn(w.Backend.Conn(), w) }

// Send implements [tap.Tap].
func (*stopwatch) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (w *stopwatch) Atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	began := time.Now()
	err := inner.Atomic(ctx, fn)
	w.longest = max(w.longest, time.Since(began))
	return err
}
