package store

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// RunRef identifies a run for writes. It has only the digest of the token, as the
// database does.
type RunRef struct {
	ID          int64
	ProcessID   int64
	TokenDigest string
}

// StatusChange gives a run another status.
type StatusChange struct {
	Run    RunRef
	To     RunStatus
	Active bool      // whether the run goes on
	At     time.Time // when it ended; zero for now
	Errors []NewError
	Reason string // why, if To puts the process on hold
}

// RunState is the outcome of a run's change.
type RunState struct {
	Changed bool
	Found   bool // there is such a run …
	Owned   bool // … and the token is its own
	Status  RunStatus
	Name    string
	EndedAt dialect.Time
}

// The values of the statements of a change of a run's status.
const (
	changeTo slot = afterRun + iota
	changeAt
	changeReason
)

func (q sql) changeValues(c StatusChange, reason any) []any {
	return c.Run.with(int64(c.To), q.moment(c.At), reason)
}

// moment is the argument of momentIn: the time given, or none for the database's clock.
func (q sql) moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return q.d.Time(at)
}

// momentIn is the time in a slot, or the database's clock.
func (q sql) momentIn(at slot, given bool) any {
	if given {
		return at
	}
	return squirrel.Expr(q.d.Now())
}

// endProcess changes the process's row, if the run is still its active one. It comes
// first, as in a start: a second caller waits here, and then finds the row changed.
// latest_ended_at carries the moment to the run's row.
func (q sql) endProcess(c StatusChange) dialect.Stmt {
	name := "end.process"
	switch {
	case c.Active:
		name = "end.continue"
	case c.To == Failed:
		name = "end.failed"
	case c.To == OnHold:
		name = "end.on_hold"
	}
	at := !c.At.IsZero()
	return q.formed(name, flags(at), func() squirrel.Sqlizer {
		update := q.d.Update(tProcess).
			Set("active", fixed{c.Active}).
			Set("latest_status_id", changeTo)
		if !c.Active {
			update = update.Set("latest_ended_at", q.momentIn(changeAt, at))
		}
		switch {
		case c.Active:
		case c.To == Failed:
			update = update.Set("failures", squirrel.Expr("failures + 1"))
		default:
			update = update.Set("failures", fixed{0})
		}
		if c.To == OnHold {
			// An existing hold stays unchanged. held_at comes last, because on MySQL
			// each assignment sees the effect of those before it.
			actor := squirrel.Select("actor_id").From(q.d.Table(tRun)).Where(squirrel.Eq{"id": runID})
			update = update.
				Set("hold_reason", squirrel.Expr("CASE WHEN held_at IS NULL THEN ? ELSE hold_reason END", changeReason)).
				Set("held_by", squirrel.Expr("CASE WHEN held_at IS NULL THEN (?) ELSE held_by END", actor)).
				Set("held_at", squirrel.Expr("coalesce(held_at, "+q.d.Now()+")"))
		}
		return update.Where(squirrel.Eq{"id": runProcess, "latest_token_digest": runDigest, "active": fixed{true}})
	}, q.changeValues(c, c.Reason)...)
}

// endHold records that a run is about to put its process on hold, unless it already is.
// It runs between lockProcess and endProcess; afterwards it could not tell.
func (q sql) endHold(c StatusChange) dialect.Stmt {
	return q.stmt("end.hold_history", func() squirrel.Sqlizer {
		from := squirrel.Select("p.id").
			Column(squirrel.Expr("?", fixed{released})).Column(squirrel.Expr("?", fixed{held})).
			Column("run.actor_id").Column(squirrel.Expr("?", changeReason)).Column(q.d.Now()).
			From(q.as(tProcess, "p")).
			Join(q.as(tRun, "run")+" ON run.id = ?", runID).
			Where(squirrel.Eq{"p.id": runProcess, "p.latest_token_digest": runDigest, "p.active": fixed{true}, "p.held_at": nil})
		return squirrel.Insert(q.d.Table(tHistory)).Columns(holdHistoryColumns()...).Select(from)
	}, q.changeValues(c, c.Reason)...)
}

// endLast follows endProcess: a clock that is looked at twice within one statement
// shows two times, and one that had to wait for the process's row saw the run's high
// as it was before.
func (q sql) endLast(c StatusChange) (dialect.Stmt, bool) {
	name, column := "end.last_completed_at", "last_completed_at"
	switch c.To {
	case Completed:
	case Failed:
		name, column = "end.last_failed_at", "last_failed_at"
	default:
		return dialect.Stmt{}, false
	}
	return q.stmt(name, func() squirrel.Sqlizer {
		update := q.d.Update(tProcess).Set(column, squirrel.Expr("latest_ended_at"))
		if c.To == Completed {
			high := squirrel.Select("high_at").From(q.d.Table(tRun)).Where(squirrel.Eq{"id": runID})
			update = update.Set("watermark", squirrel.Expr(laterWatermark("watermark", "(?)"), high, high))
		}
		return update.Where(squirrel.Eq{
			"id": runProcess, "latest_token_digest": runDigest, "active": fixed{false}, "latest_status_id": changeTo,
		})
	}, q.changeValues(c, nil)...), true
}

