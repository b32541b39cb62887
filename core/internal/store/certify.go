package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// On most databases a lock keeps everybody else out. On one that certifies, it keeps
// out who is on the same node, and these steps those on the others: of two
// transactions that wrote to one row, only the first to commit does. They are none
// on the other databases.

// certify writes to the rows of an update, and leaves them as they were. The column
// is any of the table's that has a time in every row.
func (q sql) certify(name, table, column string, rows func(squirrel.UpdateBuilder) squirrel.Sqlizer, values ...any) []dialect.Stmt {
	c, ok := q.d.(dialect.Certifier)
	if !ok {
		return nil
	}
	away, back := c.Touch(column)
	set := func(name, value string) dialect.Stmt {
		return q.stmt(name, func() squirrel.Sqlizer {
			return rows(q.d.Update(table).Set(column, squirrel.Expr(value)))
		}, values...)
	}
	return []dialect.Stmt{set(name+"_away", away), set(name+"_back", back)}
}

// certifyDependencies follows lockDependencies.
func (q sql) certifyDependencies() []dialect.Stmt {
	return q.certify("dependency.certify", tDependencyLock, "locked_at", func(u squirrel.UpdateBuilder) squirrel.Sqlizer {
		return u.Where(squirrel.Eq{"lock_no": fixed{1}})
	})
}

// certifyClusters follows startLockClusters.
func (q sql) certifyClusters(v startValues) []dialect.Stmt {
	return q.certify("start.certify_clusters", tCluster, "created_at", func(u squirrel.UpdateBuilder) squirrel.Sqlizer {
		return q.updateIn(tCluster, u, "id", q.clustersOf())
	}, v...)
}

// certifyRun follows lockRun, in what the run's end must not overtake.
func (q sql) certifyRun(run RunRef) []dialect.Stmt {
	return q.certify("run.certify", tRun, "started_at", func(u squirrel.UpdateBuilder) squirrel.Sqlizer {
		return u.Where(squirrel.Eq{"id": runID, "token_digest": runDigest})
	}, run.with()...)
}

func execAll(statements []dialect.Stmt) []*dialect.Step {
	steps := make([]*dialect.Step, len(statements))
	for i, st := range statements {
		steps[i] = exec(st)
	}
	return steps
}
