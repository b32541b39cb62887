package store

import (
	"context"
	"errors"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Lookup is a table of names that other tables refer to, and that users can add to.
type Lookup string

// The lookups.
const (
	RunStatusLookup     Lookup = tRunStatus
	ExtractStatusLookup Lookup = tExtractStatus
	ErrorTypeLookup     Lookup = tErrorType
	ProcessTypeLookup   Lookup = tProcessType
	FrequencyLookup     Lookup = tFrequency
	LocationTypeLookup  Lookup = tLocationType
	FileTypeLookup      Lookup = tFileType
	CompressionLookup   Lookup = tCompression
	SourceTypeLookup    Lookup = tSourceType
	ToolLookup          Lookup = tTool
	DatasetTypeLookup   Lookup = tDatasetType
)

// Tables of the registry that are changed as lookups are, but for one thing: a row that
// is in use can be renamed, as what refers to it does so by its id.
const (
	ActorTable    Lookup = tActor
	ClusterTable  Lookup = tCluster
	SystemTable   Lookup = tSystem
	LocationTable Lookup = tLocation
	ProcessTable  Lookup = tProcess
)

func registered() []Lookup {
	return []Lookup{ActorTable, ClusterTable, SystemTable, LocationTable, ProcessTable}
}

// renamedInUse reports whether a name can be changed while something refers to it.
func (l Lookup) renamedInUse() bool { return slices.Contains(registered(), l) }

func lookups() []Lookup {
	return []Lookup{
		RunStatusLookup, ExtractStatusLookup, ErrorTypeLookup, ProcessTypeLookup, FrequencyLookup, LocationTypeLookup, FileTypeLookup, CompressionLookup,
		SourceTypeLookup, ToolLookup, DatasetTypeLookup,
	}
}

// columns are the columns besides the name.
func (l Lookup) columns() []string {
	switch l {
	case RunStatusLookup:
		return []string{"l.preloaded", "l.active"}
	case ToolLookup, DatasetTypeLookup, ActorTable, ClusterTable, SystemTable, LocationTable, ProcessTable:
		return nil
	case FileTypeLookup:
		return []string{"l.preloaded", "l.delimiter_char", "l.quote_char", "l.escape_char"}
	default:
		return []string{"l.preloaded"}
	}
}

// LookupName is a name in a lookup.
type LookupName struct {
	ID        int64
	Name      string
	Preloaded bool
	Active    bool // of a status of runs
	Format    FileFormat
	Audit     Audit
}

// FileFormat is how files of a type are written; empty texts say nothing.
type FileFormat struct{ Delimiter, Quote, Escape string }

func (n *LookupName) scan(r dialect.Row, l Lookup) error {
	more := []any{&n.Preloaded, &n.Active}
	if l == FileTypeLookup {
		more = []any{&n.Preloaded, optional{&n.Format.Delimiter}, optional{&n.Format.Quote}, optional{&n.Format.Escape}}
	}
	more = more[:len(l.columns())]
	return r.Scan(slices.Concat([]any{&n.ID, &n.Name}, more, n.Audit.columns())...)
}

func (q sql) listLookup(l Lookup, after, limit int64) dialect.Stmt {
	return q.stmt("lookup.list_"+string(l), func() squirrel.Sqlizer {
		query := squirrel.Select("l.id", "l.name").Columns(l.columns()...).From(q.as(string(l), "l"))
		return q.limit(q.audited(query, "l").
			Where(squirrel.Gt{"l.id": slot(0)}).OrderBy("l.id"), slot(1))
	}, after, limit)
}

// Lookup lists the names in a lookup with an id greater than after, in the order
// of their ids.
func (s *Store) Lookup(ctx context.Context, l Lookup, after, limit int64) ([]LookupName, error) {
	return list(ctx, s, s.listLookup(l, after, limit), func(r dialect.Row) (n LookupName, err error) { return n, n.scan(r, l) })
}

// AddLookup adds a name to a lookup, unless it is there.
func (s *Store) AddLookup(ctx context.Context, l Lookup, name, actor string) error {
	return s.run(ctx, work{steps: []*dialect.Step{exec(s.names(tActor, actor, actor)), exec(s.names(string(l), actor, name))}, ofNoRun: true, settle: true})
}

func (q sql) lookupName(l Lookup, name string) dialect.Stmt {
	return q.stmt("lookup.read_"+string(l), func() squirrel.Sqlizer {
		from, lock := q.d.Lock(string(l), "l", false)
		query := squirrel.Select("l.id", "l.name").Columns(l.columns()...).
			Column("l.created_at").Column(q.nameOf(tActor, "l.created_by")).
			Column("l.changed_at").Column(q.nameOf(tActor, "l.changed_by")).
			From(from)
		return locking(query.Where(squirrel.Eq{"l.name": slot(0)}).Suffix(lock))
	}, name)
}

func (q sql) renameLookup(l Lookup, id int64, to, actor string) dialect.Stmt {
	return q.stmt("lookup.rename_"+string(l), func() squirrel.Sqlizer {
		return q.d.Update(string(l)).
			Set("name", slot(1)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(2))).
			Where(squirrel.Eq{"id": slot(0)})
	}, id, to, actor)
}

