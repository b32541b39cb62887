// Package setup creates the tracker's tables, and brings older ones up to date.
//
// It is what "processtracker setup" runs. Programs that embed the tracker do not
// need it: at run time the tracker issues no DDL.
package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Result says what a setup did.
type Result struct {
	From, To int // schema versions; equal if there was nothing to do
}

// Run brings the schema to the newest version that this library knows. Run
// again, it changes nothing. Two at once wait for each other, and one that is
// killed leaves nothing half done where the database can undo DDL, as
// PostgreSQL and SQLite do. A schema that is newer is
// [tracker.ErrSchemaVersion]; a database that the tracker cannot work with, as one
// whose encoding lacks characters, is [tracker.ErrSetting].
func Run(ctx context.Context, backend dialect.Backend) (Result, error) {
	return run(ctx, backend, 0)
}

// Upgrade is [Run] for a database that was set up before, with its data kept.
// One that never was is [tracker.ErrNotSetUp], and is left as it is.
func Upgrade(ctx context.Context, backend dialect.Backend) (Result, error) {
	return run(ctx, backend, 1)
}

// conflictTries is how often a setup is tried that the database gives up for another.
const conflictTries = 5

// run migrates a schema that has at least the version given.
func run(ctx context.Context, backend dialect.Backend, least int) (Result, error) {
	if backend == nil {
		return Result{}, noBackend()
	}
	if err := backend.Check(ctx); err != nil {
		return Result{}, fmt.Errorf("set up: %w", denied(backend, Owner, err))
	}
	result, err := migrate(ctx, backend, least)
	if err != nil {
		// In a database whose default isolation is strict, one that waited for
		// another still sees what was there before it waited, and fails.
		if have, _, again := Version(ctx, backend); again == nil && have > result.From {
			result, err = migrate(ctx, backend, least)
		}
	}
	// On a cluster that does DDL in one order everywhere, another's breaks off what is in its way.
	for try := 1; try < conflictTries && backend.Classify(err) == dialect.Conflict; try++ {
		result, err = migrate(ctx, backend, least)
	}
	if err == nil {
		return result, nil
	}
	return Result{}, fmt.Errorf("set up: %w", denied(backend, Owner, err))
}

func noBackend() error {
	return dialect.Missing("backend", "open one, such as with postgres.Open, and check its error")
}

// denied marks the error of a user who lacks a right, and says how to get it; that of a
// server that rejects the user, or cannot be reached; and that of a database that
// takes no changes from anybody. The database says more.
func denied(backend dialect.Backend, role Role, err error) error {
	switch class := backend.Classify(err); class {
	case dialect.Denied:
		return fmt.Errorf("%w: %w; for a script that grants them, run: processtracker grants --role %s --to USER", tracker.ErrDenied, err, role)
	case dialect.ReadOnly:
		return fmt.Errorf("%w: %w", tracker.ErrReadOnly, err)
	default:
		return dialect.Opening(class, err)
	}
}

// migrate applies what is missing, all or nothing.
func migrate(ctx context.Context, backend dialect.Backend, least int) (result Result, err error) {
	d := backend.Dialect()
	err = backend.Conn().Atomic(ctx, func(c dialect.Conn) (err error) {
		lock, unlock := d.SetupLock()
		if err := ask(ctx, c, lock); err != nil {
			return err
		}
		defer func() {
			// It goes with the connection, if that is what went wrong.
			if unlocked := ask(context.WithoutCancel(ctx), c, unlock); err == nil {
				err = unlocked
			}
		}()
		if result, err = stand(ctx, c, d); err != nil {
			return err
		}
		if result.From < least {
			return &tracker.SchemaError{Have: result.From, Want: result.To}
		}
		for _, m := range d.Migrations()[result.From:] {
			if err := apply(ctx, c, d, m); err != nil {
				return fmt.Errorf("migration %d (%s): %w", m.Version, m.Name, err)
			}
		}
		return nil
	})
	return result, err
}

