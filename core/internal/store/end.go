package store

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// RunRef is what writing to a run takes. Of its token there is only the digest, as
// in the database.
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

// RunState is what became of a run's change.
type RunState struct {
	Changed bool
	Found   bool // there is such a run …
	Owned   bool // … and the token is its own
	Status  RunStatus
	Name    string
	EndedAt dialect.Time
}

// moment is the time given, or the database's clock.
func (q sql) moment(at time.Time) any {
	if at.IsZero() {
		return squirrel.Expr(q.d.Now())
	}
	return q.d.Time(at)
}

// endProcess changes the process's row, if the run is still its active one. It
// comes first, as in a start: who comes second waits here, and finds the row
// changed. latest_ended_at carries the moment to the run's row.
func (q sql) endProcess(c StatusChange) dialect.Stmt {
	update := squirrel.Update(q.d.Table(tProcess)).
		Set("active", c.Active).
		Set("latest_status_id", int64(c.To))
	name := "end.continue"
	if !c.Active {
		name = "end.process"
		update = update.Set("latest_ended_at", q.moment(c.At))
	}
	switch {
	case c.Active:
	case c.To == Failed:
		name = "end.failed"
		update = update.Set("failures", squirrel.Expr("failures + 1"))
	default:
		update = update.Set("failures", 0)
	}
	if c.To == OnHold {
		// A hold that there is already stays as it is. held_at comes last: MySQL
		// shows each assignment what those before it did.
		name = "end.on_hold"
		actor := squirrel.Select("actor_id").From(q.d.Table(tRun)).Where(squirrel.Eq{"id": c.Run.ID})
		update = update.
			Set("hold_reason", squirrel.Expr("CASE WHEN held_at IS NULL THEN ? ELSE hold_reason END", c.Reason)).
			Set("held_by", squirrel.Expr("CASE WHEN held_at IS NULL THEN (?) ELSE held_by END", actor)).
			Set("held_at", squirrel.Expr("coalesce(held_at, "+q.d.Now()+")"))
	}
	return q.stmt(name, update.Where(squirrel.Eq{"id": c.Run.ProcessID, "latest_token_digest": c.Run.TokenDigest, "active": true}))
}

// endHold writes down that a run is about to put its process on hold, if that is
// not held yet. It follows lockProcess and comes before endProcess, after which
// nobody could tell.
func (q sql) endHold(c StatusChange) dialect.Stmt {
	from := squirrel.Select("p.id").
		Column(squirrel.Expr("?", released)).Column(squirrel.Expr("?", held)).
		Column("run.actor_id").Column(squirrel.Expr("?", c.Reason)).Column(q.d.Now()).
		From(q.as(tProcess, "p")).
		Join(q.as(tRun, "run")+" ON run.id = ?", c.Run.ID).
		Where(squirrel.Eq{"p.id": c.Run.ProcessID, "p.latest_token_digest": c.Run.TokenDigest, "p.active": true, "p.held_at": nil})
	return q.stmt("end.hold_history", q.insertHold(from))
}

// endLast follows endProcess: a clock that is looked at twice within one statement
// shows two times, and one that had to wait for the process's row saw the run's high
// as it was before.
func (q sql) endLast(c StatusChange) (dialect.Stmt, bool) {
	column, ok := map[RunStatus]string{Completed: "last_completed_at", Failed: "last_failed_at"}[c.To]
	if !ok {
		return dialect.Stmt{}, false
	}
	update := squirrel.Update(q.d.Table(tProcess)).Set(column, squirrel.Expr("latest_ended_at"))
	if c.To == Completed {
		high := squirrel.Select("high_at").From(q.d.Table(tRun)).Where(squirrel.Eq{"id": c.Run.ID})
		// It never moves back: a backfill may complete after the run with the newest data.
		update = update.Set("watermark",
			squirrel.Expr("CASE WHEN watermark >= (?) THEN watermark ELSE coalesce((?), watermark) END", high, high))
	}
	return q.stmt("end."+column, update.Where(squirrel.Eq{
		"id": c.Run.ProcessID, "latest_token_digest": c.Run.TokenDigest, "active": false, "latest_status_id": int64(c.To),
	})), true
}

