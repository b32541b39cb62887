package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) schemaExists() dialect.Stmt {
	return q.stmt("schema.exists", func() squirrel.Sqlizer { return allFixed{q.d.TableExists(tVersion)} })
}

func (q sql) schemaVersion() dialect.Stmt {
	return q.stmt("schema.version", func() squirrel.Sqlizer {
		return squirrel.Select("coalesce(max(version), 0)").From(q.d.Table(tVersion))
	})
}

// SchemaVersion reads the version of the schema: 0 if there is none.
func SchemaVersion(ctx context.Context, c dialect.Conn, d dialect.Dialect) (version int, err error) {
	q := newSQL(d)
	one := func(r dialect.Row) error { return r.Scan(&version) }
	if err := c.Query(ctx, q.schemaExists(), one); err != nil || version == 0 {
		return 0, err
	}
	err = c.Query(ctx, q.schemaVersion(), one)
	return version, err
}

// NewerError says that the schema has a version that this library does not know: it was
// upgraded while the program ran.
type NewerError struct{ Have, Want int }

func (e *NewerError) Error() string {
	return fmt.Sprintf("schema version %d is newer than %d", e.Have, e.Want)
}

// newest is the newest version that this library knows.
func (q sql) newest() int { return len(q.d.Migrations()) }

// notNewer is the condition that the schema has no newer version.
func (q sql) notNewer(newest slot) squirrel.Sqlizer {
	return squirrel.Expr("NOT EXISTS (?)", squirrel.Select("1").From(q.seek(tVersion, "sv")).Where(squirrel.Gt{"sv.version": newest}))
}

// known is the first step of a transaction. It fails with a [NewerError] if the schema
// has a newer version.
func (s *Store) known() *dialect.Step {
	return read(s.schemaVersion(), func(r dialect.Row) error {
		var have int
		if err := r.Scan(&have); err != nil || have <= s.newest() {
			return err
		}
		return &NewerError{Have: have, Want: s.newest()}
	})
}

// refuseNewer makes the database itself fail if the schema has a newer version, by a
// scalar subquery with more than one row. Statements that are sent together with their
// COMMIT can't be undone in any other way.
func (q sql) refuseNewer() dialect.Stmt {
	return q.stmt("schema.refuse_newer", func() squirrel.Sqlizer {
		newer := squirrel.Select("sv.version").From(q.seek(tVersion, "sv")).
			Join("(SELECT 1 AS n UNION ALL SELECT 2 AS n) AS twice ON twice.n > 0").
			Where(squirrel.Gt{"sv.version": slot(0)})
		return squirrel.Select().Column(squirrel.Expr("(?)", newer)) //nolint:unqueryvet // its columns follow
	}, q.newest())
}

// unlessNewer is a step that fails if the schema has a newer version. It also covers
// databases that accept the first row as the value.
func (s *Store) unlessNewer() *dialect.Step {
	return read(s.refuseNewer(), func(r dialect.Row) error {
		var have *int
		if err := r.Scan(&have); err != nil || have == nil {
			return err
		}
		return &NewerError{Have: *have, Want: s.newest()}
	})
}

// orNewer checks, after a statement that failed for an unknown reason, whether the
// schema has a newer version.
func (s *Store) orNewer(ctx context.Context, err error) error {
	if err == nil || s.absent || ctx.Err() != nil {
		return err
	}
	if errors.As(err, new(*NewerError)) {
		return err
	}
	switch s.backend.Classify(err) {
	case dialect.Other, dialect.Duplicate, dialect.Reference:
		var newer *NewerError
		if errors.As(s.Newer(ctx), &newer) {
			return errors.Join(newer, err)
		}
	default: // says by itself what happened
	}
	return err
}

// Newer returns a [NewerError] if the schema is of a newer version.
func (s *Store) Newer(ctx context.Context) error {
	step := s.known()
	return s.conn().Query(ctx, step.Stmt, step.Row)
}
