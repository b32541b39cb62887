package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A claim selects extracts and locks them, skipping those that another claim has
// locked, and changes those that still have the status. It relies only on the result of
// the change, so it is correct even if a lock does not hold.

// claimable selects extracts by the filter, except those that wait for a parent.
func (q sql) claimable(f ExtractFilter) dialect.Stmt {
	return q.conditional("claim.select", int64(f.Status), func(v []any) squirrel.Sqlizer {
		query, lock := q.lockClaimable(v)
		query = q.filtered(query, f.Status, v).Where(q.rowByRow(q.unloadedParents()))
		return skipping(q.limitLocked(query, v[filterLimit], lock))
	}, q.filterValues(f)...)
}

// lockClaimable selects extracts in order, and locks or skips each. Every transaction
// that changes an extract's status locks the row first. A lock of only the index entry
// could deadlock with it.
func (q sql) lockClaimable(v []any) (query squirrel.SelectBuilder, lock string) {
	query = squirrel.Select("e.id").OrderBy("e.registered_at", "e.id")
	index, along := "extract_by_status", []string{"status_id"}
	switch {
	case v[filterLocationKey] != nil || v[filterLocationName] != nil:
		index, along = index+"_location", append(along, "location_id")
	case v[filterProcess] != nil:
		index, along = index+"_process", append(along, "process_id")
	}
	pessimist, ok := q.d.(dialect.Pessimist)
	if !ok {
		from, lock := q.d.Lock(tExtract, "e", true, append(along, "registered_at", "id")...)
		return query.From(from), lock
	}
	from, lock := pessimist.LockBy(tExtract, "e", index, "status_id")
	return query.From(from).Where("coalesce(e.claimed_by, 0) >= 0"), lock // always true, and in none of these indexes
}

func (q sql) claim(run RunRef, json *rowSet, from, back ExtractStatus, at time.Time) dialect.Stmt {
	return q.about("claim.take", json, func(one bool) squirrel.Sqlizer {
		return q.updateChosen(one, tExtract, q.d.Update(tExtract).
			Set("status_id", fixed{int64(Loading)}).
			Set("status_changed_at", afterRun+3).
			Set("claimed_by", runID).
			Set("claim_return_id", afterRun+2).
			Where(byTheWay("status_id", afterRun+1)), nil, "id")
	}, run.with(json, int64(from), int64(back), q.d.Time(at))...)
}

// touchRun writes to the run's row without changing it. The run's end waits for the
// claim in any case; if transactions read from a snapshot, this write makes the end
// begin again, and so see the claimed extracts.
func (q sql) touchRun(run RunRef) dialect.Stmt {
	return q.stmt("claim.touch_run", func() squirrel.Sqlizer {
		return q.d.Update(tRun).
			Set("memory", squirrel.Expr("memory")).
			Where(squirrel.Eq{"id": runID, "token_digest": runDigest})
	}, run.with()...)
}

// fromClaimed reads from the rows that this run has claimed.
func (q sql) fromClaimed(one bool, json slot, columns ...string) squirrel.SelectBuilder {
	return q.fromIDs(one, json, columns...).Where(squirrel.Eq{"e.claimed_by": runID, "e.status_id": fixed{int64(Loading)}})
}

func (q sql) claimHistory(run RunRef, json *rowSet, from ExtractStatus) dialect.Stmt {
	return q.about("claim.history", json, func(one bool) squirrel.Sqlizer {
		row := q.fromClaimed(one, afterRun, "run.process_id", "run.id", "e.id", "old.name", "new.name", "run.actor_id", "e.status_changed_at").
			Join(q.as(tExtractStatus, "old")+" ON old.id = ?", afterRun+1).
			Join(q.as(tExtractStatus, "new") + " ON new.id = e.status_id")
		if !one {
			row = row.OrderBy("e.id")
		}
		return squirrel.Insert(q.d.Table(tHistory)).
			Columns("process_id", "run_id", "extract_id", "from_status", "to_status", "actor_id", "changed_at").Select(row)
	}, run.with(json, int64(from))...)
}

func (q sql) claimed(run RunRef, json *rowSet) dialect.Stmt {
	return q.about("claim.read", json, func(one bool) squirrel.Sqlizer {
		if one {
			return q.joinExtract(squirrel.Select(q.extractColumns()...).From(q.seek(tExtract, "e"))).
				Where(squirrel.Eq{"e.id": afterRun}).
				Where(squirrel.Eq{"e.claimed_by": runID, "e.status_id": fixed{int64(Loading)}})
		}
		query := q.fromRows(squirrel.Select(q.extractColumns()...), afterRun, integer("id")).JoinClause(q.seekEach(tExtract, "e", "id", "r.id"))
		return q.joinExtract(query).
			Where(squirrel.Eq{"e.claimed_by": runID, "e.status_id": fixed{int64(Loading)}}).
			OrderBy("e.registered_at", "e.id")
	}, run.with(json)...)
}

// claimTime reads the clock once for the whole claim. That time identifies the claimed
// extracts afterwards, even if the reply to the claim was lost.
func (q sql) claimTime() dialect.Stmt {
	return q.stmt("claim.time", func() squirrel.Sqlizer { return squirrel.Select(q.d.Now()) })
}

// A claiming holds the extracts that one attempt of a claim is about to take.
type claiming struct {
	at  time.Time
	ids []int64
}

