package store

import (
	"context"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A listing marks each extract that it finds with its own start time, by the database's
// clock. An extract that has no mark in the end, or an older one, is missing. A mark
// never moves back, so listings of one location may overlap.

// ListingChunk is how many files of a listing are registered at once.
const ListingChunk = chunk

func (q sql) clock() dialect.Stmt {
	return q.stmt("listing.begin", func() squirrel.Sqlizer { return squirrel.Select(q.d.Now()) })
}

// BeginListing returns the start time of a listing.
func (s *Store) BeginListing(ctx context.Context, run RunRef) (mark time.Time, state RunState, err error) {
	var now dialect.Time
	state, err = s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		return c.Query(ctx, s.clock(), func(r dialect.Row) error { return r.Scan(&now) })
	})
	return now.Time, state, err
}

func (q sql) markListed(json *rowSet, mark time.Time) dialect.Stmt {
	return q.stmt("listing.mark", func() squirrel.Sqlizer {
		ids := q.fromRows(squirrel.Select("r.id"), slot(0), integer("id"))
		return q.updateIn(tExtract, q.d.Update(tExtract).
			Set("listed_at", slot(1)).
			Where(squirrel.Or{squirrel.Eq{"listed_at": nil}, squirrel.Lt{"listed_at": slot(1)}}), "id", ids)
	}, json, q.d.Time(mark))
}

// Listed is a file that a listing found.
type Listed struct {
	Extract Extract // as it is now
	Place   int     // of the first file of its name in the call
	New     bool    // registered by this listing
}

// AddListed takes up to ListingChunk files, registers the unknown ones as
// RegisterExtracts does, and marks all of them. It adds missing facts to known extracts,
// and changes nothing else.
func (s *Store) AddListed(ctx context.Context, run RunRef, actor string, mark time.Time, items []NewExtract) ([]Listed, RunState, error) {
	var all []Listed
	var absent map[string]bool // at the first attempt: an earlier attempt may have been committed
	how := registering{mark: mark}
	first := func() []*dialect.Step { return []*dialect.Step{s.lookForSources(run, &how.sources)} }
	state, err := s.whileActive(ctx, run, first, func(c dialect.Conn) error {
		t, err := s.resolve(ctx, c, actor, items)
		if err != nil {
			return err
		}
		sorted, places := inKeyOrder(items)
		found, err := s.knownExtracts(ctx, c, sorted)
		if err != nil {
			return err
		}
		if absent == nil {
			absent = absentFrom(found, sorted)
		}
		stored, err := s.registerMissing(ctx, c, run, sorted, how, found)
		if err != nil {
			return err
		}
		if lack := lacking(sorted, stored); len(lack) > 0 {
			if err := s.fill(ctx, c, t, sorted, stored, lack); err != nil {
				return err
			}
		}
		if err := s.mark(ctx, c, stored, mark); err != nil {
			return err
		}
		all = make([]Listed, len(sorted))
		for i, place := range slices.Backward(places) {
			e := stored[place]
			all[place] = Listed{Extract: e, Place: i, New: absent[sorted[place].Key] && e.RunID == run.ID}
		}
		return nil
	})
	return all, state, err
}

// absentFrom returns the keys of the items that are not among the known ones.
func absentFrom(known map[string]Extract, items []NewExtract) map[string]bool {
	absent := map[string]bool{}
	for _, item := range items {
		if _, ok := known[item.Key]; !ok {
			absent[item.Key] = true
		}
	}
	return absent
}

// registerMissing registers the items that are not among the known ones, and returns all items.
func (s *Store) registerMissing(ctx context.Context, c dialect.Conn, run RunRef, items []NewExtract, how registering, known map[string]Extract) ([]Extract, error) {
	isKnown := func(item NewExtract) bool { _, ok := known[item.Key]; return ok }
	missing := slices.DeleteFunc(slices.Clone(items), isKnown)
	added, err := s.registerSorted(ctx, c, run, missing, how)
	if err != nil {
		return nil, err
	}
	for i, item := range missing {
		known[item.Key] = added[i]
	}
	stored := make([]Extract, len(items))
	for i, item := range items {
		stored[i] = known[item.Key]
	}
	return stored, nil
}

// knownExtracts reads the registered ones of the extracts, by their keys. All extracts belong to one location.
func (s *Store) knownExtracts(ctx context.Context, c dialect.Conn, items []NewExtract) (map[string]Extract, error) {
	found := make(map[string]Extract, len(items))
	err := c.Query(ctx, s.registeredExtracts(rows(items)), func(r dialect.Row) error {
		var n int64
		var e Extract
		err := e.scan(r, &n)
		found[items[n].Key] = e
		return err
	})
	return found, err
}