// endHistory runs between endProcess and endRun: the process's row shows that
// the change is this one's, the run's still has the old status.
func (q sql) endHistory(c StatusChange) dialect.Stmt {
	reason, name := q.endReason(c)
	from := squirrel.Select("run.process_id", "run.id", "old.name", "new.name", "run.actor_id").
		Column(reason).
		Column("coalesce(p.latest_ended_at, " + q.d.Now() + ")").
		From(q.seek(tRun, "run")).
		Join(q.seek(tProcess, "p") + " ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
		Join(q.as(tRunStatus, "old") + " ON old.id = run.status_id").
		Join(q.as(tRunStatus, "new") + " ON new.id = p.latest_status_id").
		Where(squirrel.Eq{"run.id": c.Run.ID, "run.token_digest": c.Run.TokenDigest, "run.ended_at": nil, "new.id": int64(c.To)}).
		Where("old.id <> new.id")
	return q.stmt(name, squirrel.Insert(q.d.Table(tHistory)).
		Columns("process_id", "run_id", "from_status", "to_status", "actor_id", "reason", "changed_at").Select(from))
}

// longestReason is how many characters of a run's error the history has: the run
// has all of it.
const longestReason = 200

// endReason is why a run changes its status: what the caller says, or the first of
// the errors with which it fails. If it fails without one, that is the first that it
// has recorded, and the statement another one.
func (q sql) endReason(c StatusChange) (reason squirrel.Sqlizer, name string) {
	why := c.Reason
	if len(c.Errors) > 0 {
		why = cut(c.Errors[0].Description, longestReason)
	}
	if c.To != Failed || len(c.Errors) > 0 {
		return squirrel.Expr("?", optionalText(why)), "end.history"
	}
	first := squirrel.Select("min(id)").From(q.d.Table(tRunError)).Where(squirrel.Eq{"run_id": c.Run.ID})
	return squirrel.Expr("(?)", squirrel.Select(fmt.Sprintf("nullif(substring(e.description, 1, %d), '')", longestReason)).
		From(q.as(tRunError, "e")).Where(squirrel.Expr("e.id = (?)", first))), "end.history_failed"
}

// cut shortens a text to so many characters, the last of which then says so.
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
	ended := squirrel.Select("p.latest_ended_at").From(q.seek(tProcess, "p")).Where(squirrel.Eq{"p.id": c.Run.ProcessID})
	return q.stmt("end.run", squirrel.Update(q.d.Table(tRun)).
		Set("status_id", int64(c.To)).
		Set("ended_at", squirrel.Expr("(?)", ended)).
		Where(squirrel.Eq{"id": c.Run.ID, "token_digest": c.Run.TokenDigest, "ended_at": nil}))
}

func (q sql) runState(run RunRef) dialect.Stmt {
	return q.stmt("run.state", squirrel.Select("run.token_digest", "s.id", "s.name", "run.ended_at").
		From(q.seek(tRun, "run")).
		Join(q.as(tRunStatus, "s")+" ON s.id = run.status_id").
		Where(squirrel.Eq{"run.id": run.ID}))
}

func (st *RunState) scan(r dialect.Row, run RunRef) error {
	var digest string
	err := r.Scan(&digest, &st.Status, &st.Name, &st.EndedAt)
	st.Found, st.Owned = true, digest == run.TokenDigest
	return err
}

// ChangeRun changes a run's status, records errors with it, and says what became
// of it.
func (s *Store) ChangeRun(ctx context.Context, c StatusChange) (RunState, error) {
	var state RunState
	steps, run := s.changeSteps(c, &state)
	err := s.batch(ctx, steps...)
	state.Changed = run.Affected == 1
	return state, err
}