// steps select the extracts to claim.
func (s *Store) claimingSteps(f ExtractFilter, next *claiming) []*dialect.Step {
	*next = claiming{}
	return []*dialect.Step{
		read(s.claimTime(), func(r dialect.Row) error {
			var now dialect.Time
			err := r.Scan(&now)
			next.at = now.Truncate(time.Microsecond) // as columns have it
			return err
		}),
		read(s.claimable(f), func(r dialect.Row) error {
			var id int64
			err := r.Scan(&id)
			next.ids = append(next.ids, id)
			return err
		}),
	}
}

// Claim moves up to f.Limit extracts that match the filter from a status to loading,
// for this run, and returns them. back is their status if the run fails.
func (s *Store) Claim(ctx context.Context, run RunRef, f ExtractFilter, from, back ExtractStatus) ([]Extract, RunState, error) {
	var all []Extract
	var next claiming
	tried := false
	first := func() []*dialect.Step {
		all = nil
		if tried = len(next.ids) > 0; tried {
			return nil
		}
		return s.claimingSteps(f, &next)
	}
	state, err := s.whileActive(ctx, run, first, func(c dialect.Conn) (err error) {
		if tried {
			// An earlier attempt may have been committed although its reply was lost.
			// Claiming more would leave its extracts without a caller that knows of
			// them.
			if all, err = s.stillClaimed(ctx, c, run, next); err != nil || len(all) > 0 {
				return err
			}
			err = inOrder(ctx, c, s.claimingSteps(f, &next))
		}
		if err != nil || len(next.ids) == 0 {
			return err
		}
		json := chosen(next.ids...)
		return finish(ctx, c, []*dialect.Step{
			act(s.touchRun(run)),
			act(s.claim(run, json, from, back, next.at)),
			act(s.claimHistory(run, json, from)),
			act(s.linkMoved(run, json)),
			act(s.moveLinks(run, json, Loading)),
			read(s.claimed(run, json), func(r dialect.Row) error {
				var e Extract
				err := e.scan(r)
				all = append(all, e)
				return err
			}),
		})
	})
	slices.SortFunc(all, func(a, b Extract) int { // it may have been read in parts
		return cmp.Or(a.RegisteredAt.Compare(b.RegisteredAt.Time), cmp.Compare(a.ID, b.ID))
	})
	return all, state, err
}

// stillClaimed returns the extracts that are as this run's claim left them. The time of
// the change distinguishes this claim from others of the same run.
func (s *Store) stillClaimed(ctx context.Context, c dialect.Conn, run RunRef, tried claiming) (all []Extract, err error) {
	err = c.Query(ctx, s.claimed(run, rows(idRows(tried.ids))), func(r dialect.Row) error {
		var e Extract
		err := e.scan(r)
		if e.ChangedAt.Equal(tried.at) {
			all = append(all, e)
		}
		return err
	})
	return all, err
}

// unclaim gives back the unfinished extracts that an ending run has claimed. It runs
// between endProcess and endRun, like endHistory, and so takes effect once.
func (q sql) unclaim(run RunRef) []dialect.Stmt {
	values := run.with()
	return []dialect.Stmt{
		q.stmt("unclaim.links", func() squirrel.Sqlizer {
			back := squirrel.Select("e.claim_return_id").From(q.seek(tExtract, "e")).Where("e.id = extract_id")
			claimed := squirrel.Select("e.id AS id").From(q.seek(tExtract, "e")).
				Where(squirrel.Eq{"e.claimed_by": runID, "e.status_id": fixed{int64(Loading)}}).
				Where(q.ending())
			return q.updateInKey(tRunExtract, q.d.Update(tRunExtract).
				Set("status_id", squirrel.Expr("(?)", back)).
				Set("status_changed_at", squirrel.Expr(q.d.Now())), squirrel.Eq{"run_id": runID}, "extract_id", claimed)
		}, values...),
		q.stmt("unclaim.history", func() squirrel.Sqlizer {
			history := squirrel.Select("run.process_id", "run.id", "e.id", "old.name", "new.name", "run.actor_id", "p.latest_ended_at").
				From(q.seek(tExtract, "e")).
				Join(q.seek(tRun, "run") + " ON run.id = e.claimed_by").
				Join(q.seek(tProcess, "p") + " ON p.id = run.process_id").
				Join(q.as(tExtractStatus, "old") + " ON old.id = e.status_id").
				Join(q.as(tExtractStatus, "new") + " ON new.id = e.claim_return_id").
				Where(squirrel.Eq{"e.claimed_by": runID, "e.status_id": fixed{int64(Loading)}}).
				Where(q.ending()).
				OrderBy("e.id")
			return squirrel.Insert(q.d.Table(tHistory)).
				Columns("process_id", "run_id", "extract_id", "from_status", "to_status", "actor_id", "changed_at").Select(history)
		}, values...),
		q.stmt("unclaim.give_back", func() squirrel.Sqlizer {
			return q.d.Update(tExtract).
				Set("status_id", squirrel.Expr("claim_return_id")).
				Set("status_changed_at", squirrel.Expr(q.d.Now())).
				Set("claimed_by", fixed{nil}).
				Set("claim_return_id", fixed{nil}).
				Where(squirrel.Eq{"claimed_by": runID, "status_id": fixed{int64(Loading)}}).
				Where(q.ending())
		}, values...),
	}
}

// ending is the condition that the process's row already shows the end of the run, and the
// run's row not yet.
func (q sql) ending() squirrel.Sqlizer {
	return squirrel.Expr("EXISTS (?)", squirrel.Select("1").From(q.seek(tRun, "run")).
		Join(q.seek(tProcess, "p")+" ON p.id = run.process_id AND p.latest_token_digest = run.token_digest").
		Where(squirrel.Eq{"run.id": runID, "run.token_digest": runDigest, "run.ended_at": nil, "p.active": fixed{false}}))
}
