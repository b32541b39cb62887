// Package conformance puts the SQLite backend through the suite. It is a module
// of its own, so that who uses the backend does not get what its tests need.
package conformance

import (
	"context"
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
		Name: "sqlite", Server: "3", Provider: "in process", Open: open, Fresh: fresh, Begin: begin, Client: client,
		Proves: []string{"S8.3"}, // SQLite has one isolation level, the strictest
	}
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) {
	return sqlite.Open(ctx, dsn, sqlite.Create())
}

func fresh(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "tracker.db") }
