package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// chunk is how many extracts travel in one statement: some megabytes.
const chunk = 10_000

// NewExtract is an extract to register. Its fields' JSON names are columns.
type NewExtract struct {
	fileColumns

	N        int64         `json:"n"`  // its place among those that are registered together
	Location int64         `json:"id"` // RegisterExtracts finds it by these:
	PathKey  string        `json:"-"`
	Named    string        `json:"-"` // the name that the location must have, if one is given
	Name     string        `json:"name"`
	Key      string        `json:"name_key"`
	Status   ExtractStatus `json:"status"`
	File     File          `json:"-"`
	Given    File          `json:"-"` // what of File holds also if the extract exists
}

// Extract is an extract as it is read.
type Extract struct {
	ID           int64
	Name         string
	Status       string
	RegisteredAt dialect.Time
	ChangedAt    dialect.Time
	Location     Location
	Process      string // whose run registered it
	RunNo        int64
	RunID        int64
	File         File
	Written      Measures
	Loaded       Measures
	ListedAt     dialect.Time
}

// lockRun locks the run's row, so that the run cannot end before this transaction, and
// reads its state. Every write to an extract begins with it.
func (q sql) lockRun(run RunRef) dialect.Stmt {
	return q.stmt("run.lock", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tRun, "run", false)
		return locking(squirrel.Select("run.token_digest", "run.status_id").
			Column(q.nameOf(tRunStatus, "run.status_id")).Column("run.ended_at").
			From(from).
			Where(squirrel.Eq{"run.id": runID}).
			Suffix(lock))
	}, run.ID)
}

// fromKeys reads from carried rows that identify extracts.
func (q sql) fromKeys(s squirrel.SelectBuilder, json slot, more ...dialect.Column) squirrel.SelectBuilder {
	// The location's id travels as "id"; lists of extracts have theirs there.
	return q.fromRows(s, json, append([]dialect.Column{integer("id"), key("name_key")}, more...)...).
		JoinClause(q.seekEach(tExtract, "e", "location_id", "r.id", "name_key", "r.name_key"))
}

// insertExtracts registers the extracts. One that is loading from the first is claimed
// by the run that says so, and ready if that fails (rule S5.11). mark is when the listing
// that found them began, zero if none did.
func (q sql) insertExtracts(run RunRef, json *rowSet, mark time.Time) dialect.Stmt {
	return q.stmt("extract.insert", func() squirrel.Sqlizer {
		columns := squirrel.Select("r.id", "r.name", "r.name_key", "s.id",
			"r.file_type_id", "r.compression_type_id", "r.size_bytes", "r.checksum", "run.id", "run.process_id", q.now(), q.now(),
			fmt.Sprintf("CASE WHEN s.id = %d THEN run.id END", Loading), fmt.Sprintf("CASE WHEN s.id = %d THEN %d END", Loading, Ready)).
			Column(squirrel.Expr("?", afterRun+1))
		from := q.withClock(q.d.Rows(columns, afterRun, append([]dialect.Column{
			{Name: "n", Type: dialect.Integer}, {Name: "id", Type: dialect.Integer},
			{Name: "name", Type: dialect.Key}, {Name: "name_key", Type: dialect.Key}, {Name: "status", Type: dialect.Integer},
		}, fileRow()...)...)).
			JoinClause(q.each(tExtractStatus, "s", "id", "r.status")).
			Join(q.seek(tRun, "run")+" ON run.id = ?", runID).
			Where(q.writable()).
			OrderBy("r.n")
		return q.insertAbsent(tExtract, append(newExtractColumns(), "listed_at"), from, same("location_id", "r.id", "name_key", "r.name_key"))
	}, run.with(json, q.perhaps(mark))...)
}

func (q sql) linkExtracts(run RunRef, json *rowSet) dialect.Stmt {
	return q.stmt("extract.link", func() squirrel.Sqlizer {
		from := q.withClock(q.fromKeys(squirrel.Select("run.id", "e.id", "e.status_id", q.now(), q.now()), afterRun)).
			Join(q.seek(tRun, "run")+" ON run.id = ?", runID).
			Where(q.writable()).
			OrderBy("e.id") // all is found before anything is inserted, and read then
		return q.insertAbsent(tRunExtract, linkColumns(), from, same("run_id", "run.id", "extract_id", "e.id"))
	}, run.with(json)...)
}

// newHistory records the first status of the extracts that the run has just
// made: those that have no history yet. It does not ask for the run's extracts:
// SQLite would begin there, and read the list anew for each.
func (q sql) newHistory(json *rowSet) dialect.Stmt {
	return q.stmt("extract.first_history", func() squirrel.Sqlizer {
		from := q.fromKeys(newHistoryRow(), slot(0), integer("n")).
			JoinClause(q.seekEach(tRun, "run", "id", "e.registered_by")).
			Join(q.as(tExtractStatus, "s") + " ON s.id = e.status_id").
			OrderBy("r.n")
		return q.insertAbsent(tHistory, newHistoryColumns(), from, same("extract_id", "e.id"))
	}, json)
}

