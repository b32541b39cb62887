package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A lease is a separate row beside the run's, so that a heartbeat does not wait for
// transactions that write to the run, even if they take an hour. Only a caller that
// takes a run from its holder changes both rows, in one transaction. It marks the lease
// by setting renewed_at to expires_at; otherwise renewed_at is earlier. From then on
// the lease cannot be renewed, and the end of the run is the fence: every write to a
// run checks that it is active.
//
// An expired lease is not taken yet. Until another caller takes it, it can be renewed:
// an outage of the database that is longer than a lease costs no run.

// leaseHeld is the condition that no caller has taken the lease from its holder.
const leaseHeld = "renewed_at < expires_at"

func (q sql) insertLease(v startValues) dialect.Stmt {
	return q.stmt("lease.insert", func() squirrel.Sqlizer {
		from := q.leaseRow().From(q.seek(tRun, "run")).Where(squirrel.Eq{"run.token_digest": startDigest})
		return q.insertAbsent(tRunLease, leaseRowColumns(), from, same("run_id", "run.id"))
	}, v...)
}

func leaseRowColumns() []string { return []string{"run_id", "expires_at", "renewed_at", "length_ms"} }

func (q sql) leaseRow() squirrel.SelectBuilder {
	return squirrel.Select("run.id").
		Column(squirrel.Expr(q.d.NowPlus(), startLease)).Column(q.d.Now()).
		Column(squirrel.Expr("?", startLease))
}

// renewed makes a lease last for the given milliseconds from now on, unless it already
// lasts longer.
func (q sql) renewed(update squirrel.UpdateBuilder, ms any) squirrel.UpdateBuilder {
	later := q.d.NowPlus()
	return update.
		Set("expires_at", squirrel.Expr("CASE WHEN expires_at > "+later+" THEN expires_at ELSE "+later+" END", ms, ms)).
		Set("renewed_at", squirrel.Expr(q.d.Now())).
		Where(leaseHeld)
}

// renewLeases renews each lease for its original length, whichever tracker renews it.
func (q sql) renewLeases(json *rowSet) dialect.Stmt {
	return q.stmt("lease.renew", func() squirrel.Sqlizer {
		update := q.renewed(q.d.Update(tRunLease), squirrel.Expr("length_ms"))
		return q.updateIn(tRunLease, update, "run_id", q.fromRows(squirrel.Select("r.id"), slot(0), integer("id")))
	}, json)
}

func (q sql) extendLease(run RunRef, lease time.Duration) dialect.Stmt {
	return q.stmt("lease.extend", func() squirrel.Sqlizer {
		return q.renewed(q.d.Update(tRunLease), slot(1)).Where(squirrel.Eq{"run_id": slot(0)})
	}, run.ID, lease.Milliseconds())
}

// A Loss describes how a run was taken from its holder.
type Loss struct {
	Run    int64
	Reason string // the beginning of the error with which it was ended
	Next   int64  // the number of the run that came after it; 0: none yet
	By     string // the actor that started that one
}

func (l *Loss) scan(r dialect.Row) error {
	var reason, by *string
	var next *int64
	err := r.Scan(&l.Run, &reason, &next, &by)
	l.Reason, l.By = text(reason), text(by)
	if next != nil {
		l.Next = *next
	}
	return err
}

func (q sql) takenLeases(json *rowSet) dialect.Stmt {
	return q.stmt("lease.taken", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("lease.run_id", "h.reason", "later.run_no", "actor.name"), slot(0), integer("id")).
			JoinClause(q.seekEach(tRunLease, "lease", "run_id", "r.id")).
			JoinClause(q.seekEach(tRun, "run", "id", "lease.run_id")).
			LeftJoin(q.as(tHistory, "h") + " ON h.run_id = run.id AND h.extract_id IS NULL AND h.to_status = 'failed'").
			LeftJoin(q.seek(tRun, "later") + " ON later.process_id = run.process_id AND later.run_no = run.run_no + 1").
			LeftJoin(q.as(tActor, "actor") + " ON actor.id = later.actor_id").
			Where("lease.renewed_at >= lease.expires_at")
	}, json)
}

// RenewLeases renews the leases of runs, and returns the runs that were taken away.
func (s *Store) RenewLeases(ctx context.Context, runs []int64) (taken []Loss, err error) {
	json := rows(idRows(runs))
	renewed := exec(s.renewLeases(json))
	if err := s.run(ctx, work{steps: []*dialect.Step{renewed}}); err != nil || renewed.Affected == int64(len(runs)) {
		return nil, err
	}
	return s.TakenLeases(ctx, runs)
}

