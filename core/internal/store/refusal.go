package store

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The number of recorded refusals is bounded: per process, and within it per actor and
// reason. So a program that keeps trying does not displace the refusals of others.
const (
	refusalSlots = 20
	refusalShare = 5
)

// Refusal is a start that was refused, or several that were equal.
type Refusal struct {
	ID        int64
	ProcessID int64
	Process   string
	Key       string // of what makes refusals equal
	Reason    string
	Actor     string
	RunName   string
	Detail    string
	Times     int64
	First     dialect.Time
	Last      dialect.Time
}

// refusedAgain counts an equal refusal. It skips a row that another start is writing:
// no start waits for another to record a refusal.
func (q sql) refusedAgain(r Refusal) dialect.Stmt {
	return q.stmt("refusal.again", func() squirrel.Sqlizer {
		return q.updateIn(tRefusal, q.d.Update(tRefusal).
			Set("times", squirrel.Expr("times + 1")).
			Set("last_at", squirrel.Expr(q.d.Now())).
			Set("detail", slot(2)), "id", q.unlocked(squirrel.Eq{"f.process_id": slot(0), "f.refusal_key": slot(1)}))
	}, r.ProcessID, r.Key, r.Detail)
}

// unlocked selects the row if no other transaction is writing it. Its limit makes MySQL
// materialize the select, which it requires if the update is of the same table.
func (q sql) unlocked(where squirrel.Eq) squirrel.SelectBuilder {
	from, lock := q.d.Lock(tRefusal, "f", true)
	return q.first(squirrel.Select("f.id AS id").From(from).Where(where).OrderBy("f.id"), 1, lock)
}

// refusedFirst takes a free slot. It reads no row of the process, which may be locked.
func (q sql) refusedFirst(r Refusal, free int64) dialect.Stmt {
	type row struct {
		Process int64  `json:"id"`
		Slot    int64  `json:"n"`
		Key     string `json:"name_key"`
		Reason  string `json:"reason"`
		Actor   string `json:"actor"`
		RunName string `json:"run_name,omitempty"`
		Detail  string `json:"detail"`
	}
	return q.stmt("refusal.first", func() squirrel.Sqlizer {
		from := q.withClock(q.fromRows(
			squirrel.Select("r.id", "r.n", "r.name_key", "r.reason", "r.actor", "r.run_name", "r.detail", "1", q.now(), q.now()), slot(0),
			integer("id"), integer("n"), key("name_key"), plain("reason"), plain("actor"), plain("run_name"), plain("detail")))
		return q.insertAbsent(tRefusal,
			[]string{"process_id", "slot", "refusal_key", "reason", "actor", "run_name", "detail", "times", "first_at", "last_at"}, from,
			dialect.Match{All: same("process_id", "r.id").All, Any: same("slot", "r.n", "refusal_key", "r.name_key").All})
	}, rows([]row{{r.ProcessID, free, r.Key, r.Reason, r.Actor, r.RunName, r.Detail}}))
}

// refusedInstead replaces an older refusal, if it is still the given one.
func (q sql) refusedInstead(r Refusal, older slotted) dialect.Stmt {
	return q.stmt("refusal.instead", func() squirrel.Sqlizer {
		return q.updateIn(tRefusal, q.d.Update(tRefusal).
			Set("refusal_key", slot(2)).
			Set("reason", slot(3)).
			Set("actor", slot(4)).
			Set("run_name", slot(5)).
			Set("detail", slot(6)).
			Set("times", fixed{1}).
			Set("first_at", slot(7)).
			Set("last_at", slot(7)), "id", q.unlocked(squirrel.Eq{"f.id": slot(0), "f.refusal_key": slot(1)}))
	}, older.ID, older.Key, r.Key, r.Reason, r.Actor, given(r.RunName), r.Detail, q.d.Time(older.now.Time))
}

func (q sql) refusalsOf(process int64) dialect.Stmt {
	return q.stmt("refusal.of_process", func() squirrel.Sqlizer {
		return squirrel.Select("f.id", "f.slot", "f.refusal_key", "f.reason", "f.actor", "f.last_at", q.d.Now()).
			From(q.as(tRefusal, "f")).Where(squirrel.Eq{"f.process_id": slot(0)}).OrderBy("f.slot")
	}, process)
}

// slotted is a refusal with its slot.
type slotted struct {
	Refusal

	slot int64
	now  dialect.Time // when it was read
}

// Refuse records a refused start, as far as possible without waiting for locks: it makes
// a few attempts and no retries. Of simultaneous equal refusals it records one. It is
// never part of a caller's transaction.
func (s *Store) Refuse(ctx context.Context, r Refusal) error {
	conn := s.pool()
	if _, alone := conn.(dialect.Trier); alone && s.joined != nil {
		return nil // the caller's transaction blocks all other writers until it ends
	}
	if !s.keeping.begin(r.Key) {
		return nil
	}
	defer s.keeping.end(r.Key)
	const tries = 4
	for try := 1; ; try++ {
		done, err := s.refuse(ctx, conn, r)
		if done || err != nil && s.backend.Classify(err) != dialect.Duplicate || try == tries {
			return err
		}
		//nolint:gosec // which of two comes first is no secret
		if err := sleep(ctx, rand.N(10*time.Millisecond)); err != nil {
			return err
		}
	}
}