// mark marks the extracts that this listing has not just registered, and those that a later
// one has not marked yet.
func (s *Store) mark(ctx context.Context, c dialect.Conn, extracts []Extract, mark time.Time) error {
	var ids []int64
	for i, e := range extracts {
		if e.ListedAt.Before(mark) {
			ids = append(ids, e.ID)
			extracts[i].ListedAt = dialect.Time{Time: mark}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	json := rows(idRows(ids))
	return inOrder(ctx, c, []*dialect.Step{
		read(s.lockExtracts(json), func(dialect.Row) error { return nil }),
		exec(s.markListed(json, mark)),
	})
}

// whereGone restricts a select from the extract e to extracts that a listing did not
// find. It leaves out extracts that were archived or deleted, new extracts that are still
// being written, and extracts that changed since the listing began, because the listing
// may have been past their place by then.
func (q sql) whereGone(s squirrel.SelectBuilder, at slot) squirrel.SelectBuilder {
	return s.
		Where(squirrel.NotEq{"e.status_id": []fixed{{int64(Archived)}, {int64(Deleted)}}}).
		Where(squirrel.Lt{"e.status_changed_at": at}).
		Where(squirrel.Or{
			squirrel.Lt{"e.listed_at": at},
			squirrel.And{squirrel.Eq{"e.listed_at": nil}, squirrel.NotEq{"e.status_id": fixed{int64(Initializing)}}},
		})
}

func (q sql) gone(location int64, mark time.Time, after string, most int64) dialect.Stmt {
	return q.conditional("listing.gone", 0, func(v []any) squirrel.Sqlizer {
		index := []string{"location_id", "name_key"}
		query := q.joinExtract(squirrel.Select(q.extractColumns()...).From(q.along(tExtract, q.as(tExtract, "e"), index))).
			Where(squirrel.Eq{"e.location_id": slot(0)}).
			Where(squirrel.Gt{"e.name_key": slot(2)}).
			OrderBy("e.name_key")
		return ordered(q.limit(q.whereGone(query, slot(1)), v[3]), index)
	}, location, q.d.Time(mark), after, limit(most))
}

// Gone returns the next page of extracts of a location that a listing did not find, ordered by the keys of their names.
func (s *Store) Gone(ctx context.Context, location int64, mark time.Time, after string, most int64) ([]Extract, error) {
	return list(ctx, s, s.gone(location, mark, after, most), func(r dialect.Row) (e Extract, err error) { return e, e.scan(r) })
}

func (q sql) lockGone(json *rowSet, mark time.Time) dialect.Stmt {
	return q.stmt("listing.lock_gone", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tExtract, "e", false)
		query := q.fromRows(squirrel.Select("e.id"), slot(0), integer("id")).JoinClause(q.d.Each(tExtract, from, "e", same("id", "r.id").All))
		return locking(q.whereGone(query, slot(1)).OrderBy("e.id").Suffix(lock))
	}, json, q.d.Time(mark))
}

func (q sql) movedGone(json *rowSet) dialect.Stmt {
	return q.stmt("listing.moved", func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select(q.extractColumns()...), slot(0), integer("id")).JoinClause(q.each(tExtract, "e", "id", "r.id"))
		return q.joinExtract(query).OrderBy("e.name_key")
	}, json)
}

// MoveGone sets the status of the extracts that are still missing, and returns these.
func (s *Store) MoveGone(ctx context.Context, run RunRef, mark time.Time, ids []int64, to ExtractStatus) (moved []Extract, state RunState, err error) {
	json := rows(idRows(ids))
	state, err = s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		moved = nil
		var still []idRow
		err := c.Query(ctx, s.lockGone(json, mark), func(r dialect.Row) error {
			var row idRow
			err := r.Scan(&row.ID)
			still = append(still, row)
			return err
		})
		if err != nil || len(still) == 0 {
			return err
		}
		json := rows(still)
		return inOrder(ctx, c, []*dialect.Step{
			exec(s.moveHistory(run, json, to)),
			exec(s.moveExtracts(run, json, to)),
			exec(s.linkMoved(run, json)),
			exec(s.moveLinks(run, json, to)),
			read(s.movedGone(json), func(r dialect.Row) error {
				var e Extract
				err := e.scan(r)
				moved = append(moved, e)
				return err
			}),
		})
	})
	return moved, state, err
}

func (q sql) listed(location, files int64, mark time.Time) dialect.Stmt {
	return q.stmt("listing.end", func() squirrel.Sqlizer {
		return q.d.Update(tLocation).
			Set("file_count", slot(1)).
			Set("listed_at", slot(2)).
			Where(squirrel.Eq{"id": slot(0)}).
			Where(squirrel.Or{squirrel.Eq{"listed_at": nil}, squirrel.LtOrEq{"listed_at": slot(2)}})
	}, location, files, q.d.Time(mark))
}

// EndListing stores the number of files that a listing found, unless a later listing has stored its own.
func (s *Store) EndListing(ctx context.Context, run RunRef, location, files int64, mark time.Time) (RunState, error) {
	return s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		_, err := c.Exec(ctx, s.listed(location, files, mark))
		return err
	})
}