// stand says where the schema stands, and refuses one that nothing can be done
// about.
func stand(ctx context.Context, c dialect.Conn, d dialect.Dialect) (Result, error) {
	have, err := store.SchemaVersion(ctx, c, d)
	if err != nil {
		return Result{}, err
	}
	newest := len(d.Migrations())
	if have > newest {
		return Result{From: have, To: newest}, &tracker.SchemaError{Have: have, Want: newest}
	}
	result := Result{From: have, To: newest}
	if have == newest {
		return result, nil // what is there and not the tracker's is drift
	}
	return result, nothingInTheWay(ctx, c, d, making(d, d.Migrations()[have:]))
}

// nothingInTheWay refuses what others have under the names that are to be used.
func nothingInTheWay(ctx context.Context, c dialect.Conn, d dialect.Dialect, all []made) error {
	var taken []string
	err := c.Query(ctx, d.InTheWay(namesOf(d, all)), func(r dialect.Row) error {
		var what string
		err := r.Scan(&what)
		taken = append(taken, what)
		return err
	})
	if err != nil || len(taken) == 0 {
		return err
	}
	const most = 10
	if n := len(taken) - most; n > 0 {
		taken = append(taken[:most:most], fmt.Sprintf("%d more", n))
	}
	return fmt.Errorf("%w: there are already %s, which are not known to be the tracker's; rename them, or name another schema or prefix in the DSN",
		tracker.ErrInvalid, strings.Join(taken, ", "))
}

// namesOf are the names that what is made has.
func namesOf(d dialect.Dialect, all []made) (names dialect.Names) {
	parts := parse(d.Expected())
	for _, m := range all {
		if m.view {
			names.Views = append(names.Views, m.name)
		} else if strings.HasPrefix(m.statements[0], "CREATE") {
			names.Tables = append(names.Tables, m.name)
		}
		for _, p := range parts {
			switch {
			case p.Table != m.name:
			case p.Kind == dialect.KindIndex && m.mentions(p.Name):
				names.Indexes = append(names.Indexes, p.Name)
			case p.Kind == dialect.KindIdentity:
				names.Identities = append(names.Identities, p.Table)
			}
		}
	}
	return names
}

func (m made) mentions(index string) bool {
	return slices.ContainsFunc(m.statements, func(s string) bool { return strings.HasPrefix(s, "CREATE INDEX ") && strings.Contains(s, index) })
}

// ask runs a query that is there for what it does.
func ask(ctx context.Context, c dialect.Conn, st dialect.Stmt) error {
	if st.SQL == "" {
		return nil
	}
	return c.Query(ctx, st, func(dialect.Row) error { return nil })
}

// Version returns the version of the schema that the database has, 0 if it was
// never set up, and the newest that this library knows. It only reads.
func Version(ctx context.Context, backend dialect.Backend) (have, newest int, err error) {
	if backend == nil {
		return 0, 0, noBackend()
	}
	have, err = store.SchemaVersion(ctx, backend.Conn(), backend.Dialect())
	if err != nil {
		err = fmt.Errorf("read the schema version: %w", err)
	}
	return have, len(backend.Dialect().Migrations()), err
}

func apply(ctx context.Context, c dialect.Conn, d dialect.Dialect, m dialect.Migration) error {
	for i, text := range statements(d, m) {
		if _, err := c.Exec(ctx, dialect.Stmt{Name: fmt.Sprintf("statement %d", i+1), SQL: text}); err != nil {
			return err
		}
	}
	return nil
}

// statements are a migration's and, at the end, the one that notes it as applied.
// None has arguments, so that they can be printed for a DBA to run.
func statements(d dialect.Dialect, m dialect.Migration) []string {
	record := fmt.Sprintf("INSERT INTO %s (version, name, applied_at) VALUES (%d, '%s', %s)", d.Table("schema_version"), m.Version, m.Name, d.Now())
	return append(slices.Clip(m.Statements), record)
}
