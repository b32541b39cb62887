package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) setCluster(c Cluster, actor string) dialect.Stmt {
	return q.stmt("cluster.set", squirrel.Update(q.d.Table(tCluster)).
		Set("max_memory", c.MaxMemory).
		Set("max_processing", c.MaxProcessing).
		Set("changed_at", squirrel.Expr(q.d.Now())).
		Set("changed_by", q.actorID(actor)).
		Where(squirrel.Eq{"name": c.Name}).
		Where(squirrel.Or{differs("max_memory", c.MaxMemory), differs("max_processing", c.MaxProcessing)}))
}

// differs is the condition that a column, which is never negative, has not that
// value; nil is NULL.
func differs(column string, value *int64) squirrel.Sqlizer {
	n := int64(-1)
	if value != nil {
		n = *value
	}
	return squirrel.Expr("coalesce("+column+", -1) <> ?", n)
}

// SetCluster registers a cluster, or changes its maxima.
func (s *Store) SetCluster(ctx context.Context, c Cluster, actor string) error {
	return s.change(ctx,
		exec(s.names(tActor, actor, actor)),
		exec(s.names(tCluster, actor, c.Name)),
		exec(s.setCluster(c, actor)))
}

func (q sql) joinCluster(process, cluster string) dialect.Stmt {
	from := squirrel.Select("p.id", "c.id").
		From(q.as(tProcess, "p")).
		Join(q.as(tCluster, "c")+" ON c.name = ?", cluster).
		Where(squirrel.Eq{"p.name": process})
	return q.stmt("cluster.join", q.d.InsertAbsent(tProcessCluster, []string{"process_id", "cluster_id"}, from,
		"x.process_id = p.id AND x.cluster_id = c.id"))
}

func (q sql) leaveCluster(process, cluster string) dialect.Stmt {
	return q.stmt("cluster.leave", squirrel.Delete(q.d.Table(tProcessCluster)).
		Where(squirrel.Expr("process_id = (?)", q.processID(process))).
		Where(squirrel.Expr("cluster_id = (?)", squirrel.Select("id").From(q.d.Table(tCluster)).Where(squirrel.Eq{"name": cluster}))))
}

func (q sql) clusterJoined(process, cluster string) dialect.Stmt {
	return q.stmt("cluster.joined", squirrel.Select("c.id").
		From(q.as(tProcessCluster, "pc")).
		Join(q.as(tProcess, "p")+" ON p.id = pc.process_id").
		Join(q.as(tCluster, "c")+" ON c.id = pc.cluster_id").
		Where(squirrel.Eq{"p.name": process, "c.name": cluster}))
}

// JoinCluster makes a process, registered if it is not, share a cluster, and
// reports whether it does now: not if there is no such cluster. Whether there is
// one is not asked for itself, as it may be made between the two statements.
func (s *Store) JoinCluster(ctx context.Context, process, cluster, actor string) (joined bool, err error) {
	err = s.changeAnew(ctx, func() { joined = false },
		exec(s.names(tActor, actor, actor)),
		exec(s.names(tProcess, actor, process)),
		exec(s.joinCluster(process, cluster)),
		read(s.clusterJoined(process, cluster), func(dialect.Row) error { joined = true; return nil }))
	return joined, err
}

// LeaveCluster reports whether the process shared the cluster.
func (s *Store) LeaveCluster(ctx context.Context, process, cluster string) (bool, error) {
	return s.remove(ctx, s.leaveCluster(process, cluster))
}