// refuse reports whether the refusal is recorded, or another start is just recording an
// equal one.
func (s *Store) refuse(ctx context.Context, conn dialect.Conn, r Refusal) (done bool, err error) {
	var kept []slotted
	again := exec(s.refusedAgain(r))
	all := read(s.refusalsOf(r.ProcessID), func(row dialect.Row) error {
		var k slotted
		err := row.Scan(&k.ID, &k.slot, &k.Key, &k.Reason, &k.Actor, &k.Last, &k.now)
		kept = append(kept, k)
		return err
	})
	had, err := atOnce(ctx, conn, again, all)
	if err != nil || again.Affected > 0 {
		return err == nil, err
	}
	if !had { // another caller is writing; a read waits for no one
		if err := conn.Query(ctx, all.Stmt, all.Row); err != nil {
			return false, err
		}
	}
	if slices.ContainsFunc(kept, func(k slotted) bool { return k.Key == r.Key }) {
		return true, nil
	}
	keep := exec(s.refusedFirst(r, freeSlot(kept)))
	if older := replaceable(kept, r); older != nil {
		keep = exec(s.refusedInstead(r, *older))
	}
	_, err = atOnce(ctx, conn, keep)
	return keep.Affected > 0, err
}

// atOnce runs steps in a transaction of their own. If that would have to wait for
// another writer, it runs none and returns false.
func atOnce(ctx context.Context, conn dialect.Conn, steps ...*dialect.Step) (bool, error) {
	all := func(c dialect.Conn) error { return inOrder(ctx, c, steps) }
	switch c := conn.(type) {
	case dialect.Trier:
		return c.Try(ctx, all)
	case dialect.Batcher:
		return true, c.Batch(ctx, steps)
	default:
		return true, conn.Atomic(ctx, all)
	}
}

// freeSlot is the lowest of them that is free; kept is in their order.
func freeSlot(kept []slotted) int64 {
	slot := int64(1)
	for _, k := range kept {
		if k.slot == slot {
			slot++
		}
	}
	return slot
}

// replaceable returns the refusal that a new one replaces: the oldest of the same actor
// and reason if these are at their limit, the oldest of all if the process is at its
// limit, otherwise nil.
func replaceable(kept []slotted, r Refusal) *slotted {
	equals := func(k slotted) bool { return k.Actor == r.Actor && k.Reason == r.Reason }
	same := slices.DeleteFunc(slices.Clone(kept), func(k slotted) bool { return !equals(k) })
	switch {
	case len(same) >= refusalShare:
		kept = same
	case len(kept) < refusalSlots:
		return nil
	}
	oldest := slices.MinFunc(kept, func(a, b slotted) int { return cmp.Or(a.Last.Compare(b.Last.Time), cmp.Compare(a.ID, b.ID)) })
	return &oldest
}

// RefusalFilter says which refusals to list; zero fields match everything.
type RefusalFilter struct {
	Process string
	Actor   string
	Since   time.Time // refused then or later …
	Until   time.Time // … and before then
	Oldest  bool      // the oldest first
	// The page before ended with this one.
	AfterTime time.Time
	AfterID   int64
	Limit     int64
}

func (q sql) listRefusals(f RefusalFilter) dialect.Stmt {
	return q.conditional("refusal.list", 0, func(v []any) squirrel.Sqlizer {
		limit, process, actor, since, until, last, lastID := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
		index := goingOn(lastID, "first_at", "id")
		if process != nil || actor != nil {
			index = nil
		}
		query := squirrel.Select("f.id", "p.id", "p.name", "f.reason", "f.actor", "f.run_name", "f.detail", "f.times", "f.first_at", "f.last_at").
			From(q.along(tRefusal, q.as(tRefusal, "f"), index)).
			Join(q.as(tProcess, "p") + " ON p.id = f.process_id")
		query = whereSet(query, "p.name", process)
		query = whereSet(query, "f.actor", actor)
		if since != nil {
			query = query.Where(squirrel.GtOrEq{"f.last_at": since})
		}
		if until != nil {
			query = query.Where(squirrel.Lt{"f.first_at": until})
		}
		return ordered(q.limit(inTime(query, "f.first_at", "f.id", last, lastID, !f.Oldest), limit), index)
	}, limit(f.Limit), given(f.Process), given(f.Actor), q.perhaps(f.Since), q.perhaps(f.Until), q.perhaps(f.AfterTime), given(f.AfterID), given(f.Oldest))
}

// Refusals lists refusals, those that began last coming first.
func (s *Store) Refusals(ctx context.Context, f RefusalFilter) ([]Refusal, error) {
	return list(ctx, s, s.listRefusals(f), func(row dialect.Row) (r Refusal, err error) {
		var name *string
		err = row.Scan(&r.ID, &r.ProcessID, &r.Process, &r.Reason, &r.Actor, &name, &r.Detail, &r.Times, &r.First, &r.Last)
		r.RunName = text(name)
		return r, err
	})
}

// oldRefusals selects those that were last refused before then.
func (q sql) oldRefusals(p Purge) dialect.Stmt {
	return q.stmt("purge.refusals", func() squirrel.Sqlizer {
		query := squirrel.Select("f.id", "f.last_at").From(q.as(tRefusal, "f")).
			Where(squirrel.Gt{"f.id": slot(0)}).
			Where(squirrel.Lt{"f.last_at": slot(1)}).
			OrderBy("f.id")
		return q.limit(query, slot(2))
	}, p.AfterID, q.d.Time(p.Before), p.Limit)
}

// PurgeRefusals is PurgeRuns for refused starts.
func (s *Store) PurgeRefusals(ctx context.Context, p Purge) (gone Purged, last Place, err error) {
	old, last, err := s.purgeable(ctx, s.oldRefusals(p))
	if err != nil || len(old) == 0 {
		return nil, last, err
	}
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		gone = Purged{}
		return s.purgeAll(ctx, c, p.Dry, []child{{tRefusal, "id"}}, rows(old), gone)
	}})
	return gone, last, err
}
