package store

import (
	"cmp"
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A description is merged with the stored one here, not in SQL: the row is locked, and
// only written if something changes.

// System is a system, for writes and reads.
type System struct {
	ID           int64
	Name         string
	Type         string
	Charset      string
	DatasetTypes []string
	Audit        Audit
}

// Object is an object, for writes and reads.
type Object struct {
	ID           int64
	System       string
	Name         string
	Charset      string
	DatasetTypes []string
	Audit        Audit
}

func (q sql) describedSystem(name string) dialect.Stmt {
	return q.stmt("describe.read_system", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tSystem, "sy", false)
		return locking(squirrel.Select("sy.id", "sy.type_id").
			Column(q.nameOf(tSourceType, "sy.type_id")).Column("sy.charset").From(from).
			Where(squirrel.Eq{"sy.name": slot(0)}).Suffix(lock))
	}, name)
}

func (q sql) describeSystem(y System, typeID *int64, actor string) dialect.Stmt {
	return q.stmt("describe.system", func() squirrel.Sqlizer {
		return q.d.Update(tSystem).
			Set("type_id", slot(1)).
			Set("charset", slot(2)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(3))).
			Where(squirrel.Eq{"id": slot(0)})
	}, y.ID, typeID, given(y.Charset), actor)
}

// DescribeSystem registers a system and stores its description: all fields if exactly,
// otherwise the ones that are not empty.
func (s *Store) DescribeSystem(ctx context.Context, y System, actor string, exactly bool) error {
	register := []*dialect.Step{exec(s.systems([]Data{{System: y.Name}}, actor))}
	return s.run(ctx, work{in: func(c dialect.Conn) error {
		found, err := s.changeSystem(ctx, c, y.Name, actor, register, func(stored *System) {
			if exactly {
				stored.Type, stored.Charset = y.Type, y.Charset
			} else {
				stored.Type, stored.Charset = cmp.Or(y.Type, stored.Type), cmp.Or(y.Charset, stored.Charset)
			}
		})
		if err == nil && !found {
			return errUnsettled // renamed or deleted meanwhile
		}
		return err
	}, settle: true})
}

// ChangeSystem lets change give a system another type and character set, and reports
// whether there is such a system.
func (s *Store) ChangeSystem(ctx context.Context, system, actor string, change func(*System)) (found bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		var err error
		found, err = s.changeSystem(ctx, c, system, actor, nil, change)
		return err
	}, settle: true})
	return found, err
}

// changeSystem locks the system's row before it lets change see what is stored.
func (s *Store) changeSystem(
	ctx context.Context, c dialect.Conn, system, actor string, before []*dialect.Step, change func(*System),
) (found bool, err error) {
	var stored System
	var typeID *int64
	steps := append([]*dialect.Step{s.known(), exec(s.names(tActor, actor, actor))}, before...)
	err = inOrder(ctx, c, append(steps, read(s.describedSystem(system), func(r dialect.Row) error {
		return r.Scan(&stored.ID, &typeID, optional{&stored.Type}, optional{&stored.Charset})
	})))
	if err != nil || stored.ID == 0 {
		return false, err
	}
	next := System{ID: stored.ID, Type: stored.Type, Charset: stored.Charset}
	change(&next)
	if next.Type == stored.Type && next.Charset == stored.Charset {
		return true, nil
	}
	switch next.Type {
	case stored.Type:
	case "":
		typeID = nil
	default:
		if typeID, err = s.typeOfSystem(ctx, c, next.Type, actor); err != nil {
			return true, err
		}
	}
	_, err = c.Exec(ctx, s.describeSystem(next, typeID, actor))
	return true, err
}

// typeOfSystem registers a type of systems, and returns its id.
func (s *Store) typeOfSystem(ctx context.Context, c dialect.Conn, name, actor string) (id *int64, err error) {
	err = inOrder(ctx, c, []*dialect.Step{
		exec(s.names(tSourceType, actor, name)),
		read(s.lookup(tSourceType, name), func(r dialect.Row) error { return r.Scan(&id) }),
	})
	if err == nil && id == nil {
		err = errUnsettled // renamed or deleted meanwhile
	}
	return id, err
}

func (q sql) describedObject(system, name string) dialect.Stmt {
	return q.stmt("describe.read_object", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tObject, "ob", false)
		return locking(squirrel.Select("ob.id", "ob.charset").From(from).
			Where(squirrel.Expr("ob.system_id = (?)", squirrel.Select("sy.id").From(q.as(tSystem, "sy")).Where(squirrel.Eq{"sy.name": slot(0)}))).
			Where(squirrel.Eq{"ob.name": slot(1)}).Suffix(lock))
	}, system, name)
}

func (q sql) describeObject(o Object, actor string) dialect.Stmt {
	return q.stmt("describe.object", func() squirrel.Sqlizer {
		return q.d.Update(tObject).
			Set("charset", slot(1)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(2))).
			Where(squirrel.Eq{"id": slot(0)})
	}, o.ID, given(o.Charset), actor)
}

// DescribeObject is [Store.DescribeSystem] for an object.
func (s *Store) DescribeObject(ctx context.Context, o Object, actor string, exactly bool) error {
	return s.run(ctx, work{in: func(c dialect.Conn) error {
		var stored Object
		err := inOrder(ctx, c, append(s.registerObject(o.System, o.Name, actor),
			read(s.describedObject(o.System, o.Name), func(r dialect.Row) error {
				return r.Scan(&stored.ID, optional{&stored.Charset})
			})))
		if err != nil {
			return err
		}
		if stored.ID == 0 {
			return errUnsettled // its system has been renamed
		}
		if stored.Charset == o.Charset || o.Charset == "" && !exactly {
			return nil
		}
		_, err = c.Exec(ctx, s.describeObject(Object{ID: stored.ID, Charset: o.Charset}, actor))
		return err
	}, settle: true})
}

// registerObject begins a transaction.
func (s *Store) registerObject(system, object, actor string) []*dialect.Step {
	data := []Data{{System: system, Object: object}}
	return []*dialect.Step{
		s.known(), exec(s.names(tActor, actor, actor)), exec(s.systems(data, actor)), exec(s.objects(data, actor)),
	}
}
