package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) schemaExists() dialect.Stmt {
	return q.stmt("schema.exists", q.d.TableExists(tVersion))
}

func (q sql) schemaVersion() dialect.Stmt {
	return q.stmt("schema.version", squirrel.Select("coalesce(max(version), 0)").From(q.d.Table(tVersion)))
}

// SchemaVersion reads which version of the schema there is: 0 if none.
func SchemaVersion(ctx context.Context, c dialect.Conn, d dialect.Dialect) (version int, err error) {
	q := sql{d}
	one := func(r dialect.Row) error { return r.Scan(&version) }
	if err := c.Query(ctx, q.schemaExists(), one); err != nil || version == 0 {
		return 0, err
	}
	err = c.Query(ctx, q.schemaVersion(), one)
	return version, err
}

// NewerError says that the schema is of a version that this library does not know: it
// was upgraded while the program ran.
type NewerError struct{ Have, Want int }

func (e *NewerError) Error() string {
	return fmt.Sprintf("schema version %d is newer than %d", e.Have, e.Want)
}

// newest is the newest version that this library knows.
func (q sql) newest() int { return len(q.d.Migrations()) }

// notNewer is a condition: the schema is not of a newer version.
func (q sql) notNewer() squirrel.Sqlizer {
	return squirrel.Expr("NOT EXISTS (?)", squirrel.Select("1").From(q.seek(tVersion, "sv")).Where(squirrel.Gt{"sv.version": q.newest()}))
}

// known is a step of a transaction that begins with it: it fails with a [NewerError] if
// the schema is of a newer version.
func (s *Store) known() *dialect.Step {
	return read(s.schemaVersion(), func(r dialect.Row) error {
		var have int
		if err := r.Scan(&have); err != nil || have <= s.newest() {
			return err
		}
		return &NewerError{Have: have, Want: s.newest()}
	})
}

// Newer returns a [NewerError] if the schema is of a newer version.
func (s *Store) Newer(ctx context.Context) error {
	step := s.known()
	return s.conn().Query(ctx, step.Stmt, step.Row)
}