// sourceLinks link extracts, or their locations, to the sources of the run's
// process: its systems, and the objects that it names or whose attributes it
// names (rule S5.10).
func (q sql) sourceLinks(run RunRef, json *rowSet) []dialect.Stmt {
	return q.linkSources("", run.with(json), func(s squirrel.SelectBuilder) squirrel.SelectBuilder { return q.fromKeys(s, afterRun) })
}

func (q sql) sourceLinksOfOne(values []any) []dialect.Stmt {
	return q.linkSources("_one", values, q.fromOne)
}

// linkSources returns the statements about the extracts that extracts adds to a select.
func (q sql) linkSources(suffix string, values []any, extracts func(squirrel.SelectBuilder) squirrel.SelectBuilder) []dialect.Stmt {
	var all []dialect.Stmt
	for _, what := range []struct{ table, column, id string }{
		{tExtract, "extract_id", "e.id"}, {tLocation, "location_id", "e.location_id"},
	} {
		link := func(name, grain, target string, join func(squirrel.SelectBuilder) squirrel.SelectBuilder) {
			all = append(all, q.stmt(what.table+".link_"+name+suffix, func() squirrel.Sqlizer {
				from := join(extracts(squirrel.Select(what.id, target).Distinct()).Join(q.seek(tRun, "run")+" ON run.id = ?", runID)).
					Where(q.writable())
				return q.insertAbsent(what.table+"_"+grain, []string{what.column, grain + "_id"},
					from.OrderBy(what.id, target), same(what.column, what.id, grain+"_id", target))
			}, values...))
		}
		link("systems", "system", "ps.system_id", func(from squirrel.SelectBuilder) squirrel.SelectBuilder {
			return from.Join(q.as("process_system", "ps") + " ON ps.process_id = run.process_id AND ps.role = 'source'")
		})
		link("objects", "object", "po.object_id", func(from squirrel.SelectBuilder) squirrel.SelectBuilder {
			return from.Join(q.as("process_object", "po") + " ON po.process_id = run.process_id AND po.role = 'source'")
		})
		link("objects_of_attributes", "object", "at.object_id", func(from squirrel.SelectBuilder) squirrel.SelectBuilder {
			return from.Join(q.as("process_attribute", "pa") + " ON pa.process_id = run.process_id AND pa.role = 'source'").
				JoinClause(q.each(tAttribute, "at", "id", "pa.attribute_id"))
		})
	}
	return all
}

func (q sql) registeredExtracts(json *rowSet) dialect.Stmt {
	return q.stmt("extract.registered", func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select(append([]string{"r.n"}, q.extractColumns()...)...), slot(0), integer("n"), integer("id"), key("name_key")).
			JoinClause(q.seekEach(tExtract, "e", "location_id", "r.id", "name_key", "r.name_key"))
		return q.joinExtract(query).OrderBy("r.n")
	}, json)
}

// byKey is the order of the unique index: a lookup of missing rows may have to lock the
// gaps between existing ones, and transactions that do so in the same order cannot
// deadlock. Rows are inserted in the order of n all the same.
func byKey(a, b NewExtract) int {
	return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(a.Key, b.Key))
}

// inKeyOrder returns the extracts sorted, each once, and the place among them of each
// that was given. Transactions that register the same extracts lock them in the same
// order, and so cannot deadlock.
func inKeyOrder(items []NewExtract) (sorted []NewExtract, places []int64) {
	order := func(a, b NewExtract) int {
		return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(a.Name, b.Name))
	}
	same := func(a, b NewExtract) bool { return order(a, b) == 0 }
	sorted = slices.CompactFunc(slices.SortedStableFunc(slices.Values(items), order), same)
	for i := range sorted {
		sorted[i].N = int64(i)
	}
	places = make([]int64, len(items))
	for i, item := range items {
		place, _ := slices.BinarySearchFunc(sorted, item, order)
		places[i] = sorted[place].N
	}
	return sorted, places
}

// Registered is the result of a registration of extracts.
type Registered struct {
	Extracts []Extract      // in the order given
	Differ   []FileMismatch // stored facts of files that differ from the given ones
	Unplaced []int          // which extracts were given a location that is not registered so
}

// RegisterExtracts registers extracts that are not yet, links all of them to the
// run and to the sources of its process, adds what was not known of their files,
// and returns them. It changes nothing if the run's state does not allow it, if what is
// stored of files differs from what is given, or if a location is not registered.
func (s *Store) RegisterExtracts(ctx context.Context, run RunRef, actor string, items []NewExtract) (Registered, RunState, error) {
	if t := (resolved{FileTypes(), CompressionTypes()}); len(items) == 1 && items[0].Given == (File{}) && t.knows(items[0].File) {
		return s.registerOne(ctx, run, items[0], t)
	}
	var reg Registered
	var known map[string]Location
	var how registering
	first := func() (steps []*dialect.Step) {
		reg = Registered{}
		known, steps = s.locate(items)
		return append(steps, s.lookForSources(run, &how.sources))
	}
	state, err := s.whileActive(ctx, run, first, func(c dialect.Conn) error {
		if reg.Unplaced = place(items, known); len(reg.Unplaced) > 0 {
			return errUndo
		}
		t, err := s.resolve(ctx, c, actor, items)
		if err != nil {
			return err
		}
		sorted, places := inKeyOrder(items)
		found, err := s.registerSorted(ctx, c, run, sorted, how)
		if err != nil {
			return err
		}
		all := make([]Extract, len(items))
		for i, place := range places {
			all[i] = found[place]
		}
		if lack := lacking(items, all); len(lack) > 0 {
			if err := s.fill(ctx, c, t, items, all, lack); err != nil {
				return err
			}
		}
		if reg.Differ = mismatches(items, all); len(reg.Differ) > 0 {
			return errUndo
		}
		reg.Extracts = all
		return nil
	})
	return reg, state, err
}

