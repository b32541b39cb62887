// Package setup creates the tracker's tables and upgrades older ones.
//
// "processtracker setup" runs it. Programs that embed the tracker do not need it,
// because the tracker itself runs no DDL.
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

// Run upgrades the schema to the newest version that this library knows. If the schema
// has that version, Run changes nothing. Concurrent setups run one after the other. On
// databases with transactional DDL, such as PostgreSQL and SQLite, a killed setup
// leaves nothing behind. If the schema is newer, the error is
// [tracker.ErrSchemaVersion]; if the database has a setting that the tracker cannot
// work with, such as an encoding that lacks characters, [tracker.ErrSetting].
func Run(ctx context.Context, backend dialect.Backend) (Result, error) {
	return run(ctx, backend, 0)
}

// Upgrade is [Run] for a database that was set up before. It keeps the data. If the
// database was never set up, the error is [tracker.ErrNotSetUp] and nothing changes.
func Upgrade(ctx context.Context, backend dialect.Backend) (Result, error) {
	return run(ctx, backend, 1)
}

// mostTries is how often a setup is tried if the database aborts it because of another
// transaction, or its connection is lost.
const mostTries = 5

// retried calls fn, which only reads, as often as a tracker would.
func retried(ctx context.Context, backend dialect.Backend, name string, fn func() error) error {
	p := tracker.DefaultRetryPolicy()
	return store.Retry{Tries: p.Tries, Wait: p.Wait, MaxWait: p.MaxWait}.Read(ctx, backend, name, fn)
}

func check(ctx context.Context, backend dialect.Backend) error {
	return retried(ctx, backend, "settings", func() error { return backend.Check(ctx) })
}

// run migrates a schema that has at least the given version.
func run(ctx context.Context, backend dialect.Backend, least int) (Result, error) {
	if backend == nil {
		return Result{}, noBackend()
	}
	if err := check(ctx, backend); err != nil {
		return Result{}, fmt.Errorf("set up: %w", denied(backend, Owner, err))
	}
	result, err := migrate(ctx, backend, least)
	if err != nil {
		// If the database's default isolation level is strict, a setup that waited for
		// another still sees the old state, and fails.
		if have, _, again := Version(ctx, backend); again == nil && have > result.From {
			result, err = migrate(ctx, backend, least)
		}
	}
	// On a cluster that runs DDL in the same order on all nodes, another setup's DDL aborts
	// transactions in its way. A pooler may close a connection because of another client.
	for try := 1; try < mostTries && again(backend.Classify(err)); try++ {
		result, err = migrate(ctx, backend, least)
	}
	if err == nil {
		return result, nil
	}
	return Result{}, fmt.Errorf("set up: %w", denied(backend, Owner, err))
}

func again(class dialect.Class) bool {
	return class == dialect.Conflict || class == dialect.Disconnected
}

func noBackend() error {
	return dialect.Missing("backend", "open one, such as with postgres.Open, and check its error")
}

// denied adds a sentinel to errors of three kinds: the user lacks a privilege, with
// advice on how to get it; the server rejects the user or cannot be reached; the
// database accepts no writes. The database's own error has the details.
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

// migrate applies the missing migrations, all or none.
func migrate(ctx context.Context, backend dialect.Backend, least int) (result Result, err error) {
	d := backend.Dialect()
	err = backend.Conn().Atomic(ctx, func(c dialect.Conn) (err error) {
		lock, unlock := d.SetupLock()
		if err := ask(ctx, c, lock); err != nil {
			return err
		}
		defer func() {
			// If the connection was lost, the lock went with it.
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

// stand returns the schema's state, and refuses one that setup cannot handle.
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
		return result, nil // unknown objects count as drift
	}
	return result, nothingInTheWay(ctx, c, d, making(d, d.Migrations()[have:]))
}

// nothingInTheWay returns an error if other objects already have the names that setup
// needs.
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
	return fmt.Errorf("%w: the database already has %s, not known to be the tracker's; rename them, or name another schema or prefix in the DSN",
		tracker.ErrInvalid, strings.Join(taken, ", "))
}

// namesOf returns the names of the objects to create.
func namesOf(d dialect.Dialect, all []made) (names dialect.Names) {
	parts := dialect.ParseParts(d.Expected())
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

// ask runs a query for its effect, not for its rows.
func ask(ctx context.Context, c dialect.Conn, st dialect.Stmt) error {
	if st.SQL == "" {
		return nil
	}
	return c.Query(ctx, st, func(dialect.Row) error { return nil })
}

// Version returns the schema version of the database, 0 if it was never set up, and the
// newest version that this library knows. It only reads.
func Version(ctx context.Context, backend dialect.Backend) (have, newest int, err error) {
	if backend == nil {
		return 0, 0, noBackend()
	}
	err = retried(ctx, backend, "schema.version", func() (err error) {
		have, err = store.SchemaVersion(ctx, backend.Conn(), backend.Dialect())
		return err
	})
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

// statements returns a migration's statements, followed by the one that records it as
// applied. None has arguments, so that a DBA can run the printed statements.
func statements(d dialect.Dialect, m dialect.Migration) []string {
	record := fmt.Sprintf("INSERT INTO %s (version, name, applied_at) VALUES (%d, '%s', %s)", d.Table("schema_version"), m.Version, m.Name, d.Now())
	return append(slices.Clip(m.Statements), record)
}
