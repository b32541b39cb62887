package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Definition is a caller's definition of a process. Empty texts change nothing.
type Definition struct {
	Fingerprint  string // of the fields below; empty if all of them are empty
	Process      string
	Type         string
	Tool         string
	Frequency    string
	DatasetTypes []string
	Data         []Data
	Filters      []Filter
}

// Data is a source or target at the grain at which it was given: Object and Attribute are
// empty at a coarser grain. It is sent as a row, so the JSON names of its fields are
// columns.
type Data struct {
	Role      string `json:"role"`
	System    string `json:"system"`
	Object    string `json:"object"`
	Attribute string `json:"attribute"`
}

// Mismatch is a field of a process in which the caller and the database differ.
type Mismatch struct{ Field, Stored, Given string }

type nameRow struct {
	Name string `json:"name"`
}

func nameRows(names []string) []nameRow {
	items := make([]nameRow, len(names))
	for i, name := range names {
		items[i].Name = name
	}
	return items
}

// inOrderOnce returns the items sorted, each once.
func inOrderOnce[T comparable](items []T, compare func(T, T) int) []T {
	items = slices.Clone(items)
	slices.SortFunc(items, compare)
	return slices.Compact(items)
}

// compare orders data by the names in their keys.
func (d Data) compare(other Data) int {
	return cmp.Or(cmp.Compare(d.Role, other.Role), cmp.Compare(d.System, other.System),
		cmp.Compare(d.Object, other.Object), cmp.Compare(d.Attribute, other.Attribute))
}

// grain is the grain at which the data are given: 1 for a system, 2 for an object, 3 for
// an attribute.
func (d Data) grain() int {
	switch {
	case d.Object == "":
		return 1
	case d.Attribute == "":
		return 2
	default:
		return 3
	}
}

// upTo returns the systems (1), the objects (2) or the attributes (3) that data name,
// sorted and without duplicates.
func upTo(grain int, data []Data) []Data {
	var named []Data
	for _, d := range data {
		if d.grain() < grain {
			continue
		}
		d.Role = ""
		if grain < 3 {
			d.Attribute = ""
		}
		if grain < 2 {
			d.Object = ""
		}
		named = append(named, d)
	}
	return inOrderOnce(named, Data.compare)
}

// fromRows makes the select read from rows that are sent with it, with the alias r.
func (q sql) fromRows(s squirrel.SelectBuilder, json any, columns ...dialect.Column) squirrel.SelectBuilder {
	return q.d.Rows(s, json, columns...)
}

// The columns of rows that are sent with a statement.
func integer(name string) dialect.Column { return dialect.Column{Name: name, Type: dialect.Integer} }
func key(name string) dialect.Column     { return dialect.Column{Name: name, Type: dialect.Key} }
func plain(name string) dialect.Column   { return dialect.Column{Name: name, Type: dialect.Text} }

// names registers names in a table whose rows have a unique name. Rows are inserted in
// sorted order, here as everywhere, so that two callers that register the same names lock
// them in the same order and cannot deadlock. The rows are sent sorted and without
// duplicates, because the database may apply the statement's ORDER BY only after the
// lookups that take locks.
func (q sql) names(table, actor string, names ...string) dialect.Stmt {
	return q.stmt("register."+table, func() squirrel.Sqlizer {
		by := signer
		if table == tActor {
			by = "a.id" // NULL for one that registers itself
		}
		from := q.fromRows(squirrel.Select("r.name", by, by), slot(0), key("name")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1)).
			OrderBy("r.name")
		return q.insertAbsent(table, []string{"name", "created_by", "changed_by"}, from, same("name", "r.name"))
	}, rows(nameRows(inOrderOnce(names, strings.Compare))), actor)
}

// systems registers the systems of data, objects its objects, and so on.
func (q sql) systems(data []Data, actor string) dialect.Stmt {
	return q.stmt("register.systems", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("r.system", signer, signer).Distinct(), slot(0), key("system")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1)).
			OrderBy("r.system")
		return q.insertAbsent(tSystem,
			[]string{"name", "created_by", "changed_by"}, from, same("name", "r.system"))
	}, rows(upTo(1, data)), actor)
}

func (q sql) objects(data []Data, actor string) dialect.Stmt {
	return q.stmt("register.objects", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("sy.id", "r.object", signer, signer).Distinct(), slot(0), key("system"), key("object"))
		from = q.joinData(from, 1).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1)).
			Where(squirrel.NotEq{"r.object": fixed{""}}).
			OrderBy("sy.id", "r.object")
		return q.insertAbsent(tObject,
			[]string{"system_id", "name", "created_by", "changed_by"}, from, same("system_id", "sy.id", "name", "r.object"))
	}, rows(upTo(2, data)), actor)
}

func (q sql) attributes(data []Data, actor string) dialect.Stmt {
	return q.stmt("register.attributes", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("ob.id", "r.attribute", signer, signer).Distinct(), slot(0), key("system"), key("object"), key("attribute"))
		from = q.joinData(from, 2).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1)).
			Where(squirrel.NotEq{"r.attribute": fixed{""}}).
			OrderBy("ob.id", "r.attribute")
		return q.insertAbsent(tAttribute,
			[]string{"object_id", "name", "created_by", "changed_by"}, from, same("object_id", "ob.id", "name", "r.attribute"))
	}, rows(upTo(3, data)), actor)
}