// placedExtract is an extract with its place in its batch.
type placedExtract struct {
	Extract

	n int64
}

func (q sql) runSources(run RunRef) dialect.Stmt {
	return q.stmt("run.sources", func() squirrel.Sqlizer {
		return squirrel.Select().Column(q.haveSources()).From(q.seek(tRun, "run")).Where(squirrel.Eq{"run.id": runID}) //nolint:unqueryvet // its column follows
	}, run.with()...)
}

// lookForSources finds out, in the transaction that registers, whether the run's process has
// sources: the six statements that link to them would take a third of the time for nothing.
func (s *Store) lookForSources(run RunRef, sources *int64) *dialect.Step {
	*sources = 0
	return read(s.runSources(run), func(r dialect.Row) error { return r.Scan(sources) })
}

// registering says how extracts are registered.
type registering struct {
	sources int64     // 1 if the run's process has sources
	mark    time.Time // the listing's that found them
}

// registerSteps register one batch of extracts, and link them to sources if there are any.
func (s *Store) registerSteps(run RunRef, items []NewExtract, how registering, found *[]placedExtract) []*dialect.Step {
	json := rows(slices.SortedFunc(slices.Values(items), byKey))
	steps := []*dialect.Step{act(s.insertExtracts(run, json, how.mark)), act(s.linkExtracts(run, json)), act(s.newHistory(json))}
	if how.sources > 0 {
		steps = append(steps, actAll(s.sourceLinks(run, json))...)
	}
	return append(steps, read(s.registeredExtracts(json), func(r dialect.Row) error {
		var e placedExtract
		err := e.scan(r, &e.n)
		*found = append(*found, e)
		return err
	}))
}

func errDeleted() error {
	return fmt.Errorf("a status or a type of a file was deleted meanwhile: %w", ErrUnknown)
}

func (s *Store) registerSorted(ctx context.Context, c dialect.Conn, run RunRef, items []NewExtract, how registering) ([]Extract, error) {
	var found []placedExtract
	for part := range portions(items, s.MostBytes()) {
		if err := inOrder(ctx, c, s.registerSteps(run, part, how, &found)); err != nil {
			return nil, err
		}
	}
	if len(found) != len(items) {
		return nil, errDeleted()
	}
	slices.SortFunc(found, func(a, b placedExtract) int { return cmp.Compare(a.n, b.n) })
	all := make([]Extract, len(found))
	for i, e := range found {
		all[i] = e.Extract
	}
	return all, nil
}

// WhileActive reports whether a run may be written to now, and changes nothing.
func (s *Store) WhileActive(ctx context.Context, run RunRef) (RunState, error) {
	return s.whileActive(ctx, run, nil, func(dialect.Conn) error { return nil })
}

// ifActive runs steps, all or none, that change nothing unless the run is active and the
// token is its own: they travel with the look at the run, in one round trip. They are
// asked for at each try.
func (s *Store) ifActive(ctx context.Context, run RunRef, steps func() []*dialect.Step) (RunState, error) {
	var state RunState
	err := s.run(ctx, work{in: func(c dialect.Conn) error {
		state = RunState{}
		first := append([]*dialect.Step{read(s.lockRun(run), func(r dialect.Row) error { return state.scan(r, run) })}, actAll(s.certifyRun(run))...)
		return finish(ctx, c, append(first, steps()...))
	}, settle: true})
	state.Changed = err == nil && state.Owned && state.EndedAt.IsZero()
	return state, err
}

// whileActive runs fn in a transaction in which the run cannot end, if it is
// active and the token is its own. first are the steps that fn would begin with, as long
// as they write nothing: they travel with the look at the run. It is called for each try,
// and may be nil.
func (s *Store) whileActive(ctx context.Context, run RunRef, first func() []*dialect.Step, fn func(dialect.Conn) error) (RunState, error) {
	var state RunState
	err := s.run(ctx, work{in: func(c dialect.Conn) error {
		state = RunState{}
		steps := append([]*dialect.Step{read(s.lockRun(run), func(r dialect.Row) error { return state.scan(r, run) })}, actAll(s.certifyRun(run))...)
		if first != nil {
			steps = append(steps, first()...)
		}
		if err := inOrder(ctx, c, steps); err != nil {
			return err
		}
		if !state.Owned || !state.EndedAt.IsZero() {
			return errUndo
		}
		state.Changed = true
		return fn(c)
	}, settle: true})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return state, err
}
