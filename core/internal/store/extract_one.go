package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// One extract travels as plain arguments: carried rows cost more than the statement about
// them, on MariaDB several times as much.

// The values of the statements about one new extract.
const (
	onePath slot = afterRun + iota // the key of the location's path
	oneName
	oneKey
	oneStatus
	oneType
	oneCompression
	oneSize
	oneChecksum
)

func (n NewExtract) values(run RunRef) []any {
	var size any
	if n.Size != nil {
		size = *n.Size
	}
	return run.with(n.PathKey, n.Name, n.Key, int64(n.Status), given(n.Type), given(n.Compression), size, given(n.Checksum))
}

// newExtractColumns are those of an extract that is registered.
func newExtractColumns() []string {
	return []string{
		"location_id", "name", "name_key", "status_id", "file_type_id", "compression_type_id", "size_bytes", "checksum",
		"registered_by", "process_id", "registered_at", "status_changed_at", "claimed_by", "claim_return_id",
	}
}

// ofRun is the condition that the run is active and the token its own, on a run that is
// joined.
func ofRun() squirrel.Eq { return squirrel.Eq{"run.token_digest": runDigest, "run.ended_at": nil} }

func (q sql) insertOneExtract(values []any) dialect.Stmt {
	return q.stmt("extract.insert_one", q.newExtract, values...)
}

func (q sql) newExtract() squirrel.Sqlizer {
	from := squirrel.Select("l.id").Column(squirrel.Expr("?", oneName)).Column(squirrel.Expr("?", oneKey)).Column("s.id")
	for _, value := range []slot{oneType, oneCompression, oneSize, oneChecksum} {
		from = from.Column(squirrel.Expr("?", value))
	}
	from = q.withClock(from.Columns("run.id", "run.process_id", q.now(), q.now(),
		fmt.Sprintf("CASE WHEN s.id = %d THEN run.id END", Loading), fmt.Sprintf("CASE WHEN s.id = %d THEN %d END", Loading, Ready)).
		From(q.seek(tRun, "run"))).
		Join(q.seek(tLocation, "l")+" ON l.path_key = ?", onePath).
		Join(q.as(tExtractStatus, "s")+" ON s.id = ?", oneStatus).
		Where(squirrel.Eq{"run.id": runID}).Where(ofRun())
	absent := same("location_id", "l.id", "name_key", "?")
	absent.Args = []any{oneKey}
	return q.insertAbsent(tExtract, newExtractColumns(), from, absent)
}

func (q sql) linkOneExtract(values []any) dialect.Stmt {
	return q.stmt("extract.link_one", func() squirrel.Sqlizer {
		from := q.withClock(q.fromOne(squirrel.Select("run.id", "e.id", "e.status_id", q.now(), q.now()))).
			Join(q.seek(tRun, "run")+" ON run.id = ?", runID).
			Where(ofRun())
		return q.insertAbsent(tRunExtract, linkColumns(), from, same("run_id", "run.id", "extract_id", "e.id"))
	}, values...)
}

func linkColumns() []string {
	return []string{"run_id", "extract_id", "status_id", "linked_at", "status_changed_at"}
}

// fromOne selects from the extract e and its location l.
func (q sql) fromOne(s squirrel.SelectBuilder) squirrel.SelectBuilder {
	return s.From(q.seek(tLocation, "l")).
		Join(q.seek(tExtract, "e") + " ON e.location_id = l.id").
		Where(squirrel.Eq{"l.path_key": onePath, "e.name_key": oneKey})
}

func (q sql) newHistoryOfOne(values []any) dialect.Stmt {
	return q.stmt("extract.first_history_one", func() squirrel.Sqlizer {
		from := q.fromOne(newHistoryRow()).
			Join(q.seek(tRun, "run") + " ON run.id = e.registered_by").
			Join(q.as(tExtractStatus, "s") + " ON s.id = e.status_id")
		return q.insertAbsent(tHistory, newHistoryColumns(), from, same("extract_id", "e.id"))
	}, values...)
}

func newHistoryColumns() []string {
	return []string{"process_id", "run_id", "extract_id", "to_status", "actor_id", "changed_at"}
}

func newHistoryRow() squirrel.SelectBuilder {
	return squirrel.Select("run.process_id", "run.id", "e.id", "s.name", "run.actor_id", "e.registered_at")
}