// renameActor is renameLookup for actors: MySQL reads no table that it updates.
func (q sql) renameActor(id int64, to string, by int64) dialect.Stmt {
	return q.stmt("lookup.rename_actor", func() squirrel.Sqlizer {
		return q.d.Update(tActor).
			Set("name", slot(1)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", slot(2)).
			Where(squirrel.Eq{"id": slot(0)})
	}, id, to, by)
}

// renaming is the statement that renames a row, with what it needs.
func (s *Store) renaming(ctx context.Context, c dialect.Conn, l Lookup, id int64, to, actor string) (dialect.Stmt, error) {
	if l != ActorTable {
		return s.renameLookup(l, id, to, actor), nil
	}
	by := int64(0)
	err := c.Query(ctx, s.lookup(tActor, actor), func(r dialect.Row) error { return r.Scan(&by) })
	return s.renameActor(id, to, by), err
}

func (q sql) deleteLookup(l Lookup, id int64) dialect.Stmt {
	return q.stmt("lookup.delete_"+string(l), func() squirrel.Sqlizer {
		return q.d.Delete(string(l)).Where(squirrel.Eq{"id": slot(0)})
	}, id)
}

// LookupChange says what became of a change of a lookup. It took effect if
// there is the name, nothing preloaded, taken or used.
type LookupChange struct {
	Found     bool
	Preloaded bool
	Taken     bool // the name that it was to get is another's
	InUse     bool
	Uses      []Use // where it is in use, as far as it can be seen
}

func (c LookupChange) refused() bool { return !c.Found || c.Preloaded || c.Taken || c.InUse }

// RenameLookup renames a user's name in a lookup, if nothing refers to it. It renames
// before it looks for references, so that it waits for a reference that is inserted at
// the same moment, if the database's key changes wait for those.
func (s *Store) RenameLookup(ctx context.Context, l Lookup, name, to, actor string) (LookupChange, error) {
	renamed := func(c dialect.Conn) (is bool, err error) {
		err = c.Query(ctx, s.lookup(string(l), to), func(r dialect.Row) error { is = true; return r.Scan(new(int64)) })
		return is, err
	}
	return s.changeLookup(ctx, l, name, renamed, work{settle: true}, func(c dialect.Conn, id int64, change *LookupChange) error {
		taken := int64(0)
		err := inOrder(ctx, c, []*dialect.Step{
			exec(s.names(tActor, actor, actor)),
			read(s.lookup(string(l), to), func(r dialect.Row) error { return r.Scan(&taken) }),
		})
		if err != nil || taken == id {
			return err // it has the name already
		}
		if change.Taken = taken != 0; change.Taken {
			return nil
		}
		rename, err := s.renaming(ctx, c, l, id, to, actor)
		if err != nil {
			return err
		}
		if _, err := c.Exec(ctx, rename); err != nil {
			change.Taken = s.backend.Classify(err) == dialect.Duplicate // by another at the same moment
			return err
		}
		if l == SystemTable {
			_, err := c.Exec(ctx, s.forgetDefinitions())
			return err
		}
		if l.renamedInUse() {
			return nil
		}
		return s.readUses(ctx, c, l, id, change)
	})
}

// forgetDefinitions makes the next start of every process compare its definition with
// the stored one, after a change of names in definitions. SQL Server is told to find rows
// by an index, and refuses a statement without a condition on one.
func (q sql) forgetDefinitions() dialect.Stmt {
	return q.stmt("process.forget_definitions", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).Set("definition", fixed{nil}).Where("definition IS NOT NULL AND id > 0")
	})
}

// DeleteLookup deletes a user's name from a lookup, if nothing refers to it. The
// foreign keys have the last word.
func (s *Store) DeleteLookup(ctx context.Context, l Lookup, name string) (LookupChange, error) {
	removed := func(dialect.Conn) (bool, error) { return true, nil }
	again := false
	remove := func(c dialect.Conn, id int64, change *LookupChange) error {
		again = false
		if err := s.readUses(ctx, c, l, id, change); err != nil || change.InUse {
			return err
		}
		_, err := c.Exec(ctx, s.deleteLookup(l, id))
		again = s.backend.Classify(err) == dialect.Reference
		change.InUse = again
		return err
	}
	change, err := s.changeLookup(ctx, l, name, removed, work{}, remove)
	if again { // it sees now what the foreign key has seen, if it knows the table
		change, err = s.changeLookup(ctx, l, name, removed, work{}, remove)
	}
	return change, err
}

// changeLookup runs fn with the id of a user's name, and undoes what it did if it
// finds a reason against it. If there is no such name after a try whose answer was
// lost, done tells whether that is as it should be.
func (s *Store) changeLookup(
	ctx context.Context, l Lookup, name string, done func(dialect.Conn) (bool, error), w work, fn func(dialect.Conn, int64, *LookupChange) error,
) (LookupChange, error) {
	var change LookupChange
	lost := false
	w.lost = &lost
	w.in = func(c dialect.Conn) error {
		var n LookupName
		err := inOrder(ctx, c, []*dialect.Step{s.known(), read(s.lookupName(l, name), func(r dialect.Row) error { return n.scan(r, l) })})
		if err != nil {
			return err
		}
		change = LookupChange{Found: n.ID != 0, Preloaded: n.Preloaded}
		if n.ID == 0 && lost {
			var err error
			change.Found, err = done(c)
			return err
		}
		if !change.refused() {
			if err := fn(c, n.ID, &change); err != nil {
				return err
			}
		}
		if change.refused() {
			return errUndo
		}
		return nil
	}
	err := s.run(ctx, w)
	if errors.Is(err, errUndo) {
		err = nil
	}
	return change, err
}
