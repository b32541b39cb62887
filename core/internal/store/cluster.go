package store

import (
	"cmp"
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) setCluster(c Cluster, actor string) dialect.Stmt {
	return q.stmt("cluster.set", func() squirrel.Sqlizer {
		return q.d.Update(tCluster).
			Set("max_memory", slot(2)).
			Set("max_processing", slot(3)).
			Set("memory_unit", slot(6)).
			Set("processing_unit", slot(7)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(1))).
			Where(squirrel.Eq{"name": slot(0)}).
			Where(squirrel.Or{differs("max_memory", slot(4)), differs("max_processing", slot(5)), isAnother("memory_unit", slot(8)), isAnother("processing_unit", slot(9))})
	}, c.Name, actor, c.MaxMemory, c.MaxProcessing, orMinusOne(c.MaxMemory), orMinusOne(c.MaxProcessing),
		given(c.MemoryUnit), given(c.ProcessingUnit), cmp.Or(c.MemoryUnit, noName), cmp.Or(c.ProcessingUnit, noName))
}

// noName stands for NULL in a comparison: no name is a space. In Oracle's mode the
// empty text is NULL, so it would not do.
const noName = " "

// isAnother is the condition that a column's name differs from the given one, or from
// [noName].
func isAnother(column string, value slot) squirrel.Sqlizer {
	return squirrel.Expr("coalesce("+column+", '"+noName+"') <> ?", value)
}

// differs is the condition that a non-negative column differs from a value of
// [orMinusOne].
func differs(column string, value slot) squirrel.Sqlizer {
	return squirrel.Expr("coalesce("+column+", -1) <> ?", value)
}

// orMinusOne is the value, or -1 for NULL.
func orMinusOne(value *int64) int64 {
	if value == nil {
		return -1
	}
	return *value
}

func (q sql) clusterLimits(cluster string) dialect.Stmt {
	return q.stmt("cluster.limits", func() squirrel.Sqlizer {
		return squirrel.Select("max_memory", "max_processing", "memory_unit", "processing_unit").
			From(q.d.Table(tCluster)).Where(squirrel.Eq{"name": slot(0)})
	}, cluster)
}

// SetCluster registers a cluster, or changes its maxima.
func (s *Store) SetCluster(ctx context.Context, c Cluster, actor string) error {
	is := false
	return s.run(ctx, work{forget: func() { is = false }, settled: func() bool { return is }, steps: []*dialect.Step{
		exec(s.names(tActor, actor, actor)),
		exec(s.names(tCluster, actor, c.Name)),
		exec(s.setCluster(c, actor)),
		read(s.clusterLimits(c.Name), func(r dialect.Row) error {
			var now Cluster
			err := now.scanLimits(r)
			is = now.SameLimits(c)
			return err
		}),
	}, ofNoRun: true})
}

// ChangeCluster lets change set a cluster's maxima and units, and reports whether there is
// such a cluster.
func (s *Store) ChangeCluster(ctx context.Context, cluster, actor string, change func(*Cluster)) (found bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		found = false
		stored := Cluster{Name: cluster}
		err := inOrder(ctx, c, []*dialect.Step{
			s.known(), exec(s.names(tActor, actor, actor)),
			read(s.lookupName(ClusterTable, cluster), func(dialect.Row) error { found = true; return nil }), // one caller at a time
			read(s.clusterLimits(cluster), stored.scanLimits),
		})
		if err != nil || !found {
			return err
		}
		change(&stored)
		_, err = c.Exec(ctx, s.setCluster(stored, actor))
		return err
	}, settle: true})
	return found, err
}

// SameLimits reports whether two clusters have the same maxima, in the same units.
func (c Cluster) SameLimits(other Cluster) bool {
	return equal(c.MaxMemory, other.MaxMemory) && equal(c.MaxProcessing, other.MaxProcessing) &&
		c.MemoryUnit == other.MemoryUnit && c.ProcessingUnit == other.ProcessingUnit
}

func (c *Cluster) scanLimits(r dialect.Row) error {
	return r.Scan(&c.MaxMemory, &c.MaxProcessing, optional{&c.MemoryUnit}, optional{&c.ProcessingUnit})
}

func (q sql) joinCluster(process, cluster string) dialect.Stmt {
	return q.stmt("cluster.join", func() squirrel.Sqlizer {
		from := squirrel.Select("p.id", "c.id").
			From(q.as(tProcess, "p")).
			Join(q.as(tCluster, "c")+" ON c.name = ?", slot(1)).
			Where(squirrel.Eq{"p.name": slot(0)})
		return q.insertAbsent(tProcessCluster, []string{"process_id", "cluster_id"}, from,
			same("process_id", "p.id", "cluster_id", "c.id"))
	}, process, cluster)
}

func (q sql) leaveCluster(process, cluster string) dialect.Stmt {
	return q.stmt("cluster.leave", func() squirrel.Sqlizer {
		return q.d.Delete(tProcessCluster).
			Where(squirrel.Expr("process_id = (?)", q.processID(slot(0)))).
			Where(squirrel.Expr("cluster_id = (?)", squirrel.Select("id").From(q.d.Table(tCluster)).Where(squirrel.Eq{"name": slot(1)})))
	}, process, cluster)
}

func (q sql) clusterJoined(process, cluster string) dialect.Stmt {
	return q.stmt("cluster.joined", func() squirrel.Sqlizer {
		return squirrel.Select("c.id").
			From(q.as(tProcessCluster, "pc")).
			Join(q.as(tProcess, "p") + " ON p.id = pc.process_id").
			Join(q.as(tCluster, "c") + " ON c.id = pc.cluster_id").
			Where(squirrel.Eq{"p.name": slot(0), "c.name": slot(1)})
	}, process, cluster)
}

// JoinCluster makes a process share a cluster, and registers it if necessary. It
// returns false if there is no such cluster.
func (s *Store) JoinCluster(ctx context.Context, process, cluster, actor string) (joined bool, err error) {
	known, join := false, exec(s.joinCluster(process, cluster))
	settled := func() bool { return joined || !known && join.Affected == 0 }
	err = s.run(ctx, work{forget: func() { joined, known = false, false }, settled: settled, steps: []*dialect.Step{
		exec(s.names(tActor, actor, actor)),
		exec(s.names(tProcess, actor, process)),
		join,
		read(s.clusterJoined(process, cluster), func(dialect.Row) error { joined = true; return nil }),
		read(s.lookup(tCluster, cluster), func(dialect.Row) error { known = true; return nil }),
	}, ofNoRun: true})
	return joined, err
}

// LeaveCluster reports whether the process shared the cluster.
func (s *Store) LeaveCluster(ctx context.Context, process, cluster string) (bool, error) {
	return s.remove(ctx, s.leaveCluster(process, cluster))
}