// ExtendLease makes the lease of an active run last at least for the given time from
// now on. It returns false if the run holds no lease.
func (s *Store) ExtendLease(ctx context.Context, run RunRef, lease time.Duration) (held bool, state RunState, err error) {
	state, err = s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		n, err := c.Exec(ctx, s.extendLease(run, lease))
		held = n == 1
		return err
	})
	return held, state, err
}

// TakenLeases returns the runs whose leases were taken away.
func (s *Store) TakenLeases(ctx context.Context, runs []int64) ([]Loss, error) {
	return list(ctx, s, s.takenLeases(rows(idRows(runs))), func(r dialect.Row) (l Loss, err error) { return l, l.scan(r) })
}

func (q sql) endedRuns(json *rowSet) dialect.Stmt {
	return q.stmt("lease.ended", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("run.id"), slot(0), integer("id")).
			JoinClause(q.seekEach(tRun, "run", "id", "r.id")).
			Where("run.ended_at IS NOT NULL")
	}, json)
}

// EndedRuns returns the runs that have ended.
func (s *Store) EndedRuns(ctx context.Context, runs []int64) ([]int64, error) {
	return list(ctx, s, s.endedRuns(rows(idRows(runs))), scanID)
}

func scanID(r dialect.Row) (id int64, err error) {
	err = r.Scan(&id)
	return id, err
}

// lostLease locks the lease, to see its current state even in a transaction that reads
// from a snapshot.
func (q sql) lostLease(run RunRef) dialect.Stmt {
	return q.stmt("lease.lost", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tRunLease, "lease", false)
		return locking(squirrel.Select("lease.run_id").From(from).
			Where(squirrel.Eq{"lease.run_id": slot(0)}).
			Where("lease.renewed_at >= lease.expires_at").Suffix(lock))
	}, run.ID)
}

// LeaseLost reports whether an ended run was taken from its holder.
func (s *Store) LeaseLost(ctx context.Context, run RunRef) (lost bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		lost = false
		return c.Query(ctx, s.lostLease(run), func(r dialect.Row) error {
			lost = true
			return r.Scan(new(int64))
		})
	}})
	return lost, err
}

// endLease ends the lease if it has expired, or, with force, as long as it is held.
func (q sql) endLease(run RunRef, force bool) dialect.Stmt {
	take := func() squirrel.UpdateBuilder {
		return q.d.Update(tRunLease).
			Set("renewed_at", squirrel.Expr("expires_at")).
			Where(squirrel.Eq{"run_id": slot(0)}).
			Where(leaseHeld)
	}
	if force {
		return q.stmt("lease.end_forced", func() squirrel.Sqlizer { return take() }, run.ID)
	}
	return q.stmt("lease.end_expired", func() squirrel.Sqlizer { return take().Where("expires_at <= " + q.d.Now()) }, run.ID)
}

// Expiry says how to end a run whose lease has expired, or that is ended by force.
type Expiry struct {
	Actor string // the actor that takes it
	Error NewError
	Hold  string // why the process goes on hold; empty if it does not
	Force bool   // the lease need not have expired, or exist
}

// endExpired fails a run in the transaction of c, if it is active and its lease has
// expired, and reports whether it did. The lock comes first: it waits for a holder that
// ends the run at this moment.
func (s *Store) endExpired(ctx context.Context, c dialect.Conn, run RunRef, z Expiry) (bool, error) {
	active := false
	lease := exec(s.endLease(run, z.Force))
	err := inOrder(ctx, c, []*dialect.Step{
		read(s.lockProcess(run), func(r dialect.Row) error {
			active = true
			return r.Scan(new(int64))
		}),
		lease,
	})
	if err != nil || !active || lease.Affected == 0 && !z.Force {
		return false, err
	}
	steps, _ := s.changeSteps(StatusChange{Run: run, To: Failed, Errors: []NewError{z.Error}}, new(RunState))
	if err := inOrder(ctx, c, steps); err != nil || z.Hold == "" {
		return true, err
	}
	return true, s.holdExpired(ctx, c, run.ProcessID, z)
}

