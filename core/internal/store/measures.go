package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// lockProcess locks the row of the run's process, if the run is its active one.
// What follows sees the run's row as it is then.
func (q sql) lockProcess(run RunRef) dialect.Stmt {
	from, lock := q.d.Lock(tProcess, "p", false)
	return q.stmt("count.lock", squirrel.Select("p.id").From(from).
		Where(squirrel.Eq{"p.id": run.ProcessID, "p.latest_token": run.Token, "p.active": true}).Suffix(lock))
}

// countProcess moves the process's totals by what the run's counts will change.
func (q sql) countProcess(run RunRef, counts [4]int64, add bool) dialect.Stmt {
	update := squirrel.Update(q.d.Table(tProcess))
	name := "count.add_to_process"
	for i, column := range CountColumns {
		if add {
			update = update.Set(column, squirrel.Expr(column+" + ?", counts[i]))
			continue
		}
		name = "count.set_process"
		old := squirrel.Select("run." + column).From(q.as(tRun, "run")).Where(squirrel.Eq{"run.id": run.ID})
		update = update.Set(column, squirrel.Expr(column+" + ? - (?)", counts[i], old))
	}
	return q.stmt(name, update.Where(squirrel.Eq{"id": run.ProcessID, "latest_token": run.Token, "active": true}))
}

func (q sql) countRun(run RunRef, counts [4]int64, add bool) dialect.Stmt {
	update := squirrel.Update(q.d.Table(tRun))
	name := "count.set_run"
	for i, column := range CountColumns {
		if add {
			name = "count.add_to_run"
			update = update.Set(column, squirrel.Expr(column+" + ?", counts[i]))
		} else {
			update = update.Set(column, counts[i])
		}
	}
	return q.stmt(name, update.Where(squirrel.Eq{"id": run.ID, "token": run.Token, "ended_at": nil}))
}

// CountRun sets the counts of a run or adds to them, and moves the totals of its
// process with them.
func (s *Store) CountRun(ctx context.Context, run RunRef, counts [4]int64, add bool) (RunState, error) {
	var state RunState
	change := exec(s.countRun(run, counts, add))
	// Adding cannot be told from adding again.
	err := s.once(ctx,
		read(s.lockProcess(run), func(dialect.Row) error { return nil }),
		exec(s.countProcess(run, counts, add)),
		change,
		read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }))
	state.Changed = change.Affected == 1
	return state, err
}

// widen keeps the lowest low and the highest high that were ever given.
func (q sql) widen(run RunRef, low, high time.Time) dialect.Stmt {
	update := squirrel.Update(q.d.Table(tRun))
	name := "run.widen"
	if !low.IsZero() {
		name += "_low"
		t := q.d.Time(low)
		update = update.Set("low_at", squirrel.Expr("CASE WHEN low_at <= ? THEN low_at ELSE ? END", t, t))
	}
	if !high.IsZero() {
		name += "_high"
		t := q.d.Time(high)
		update = update.Set("high_at", squirrel.Expr("CASE WHEN high_at >= ? THEN high_at ELSE ? END", t, t))
	}
	return q.stmt(name, update.Where(squirrel.Eq{"id": run.ID, "token": run.Token, "ended_at": nil}))
}

// Widen widens the range of a run's data to include low and high; a zero time
// says nothing, and one of them is not zero.
func (s *Store) Widen(ctx context.Context, run RunRef, low, high time.Time) (RunState, error) {
	var state RunState
	change := exec(s.widen(run, low, high))
	err := s.batch(ctx, change, read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }))
	state.Changed = change.Affected == 1
	return state, err
}

// Totals are what a process keeps over all its runs.
type Totals struct {
	Watermark dialect.Time
	Counts    [4]int64
}

func (q sql) totals(process string) dialect.Stmt {
	return q.stmt("process.totals", squirrel.Select("watermark").Columns(CountColumns[:]...).
		From(q.d.Table(tProcess)).Where(squirrel.Eq{"name": process}))
}

// Totals returns what a process keeps, or [ErrUnknown].
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

func (q sql) setMaxFailures(process, actor string, n *int64) dialect.Stmt {
	return q.stmt("process.set_max_failures", squirrel.Update(q.d.Table(tProcess)).
		Set("max_failures", n).
		Set("changed_at", squirrel.Expr(q.d.Now())).
		Set("changed_by", q.actorID(actor)).
		Where(squirrel.Eq{"name": process}))
}

// SetMaxFailures sets after how many failures in a row a process goes on hold,
// nil for what its callers say. It reports whether there is such a process.
func (s *Store) SetMaxFailures(ctx context.Context, process, actor string, n *int64) (bool, error) {
	change := exec(s.setMaxFailures(process, actor, n))
	err := s.batch(ctx, exec(s.names(tActor, actor, actor)), change)
	return change.Affected == 1, err
}
