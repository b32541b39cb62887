package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// lockProcess locks the row of the run's process, if the run is its active one. The
// statements after it see the run's row as of then.
func (q sql) lockProcess(run RunRef) dialect.Stmt {
	return q.stmt("process.lock", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tProcess, "p", false)
		return locking(squirrel.Select("p.id").From(from).
			Where(squirrel.Eq{"p.id": runProcess, "p.latest_token_digest": runDigest, "p.active": fixed{true}}).Suffix(lock))
	}, run.with()...)
}

// lockSteps lock the rows that a change of an active run changes. A transaction that
// registers the run's extracts holds the run, and a foreign key reads the process: if
// that read waits for changes, the run has to be locked before the process changes.
func (s *Store) lockSteps(run RunRef) []*dialect.Step {
	nothing := func(dialect.Row) error { return nil }
	steps := []*dialect.Step{read(s.lockProcess(run), nothing)}
	if s.pessimistic() {
		steps = append(steps, read(s.lockRun(run), nothing))
	}
	return steps
}

// pessimistic reports whether the database waits for locks where others do not.
func (q sql) pessimistic() bool {
	_, ok := q.d.(dialect.Pessimist)
	return ok
}

// readCounts reads the counts of a run that is active, and its process's totals.
func (q sql) readCounts(run RunRef) dialect.Stmt {
	return q.stmt("count.read", func() squirrel.Sqlizer {
		var columns []string
		for _, table := range []string{"run.", "p."} {
			for _, column := range CountColumns {
				columns = append(columns, table+column)
			}
		}
		return squirrel.Select(columns...).
			From(q.as(tRun, "run")).
			Join(q.as(tProcess, "p") + " ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
			Where(squirrel.Eq{"run.id": runID, "run.token_digest": runDigest, "run.ended_at": nil, "p.active": fixed{true}})
	}, run.with()...)
}

func (q sql) countProcess(run RunRef, totals [4]int64) dialect.Stmt {
	return q.stmt("count.process", func() squirrel.Sqlizer {
		return setCounts(q.d.Update(tProcess)).
			Where(squirrel.Eq{"id": runProcess, "latest_token_digest": runDigest, "active": fixed{true}})
	}, run.with(totals[0], totals[1], totals[2], totals[3])...)
}

// setCounts sets the columns of counts to the values that follow a run's.
func setCounts(update squirrel.UpdateBuilder) squirrel.UpdateBuilder {
	for i, column := range CountColumns {
		update = update.Set(column, afterRun+slot(i))
	}
	return update
}

func (q sql) countRun(run RunRef, counts [4]int64) dialect.Stmt {
	return q.stmt("count.run", func() squirrel.Sqlizer {
		return setCounts(q.d.Update(tRun)).Where(squirrel.Eq{"id": runID, "token_digest": runDigest, "ended_at": nil})
	}, run.with(counts[0], counts[1], counts[2], counts[3])...)
}

// OverflowError says which total would overflow 64 bits. Nothing was written.
type OverflowError struct{ Column string }

func (e *OverflowError) Error() string { return "the total of " + e.Column + " would not fit 64 bits" }

// recount computes the counts of a run and its process after non-negative counts are
// added to the run's or replace them. The program does it because some databases refuse
// an overflowing sum while others round it.
func recount(run, totals, counts [4]int64, add bool) (newRun, newTotals [4]int64, err error) {
	for i, n := range counts {
		rest := totals[i] - run[i] // of the other runs
		if newRun[i] = n; add {
			newRun[i] += run[i]
		}
		newTotals[i] = rest + newRun[i]
		if newRun[i] < n || newTotals[i] < rest {
			return run, totals, &OverflowError{Column: CountColumns[i]}
		}
	}
	return newRun, newTotals, nil
}

// CountRun sets the counts of a run or adds to them, and moves the totals of its
// process with them. Adding is not repeatable: it cannot recognize its own earlier
// attempt.
func (s *Store) CountRun(ctx context.Context, run RunRef, counts [4]int64, add bool) (RunState, error) {
	var state RunState
	err := s.run(ctx, work{once: add, in: func(c dialect.Conn) error {
		state = RunState{}
		active := false
		var was, total [4]int64
		err := inOrder(ctx, c, append(s.lockSteps(run),
			read(s.readCounts(run), func(r dialect.Row) error {
				active = true
				return r.Scan(&was[0], &was[1], &was[2], &was[3], &total[0], &total[1], &total[2], &total[3])
			}),
			read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }),
		))
		if err != nil || !active {
			return err
		}
		if was, total, err = recount(was, total, counts, add); err != nil {
			return err
		}
		state.Changed = true
		return finish(ctx, c, []*dialect.Step{act(s.countProcess(run, total)), act(s.countRun(run, was))})
	}})
	return state, err
}

// widen keeps the lowest low and the highest high that were ever given.
func (q sql) widen(run RunRef, low, high time.Time) dialect.Stmt {
	const lowAt, highAt = afterRun, afterRun + 1
	name := "run.widen"
	if !low.IsZero() {
		name += "_low"
	}
	if !high.IsZero() {
		name += "_high"
	}
	return q.stmt(name, func() squirrel.Sqlizer {
		update := q.d.Update(tRun)
		if !low.IsZero() {
			update = update.Set("low_at", squirrel.Expr("CASE WHEN low_at <= ? THEN low_at ELSE ? END", lowAt, lowAt))
		}
		if !high.IsZero() {
			update = update.Set("high_at", squirrel.Expr("CASE WHEN high_at >= ? THEN high_at ELSE ? END", highAt, highAt))
		}
		return update.Where(squirrel.Eq{"id": runID, "token_digest": runDigest, "ended_at": nil})
	}, run.with(q.moment(low), q.moment(high))...)
}

// Widen widens the range of a run's data to include low and high. A zero time changes
// nothing; at least one of them is not zero.
func (s *Store) Widen(ctx context.Context, run RunRef, low, high time.Time) (RunState, error) {
	var state RunState
	change := exec(s.widen(run, low, high))
	// The run's end, which reads the high, takes the same lock.
	steps := append(s.lockSteps(run), change, read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }))
	err := s.run(ctx, work{steps: steps})
	state.Changed = change.Affected == 1
	return state, err
}

// Totals are a process's sums over all its runs, and its watermark.
type Totals struct {
	Watermark dialect.Time
	Counts    [4]int64
}

func (q sql) totals(process string) dialect.Stmt {
	return q.stmt("process.totals", func() squirrel.Sqlizer {
		return squirrel.Select("watermark").Columns(CountColumns[:]...).
			From(q.d.Table(tProcess)).Where(squirrel.Eq{"name": slot(0)})
	}, process)
}

// Totals returns a process's totals, or [ErrUnknown].
func (s *Store) Totals(ctx context.Context, process string) (Totals, error) {
	var t Totals
	known := false
	err := s.query(ctx, s.totals(process), func(r dialect.Row) error {
		known = true
		return r.Scan(&t.Watermark, &t.Counts[0], &t.Counts[1], &t.Counts[2], &t.Counts[3])
	})
	if err == nil && !known {
		err = ErrUnknown
	}
	return t, err
}
