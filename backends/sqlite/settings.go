package sqlite

import (
	"context"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// querying is the function that sends a query: on a pool, or in a transaction.
type querying func(dialect.Stmt, func(dialect.Row) error) error

// Check implements [dialect.Backend]. It looks at one connection of the pool. The most
// important setting, foreign_keys, is off by default in each connection, so every
// transaction checks it again.
func (b *Backend) Check(ctx context.Context) error {
	return checkSession(func(s dialect.Stmt, row func(dialect.Row) error) error { return b.Conn().Query(ctx, s, row) })
}

func checkSession(query querying) error {
	for _, check := range []func(querying) error{keepsForeignKeys, canRollBack, readsTexts} {
		if err := check(query); err != nil {
			return err
		}
	}
	return nil
}

// checkTx is [Backend.Check] in a caller's transaction.
func checkTx(ctx context.Context, q sqldb.Querier) error {
	return checkSession(func(s dialect.Stmt, row func(dialect.Row) error) error { return sqldb.Ask(ctx, q, s, row) })
}

// keepsForeignKeys refuses a connection that does not enforce foreign keys.
func keepsForeignKeys(query querying) error {
	on := false
	err := query(dialect.Stmt{Name: "settings.foreign_keys", SQL: "PRAGMA foreign_keys"}, func(r dialect.Row) error { return r.Scan(&on) })
	if err != nil || on {
		return err
	}
	return &dialect.SettingError{
		Setting: "foreign_keys", Value: "off",
		Why:    "the database would accept rows that refer to missing rows",
		Remedy: "add _pragma=foreign_keys(1) to the pool's DSN, which sets it in every connection; a PRAGMA sets it in one",
	}
}

// canRollBack refuses a journal mode in which a killed program leaves the file
// half-written.
func canRollBack(query querying) error {
	mode := ""
	err := query(dialect.Stmt{Name: "settings.journal_mode", SQL: "PRAGMA journal_mode"}, func(r dialect.Row) error { return r.Scan(&mode) })
	if err != nil || mode != "off" && mode != "memory" {
		return err
	}
	return &dialect.SettingError{
		Setting: "journal_mode", Value: mode,
		Why:    "a killed program would leave its last transaction half-written in the file",
		Remedy: "set it to wal, or to delete, truncate or persist",
	}
}

// readsTexts refuses a driver that converts texts that look like times, as the name of
// a run may, to times.
func readsTexts(query querying) error {
	var text any
	err := query(dialect.Stmt{Name: "settings.text", SQL: "SELECT '2026-07-01 12:00:00'"}, func(r dialect.Row) error { return r.Scan(&text) })
	if _, isTime := text.(time.Time); err != nil || !isTime {
		return err
	}
	return &dialect.SettingError{
		Setting: "_texttotime", Value: "1",
		Why:    "a name that looks like a time would be read as another text",
		Remedy: "leave it out of the pool's DSN",
	}
}

// mostBytes is well below SQLite's limit of a text, a thousand million bytes: escaping
// JSON may turn one byte into several.
const mostBytes = 256 << 20

// MostBytes implements [dialect.Backend].
func (b *Backend) MostBytes() int { return mostBytes }
