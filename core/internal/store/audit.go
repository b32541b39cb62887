package store

import (
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Audit is when and by which actor a row was made and last changed. The actor is empty
// for a preloaded row.
type Audit struct {
	CreatedAt dialect.Time
	CreatedBy string
	ChangedAt dialect.Time
	ChangedBy string
}

// audited adds the columns of an [Audit] to a select, after those that it has. They
// have names of their own for MariaDB's mode ORACLE, which wants them in a union.
func (q sql) audited(s squirrel.SelectBuilder, alias string) squirrel.SelectBuilder {
	return s.Columns(alias+".created_at", "creator.name AS creator_name", alias+".changed_at", "changer.name AS changer_name").
		LeftJoin(q.as(tActor, "creator") + " ON creator.id = " + alias + ".created_by").
		LeftJoin(q.as(tActor, "changer") + " ON changer.id = " + alias + ".changed_by")
}

func (a *Audit) columns() []any {
	return []any{&a.CreatedAt, optional{&a.CreatedBy}, &a.ChangedAt, optional{&a.ChangedBy}}
}

// optional scans a nullable text: NULL is empty.
type optional struct{ to *string }

// Scan implements [database/sql.Scanner].
func (o optional) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*o.to = ""
	case string:
		*o.to = v
	case []byte:
		*o.to = string(v)
	default:
		return fmt.Errorf("a text column returned %T", value)
	}
	return nil
}

// text is a nullable text's value, empty for NULL.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
