package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// completeWhole does in one statement what endProcess, endLast, endHistory and endRun do.
// It locks the process and then the run, as they do, and takes what it needs from the
// locked rows: another statement may have changed them while it waited.
func (q sql) completeWhole(r dialect.Returner, c StatusChange) dialect.Stmt {
	return q.stmt("end.complete_whole", func() squirrel.Sqlizer {
		process, ofProcess := q.d.Lock(tProcess, "p", false)
		run, ofRun := q.d.Lock(tRun, "run", false)
		owner, table := q.d.Table(tProcess), q.d.Table(tRun)
		parts := []dialect.CombinedPart{
			{Name: "p", Sqlizer: squirrel.Select("p.id").From(process).
				Where(squirrel.Eq{"p.id": runProcess, "p.latest_token_digest": runDigest, "p.active": fixed{true}}).Suffix(ofProcess)},
			{Name: "run", Sqlizer: squirrel.Select("run.id", "run.process_id", "run.status_id", "run.actor_id", "run.high_at").From(run).
				Join("p ON p.id = run.process_id").
				Where(squirrel.Eq{"run.id": runID, "run.token_digest": runDigest, "run.ended_at": nil}).Suffix(ofRun)},
			{Name: "at", Sqlizer: squirrel.Select("run.*", q.d.Now()+" AS now").From("run")},
			{Name: "idle", Sqlizer: q.d.Update(tProcess).
				Set("active", fixed{false}).
				Set("latest_status_id", changeTo).
				Set("latest_ended_at", squirrel.Expr("at.now")).
				Set("failures", fixed{0}).
				Set("last_completed_at", squirrel.Expr("at.now")).
				Set("watermark", squirrel.Expr(laterWatermark(owner+".watermark", "at.high_at"))).
				From("at").Where(owner + ".id = at.process_id")},
			{Name: "ended", Sqlizer: q.d.Update(tRun).
				Set("status_id", changeTo).
				Set("ended_at", squirrel.Expr("at.now")).
				From("at").Where(table + ".id = at.id")},
		}
		history := squirrel.Select("at.process_id", "at.id", "old.name", "new.name", "at.actor_id").
			Column(squirrel.Expr("?", changeReason)).Column("at.now").From("at").
			Join(q.as(tRunStatus, "old")+" ON old.id = at.status_id").
			Join(q.as(tRunStatus, "new")+" ON new.id = ?", changeTo)
		return facts{
			Sqlizer: r.Combine(parts, squirrel.Insert(q.d.Table(tHistory)).Columns(endHistoryColumns()...).Select(history)),
			kind:    dialect.Insert,
		}
	}, q.changeValues(c, given(c.Reason))...)
}

func endHistoryColumns() []string {
	return []string{"process_id", "run_id", "from_status", "to_status", "actor_id", "reason", "changed_at"}
}
