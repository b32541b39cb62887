package store

import (
	"cmp"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Filter says which rows of an attribute a process takes. Its fields' JSON names
// are columns; Key identifies the value.
type Filter struct {
	System    string `json:"system"`
	Object    string `json:"object"`
	Attribute string `json:"attribute"`
	Operator  string `json:"operator"`
	Value     string `json:"value"`
	Key       string `json:"value_key"`
}

func (q sql) linkFilters(process string, filters []Filter, actor string) dialect.Stmt {
	return q.stmt("register.link_filters", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("p.id", "at.id", "r.operator", "r.value", "r.value_key", signer), slot(0),
			key("system"), key("object"), key("attribute"), key("operator"), plain("value"), key("value_key")).
			Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1))
		from = q.joinData(from, 3).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(2))
		return q.insertAbsent(tFilter,
			[]string{"process_id", "attribute_id", "operator", "value", "value_key", "created_by"}, from,
			same("process_id", "p.id", "attribute_id", "at.id", "operator", "r.operator", "value_key", "r.value_key"))
	}, rows(filters), process, actor)
}

// linkedFilters counts the filters that the process has.
func (q sql) linkedFilters(process string, filters []Filter) dialect.Stmt {
	return q.stmt("register.linked_filters", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("count(*)"), slot(0), key("system"), key("object"), key("attribute"), key("operator"), key("value_key")).
			Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1))
		return q.joinData(from, 3).
			JoinClause(q.each(tFilter, "l", "process_id", "p.id", "attribute_id", "at.id", "operator", "r.operator", "value_key", "r.value_key"))
	}, rows(filters), process)
}

func (f Filter) compare(other Filter) int {
	return cmp.Or(cmp.Compare(f.System, other.System), cmp.Compare(f.Object, other.Object), cmp.Compare(f.Attribute, other.Attribute),
		cmp.Compare(f.Operator, other.Operator), cmp.Compare(f.Key, other.Key))
}

// named are the data that a definition names, to be linked or not.
func (d *Definition) named() []Data {
	all := make([]Data, 0, len(d.Data)+len(d.Filters))
	all = append(all, d.Data...)
	for _, f := range d.Filters {
		all = append(all, Data{System: f.System, Object: f.Object, Attribute: f.Attribute})
	}
	return all
}
