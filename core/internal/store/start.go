package store

import (
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Start has the arguments of a start.
type Start struct {
	Process string
	// Definition is the fingerprint of the caller's definition of the process. The run
	// only starts if that definition is registered. If it is empty, it is not checked.
	Definition string
	Actor      string
	// TokenDigest is the digest of the new run's token. It distinguishes this start
	// from every other.
	TokenDigest string
	Name        string // of the run; may be empty
	// MaxFailures is how many failures in a row put a process on hold that has no
	// setting of its own; 0 means never.
	MaxFailures   int64
	Memory        int64 // the capacity that the run takes from its clusters
	Processing    int64
	FromWatermark bool
	Lease         time.Duration // 0 for none
}

// StartOutcome is the result of a start: the state that it found, and whether it took effect.
type StartOutcome struct {
	Started    bool
	Schema     int       // the schema's version, if the process is known
	Undefined  Undefined // why the start's definition cannot be stored
	Spent      bool      // an earlier attempt of this start created a run, which has ended
	ProcessID  int64
	Known      bool // the process is registered …
	Registered bool // … and so are its definition and the actor
	Held       *Hold
	Latest     *Run     // the process's latest run: the new one if Started
	Expired    *RunRef  // the latest run, if it is active and its lease has expired
	Ended      bool     // … that this start has ended
	Done       *Run     // the completed run of the same name
	Failures   int64    // in a row …
	MaxFails   int64    // … and how many put the process on hold; 0 for none
	Parents    []Parent // those whose state blocks the start
	Clusters   []Cluster

	soft   bool // soft dependencies would have blocked the latest run
	shares bool // the process has dependencies or clusters
}

// Hold is a process's hold.
type Hold struct {
	Since dialect.Time
	Actor string
	Note  string
}

// Parent is a process that another one depends on.
type Parent struct {
	Process string
	Kind    string
	Fresh   bool   // the parent must have completed since the child did
	RunNo   int64  // of its latest run; 0 if it never ran
	Status  string // of its latest run; empty if it never ran
	Since   dialect.Time
	Actor   string

	LeaseExpired bool // of its latest run, which is active
}

// The values of a start's statements.
const (
	startProcess slot = iota
	startDigest
	startAnyDefinition
	startDefinition
	startActor
	startName
	startOptionalName
	startMaxFailures
	startMemory
	startProcessing
	startFromWatermark
	startLease
	startNewest
)

// startValues are the values of all statements of one start.
type startValues []any

// named reports whether the run has a name, which no completed run of the process may
// have.
func (v startValues) named() bool { return v[startOptionalName] != nil }

func (q sql) startValues(a Start) startValues {
	return startValues{
		startProcess: a.Process, startDigest: a.TokenDigest,
		startAnyDefinition: flag(a.Definition == ""), startDefinition: a.Definition, startActor: a.Actor,
		startName: a.Name, startOptionalName: given(a.Name), startMaxFailures: a.MaxFailures,
		startMemory: a.Memory, startProcessing: a.Processing, startFromWatermark: flag(a.FromWatermark),
		startLease: a.Lease.Milliseconds(), startNewest: q.newest(),
	}
}

// startTurn makes starts of an idle process take turns, by writing the start's digest
// into the process's row, where the claim expects it. So the claim sees other tables as
// they are on its turn, not as they were when the start began to wait: a statement sees
// the database as of its beginning, except for the row that it waited for. If the start
// is bound to be refused, because the process is active or on hold or the run done,
// startTurn changes nothing and waits for no lock. A program that runs while the schema
// is upgraded gets no more turns.
//
// On a database whose updates wait for rows that they only read, a select looks for the
// process first. It does not wait if readers use row versions.
func (q sql) startTurn(v startValues) dialect.Stmt {
	return q.formed("start.turn", flags(v.named()), func() squirrel.Sqlizer {
		update := q.d.Update(tProcess).
			Set("turn", startDigest).
			Where(squirrel.Eq{"name": startProcess, "active": fixed{false}, "held_at": nil}).
			Where(q.notNewer(startNewest))
		if v.named() {
			update = update.Where(none(q.doneBefore("1 AS found")))
		}
		if q.pessimistic() {
			idle := squirrel.Select("idle.id AS id").From(q.seek(tProcess, "idle")).
				Where(squirrel.Eq{"idle.name": startProcess, "idle.active": fixed{false}, "idle.held_at": nil})
			return brief(q.updateIn(tProcess, update, "id", idle))
		}
		return update
	}, v...)
}

// A start is one update of the process's row. This row is the lock that starts compete
// for, and has nearly all the data that the decision needs. The following statements
// only take effect if the row then has this start's digest. That also makes a start
// repeatable after a lost reply: it finds its own digest.
//
// An active run blocks the start even if its lease has expired. [Store.StartAfterExpired] ends it
// first.
func (q sql) startClaim(v startValues) dialect.Stmt {
	return q.formed("start.claim", flags(v.named()), func() squirrel.Sqlizer { return q.claimProcess(v) }, v...)
}

func (q sql) claimProcess(v startValues) squirrel.UpdateBuilder {
	update := q.claimIdle().
		Where(squirrel.Eq{"turn": startDigest}).
		Where(none(q.parentsInTheWay("1 AS found").Where(squirrel.NotEq{"dep.kind": fixed{"soft"}}))).
		Where(none(q.clustersTooFull("1 AS found")))
	if v.named() {
		update = update.Where(none(q.doneBefore("1 AS found")))
	}
	return update
}

// claimIdle is the part of a claim that looks at no process but the start's own.
func (q sql) claimIdle() squirrel.UpdateBuilder {
	return q.d.Update(tProcess).
		Set("active", fixed{true}).
		Set("latest_run_no", squirrel.Expr("latest_run_no + 1")).
		Set("latest_status_id", fixed{int64(Running)}).
		Set("latest_token_digest", startDigest).
		Set("latest_started_at", squirrel.Expr(q.d.Now())).
		Set("latest_ended_at", fixed{nil}).
		Set("latest_memory", startMemory).
		Set("latest_processing", startProcessing).
		Where(squirrel.Eq{"name": startProcess, "active": fixed{false}}).
		Where("held_at IS NULL").
		Where(squirrel.Expr("(coalesce(max_failures, ?) <= 0 OR failures < coalesce(max_failures, ?))", startMaxFailures, startMaxFailures)).
		Where(squirrel.Expr("(? = 1 OR definition = ?)", startAnyDefinition, startDefinition)).
		Where(squirrel.Expr("EXISTS (?)", squirrel.Select("1").From(q.d.Table(tActor)).Where(squirrel.Eq{"name": startActor}))).
		Where(squirrel.Expr("NOT EXISTS (?)", q.startedBefore()))
}

// startedBefore finds the run that an earlier attempt of this start created, if the
// reply was lost. The claim checks for it: before the next attempt, the run may have
// lost its lease and been ended, so that the process is idle again. A start must create
// at most one run, or the process would have the number of a run that does not exist.
func (q sql) startedBefore() squirrel.SelectBuilder {
	return squirrel.Select("1").From(q.seek(tRun, "mine")).Where(squirrel.Eq{"mine.token_digest": startDigest})
}

func (q sql) startRun(v startValues) dialect.Stmt {
	return q.stmt("start.run", func() squirrel.Sqlizer {
		from := q.runRow().
			From(q.seek(tProcess, "p")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", startActor).
			Where(squirrel.Eq{"p.name": startProcess, "p.latest_token_digest": startDigest})
		return q.insertAbsent(tRun, runRowColumns(), from, same("token_digest", "p.latest_token_digest"))
	}, v...)
}

func runRowColumns() []string {
	return []string{"process_id", "run_no", "status_id", "token_digest", "actor_id", "started_at", "name", "memory", "processing", "low_at"}
}

// runRow selects a new run's row from those of its process p and its actor a.
func (q sql) runRow() squirrel.SelectBuilder {
	return squirrel.Select("p.id", "p.latest_run_no", "p.latest_status_id", "p.latest_token_digest", signer, "p.latest_started_at").
		Column(squirrel.Expr("?", startOptionalName)).
		Columns("p.latest_memory", "p.latest_processing").
		Column(squirrel.Expr("CASE WHEN ? = 1 THEN p.watermark END", startFromWatermark))
}

// flag is a truth value as a number, for where SQL has no expression for one.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (q sql) startSoft(v startValues) dialect.Stmt {
	return q.stmt("start.soft", func() squirrel.Sqlizer {
		from := q.parentsInTheWay("run.id", "parent.id", "parent.latest_run_no", "parent.latest_status_id").
			Join(q.seek(tRun, "run")+" ON run.process_id = child.id AND run.token_digest = ?", startDigest).
			Where(squirrel.Eq{"dep.kind": fixed{"soft"}})
		return q.insertAbsent(tRunSoft,
			[]string{"run_id", "parent_id", "parent_run_no", "parent_status_id"}, from,
			same("run_id", "run.id", "parent_id", "parent.id"))
	}, v...)
}

func (q sql) startHistory(v startValues) dialect.Stmt {
	return q.stmt("start.history", func() squirrel.Sqlizer {
		from := startHistoryRow().
			From(q.seek(tRun, "run")).
			Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id").
			Where(squirrel.Eq{"run.token_digest": startDigest})
		return q.insertAbsent(tHistory, startHistoryColumns(), from, same("run_id", "run.id"))
	}, v...)
}

func startHistoryColumns() []string {
	return []string{"process_id", "run_id", "to_status", "actor_id", "changed_at"}
}

func startHistoryRow() squirrel.SelectBuilder {
	return squirrel.Select("run.process_id", "run.id", "s.name", "run.actor_id", "run.started_at")
}

func (q sql) startOutcome(v startValues) dialect.Stmt {
	return q.stmt("start.outcome", func() squirrel.Sqlizer {
		return brief(squirrel.Select(runColumns...).Columns(q.leaseColumns()...).
			Columns("p.definition", "starter.id", "p.held_at", "holder.name", "p.hold_reason", "run.token_digest", "p.failures").
			Column(squirrel.Expr("coalesce(p.max_failures, ?)", startMaxFailures)).
			Columns("mine.id").
			Column(squirrel.Expr("(?)", squirrel.Select("max(sv.version)").From(q.as(tVersion, "sv")))).
			Column(squirrel.Expr("CASE WHEN EXISTS (?) THEN 1 ELSE 0 END", squirrel.Select("1").From(q.as(tRunSoft, "soft")).Where("soft.run_id = run.id"))).
			Column(squirrel.Expr("CASE WHEN EXISTS (?) OR EXISTS (?) THEN 1 ELSE 0 END", q.dependsOn("p.id"), q.clusteredBy("p.id"))).
			From(q.seek(tProcess, "p")).
			LeftJoin(q.seek(tRun, "run")+" ON run.process_id = p.id AND run.run_no = p.latest_run_no").
			LeftJoin(q.seek(tRun, "mine")+" ON mine.token_digest = ?", startDigest).
			LeftJoin(q.seek(tRunLease, "lease")+" ON lease.run_id = run.id").
			LeftJoin(q.as(tRunStatus, "s")+" ON s.id = run.status_id").
			LeftJoin(q.as(tActor, "actor")+" ON actor.id = run.actor_id").
			LeftJoin(q.as(tActor, "starter")+" ON starter.name = ?", startActor).
			LeftJoin(q.as(tActor, "holder") + " ON holder.id = p.held_by").
			Where(squirrel.Eq{"p.name": startProcess}))
	}, v...)
}
