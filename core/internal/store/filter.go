package store

import (
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
		from := q.fromRows(squirrel.Select("p.id", "at.id", "r.operator", "r.value", "r.value_key", "a.id"), slot(0),
			key("system"), key("object"), key("attribute"), key("operator"), plain("value"), key("value_key")).
			Join(q.as(tProcess, "p")+" ON p.name = ?", slot(1)).
			JoinClause(q.each(tSystem, "sy", "name", "r.system")).
			JoinClause(q.each(tObject, "ob", "system_id", "sy.id", "name", "r.object")).
			JoinClause(q.each(tAttribute, "at", "object_id", "ob.id", "name", "r.attribute")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(2))
		return q.insertAbsent(tFilter,
			[]string{"process_id", "attribute_id", "operator", "value", "value_key", "created_by"}, from,
			same("process_id", "p.id", "attribute_id", "at.id", "operator", "r.operator", "value_key", "r.value_key"))
	}, rows(filters), process, actor)
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
