package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The queries below find everything outside a process's own state that can block it.
// The claim checks that each is empty; to explain a refusal, its rows are read again.

// none is the condition that the query finds nothing. MySQL only lets an update read
// the table that it changes through a derived table, which DISTINCT forces it to
// materialize.
func none(query squirrel.SelectBuilder) squirrel.Sqlizer {
	return squirrel.Expr("NOT EXISTS (SELECT 1 FROM (?) AS w)", query.Distinct())
}

// rowByRow is none of a subquery that selects 1 and names columns of the row. It is asked for each
// row, where MySQL and PostgreSQL may turn NOT EXISTS round, and read all that it could
// find for any row. That the subquery IS NULL is true for one row in 200, says PostgreSQL,
// and so reads and sorts all rows for the first hundred; that it is not 1, for nearly all.
// The subquery is ordered by two columns of an index, of which the first is given: for one
// row in no order PostgreSQL would read the table until it meets one, and there may be none.
func (q sql) rowByRow(query squirrel.SelectBuilder) squirrel.Sqlizer {
	return squirrel.Expr("coalesce((?), 0) <> 1", q.first(query, 1, ""))
}

// doneBefore selects the completed run with the name of the run to start. It uses no
// index for the status, because nearly all runs are completed.
func (q sql) doneBefore(columns ...string) squirrel.SelectBuilder {
	return squirrel.Select(columns...).
		From(q.seek(tRun, "run")).
		Join(q.seek(tProcess, "p") + " ON p.id = run.process_id").
		Where(squirrel.Eq{"p.name": startProcess, "run.name": startName}).
		Where(squirrel.Expr("run.status_id + 0 = ?", fixed{int64(Completed)}))
}

func (q sql) startDone(v startValues) dialect.Stmt {
	return q.stmt("start.done", func() squirrel.Sqlizer {
		return q.doneBefore(runColumns...).
			Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id").
			Join(q.as(tActor, "actor") + " ON actor.id = run.actor_id")
	}, v...)
}

func (o *StartOutcome) scanDone(r dialect.Row) error {
	o.Done = new(Run)
	return o.Done.scan(r)
}

// parentsInTheWay selects the parents whose latest run is active, failed or on
// hold, and those that never ran, if the dependency is hard, or soft, which only
// means that it is reported (rule S2.4); and where the dependency asks for fresh
// data, those that have not completed since the child did (rule S2.5).
func (q sql) parentsInTheWay(columns ...string) squirrel.SelectBuilder {
	return squirrel.Select(columns...).
		From(q.seek(tDependency, "dep")).
		Join(q.seek(tProcess, "child") + " ON child.id = dep.child_id").
		Join(q.seek(tProcess, "parent") + " ON parent.id = dep.parent_id").
		Where(squirrel.Eq{"child.name": startProcess}).
		Where(squirrel.Or{
			squirrel.Eq{"parent.active": fixed{true}},
			squirrel.Eq{"parent.latest_status_id": []fixed{{int64(Failed)}, {int64(OnHold)}}},
			squirrel.And{squirrel.NotEq{"dep.kind": fixed{"normal"}}, squirrel.Eq{"parent.latest_run_no": fixed{0}}},
			squirrel.And{squirrel.Eq{"dep.fresh": fixed{true}}, squirrel.Or{
				squirrel.Eq{"parent.last_completed_at": nil},
				squirrel.Expr("parent.last_completed_at <= child.last_completed_at"),
			}},
		})
}

func (q sql) startParents(v startValues) dialect.Stmt {
	return q.stmt("start.parents", func() squirrel.Sqlizer {
		return q.parentsInTheWay(
			"parent.name", "dep.kind", "dep.fresh", "parent.latest_run_no", "s.name", "run.started_at", "actor.name", q.leaseColumns()[1]).
			LeftJoin(q.as(tRunStatus, "s") + " ON s.id = parent.latest_status_id").
			LeftJoin(q.seek(tRun, "run") + " ON run.process_id = parent.id AND run.run_no = parent.latest_run_no").
			LeftJoin(q.as(tActor, "actor") + " ON actor.id = run.actor_id").
			LeftJoin(q.seek(tRunLease, "lease") + " ON lease.run_id = run.id").
			OrderBy("parent.name")
	}, v...)
}

