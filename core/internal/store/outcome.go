package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Outcome reads the outcome that a start would have, and what blocks it, in the order of
// [Store.Look]. Unlike that, it needs no transaction: it waits for no lock, and a user who
// may only read can call it.
func (s *Store) Outcome(ctx context.Context, a Start) (out StartOutcome, err error) {
	v := s.startValues(a)
	if v.named() {
		if err := s.query(ctx, s.startDone(v), out.scanDone); err != nil {
			return out, err
		}
	}
	if out.Parents, err = list(ctx, s, s.startParents(v), scanParent); err != nil {
		return out, err
	}
	out.Clusters, err = list(ctx, s, s.startClusters(v), func(r dialect.Row) (Cluster, error) {
		var one StartOutcome
		if err := one.scanCluster(r); err != nil {
			return Cluster{}, err
		}
		return one.Clusters[0], nil
	})
	if err != nil {
		return out, err
	}
	err = s.query(ctx, s.startOutcome(v), func(r dialect.Row) error { return out.scan(r, a) })
	return out, err
}

func (q sql) clockNow() dialect.Stmt {
	return q.stmt("clock.now", func() squirrel.Sqlizer { return squirrel.Select(q.d.Now()) })
}

// Now is the database's time.
func (s *Store) Now(ctx context.Context) (now dialect.Time, err error) {
	err = s.query(ctx, s.clockNow(), func(r dialect.Row) error { return r.Scan(&now) })
	return now, err
}