// holdExpired puts the process on hold, unless it already is.
func (s *Store) holdExpired(ctx context.Context, c dialect.Conn, process int64, z Expiry) error {
	by := int64(0)
	err := inOrder(ctx, c, []*dialect.Step{s.actor(z.Actor, &by)})
	if err == nil && by == 0 {
		err = errUnsettled
	}
	if err != nil {
		return err
	}
	n, err := c.Exec(ctx, s.hold(process, by, z.Hold))
	if err != nil || n == 0 {
		return err
	}
	_, err = c.Exec(ctx, s.holdHistory(process, by, released, held, z.Hold))
	return err
}

// StartAfterExpired is Start for a process whose active run has expired: that run fails
// and the new one starts, in one transaction. If the start is refused for another
// reason, the failure stays.
func (s *Store) StartAfterExpired(ctx context.Context, dead RunRef, z Expiry, a Start) (out StartOutcome, err error) {
	ended := false
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		out = StartOutcome{}
		first := []*dialect.Step{s.known(), exec(s.names(tActor, z.Actor, z.Actor))}
		if s.d.ReadersBlock() { // as in Start: a start that holds a process must not wait for a cluster
			first = append(first, exec(s.startLockClusters(s.startValues(a))))
		}
		if err := inOrder(ctx, c, first); err != nil {
			return err
		}
		var err error
		if ended, err = s.endExpired(ctx, c, dead, z); err != nil {
			return err
		}
		return s.startIn(ctx, c, a, &out)
	}, settle: true})
	out.Ended = ended
	return out, err
}

// EndExpired fails an active run whose lease has expired, and reports whether it did.
func (s *Store) EndExpired(ctx context.Context, run RunRef, z Expiry) (done bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		done = false
		if err := inOrder(ctx, c, []*dialect.Step{s.known(), exec(s.names(tActor, z.Actor, z.Actor))}); err != nil {
			return err
		}
		done, err = s.endExpired(ctx, c, run, z)
		return err
	}, settle: true})
	return done, err
}

// ExpiredFilter says which runs to list. Zero fields match every run.
type ExpiredFilter struct {
	Process string
	RunID   int64
	Sharing string // processes that are in a cluster with this one
	Any     bool   // also runs whose lease has not expired, or that have none
}

func (q sql) listExpired(f ExpiredFilter) dialect.Stmt {
	name := "lease.expired"
	if f.Any {
		name = "lease.any"
	}
	if f.Process != "" {
		name += "_process"
	}
	if f.RunID != 0 {
		name += "_run"
	}
	if f.Sharing != "" {
		name += "_sharing"
	}
	return q.conditional(name, 0, func(v []any) squirrel.Sqlizer {
		process, run, sharing := v[0], v[1], v[2]
		query := squirrel.Select(runColumns...).Columns(q.leaseColumns()...).Columns("run.token_digest").
			From(q.as(tProcess, "p")).
			Join(q.seek(tRun, "run") + " ON run.process_id = p.id AND run.run_no = p.latest_run_no").
			Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id").
			Join(q.as(tActor, "actor") + " ON actor.id = run.actor_id").
			LeftJoin(q.seek(tRunLease, "lease") + " ON lease.run_id = run.id").
			Where(squirrel.Eq{"p.active": fixed{true}})
		if !f.Any {
			query = query.Where("lease.expires_at <= " + q.d.Now())
		}
		query = whereSet(query, "p.name", process)
		query = whereSet(query, "run.id", run)
		if sharing != nil {
			shared := squirrel.Select("other.process_id").From(q.as(tProcessCluster, "mine")).
				Join(q.as(tProcessCluster, "other") + " ON other.cluster_id = mine.cluster_id").
				Join(q.as(tProcess, "sharer") + " ON sharer.id = mine.process_id").
				Where(squirrel.Eq{"sharer.name": sharing})
			query = query.Where(squirrel.Expr("p.id IN (?)", shared))
		}
		return query.OrderBy("run.id")
	}, given(f.Process), given(f.RunID), given(f.Sharing))
}

// An ExpiredRun is an active run whose lease has expired or, with force, any active
// run, with the data needed to end it.
type ExpiredRun struct {
	Run Run
	Ref RunRef
}

// ExpiredRuns lists active runs whose lease has expired, oldest first.
func (s *Store) ExpiredRuns(ctx context.Context, f ExpiredFilter) ([]ExpiredRun, error) {
	return list(ctx, s, s.listExpired(f), func(r dialect.Row) (z ExpiredRun, err error) {
		err = z.Run.scanLeased(r, &z.Ref.TokenDigest)
		z.Ref.ID, z.Ref.ProcessID = z.Run.ID, z.Run.ProcessID
		return z, err
	})
}
