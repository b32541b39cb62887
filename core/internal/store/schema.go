package store

import (
	"context"

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
