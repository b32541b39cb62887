package sqldb

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A pool that is not there is an error wherever it would be used, looked at or not.
func TestANilPoolIsInvalid(t *testing.T) {
	t.Parallel()
	plain := New(nil, "BEGIN")
	checked := plain.Checked(func(*sql.Conn) error { return errors.New("there is nothing to look at") })
	for what, c := range map[string]*DB{"plain": plain, "checked": checked, "in other words": plain.Speaking(Words{})} {
		_, exec := c.Exec(t.Context(), dialect.Stmt{SQL: "DELETE"})
		for call, err := range map[string]error{
			"Exec":   exec,
			"Query":  c.Query(t.Context(), dialect.Stmt{SQL: "SELECT"}, func(dialect.Row) error { return nil }),
			"Atomic": c.Atomic(t.Context(), func(dialect.Conn) error { return nil }),
		} {
			if !errors.Is(err, dialect.ErrInvalid) {
				t.Errorf("%s of one that is %s: %v", call, what, err)
			}
		}
	}
	if _, err := Connect(t.Context(), nil); !errors.Is(err, dialect.ErrInvalid) {
		t.Errorf("Connect: %v", err)
	}
}