// changeSteps are what changing a run's status takes, and which of them tells
// whether it did.
func (s *Store) changeSteps(c StatusChange, state *RunState) (steps []*dialect.Step, run *dialect.Step) {
	run = exec(s.endRun(c))
	steps = s.errorSteps(c.Run, c.Errors)
	if c.To == OnHold {
		steps = append(steps, s.lockStep(c.Run), exec(s.endHold(c)))
	}
	steps = append(steps, exec(s.endProcess(c)))
	if last, ok := s.endLast(c); ok {
		steps = append(steps, exec(last))
	}
	if c.To != Completed && !c.Active {
		// A claim of the run's that goes on is waited for, and given back, too.
		steps = append(steps, read(s.lockRun(c.Run), func(dialect.Row) error { return nil }))
		for _, st := range s.unclaim(c.Run) {
			steps = append(steps, exec(st))
		}
	}
	return append(steps,
		exec(s.endHistory(c)),
		run,
		read(s.runState(c.Run), func(r dialect.Row) error { return state.scan(r, c.Run) })), run
}

// NewError is an error to record.
type NewError struct {
	Type        int64
	Description string
	At          time.Time // zero for now
}

func (q sql) errorInsert(run RunRef, e NewError) dialect.Stmt {
	from := squirrel.Select("run.id", "run.process_id", "t.id").
		Column(squirrel.Expr("?", e.Description)).
		Column(squirrel.Expr("?", q.moment(e.At))).
		From(q.seek(tRun, "run")).
		Join(q.seek(tProcess, "p")+" ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
		Join(q.as(tErrorType, "t")+" ON t.id = ?", e.Type).
		Where(squirrel.Eq{"run.id": run.ID, "run.token_digest": run.TokenDigest, "run.ended_at": nil, "p.active": true})
	return q.stmt("error.insert", squirrel.Insert(q.d.Table(tRunError)).
		Columns("run_id", "process_id", "error_type_id", "description", "recorded_at").Select(from))
}

// errorProcess follows errorInsert: the process keeps the latest time that any
// of its errors has, in whatever order they come.
func (q sql) errorProcess(run RunRef) dialect.Stmt {
	newest := squirrel.Select("max(id)").From(q.d.Table(tRunError)).Where(squirrel.Eq{"run_id": run.ID})
	at := squirrel.Select("e.recorded_at").From(q.as(tRunError, "e")).Where(squirrel.Expr("e.id = (?)", newest))
	return q.stmt("error.process", squirrel.Update(q.d.Table(tProcess)).
		Set("last_errored_at", squirrel.Expr("(?)", at)).
		Where(squirrel.Eq{"id": run.ProcessID, "latest_token_digest": run.TokenDigest, "active": true}).
		Where(squirrel.Expr("(last_errored_at IS NULL OR last_errored_at < (?))", at)))
}

// errorSteps record errors on a run that is active, and stays so meanwhile.
func (s *Store) errorSteps(run RunRef, errors []NewError) []*dialect.Step {
	if len(errors) == 0 {
		return nil
	}
	steps := []*dialect.Step{s.lockStep(run)}
	for _, e := range errors {
		steps = append(steps, exec(s.errorInsert(run, e)), exec(s.errorProcess(run)))
	}
	return steps
}

// RecordErrors records errors on an active run. Unlike a change of status it
// cannot be told from a repetition, so it is not tried again when the answer was
// lost.
func (s *Store) RecordErrors(ctx context.Context, run RunRef, errors ...NewError) (RunState, error) {
	var state RunState
	steps := s.errorSteps(run, errors)
	insert := steps[1]
	steps = append(steps, read(s.runState(run), func(r dialect.Row) error { return state.scan(r, run) }))
	err := s.once(ctx, steps...)
	state.Changed = insert.Affected == 1
	return state, err
}
