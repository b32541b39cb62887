package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// unloaded is the condition that a parent extract is not loaded yet (rule S5.4). An archived extract had been loaded.
func unloaded(column string) squirrel.Sqlizer {
	return squirrel.NotEq{column: []fixed{{int64(Loaded)}, {int64(Archived)}}}
}

// unloadedParents selects the unloaded parents of the extract e.
func (q sql) unloadedParents() squirrel.SelectBuilder {
	return q.unloadedOf(squirrel.Expr("ed.child_id = e.id"), "1").OrderBy("ed.child_id", "ed.parent_id")
}

// unloadedOf selects from the unloaded parents of the children that the condition says.
func (q sql) unloadedOf(children squirrel.Sqlizer, column string) squirrel.SelectBuilder {
	return squirrel.Select(column).
		From(q.seek(tExtractParents, "ed")).
		JoinClause(q.seekEach(tExtract, "parent", "id", "ed.parent_id")).
		Where(children).
		Where(unloaded("parent.status_id"))
}

// parentsOutside selects the unloaded parents that are not among the extracts themselves.
func (q sql) parentsOutside(json *rowSet) dialect.Stmt {
	return q.about("extract.parents_outside", json, func(one bool) squirrel.Sqlizer {
		if one {
			return q.joinExtract(squirrel.Select(q.extractColumns()...).From(q.seek(tExtractParents, "ed")).
				JoinClause(q.seekEach(tExtract, "e", "id", "ed.parent_id"))).
				Where(squirrel.Eq{"ed.child_id": slot(0)}).
				Where(unloaded("e.status_id")).
				OrderBy("e.registered_at", "e.id")
		}
		query := q.fromRows(squirrel.Select(q.extractColumns()...).Distinct(), slot(0), integer("id")).
			JoinClause(q.seekEach(tExtractParents, "ed", "child_id", "r.id")).
			JoinClause(q.seekEach(tExtract, "e", "id", "ed.parent_id")).
			Where(unloaded("e.status_id")).
			Where(squirrel.Expr("e.id NOT IN (?)", q.fromRows(squirrel.Select("r.id"), slot(0), integer("id")).
				Where("r.id IS NOT NULL"))) // without this, SQL Server compares every pair
		return q.joinExtract(query).OrderBy("e.registered_at", "e.id")
	}, json)
}

func (q sql) addExtractParents(child int64, json *rowSet) dialect.Stmt {
	return q.stmt("extract.add_parents", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("child.id", "parent.id"), slot(0), integer("id")).
			JoinClause(q.seekEach(tExtract, "parent", "id", "r.id")).
			Join(q.seek(tExtract, "child")+" ON child.id = ?", slot(1))
		return q.insertAbsent(tExtractParents, []string{"child_id", "parent_id"}, from,
			same("child_id", "child.id", "parent_id", "parent.id"))
	}, json, child)
}

func (q sql) extractParentsKnown(child int64, json *rowSet) dialect.Stmt {
	return q.stmt("extract.count_parents", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("count(*)"), slot(0), integer("id")).
			JoinClause(q.seekEach(tExtractParents, "ed", "parent_id", "r.id", "child_id", "?"), slot(1))
	}, json, child)
}

// AddExtractParents makes an extract wait for others, and returns how many of them it now
// waits for: all, unless one does not exist.
func (s *Store) AddExtractParents(ctx context.Context, child int64, parents []int64) (known int, err error) {
	json := rows(idRows(parents))
	err = s.run(ctx, work{forget: func() { known = 0 }, steps: []*dialect.Step{
		exec(s.addExtractParents(child, json)),
		read(s.extractParentsKnown(child, json), func(r dialect.Row) error {
			var n int
			err := r.Scan(&n)
			known += n
			return err
		}),
	}, ofNoRun: true})
	return known, err
}
