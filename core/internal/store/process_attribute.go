package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// ProcessAttribute is an attribute that is a source or a target of a process, and how
// the process uses it.
type ProcessAttribute struct {
	Data

	Alias      string
	Expression string
	Attribute  Attribute // as its object has it
}

// processAttribute selects and locks the link of a process to an attribute.
func (q sql) processAttribute(process string, d Data) dialect.Stmt {
	return q.stmt("process_attribute.read", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tAttributeLink, "l", false)
		object := squirrel.Select("ob.id").From(q.as(tObject, "ob")).
			Join(q.as(tSystem, "sy") + " ON sy.id = ob.system_id").Where(squirrel.Eq{"sy.name": slot(2), "ob.name": slot(3)})
		attribute := squirrel.Select("at.id").From(q.as(tAttribute, "at")).
			Where(squirrel.Eq{"at.name": slot(4)}).Where(squirrel.Expr("at.object_id = (?)", object))
		return locking(squirrel.Select("l.process_id", "l.attribute_id", "l.alias", "l.expression").From(from).
			Where(squirrel.Expr("l.process_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Eq{"l.role": slot(1)}).
			Where(squirrel.Expr("l.attribute_id = (?)", attribute)).Suffix(lock))
	}, process, d.Role, d.System, d.Object, d.Attribute)
}

func (q sql) describeProcessAttribute(a ProcessAttribute, process, attribute int64) dialect.Stmt {
	return q.stmt("process_attribute.describe", func() squirrel.Sqlizer {
		return q.d.Update(tAttributeLink).
			Set("alias", slot(3)).
			Set("expression", slot(4)).
			Where(squirrel.Eq{"process_id": slot(0), "role": slot(1), "attribute_id": slot(2)})
	}, process, a.Role, attribute, given(a.Alias), given(a.Expression))
}

// ChangeProcessAttribute lets change say how a process uses an attribute, and reports
// whether the attribute is one of its sources or targets.
func (s *Store) ChangeProcessAttribute(ctx context.Context, process string, d Data, change func(*ProcessAttribute)) (found bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		var processID, attributeID int64
		stored := ProcessAttribute{Data: d}
		found = false
		err := inOrder(ctx, c, []*dialect.Step{s.known(), read(s.processAttribute(process, d), func(r dialect.Row) error {
			found = true
			return r.Scan(&processID, &attributeID, optional{&stored.Alias}, optional{&stored.Expression})
		})})
		if err != nil || !found {
			return err
		}
		next := stored
		if change(&next); next.Alias == stored.Alias && next.Expression == stored.Expression {
			return nil
		}
		_, err = c.Exec(ctx, s.describeProcessAttribute(next, processID, attributeID))
		return err
	}})
	return found, err
}

func (q sql) listProcessAttributes(process int64) dialect.Stmt {
	return q.stmt("process_attribute.list", func() squirrel.Sqlizer {
		return squirrel.Select("l.role", "sy.name", "ob.name", "l.alias", "l.expression").
			Columns(attributeColumns("at")...).
			From(q.as(tAttributeLink, "l")).
			Join(q.as(tAttribute, "at")+" ON at.id = l.attribute_id").
			Join(q.as(tObject, "ob")+" ON ob.id = at.object_id").
			Join(q.as(tSystem, "sy")+" ON sy.id = ob.system_id").
			Where(squirrel.Eq{"l.process_id": slot(0)}).
			OrderBy("l.role", "sy.name", "ob.name", "at.name")
	}, process)
}

// ProcessAttributes lists the sources and targets of a process that are attributes, or
// returns [ErrUnknown].
func (s *Store) ProcessAttributes(ctx context.Context, process string) ([]ProcessAttribute, error) {
	id, err := s.nameID(ctx, tProcess, process)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, s.listProcessAttributes(id), func(r dialect.Row) (a ProcessAttribute, err error) {
		err = r.Scan(append([]any{&a.Role, &a.System, &a.Object, optional{&a.Alias}, optional{&a.Expression}}, a.Attribute.columns()...)...)
		a.Data.Attribute = a.Attribute.Name
		return a, err
	})
}