func (o *StartOutcome) scanParent(r dialect.Row) error {
	p, err := scanParent(r)
	o.Parents = append(o.Parents, p)
	return err
}

func scanParent(r dialect.Row) (p Parent, err error) {
	var status, actor *string
	var fresh *bool // nil if the dependency was removed since
	var expired int64
	err = r.Scan(&p.Process, &p.Kind, &fresh, &p.RunNo, &status, &p.Since, &actor, &expired)
	p.Status, p.Actor, p.Fresh, p.LeaseExpired = text(status), text(actor), fresh != nil && *fresh, expired == 1
	return p, err
}

// Cluster is a pool of capacity, with the amounts that active runs use. A nil maximum
// means no limit.
type Cluster struct {
	Name           string
	MaxMemory      *int64
	MaxProcessing  *int64
	MemoryUnit     string // not read where a start is refused
	ProcessingUnit string // the same
	UsedMemory     int64
	UsedProcessing int64
}

// startLockClusters makes starts that share a cluster take turns, as startTurn
// does for those of one process. It writes, for the reason that lockDependencies
// gives.
//
// It follows startTurn, and does nothing without the turn. But on a database whose
// readers block it comes first: a start that waits for a cluster must not hold a row
// that the start ahead of it reads to add up the capacity in use. It then cannot know
// whether the process will be idle on its turn, and locks in any case.
func (q sql) startLockClusters(v startValues) dialect.Stmt {
	return q.stmt("start.lock_clusters", func() squirrel.Sqlizer {
		return q.updateIn(tCluster,
			q.d.Update(tCluster).Set("name", squirrel.Expr("name")), "id", q.clustersOf())
	}, v...)
}

// clustersOf selects the clusters that the start locks.
func (q sql) clustersOf() squirrel.SelectBuilder {
	its := squirrel.Eq{"p.name": startProcess}
	if !q.d.ReadersBlock() {
		its["p.turn"], its["p.active"] = startDigest, fixed{false}
	}
	return squirrel.Select("pc.cluster_id AS id").From(q.seek(tProcess, "p")).
		Join(q.seek(tProcessCluster, "pc") + " ON pc.process_id = p.id").Where(its)
}

// clustersTooFull selects the process's clusters in which the run has no room.
func (q sql) clustersTooFull(columns ...string) squirrel.SelectBuilder {
	return squirrel.Select(columns...).
		From(q.seek(tProcess, "p")).
		Join(q.seek(tProcessCluster, "pc") + " ON pc.process_id = p.id").
		Join(q.seek(tCluster, "c") + " ON c.id = pc.cluster_id").
		Where(squirrel.Eq{"p.name": startProcess}).
		// The remaining capacity is compared, because a sum might overflow 64 bits.
		Where(squirrel.Expr("(c.max_memory - ? < ? OR c.max_processing - ? < ?)",
			startMemory, q.used("latest_memory"), startProcessing, q.used("latest_processing")))
}

// used is the capacity that active runs use of the cluster c.
func (q sql) used(column string) squirrel.Sqlizer {
	return squirrel.Expr("(?)", squirrel.Select(q.d.Sum("u."+column)).
		From(q.seek(tProcessCluster, "uc")).
		Join(q.seek(tProcess, "u")+" ON u.id = uc.process_id").
		Where("uc.cluster_id = c.id").
		Where(squirrel.Eq{"u.active": fixed{true}}))
}

func (q sql) startClusters(v startValues) dialect.Stmt {
	return q.stmt("start.clusters", func() squirrel.Sqlizer {
		return q.clustersTooFull("c.name", "c.max_memory", "c.max_processing").
			Column(q.used("latest_memory")).Column(q.used("latest_processing")).OrderBy("c.name")
	}, v...)
}

func (o *StartOutcome) scanCluster(r dialect.Row) error {
	var c Cluster
	err := r.Scan(&c.Name, &c.MaxMemory, &c.MaxProcessing, &c.UsedMemory, &c.UsedProcessing)
	o.Clusters = append(o.Clusters, c)
	return err
}
