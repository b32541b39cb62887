package store

import (
	"context"
	"slices"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A grain is a level at which a process's data can be given, with the table that links
// processes to data at that level (rule S1.4).
type grain struct {
	number int // as [Data.grain] counts them
	name   string
	table  string
	column string // of the table, with the id of the data …
	id     string // … which is this one
}

func grains() []grain {
	return []grain{
		{1, "systems", tSystemLink, "system_id", "sy.id"},
		{2, "objects", tObjectLink, "object_id", "ob.id"},
		{3, "attributes", tAttributeLink, "attribute_id", "at.id"},
	}
}

// of returns the data that are given at this grain, sorted and each once.
func (g grain) of(data []Data) []Data {
	return slices.DeleteFunc(inOrderOnce(data, Data.compare), func(d Data) bool { return d.grain() != g.number })
}

// dataOf selects from data at one grain, which are sent with the statement, and from
// the process.
func (q sql) dataOf(g grain, columns ...string) squirrel.SelectBuilder {
	from := q.fromRows(squirrel.Select(columns...), slot(0), key("role"), key("system"), key("object"), key("attribute")).
		Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1))
	return q.joinData(from, g.number)
}

// joinData joins the systems that the sent rows name, and down to the given grain their
// objects and attributes.
func (q sql) joinData(from squirrel.SelectBuilder, grain int) squirrel.SelectBuilder {
	from = from.JoinClause(q.each(tSystem, "sy", "name", "r.system"))
	if grain >= 2 {
		from = from.JoinClause(q.each(tObject, "ob", "system_id", "sy.id", "name", "r.object"))
	}
	if grain == 3 {
		from = from.JoinClause(q.each(tAttribute, "at", "object_id", "ob.id", "name", "r.attribute"))
	}
	return from
}

// linkData links a process to data that are given at one grain.
func (q sql) linkData(g grain, process string, data []Data) dialect.Stmt {
	return q.stmt("register.link_"+g.name, func() squirrel.Sqlizer {
		return q.insertAbsent(g.table, []string{"process_id", "role", g.column}, q.dataOf(g, "p.id", "r.role", g.id).Distinct(),
			same("process_id", "p.id", "role", "r.role", g.column, g.id))
	}, rows(data), process)
}

// linkedData counts the data that the process is linked to.
func (q sql) linkedData(g grain, process string, data []Data) dialect.Stmt {
	return q.stmt("register.linked_"+g.name, func() squirrel.Sqlizer {
		return q.dataOf(g, "count(*)").
			JoinClause(q.each(g.table, "l", "process_id", "p.id", "role", "r.role", g.column, g.id))
	}, rows(data), process)
}

func (q sql) linkDatasetTypes(process string, types []string) dialect.Stmt {
	return q.stmt("register.link_dataset_types", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("p.id", "t.id").Distinct(), slot(0), key("name")).
			Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1)).
			JoinClause(q.each(tDatasetType, "t", "name", "r.name"))
		return q.insertAbsent(tProcessData, []string{"process_id", "dataset_type_id"}, from,
			same("process_id", "p.id", "dataset_type_id", "t.id"))
	}, rows(nameRows(types)), process)
}

func (q sql) linkedDatasetTypes(process string, types []string) dialect.Stmt {
	return q.stmt("register.linked_dataset_types", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("count(*)"), slot(0), key("name")).
			Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1)).
			JoinClause(q.each(tDatasetType, "t", "name", "r.name")).
			JoinClause(q.each(tProcessData, "l", "process_id", "p.id", "dataset_type_id", "t.id"))
	}, rows(nameRows(types)), process)
}

// A link is a pair of steps: one links a process to names, the other counts the links
// that are then there.
type link struct {
	add, count *dialect.Step
	want, got  int
}

func newLink(add, count dialect.Stmt, want int) *link {
	l := &link{add: exec(add), want: want}
	l.count = read(count, func(r dialect.Row) error { // more than one row, if the statement is divided
		var n int
		err := r.Scan(&n)
		l.got += n
		return err
	})
	return l
}

// links are the links that a definition asks for.
func (q sql) links(d Definition, actor string) []*link {
	var all []*link
	for _, g := range grains() {
		if data := g.of(d.Data); len(data) > 0 {
			all = append(all, newLink(q.linkData(g, d.Process, data), q.linkedData(g, d.Process, data), len(data)))
		}
	}
	if types := inOrderOnce(d.DatasetTypes, strings.Compare); len(types) > 0 {
		all = append(all, newLink(q.linkDatasetTypes(d.Process, types), q.linkedDatasetTypes(d.Process, types), len(types)))
	}
	if filters := inOrderOnce(d.Filters, Filter.compare); len(filters) > 0 {
		all = append(all, newLink(q.linkFilters(d.Process, filters, actor), q.linkedFilters(d.Process, filters), len(filters)))
	}
	return all
}

// registerLinks links the process to the names in its definition, and reports whether any
// link is new. It checks the result, because a name that was found may have been renamed
// or deleted since.
func (s *Store) registerLinks(ctx context.Context, c dialect.Conn, d Definition, actor string) (added bool, err error) {
	var steps []*dialect.Step
	if named := d.named(); len(named) > 0 {
		steps = append(steps, exec(s.systems(named, actor)), exec(s.objects(named, actor)), exec(s.attributes(named, actor)))
	}
	links := s.links(d, actor)
	for _, l := range links {
		steps = append(steps, l.add)
	}
	for _, l := range links {
		steps = append(steps, l.count)
	}
	var now Definition
	steps = append(steps, exec(s.define(d)), read(s.stored(d.Process), now.scan))
	if err := inOrder(ctx, c, steps); err != nil {
		return false, err
	}
	missing := func(l *link) bool { return l.got < l.want }
	if now.Fingerprint != d.Fingerprint || now.gains(d) || slices.ContainsFunc(links, missing) {
		return false, errUnsettled
	}
	return slices.ContainsFunc(links, func(l *link) bool { return l.add.Affected > 0 }), nil
}