// laterWatermark is a process's watermark after a run with that high. It never moves back:
// a backfill may complete after the run with the newest data.
func laterWatermark(watermark, high string) string {
	return "CASE WHEN " + watermark + " >= " + high + " THEN " + watermark + " ELSE coalesce(" + high + ", " + watermark + ") END"
}

// endHistory runs between endProcess and endRun: the process's row shows that
// the change is this one's, the run's still has the old status.
func (q sql) endHistory(c StatusChange) dialect.Stmt {
	name, reason, why := q.endReason(c)
	return q.stmt(name, func() squirrel.Sqlizer {
		from := squirrel.Select("run.process_id", "run.id", "old.name", "new.name", "run.actor_id").
			Column(reason()).
			Column("coalesce(p.latest_ended_at, " + q.d.Now() + ")").
			From(q.seek(tRun, "run")).
			Join(q.seek(tProcess, "p") + " ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
			Join(q.as(tRunStatus, "old") + " ON old.id = run.status_id").
			Join(q.as(tRunStatus, "new") + " ON new.id = p.latest_status_id").
			Where(squirrel.Eq{"run.id": runID, "run.token_digest": runDigest, "run.ended_at": nil, "new.id": changeTo}).
			Where("old.id <> new.id")
		return squirrel.Insert(q.d.Table(tHistory)).
			Columns(endHistoryColumns()...).Select(from)
	}, q.changeValues(c, why)...)
}

// longestReason is how many characters of a run's error the history has: the run
// has all of it.
const longestReason = 200

// endReason is the reason for a change of a run's status: the caller's, or the first of
// the errors with which the run fails. If it fails without one, the reason is the first
// error that it has recorded, and the statement is a different one.
func (q sql) endReason(c StatusChange) (name string, reason func() squirrel.Sqlizer, value any) {
	why := c.Reason
	if len(c.Errors) > 0 {
		why = cut(c.Errors[0].Description, longestReason)
	}
	if c.To != Failed || len(c.Errors) > 0 {
		return "end.history", func() squirrel.Sqlizer { return squirrel.Expr("?", changeReason) }, given(why)
	}
	return "end.history_failed", func() squirrel.Sqlizer {
		first := squirrel.Select("min(id)").From(q.d.Table(tRunError)).Where(squirrel.Eq{"run_id": runID})
		return squirrel.Expr("(?)", squirrel.Select(fmt.Sprintf("nullif(substring(e.description, 1, %d), '')", longestReason)).
			From(q.as(tRunError, "e")).Where(squirrel.Expr("e.id = (?)", first)))
	}, nil
}

// cut shortens a text to so many characters; the last one then marks the cut.
func cut(text string, most int) string {
	n, end := 0, 0
	for i := range text {
		if n++; n == most {
			end = i
		}
		if n > most {
			return text[:end] + "…"
		}
	}
	return text
}

func (q sql) endRun(c StatusChange) dialect.Stmt {
	return q.stmt("end.run", func() squirrel.Sqlizer {
		ended := squirrel.Select("p.latest_ended_at").From(q.seek(tProcess, "p")).Where(squirrel.Eq{"p.id": runProcess})
		return q.d.Update(tRun).
			Set("status_id", changeTo).
			Set("ended_at", squirrel.Expr("(?)", ended)).
			Where(squirrel.Eq{"id": runID, "token_digest": runDigest, "ended_at": nil})
	}, q.changeValues(c, nil)...)
}

func (q sql) runState(run RunRef) dialect.Stmt {
	return q.stmt("run.state", func() squirrel.Sqlizer {
		return squirrel.Select("run.token_digest", "s.id", "s.name", "run.ended_at").
			From(q.seek(tRun, "run")).
			Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id").
			Where(squirrel.Eq{"run.id": runID})
	}, run.ID)
}

func (st *RunState) scan(r dialect.Row, run RunRef) error {
	var digest string
	err := r.Scan(&digest, &st.Status, &st.Name, &st.EndedAt)
	st.Found, st.Owned = true, digest == run.TokenDigest
	return err
}

// ChangeRun changes a run's status, records errors with it, and returns the outcome.
func (s *Store) ChangeRun(ctx context.Context, c StatusChange) (RunState, error) {
	var state RunState
	steps, run := s.changeSteps(c, &state)
	err := s.run(ctx, work{steps: steps, settle: true}) // the status may be deleted meanwhile
	state.Changed = run.Affected == 1
	return state, err
}

// changeSteps are what changing a run's status takes, and which of them tells
// whether it did.
func (s *Store) changeSteps(c StatusChange, state *RunState) (steps []*dialect.Step, run *dialect.Step) {
	last := read(s.runState(c.Run), func(r dialect.Row) error { return state.scan(r, c.Run) })
	if r, ok := s.d.(dialect.Returner); ok && c.To == Completed && c.At.IsZero() && len(c.Errors) == 0 {
		run = exec(s.completeWhole(r, c))
		return []*dialect.Step{run, last}, run
	}
	run = exec(s.endRun(c))
	steps, _ = s.errorSteps(c.Run, c.Errors)
	if c.To == OnHold || len(steps) == 0 && s.pessimistic() {
		steps = append(steps, s.lockSteps(c.Run)...)
	}
	if c.To == OnHold {
		steps = append(steps, act(s.endHold(c)))
	}
	steps = append(steps, act(s.endProcess(c)))
	if last, ok := s.endLast(c); ok {
		steps = append(steps, act(last))
	}
	if c.To != Completed && !c.Active {
		// The end waits for a concurrent claim of the run, and gives its extracts back,
		// too.
		steps = append(steps, read(s.lockRun(c.Run), func(dialect.Row) error { return nil }))
		for _, st := range s.unclaim(c.Run) {
			steps = append(steps, act(st))
		}
	}
	return append(steps,
		act(s.endHistory(c)),
		run, last), run
}

// NewError is an error to record.
type NewError struct {
	Type        int64
	Description string
	At          time.Time // zero for now
}

func (q sql) errorInsert(run RunRef, e NewError) dialect.Stmt {
	const kind, description, at = afterRun, afterRun + 1, afterRun + 2
	given := !e.At.IsZero()
	return q.formed("error.insert", flags(given), func() squirrel.Sqlizer {
		from := squirrel.Select("run.id", "run.process_id", "t.id").
			Column(squirrel.Expr("?", description)).
			Column(squirrel.Expr("?", q.momentIn(at, given))).
			From(q.seek(tRun, "run")).
			Join(q.seek(tProcess, "p")+" ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
			Join(q.as(tErrorType, "t")+" ON t.id = ?", kind).
			Where(squirrel.Eq{"run.id": runID, "run.token_digest": runDigest, "run.ended_at": nil, "p.active": fixed{true}})
		return squirrel.Insert(q.d.Table(tRunError)).
			Columns("run_id", "process_id", "error_type_id", "description", "recorded_at").Select(from)
	}, run.with(e.Type, e.Description, q.moment(e.At))...)
}

// errorProcess follows errorInsert: the process keeps the latest time that any of its
// errors has, in whatever order they are recorded.
func (q sql) errorProcess(run RunRef) dialect.Stmt {
	return q.stmt("error.process", func() squirrel.Sqlizer {
		newest := squirrel.Select("max(id)").From(q.d.Table(tRunError)).Where(squirrel.Eq{"run_id": runID})
		at := squirrel.Select("e.recorded_at").From(q.as(tRunError, "e")).Where(squirrel.Expr("e.id = (?)", newest))
		return q.d.Update(tProcess).
			Set("last_errored_at", squirrel.Expr("(?)", at)).
			Where(squirrel.Eq{"id": runProcess, "latest_token_digest": runDigest, "active": fixed{true}}).
			Where(squirrel.Expr("(last_errored_at IS NULL OR last_errored_at < (?))", at))
	}, run.with()...)
}

// errorSteps record errors on a run that is active, and stays so meanwhile. last is the
// one that records the last of them.
func (s *Store) errorSteps(run RunRef, errors []NewError) (steps []*dialect.Step, last *dialect.Step) {
	if len(errors) == 0 {
		return nil, nil
	}
	steps = s.lockSteps(run)
	for _, e := range errors {
		last = exec(s.errorInsert(run, e))
		steps = append(steps, last, act(s.errorProcess(run)))
	}
	return steps, last
}

// RecordErrors records errors on an active run. Unlike a change of status it cannot
// recognize its own earlier attempt, so it is not retried after a lost reply.
func (s *Store) RecordErrors(ctx context.Context, run RunRef, errors ...NewError) (RunState, error) {
	var state RunState
	steps, insert := s.errorSteps(run, errors)
	steps = append(steps, read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }))
	err := s.run(ctx, work{steps: steps, once: true, settle: true})
	state.Changed = insert.Affected == 1
	return state, err
}
