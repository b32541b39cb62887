package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) addDependency(child, parent, kind, actor string) dialect.Stmt {
	return q.stmt("dependency.add", func() squirrel.Sqlizer {
		from := squirrel.Select("child.id", "parent.id").
			Column(squirrel.Expr("?", slot(2))).Columns(signer, signer).
			From(q.as(tProcess, "child")).
			Join(q.as(tProcess, "parent")+" ON parent.name = ?", slot(1)).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(3)).
			Where(squirrel.Eq{"child.name": slot(0)})
		return q.insertAbsent(tDependency,
			[]string{"child_id", "parent_id", "kind", "created_by", "changed_by"}, from,
			same("child_id", "child.id", "parent_id", "parent.id"))
	}, child, parent, kind, actor)
}

func (q sql) processID(name any) squirrel.SelectBuilder {
	return squirrel.Select("id").From(q.d.Table(tProcess)).Where(squirrel.Eq{"name": name})
}

func (q sql) setDependency(child, parent, kind, actor string) dialect.Stmt {
	return q.stmt("dependency.set", func() squirrel.Sqlizer {
		return q.d.Update(tDependency).
			Set("kind", slot(2)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(3))).
			Where(squirrel.Expr("child_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("parent_id = (?)", q.processID(slot(1)))).
			Where(squirrel.NotEq{"kind": slot(2)})
	}, child, parent, kind, actor)
}

func (q sql) setFresh(child, parent string, fresh bool, actor string) dialect.Stmt {
	return q.stmt("dependency.set_fresh", func() squirrel.Sqlizer {
		return q.d.Update(tDependency).
			Set("fresh", slot(2)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(3))).
			Where(squirrel.Expr("child_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("parent_id = (?)", q.processID(slot(1)))).
			Where(squirrel.NotEq{"fresh": slot(2)})
	}, child, parent, fresh, actor)
}

func (q sql) removeDependency(child, parent string) dialect.Stmt {
	return q.stmt("dependency.remove", func() squirrel.Sqlizer {
		return q.d.Delete(tDependency).
			Where(squirrel.Expr("child_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("parent_id = (?)", q.processID(slot(1))))
	}, child, parent)
}

// lockDependencies makes AddDependency calls run one after the other, because two of
// them may close a cycle. It writes to the only row of a table that exists for that. A
// lock alone is not enough if a transaction reads from a snapshot: it would wait for
// the other one and still not see the dependency that it added. After a write, the
// database makes it begin again.
func (q sql) lockDependencies() dialect.Stmt {
	return q.stmt("dependency.lock", func() squirrel.Sqlizer {
		return q.d.Update(tDependencyLock).
			Set("locked_at", squirrel.Expr("locked_at")).
			Where(squirrel.Eq{"lock_no": fixed{1}})
	})
}

// parentsOf selects the parents of the processes with the ids given.
func (q sql) parentsOf(json *rowSet) dialect.Stmt {
	return q.stmt("dependency.parents", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("d.parent_id").Distinct(), slot(0), integer("id")).
			JoinClause(q.each(tDependency, "d", "child_id", "r.id")).
			OrderBy("d.parent_id")
	}, json)
}

// closesCycle reports whether dependencies lead from parent to child. It takes a
// statement for each generation: not every database can skip rows in a recursive query
// that it has already met, and there may be very many paths to one ancestor.
func (s *Store) closesCycle(ctx context.Context, c dialect.Conn, child, parent string) (bool, error) {
	id := func(name string) (id int64, err error) {
		err = c.Query(ctx, s.lookup(tProcess, name), func(r dialect.Row) error { return r.Scan(&id) })
		return id, err
	}
	to, err := id(child)
	if err != nil {
		return false, err
	}
	from, err := id(parent)
	if err != nil {
		return false, err
	}
	met := map[int64]bool{from: true}
	for generation := []int64{from}; len(generation) > 0 && !met[to]; {
		json := rows(idRows(generation))
		generation = nil
		err := c.Query(ctx, s.parentsOf(json), func(r dialect.Row) error {
			var id int64
			if err := r.Scan(&id); err != nil {
				return err
			}
			if !met[id] {
				met[id], generation = true, append(generation, id)
			}
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	return met[to], nil
}

// Dependency makes a process, the child, wait for another. An empty kind and a nil
// fresh leave the stored values unchanged.
type Dependency struct {
	Child, Parent string
	Kind          string
	Fresh         *bool
}

// AddDependency makes child depend on parent, and registers both if necessary. An
// existing dependency keeps the values that are not given. AddDependency returns false,
// and writes nothing, if the dependency would close a cycle.
func (s *Store) AddDependency(ctx context.Context, d Dependency, actor string) (bool, error) {
	err := s.run(ctx, work{in: func(c dialect.Conn) error {
		steps := append([]*dialect.Step{s.known(), exec(s.lockDependencies())}, execAll(s.certifyDependencies())...)
		err := inOrder(ctx, c, append(steps,
			exec(s.names(tActor, actor, actor)),
			exec(s.names(tProcess, actor, d.Child, d.Parent)),
		))
		if err != nil {
			return err
		}
		if cycle, err := s.closesCycle(ctx, c, d.Child, d.Parent); err != nil || cycle {
			return cmp.Or(err, errUndo)
		}
		return s.storeDependency(ctx, c, d, actor)
	}, settle: true})
	if errors.Is(err, errUndo) {
		return false, nil
	}
	return true, err
}

func (q sql) storedDependency(child, parent string) dialect.Stmt {
	return q.stmt("dependency.read", func() squirrel.Sqlizer {
		return squirrel.Select("kind", "fresh").From(q.d.Table(tDependency)).
			Where(squirrel.Expr("child_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("parent_id = (?)", q.processID(slot(1))))
	}, child, parent)
}

// storeDependency adds a dependency, or changes an existing one. It checks the result,
// because a process that was found may have been renamed since.
func (s *Store) storeDependency(ctx context.Context, c dialect.Conn, d Dependency, actor string) error {
	steps := []*dialect.Step{exec(s.addDependency(d.Child, d.Parent, cmp.Or(d.Kind, "normal"), actor))}
	if d.Kind != "" {
		steps = append(steps, exec(s.setDependency(d.Child, d.Parent, d.Kind, actor)))
	}
	if d.Fresh != nil {
		steps = append(steps, exec(s.setFresh(d.Child, d.Parent, *d.Fresh, actor)))
	}
	stored := false
	err := inOrder(ctx, c, append(steps, read(s.storedDependency(d.Child, d.Parent), func(r dialect.Row) error {
		var is StoredDependency
		err := r.Scan(&is.Kind, &is.Fresh)
		stored = is.has(d)
		return err
	})))
	if err == nil && !stored {
		err = errUnsettled
	}
	return err
}

// has reports whether a stored dependency has the values that are given.
func (is StoredDependency) has(d Dependency) bool {
	return (d.Kind == "" || d.Kind == is.Kind) && (d.Fresh == nil || *d.Fresh == is.Fresh)
}

// lackingParents selects the given parents that the child does not depend on.
func (q sql) lackingParents(child string, json *rowSet) dialect.Stmt {
	return q.stmt("dependency.lacking", func() squirrel.Sqlizer {
		depends := squirrel.Select("1").From(q.seek(tProcess, "child")).
			Join(q.seek(tDependency, "dep") + " ON dep.child_id = child.id").
			Join(q.seek(tProcess, "parent") + " ON parent.id = dep.parent_id").
			Where(squirrel.Eq{"child.name": slot(1)}).Where("parent.name = r.name")
		return q.fromRows(squirrel.Select("r.name"), slot(0), key("name")).
			Where(squirrel.Expr("NOT EXISTS (?)", depends))
	}, json, child)
}

// LacksParents reports whether the child does not depend on one of the parents as it is
// said. Where something is said of one, all dependencies are read.
func (s *Store) LacksParents(ctx context.Context, child string, parents []Dependency) (lacks bool, err error) {
	if !slices.ContainsFunc(parents, Dependency.says) {
		lacking, err := list(ctx, s, s.lackingParents(child, rows(nameRows(parentNames(parents)))), func(r dialect.Row) (name string, err error) {
			return name, r.Scan(&name)
		})
		return len(lacking) > 0, err
	}
	stored, _, err := s.Dependencies(ctx, child)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return false, err
	}
	known := map[string]StoredDependency{}
	for _, d := range stored {
		known[d.Parent] = d
	}
	return slices.ContainsFunc(parents, func(d Dependency) bool {
		is, ok := known[d.Parent]
		return !ok || !is.has(d)
	}), nil
}

func (d Dependency) says() bool { return d.Kind != "" || d.Fresh != nil }

func parentNames(all []Dependency) []string {
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.Parent
	}
	return names
}

// RemoveDependency reports whether the dependency existed.
func (s *Store) RemoveDependency(ctx context.Context, child, parent string) (bool, error) {
	return s.remove(ctx, s.removeDependency(child, parent))
}

// StoredDependency is a dependency as it is read.
type StoredDependency struct {
	Child, Parent string
	Kind          string
	Fresh         bool
	Audit         Audit
}

func (q sql) listDependencies(process int64) dialect.Stmt {
	return q.stmt("dependency.list", func() squirrel.Sqlizer {
		query := squirrel.Select("dep.child_id", "child.name", "parent.name", "dep.kind", "dep.fresh").From(q.as(tDependency, "dep")).
			Join(q.as(tProcess, "child") + " ON child.id = dep.child_id").
			Join(q.as(tProcess, "parent") + " ON parent.id = dep.parent_id")
		return q.audited(query, "dep").
			Where(squirrel.Or{squirrel.Eq{"dep.child_id": slot(0)}, squirrel.Eq{"dep.parent_id": slot(0)}}).
			OrderBy("child.name", "parent.name")
	}, process)
}

// Dependencies lists the dependencies of a process on others, and those of others on it,
// or returns [ErrUnknown].
func (s *Store) Dependencies(ctx context.Context, process string) (parents, children []StoredDependency, err error) {
	id, err := s.nameID(ctx, tProcess, process)
	if err != nil {
		return nil, nil, err
	}
	all, err := list(ctx, s, s.listDependencies(id), func(r dialect.Row) (d PlacedDependency, err error) {
		return d, r.Scan(append([]any{&d.ChildID, &d.Child, &d.Parent, &d.Kind, &d.Fresh}, d.Audit.columns()...)...)
	})
	for _, d := range all {
		if d.ChildID == id {
			parents = append(parents, d.StoredDependency)
		} else {
			children = append(children, d.StoredDependency)
		}
	}
	return parents, children, err
}
