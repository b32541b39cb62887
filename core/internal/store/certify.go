package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// On most databases a lock excludes all other transactions. On a database that
// certifies, it only excludes those on the same node, and these steps exclude the
// others: of two transactions that wrote to the same row, only the first can commit. On
// other databases there are no such steps.

// certify writes to the rows of an update without changing them. The column is any time
// column of the table without NULLs.
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

// certifyRun follows lockRun, in operations that the run's end must not overtake.
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
