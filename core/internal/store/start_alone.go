package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// startsAlone reports whether nothing outside the process's row decides on the start, as
// far as is known: then it needs no turn. The name of a run does decide: a start that
// waits for the end of a run of that name has to see that run completed.
func (s *Store) startsAlone(v startValues) bool {
	process, _ := v[startProcess].(string)
	return !v.named() && !s.pessimistic() && s.alone.has(process)
}

// aloneSteps are startSteps for such a process. Where the clock is early, the turn waits
// for the end of the latest run, so that the new run starts after it.
func (s *Store) aloneSteps(a Start, v startValues, out *StartOutcome) []*dialect.Step {
	var steps []*dialect.Step
	if _, early := s.d.(dialect.EarlyClock); early {
		steps = append(steps, act(s.startTurn(v)))
	}
	return append(append(steps, s.claimSteps(a, v, true)...), read(s.startOutcome(v), func(r dialect.Row) error { return out.scan(r, a) }))
}

// claimSteps claim the process, and write the run's rows.
func (s *Store) claimSteps(a Start, v startValues, isAlone bool) []*dialect.Step {
	if r, ok := s.d.(dialect.Returner); ok {
		return []*dialect.Step{act(s.startWhole(r, v, isAlone, a.Lease > 0))}
	}
	steps := make([]*dialect.Step, 0, 6)
	if isAlone {
		steps = append(steps, act(s.startClaimAlone(v)))
	} else {
		steps = append(steps, act(s.startClaim(v)))
	}
	steps = append(steps, act(s.startRun(v)))
	if a.Lease > 0 {
		steps = append(steps, act(s.insertLease(v)))
	}
	return append(steps, act(s.startHistory(v)))
}

// startWhole does in one statement what the other claimSteps do: the run's row is made of
// the process's row as the claim has left it.
func (q sql) startWhole(r dialect.Returner, v startValues, isAlone, leased bool) dialect.Stmt {
	name := "start.whole"
	if isAlone {
		name = "start.whole_alone"
	}
	return q.formed(name, flags(v.named(), leased), func() squirrel.Sqlizer {
		claim := q.claimProcessAlone
		if !isAlone {
			claim = func() squirrel.UpdateBuilder { return q.claimProcess(v) }
		}
		run := q.runRow().From("p").Join(q.as(tActor, "a")+" ON a.name = ?", startActor)
		parts := []dialect.CombinedPart{
			{Name: "p", Sqlizer: claim().Suffix("RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark")},
			{Name: "run", Sqlizer: squirrel.Insert(q.d.Table(tRun)).Columns(runRowColumns()...).Select(run).Suffix("RETURNING id, process_id, actor_id, started_at, status_id")},
		}
		if leased {
			lease := squirrel.Insert(q.d.Table(tRunLease)).Columns(leaseRowColumns()...).Select(q.leaseRow().From("run"))
			parts = append(parts, dialect.CombinedPart{Name: "lease", Sqlizer: lease})
		}
		history := startHistoryRow().From("run").Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id")
		return facts{
			Sqlizer: r.Combine(parts, squirrel.Insert(q.d.Table(tHistory)).Columns(startHistoryColumns()...).Select(history)),
			kind:    dialect.Insert,
		}
	}, v...)
}

// startClaimAlone is startClaim for a process without dependencies and clusters. If it has
// some meanwhile, it changes nothing. It has the turn's look at the schema's version.
func (q sql) startClaimAlone(v startValues) dialect.Stmt {
	return q.stmt("start.claim_alone", func() squirrel.Sqlizer { return q.claimProcessAlone() }, v...)
}

func (q sql) claimProcessAlone() squirrel.UpdateBuilder {
	process := q.d.Table(tProcess) + ".id"
	return q.claimIdle().
		Where(squirrel.Expr("NOT EXISTS (?)", q.dependsOn(process))).
		Where(squirrel.Expr("NOT EXISTS (?)", q.clusteredBy(process))).
		Where(q.notNewer(startNewest))
}

// dependsOn selects the dependencies of a process.
func (q sql) dependsOn(process string) squirrel.SelectBuilder {
	return squirrel.Select("1").From(q.seek(tDependency, "dep")).Where("dep.child_id = " + process)
}

// clusteredBy selects the clusters of a process.
func (q sql) clusteredBy(process string) squirrel.SelectBuilder {
	return squirrel.Select("1").From(q.seek(tProcessCluster, "pc")).Where("pc.process_id = " + process)
}