// registerWhole does in one statement what the three above do, for an extract that is new.
func (q sql) registerWhole(r dialect.Returner, values []any) dialect.Stmt {
	return q.stmt("extract.register_whole", func() squirrel.Sqlizer {
		link := squirrel.Insert(q.d.Table(tRunExtract)).Columns(linkColumns()...).
			Select(squirrel.Select("e.registered_by", "e.id", "e.status_id", "e.registered_at", "e.registered_at").From("e"))
		history := newHistoryRow().From("e").
			Join(q.seek(tRun, "run") + " ON run.id = e.registered_by").
			Join(q.as(tExtractStatus, "s") + " ON s.id = e.status_id")
		return facts{
			Sqlizer: r.Combine([]dialect.CombinedPart{
				{Name: "e", Sqlizer: squirrel.Expr("? RETURNING id, status_id, registered_by, registered_at", q.newExtract())},
				{Name: "l", Sqlizer: link},
			}, squirrel.Insert(q.d.Table(tHistory)).Columns(newHistoryColumns()...).Select(history)),
			kind: dialect.Insert,
		}
	}, values...)
}

// registeredOne reads the extract, whether the run is linked to it, and whether the run's
// process has sources.
func (q sql) registeredOne(values []any) dialect.Stmt {
	return q.stmt("extract.registered_one", func() squirrel.Sqlizer {
		return q.joinWriter(q.fromOne(squirrel.Select(q.extractColumns()...).
			Column("CASE WHEN own.run_id IS NULL THEN 0 ELSE 1 END").
			Column(q.haveSources()))).
			LeftJoin(q.seek(tRunExtract, "own")+" ON own.run_id = ? AND own.extract_id = e.id", runID)
	}, values...)
}

// haveSources is 1 if the run's process has sources, and 0 if not.
func (q sql) haveSources() squirrel.Sqlizer {
	its := func(table string) squirrel.SelectBuilder {
		return squirrel.Select("1").From(q.as(table, "ps")).Where(squirrel.Eq{"ps.process_id": runProcess}).Where("ps.role = 'source'")
	}
	return squirrel.Expr("CASE WHEN EXISTS (?) OR EXISTS (?) OR EXISTS (?) THEN 1 ELSE 0 END",
		its("process_system"), its("process_object"), its("process_attribute"))
}

// oneRegistered is what registeredOne reads.
type oneRegistered struct {
	Extract

	found, linked, sources bool
}

func (o *oneRegistered) scan(r dialect.Row) error {
	var linked, sources int64
	err := o.scanBefore(r, &linked, &sources)
	o.found, o.linked, o.sources = true, linked == 1, sources == 1
	return err
}

// registerOne is RegisterExtracts for an extract of whose file nothing is given that could
// differ: all is sent in one piece. If the process had no sources before, nothing is sent
// about them; if it has some now, or if what is sent was only for a new extract and this one
// exists, all of it is sent once more, which changes nothing that is there.
//
// The statements find the location by its path, and do nothing if there is none. So nobody
// has to look for it before, and what another program does with it meanwhile is noticed.
func (s *Store) registerOne(ctx context.Context, run RunRef, item NewExtract, t resolved) (reg Registered, state RunState, err error) {
	item.fileColumns, item.N = t.columns(item.File), 0
	if s.looksFirst(item) {
		if placed, err := s.isPlaced(ctx, item); err != nil || !placed {
			return Registered{Unplaced: []int{0}}, state, err
		}
	}
	for brief := s.sourceless.has(run.ProcessID); ; brief = false {
		var is oneRegistered
		state, err = s.ifActive(ctx, run, func() []*dialect.Step {
			is = oneRegistered{}
			return append(s.registerOneSteps(run, item, brief), read(s.registeredOne(item.values(run)), is.scan))
		})
		if err != nil || !state.Changed {
			return reg, state, err
		}
		if is.found {
			s.sourceless.learn(run.ProcessID, !is.sources)
		}
		switch {
		case brief && is.found && (is.sources || !is.linked):
		case !is.linked: // and it may have come since
			return Registered{Unplaced: []int{0}}, state, nil
		default:
			return Registered{Extracts: []Extract{is.Extract}}, state, nil
		}
	}
}

func (s *Store) registerOneSteps(run RunRef, item NewExtract, brief bool) []*dialect.Step {
	values := item.values(run)
	if r, ok := s.d.(dialect.Returner); ok && brief {
		return []*dialect.Step{act(s.registerWhole(r, values))}
	}
	steps := []*dialect.Step{act(s.insertOneExtract(values)), act(s.linkOneExtract(values)), act(s.newHistoryOfOne(values))}
	if !brief {
		steps = append(steps, actAll(s.sourceLinksOfOne(values))...)
	}
	return steps
}