// stored reads the definition of a process, and locks its row.
func (q sql) stored(process string) dialect.Stmt {
	return q.stmt("register.stored", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tProcess, "p", false)
		return locking(squirrel.Select("p.definition").
			Column(q.nameOf(tProcessType, "p.type_id")).
			Column(q.nameOf(tTool, "p.tool_id")).
			Column(q.nameOf(tFrequency, "p.frequency_id")).
			From(from).
			Where(squirrel.Eq{"p.name": slot(0)}).
			Suffix(lock))
	}, process)
}

// nameOf is the name of the row that a column refers to, as a subquery, because a join would lock that row, too.
func (q sql) nameOf(table, column string) squirrel.Sqlizer {
	return squirrel.Expr("(?)", squirrel.Select("n.name").From(q.as(table, "n")).Where("n.id = "+column))
}

// define stores the caller's definition, and leaves the other values unchanged.
func (q sql) define(d Definition) dialect.Stmt {
	return q.stmt("register.define", func() squirrel.Sqlizer {
		id := func(table string, name slot, column string) squirrel.Sqlizer {
			return squirrel.Expr("coalesce((?), "+column+")", squirrel.Select("id").From(q.d.Table(table)).Where(squirrel.Eq{"name": name}))
		}
		return q.d.Update(tProcess).
			Set("type_id", id(tProcessType, 1, "type_id")).
			Set("tool_id", id(tTool, 2, "tool_id")).
			Set("frequency_id", id(tFrequency, 3, "frequency_id")).
			Set("definition", slot(4)).
			Where(squirrel.Eq{"name": slot(0)})
	}, d.Process, d.Type, d.Tool, d.Frequency, d.Fingerprint)
}

func (q sql) changedProcess(process, actor string) dialect.Stmt {
	return q.stmt("register.changed", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(1))).
			Where(squirrel.Eq{"name": slot(0)})
	}, process, actor)
}

// Register registers a process and everything that its definition names. If fields differ
// from the stored ones, Register changes them if change is set; otherwise it writes
// nothing and returns the differences.
func (s *Store) Register(ctx context.Context, d Definition, actor string, change bool) ([]Mismatch, error) {
	var differ []Mismatch
	err := s.run(ctx, work{in: func(c dialect.Conn) error {
		names := append([]*dialect.Step{s.known()}, s.registerNames(d, actor)...)
		if err := inOrder(ctx, c, names); err != nil || d.Fingerprint == "" {
			return err
		}
		isNew := names[len(names)-1].Affected > 0
		var err error
		if differ, err = s.defineIn(ctx, c, d, actor, defining{change: change, isNew: isNew}); err == nil && len(differ) > 0 {
			err = errUndo
		}
		return err
	}, settle: true})
	if errors.Is(err, errUndo) {
		return differ, nil
	}
	return nil, err
}

// defining says how a definition is stored: whether it may change stored values, and
// whether the process was registered in the same transaction.
type defining struct{ change, isNew bool }

// defineIn locks the row of a process whose names are registered, and stores its
// definition. If fields differ from stored ones that it may not change, it writes nothing
// and returns the differences.
func (s *Store) defineIn(ctx context.Context, c dialect.Conn, d Definition, actor string, how defining) ([]Mismatch, error) {
	var stored Definition
	if err := c.Query(ctx, s.stored(d.Process), stored.scan); err != nil {
		return nil, err
	}
	if stored.Fingerprint == d.Fingerprint || d.Fingerprint == "" {
		return nil, nil // another caller was faster; many callers that write the same would block each other
	}
	if differ := stored.mismatches(d); len(differ) > 0 && !how.change {
		return differ, nil
	}
	added, err := s.registerLinks(ctx, c, d, actor)
	if err != nil {
		return nil, err
	}
	if !how.isNew && (added || stored.gains(d)) {
		_, err = c.Exec(ctx, s.changedProcess(d.Process, actor))
	}
	return nil, err
}

// errUndo rolls a transaction back; callers never see it.
var errUndo = errors.New("undo")

func (s *Store) registerNames(d Definition, actor string) []*dialect.Step {
	steps := []*dialect.Step{exec(s.names(tActor, actor, actor))}
	for _, set := range []struct {
		table string
		names []string
	}{
		{tProcessType, []string{d.Type}}, {tTool, []string{d.Tool}}, {tFrequency, []string{d.Frequency}},
		{tDatasetType, d.DatasetTypes}, {tProcess, []string{d.Process}},
	} {
		if len(set.names) > 0 && set.names[0] != "" {
			steps = append(steps, exec(s.names(set.table, actor, set.names...)))
		}
	}
	return steps
}

func (d *Definition) scan(r dialect.Row) error {
	var fingerprint, kind, tool, frequency *string
	err := r.Scan(&fingerprint, &kind, &tool, &frequency)
	d.Fingerprint, d.Type, d.Tool, d.Frequency = text(fingerprint), text(kind), text(tool), text(frequency)
	return err
}

// gains reports whether the given definition, apart from its data, changes a process that is stored as d.
func (d *Definition) gains(given Definition) bool {
	differs := func(stored, given string) bool { return given != "" && given != stored }
	return differs(d.Type, given.Type) || differs(d.Tool, given.Tool) || differs(d.Frequency, given.Frequency)
}

// mismatches compares the stored definition with the given one. A field that is empty in
// either of them is no difference (rule S1.3).
func (d *Definition) mismatches(given Definition) []Mismatch {
	var all []Mismatch
	for _, f := range []Mismatch{
		{"type", d.Type, given.Type}, {"tool", d.Tool, given.Tool}, {"frequency", d.Frequency, given.Frequency},
	} {
		if f.Stored != "" && f.Given != "" && f.Stored != f.Given {
			all = append(all, f)
		}
	}
	return all
}
