package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) addDependency(child, parent, kind, actor string) dialect.Stmt {
	from := squirrel.Select("child.id", "parent.id").
		Column(squirrel.Expr("?", kind)).Columns("a.id", "a.id").
		From(q.as(tProcess, "child")).
		Join(q.as(tProcess, "parent")+" ON parent.name = ?", parent).
		Join(q.as(tActor, "a")+" ON a.name = ?", actor).
		Where(squirrel.Eq{"child.name": child})
	return q.stmt("dependency.add", q.d.InsertAbsent(tDependency,
		[]string{"child_id", "parent_id", "kind", "created_by", "changed_by"}, from,
		"x.child_id = child.id AND x.parent_id = parent.id"))
}

func (q sql) processID(name string) squirrel.SelectBuilder {
	return squirrel.Select("id").From(q.d.Table(tProcess)).Where(squirrel.Eq{"name": name})
}

func (q sql) setDependency(child, parent, kind, actor string) dialect.Stmt {
	return q.stmt("dependency.set", squirrel.Update(q.d.Table(tDependency)).
		Set("kind", kind).
		Set("changed_at", squirrel.Expr(q.d.Now())).
		Set("changed_by", q.actorID(actor)).
		Where(squirrel.Expr("child_id = (?)", q.processID(child))).
		Where(squirrel.Expr("parent_id = (?)", q.processID(parent))).
		Where(squirrel.NotEq{"kind": kind}))
}

func (q sql) setFresh(child, parent string, fresh bool, actor string) dialect.Stmt {
	return q.stmt("dependency.set_fresh", squirrel.Update(q.d.Table(tDependency)).
		Set("fresh", fresh).
		Set("changed_at", squirrel.Expr(q.d.Now())).
		Set("changed_by", q.actorID(actor)).
		Where(squirrel.Expr("child_id = (?)", q.processID(child))).
		Where(squirrel.Expr("parent_id = (?)", q.processID(parent))).
		Where(squirrel.NotEq{"fresh": fresh}))
}

func (q sql) removeDependency(child, parent string) dialect.Stmt {
	return q.stmt("dependency.remove", squirrel.Delete(q.d.Table(tDependency)).
		Where(squirrel.Expr("child_id = (?)", q.processID(child))).
		Where(squirrel.Expr("parent_id = (?)", q.processID(parent))))
}

// lockDependencies makes who adds a dependency wait for who does so, too: a
// cycle may need two of them. It writes to the row of schema version 1, which
// always exists and nothing else writes to. To lock the row would not do where a
// transaction sees the database as of its beginning: it would wait for the other
// one and still not see what that has added. Having written, it is told to begin
// again.
func (q sql) lockDependencies() dialect.Stmt {
	return q.stmt("dependency.lock", squirrel.Update(q.d.Table(tVersion)).
		Set("name", squirrel.Expr("name")).
		Where(squirrel.Eq{"version": 1}))
}

// closesCycle counts the paths of dependencies that lead from parent to child.
func (q sql) closesCycle(child, parent string) dialect.Stmt {
	up := squirrel.Select("d.parent_id").From(q.as(tDependency, "d")).Join("up ON up.id = d.child_id")
	return q.stmt("dependency.cycle", squirrel.Select("count(*)").
		PrefixExpr(squirrel.Expr("WITH RECURSIVE up(id) AS (? UNION ?)", q.processID(parent), up)).
		From("up").Where(squirrel.Expr("up.id = (?)", q.processID(child))))
}

// Dependency makes a process, the child, wait for another. An empty kind and a
// fresh of nil say nothing.
type Dependency struct {
	Child, Parent string
	Kind          string
	Fresh         *bool
}

// AddDependency makes child depend on parent, both registered if they are not,
// keeping of a dependency that exists what is not said, and reports false if that
// would close a cycle; nothing is written then.
func (s *Store) AddDependency(ctx context.Context, d Dependency, actor string) (bool, error) {
	cycle := 0
	err := s.atomic(ctx, func(c dialect.Conn) error {
		err := inOrder(ctx, c, []*dialect.Step{
			exec(s.lockDependencies()),
			exec(s.names(tActor, actor, actor)),
			exec(s.names(tProcess, actor, d.Child, d.Parent)),
			read(s.closesCycle(d.Child, d.Parent), func(r dialect.Row) error { return r.Scan(&cycle) }),
		})
		switch {
		case err != nil:
			return err
		case cycle > 0:
			return errUndo
		}
		steps := []*dialect.Step{exec(s.addDependency(d.Child, d.Parent, cmp.Or(d.Kind, "normal"), actor))}
		if d.Kind != "" {
			steps = append(steps, exec(s.setDependency(d.Child, d.Parent, d.Kind, actor)))
		}
		if d.Fresh != nil {
			steps = append(steps, exec(s.setFresh(d.Child, d.Parent, *d.Fresh, actor)))
		}
		return inOrder(ctx, c, steps)
	})
	if errors.Is(err, errUndo) {
		return false, nil
	}
	return true, err
}

// RemoveDependency reports whether there was one.
func (s *Store) RemoveDependency(ctx context.Context, child, parent string) (bool, error) {
	var removed int64
	err := s.atomic(ctx, func(c dialect.Conn) (err error) {
		removed, err = c.Exec(ctx, s.removeDependency(child, parent))
		return err
	})
	return removed > 0, err
}

// StoredDependency is a dependency as it is read.
type StoredDependency struct {
	Child, Parent string
	Kind          string
	Fresh         bool
	Audit         Audit
}

func (q sql) listDependencies(process string) dialect.Stmt {
	query := squirrel.Select("child.name", "parent.name", "dep.kind", "dep.fresh").From(q.as(tDependency, "dep")).
		Join(q.as(tProcess, "child") + " ON child.id = dep.child_id").
		Join(q.as(tProcess, "parent") + " ON parent.id = dep.parent_id")
	return q.stmt("dependency.list", q.audited(query, "dep").
		Where(squirrel.Or{squirrel.Eq{"child.name": process}, squirrel.Eq{"parent.name": process}}).
		OrderBy("child.name", "parent.name"))
}

// Dependencies lists the dependencies of a process on others, and of others on
// it.
func (s *Store) Dependencies(ctx context.Context, process string) ([]StoredDependency, error) {
	return list(ctx, s, s.listDependencies(process), func(r dialect.Row) (d StoredDependency, err error) {
		return d, r.Scan(append([]any{&d.Child, &d.Parent, &d.Kind, &d.Fresh}, d.Audit.columns()...)...)
	})
}
