// Package conformance puts the SQLite backend through the suite. It is a module of its own,
// so that programs that use the backend do not get the dependencies of its tests.
package conformance

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestMain(m *testing.M) {
	suite.Main(m, suite.Program{Open: open, Begin: begin}, func() error { return goleak.Find() })
}

func TestConformance(t *testing.T) { suite.Run(t, underTest()) }

func underTest() suite.Backend {
	return suite.Backend{
		Name: "sqlite", Server: "3", Provider: "in process", Open: open, Fresh: fresh, Reuse: suite.Reuse{Copy: duplicate}, Begin: begin, Client: client,
		Connections: 8, ReadOnly: readOnly,
		Proves: []string{"S8.3"}, // SQLite has one isolation level, the strictest
	}
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) {
	return sqlite.Open(ctx, dsn, &sqlite.Options{Create: true})
}

// readOnly opens a place as a file that may only be read.
func readOnly(ctx context.Context, dsn string) (dialect.Backend, error) {
	db, err := sql.Open("sqlite", file(dsn)+"?mode=ro&_pragma=foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	b, err := sqlite.New(ctx, db, nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return callersPool{b, db}, nil
}

func fresh(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "tracker.db") }

// duplicate copies the file of a place.
func duplicate(t testing.TB, dsn string) string {
	t.Helper()
	copied := fresh(t)
	content, err := os.ReadFile(file(dsn)[len("file:"):])
	if err == nil {
		err = os.WriteFile(file(copied)[len("file:"):], content, 0o600)
	}
	must(t, err)
	return copied
}

// callersPool is a backend and the pool under it, which it does not close.
type callersPool struct {
	dialect.Backend

	pool *sql.DB
}

func (p callersPool) Close() error { return errors.Join(p.Backend.Close(), p.pool.Close()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
