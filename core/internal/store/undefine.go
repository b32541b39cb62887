package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// systemID, objectID and attributeID select the ids of what has these names.
func (q sql) systemID(system slot) squirrel.SelectBuilder {
	return squirrel.Select("sy.id").From(q.as(tSystem, "sy")).Where(squirrel.Eq{"sy.name": system})
}

func (q sql) objectID(system, object slot) squirrel.SelectBuilder {
	return squirrel.Select("ob.id").From(q.as(tObject, "ob")).
		Join(q.as(tSystem, "sy") + " ON sy.id = ob.system_id").Where(squirrel.Eq{"sy.name": system, "ob.name": object})
}

func (q sql) attributeID(system, object, attribute slot) squirrel.SelectBuilder {
	return squirrel.Select("at.id").From(q.as(tAttribute, "at")).
		Where(squirrel.Eq{"at.name": attribute}).Where(squirrel.Expr("at.object_id = (?)", q.objectID(system, object)))
}

// unlink deletes a source or a target of a process, at the grain at which it is given.
func (q sql) unlink(process string, d Data) dialect.Stmt {
	of := func(table, column string, id squirrel.SelectBuilder) squirrel.Sqlizer {
		return q.d.Delete(table).
			Where(squirrel.Expr("process_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Eq{"role": slot(1)}).
			Where(squirrel.Expr(column+" = (?)", id))
	}
	switch {
	case d.Attribute != "":
		return q.stmt("undefine.attribute", func() squirrel.Sqlizer {
			return of(tAttributeLink, "attribute_id", q.attributeID(slot(2), slot(3), slot(4)))
		}, process, d.Role, d.System, d.Object, d.Attribute)
	case d.Object != "":
		return q.stmt("undefine.object", func() squirrel.Sqlizer {
			return of(tObjectLink, "object_id", q.objectID(slot(2), slot(3)))
		}, process, d.Role, d.System, d.Object)
	default:
		return q.stmt("undefine.system", func() squirrel.Sqlizer {
			return of(tSystemLink, "system_id", q.systemID(slot(2)))
		}, process, d.Role, d.System)
	}
}

func (q sql) unlinkDatasetType(process, datasetType string) dialect.Stmt {
	return q.stmt("undefine.dataset_type", func() squirrel.Sqlizer {
		return q.d.Delete(tProcessData).
			Where(squirrel.Expr("process_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("dataset_type_id = (?)", squirrel.Select("id").From(q.d.Table(tDatasetType)).Where(squirrel.Eq{"name": slot(1)})))
	}, process, datasetType)
}

func (q sql) unlinkFilter(process string, f Filter) dialect.Stmt {
	return q.stmt("undefine.filter", func() squirrel.Sqlizer {
		return q.d.Delete(tFilter).
			Where(squirrel.Expr("process_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Eq{"operator": slot(1), "value_key": slot(2)}).
			Where(squirrel.Expr("attribute_id = (?)", q.attributeID(slot(3), slot(4), slot(5))))
	}, process, f.Operator, f.Key, f.System, f.Object, f.Attribute)
}

// undefined makes the next start of a process compare its definition with the stored one.
func (q sql) undefined(process, by int64) dialect.Stmt {
	return q.stmt("undefine.process", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("definition", fixed{nil}).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", slot(1)).
			Where(squirrel.Eq{"id": slot(0)})
	}, process, by)
}

// Undefine removes from a process the sources, targets, dataset types and filters that
// the definition names. If there is no such process, the error is [ErrUnknown].
func (s *Store) Undefine(ctx context.Context, d Definition, actor string) error {
	return s.changeProcess(ctx, d.Process, actor, func(p lockedProcess) []*dialect.Step {
		return append(s.unlinkSteps(d), act(s.undefined(p.id, p.by)))
	})
}

// unlinkSteps remove what the definition names. The process keeps its name meanwhile.
func (s *Store) unlinkSteps(d Definition) []*dialect.Step {
	var steps []*dialect.Step
	for _, data := range d.Data {
		steps = append(steps, act(s.unlink(d.Process, data)))
	}
	for _, datasetType := range d.DatasetTypes {
		steps = append(steps, act(s.unlinkDatasetType(d.Process, datasetType)))
	}
	for _, f := range d.Filters {
		steps = append(steps, act(s.unlinkFilter(d.Process, f)))
	}
	return steps
}
