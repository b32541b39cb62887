package store

import (
	"context"
	"errors"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) runStatus(name string) dialect.Stmt {
	return q.stmt("status.run", func() squirrel.Sqlizer {
		return squirrel.Select("id", "active").From(q.d.Table(tRunStatus)).Where(squirrel.Eq{"name": slot(0)})
	}, name)
}

func (q sql) lookup(table, name string) dialect.Stmt {
	return q.stmt("status."+table, func() squirrel.Sqlizer {
		return squirrel.Select("id").From(q.d.Table(table)).Where(squirrel.Eq{"name": slot(0)})
	}, name)
}

func (q sql) addRunStatus(name, actor string, active bool) dialect.Stmt {
	st := "status.add_ended"
	if active {
		st = "status.add_active"
	}
	return q.stmt(st, func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("r.name", signer, signer), slot(0), key("name")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1))
		return q.insertAbsent(tRunStatus, []string{"name", "created_by", "changed_by", "active"},
			from.Column(squirrel.Expr("?", fixed{active})), same("name", "r.name"))
	}, rows([]nameRow{{name}}), actor)
}

// AddRunStatus registers a status of runs, and returns whether the stored one of
// that name is active.
func (s *Store) AddRunStatus(ctx context.Context, name, actor string, active bool) (stored bool, err error) {
	found := false
	err = s.run(ctx, work{forget: func() { found = false }, settled: func() bool { return found }, steps: []*dialect.Step{
		exec(s.names(tActor, actor, actor)),
		exec(s.addRunStatus(name, actor, active)),
		read(s.runStatus(name), func(r dialect.Row) error { found = true; return r.Scan(new(int64), &stored) }),
	}, ofNoRun: true})
	return stored, err
}

// ErrUnknown is returned when no row has the given name.
var ErrUnknown = errors.New("unknown name")

// RunStatus returns a status of runs by its name.
func (s *Store) RunStatus(ctx context.Context, name string) (id RunStatus, active bool, err error) {
	err = s.query(ctx, s.runStatus(name), func(r dialect.Row) error { return r.Scan(&id, &active) })
	if err == nil && id == 0 {
		err = ErrUnknown
	}
	return id, active, err
}

// ExtractStatus returns a status of extracts by its name.
func (s *Store) ExtractStatus(ctx context.Context, name string) (ExtractStatus, error) {
	id, err := s.nameID(ctx, tExtractStatus, name)
	return ExtractStatus(id), err
}

// ErrorType returns a type of errors by its name.
func (s *Store) ErrorType(ctx context.Context, name string) (int64, error) {
	return s.nameID(ctx, tErrorType, name)
}

func (s *Store) nameID(ctx context.Context, table, name string) (id int64, err error) {
	err = s.query(ctx, s.lookup(table, name), func(r dialect.Row) error { return r.Scan(&id) })
	if err == nil && id == 0 {
		err = ErrUnknown
	}
	return id, err
}
