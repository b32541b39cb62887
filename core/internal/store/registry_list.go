package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// ListFilter says which rows of a list to read; zero fields match everything.
type ListFilter struct {
	Name  string
	After int64 // rows with a greater id
	Limit int64
}

// StoredCluster is a cluster with the processes that share it.
type StoredCluster struct {
	Cluster

	ID        int64
	Processes []string
	Audit     Audit
}

func (q sql) listClusters(f ListFilter) dialect.Stmt {
	return q.conditional("clusters.list", 0, func(v []any) squirrel.Sqlizer {
		query := squirrel.Select("c.id", "c.name", "c.max_memory", "c.max_processing", "c.memory_unit", "c.processing_unit").
			Column(q.used("latest_memory")).Column(q.used("latest_processing")).From(q.as(tCluster, "c"))
		query = q.audited(query, "c").Where(squirrel.Gt{"c.id": v[0]}).OrderBy("c.id")
		return q.limit(whereSet(query, "c.name", v[2]), v[1])
	}, f.After, limit(f.Limit), given(f.Name))
}

// sharersOf selects the processes that share clusters with these ids.
func (q sql) sharersOf(ids []int64) dialect.Stmt {
	return q.stmt("clusters.processes", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("r.id", "p.name"), slot(0), integer("id")).
			JoinClause(q.then(q.as(tProcessCluster, "l"))+" ON l.cluster_id = r.id").
			Join(q.as(tProcess, "p")+" ON p.id = l.process_id").
			OrderBy("r.id", "p.name")
	}, rows(idRows(ids)))
}

// Clusters lists clusters, oldest first.
func (s *Store) Clusters(ctx context.Context, f ListFilter) ([]StoredCluster, error) {
	all, err := list(ctx, s, s.listClusters(f), func(r dialect.Row) (c StoredCluster, err error) {
		return c, r.Scan(append([]any{&c.ID, &c.Name, &c.MaxMemory, &c.MaxProcessing, optional{&c.MemoryUnit}, optional{&c.ProcessingUnit},
			&c.UsedMemory, &c.UsedProcessing}, c.Audit.columns()...)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := idsOf(all, func(c StoredCluster) int64 { return c.ID })
	processes, err := s.namesBy(ctx, s.sharersOf(ids))
	for i := range all {
		all[i].Processes = processes[all[i].ID]
	}
	return all, err
}

func (q sql) registeredLocations(f ListFilter) dialect.Stmt {
	return q.conditional("locations.list", 0, func(v []any) squirrel.Sqlizer {
		query := squirrel.Select("l.id", "l.path", "l.path_key", "l.name", "t.name", "l.file_count", "l.listed_at").
			From(q.as(tLocation, "l")).
			Join(q.as(tLocationType, "t") + " ON t.id = l.type_id").
			Where(squirrel.Gt{"l.id": v[0]}).OrderBy("l.id")
		return q.limit(whereSet(query, "l.name", v[2]), v[1])
	}, f.After, limit(f.Limit), given(f.Name))
}

// RegisteredLocations lists locations, oldest first.
func (s *Store) RegisteredLocations(ctx context.Context, f ListFilter) ([]Location, error) {
	return list(ctx, s, s.registeredLocations(f), func(r dialect.Row) (l Location, err error) { return l, l.scan(r) })
}

func (q sql) setFileFormat(fileType string, f FileFormat, actor string) dialect.Stmt {
	return q.stmt("file_type.format", func() squirrel.Sqlizer {
		return q.d.Update(tFileType).
			Set("delimiter_char", slot(1)).
			Set("quote_char", slot(2)).
			Set("escape_char", slot(3)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(4))).
			Where(squirrel.Eq{"name": slot(0)})
	}, fileType, given(f.Delimiter), given(f.Quote), given(f.Escape), actor)
}

// SetFileFormat stores the format of files of a type, and reports whether the type exists.
func (s *Store) SetFileFormat(ctx context.Context, fileType string, f FileFormat, actor string) (bool, error) {
	step := exec(s.setFileFormat(fileType, f, actor))
	err := s.run(ctx, work{steps: []*dialect.Step{exec(s.names(tActor, actor, actor)), step}, ofNoRun: true, settle: true})
	return step.Affected > 0, err
}

// ChangeFileFormat lets change set the format of files of a type, and reports whether the
// type exists.
func (s *Store) ChangeFileFormat(ctx context.Context, fileType, actor string, change func(*FileFormat)) (found bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		var stored LookupName // locked by the look at it
		err := inOrder(ctx, c, []*dialect.Step{
			s.known(), exec(s.names(tActor, actor, actor)),
			read(s.lookupName(FileTypeLookup, fileType), func(r dialect.Row) error { return stored.scan(r, FileTypeLookup) }),
		})
		if found = stored.ID != 0; err != nil || !found {
			return err
		}
		next := stored.Format
		if change(&next); next == stored.Format {
			return nil
		}
		_, err = c.Exec(ctx, s.setFileFormat(fileType, next, actor))
		return err
	}, settle: true})
	return found, err
}

// Actors lists actors, oldest first.
func (s *Store) Actors(ctx context.Context, f ListFilter) ([]LookupName, error) {
	return list(ctx, s, s.listActors(f), func(r dialect.Row) (n LookupName, err error) { return n, n.scan(r, ActorTable) })
}

func (q sql) listActors(f ListFilter) dialect.Stmt {
	return q.conditional("actors.list", 0, func(v []any) squirrel.Sqlizer {
		query := q.audited(squirrel.Select("l.id", "l.name").From(q.as(tActor, "l")), "l").
			Where(squirrel.Gt{"l.id": v[0]}).OrderBy("l.id")
		return q.limit(whereSet(query, "l.name", v[2]), v[1])
	}, f.After, limit(f.Limit), given(f.Name))
}
