package backends

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for dsn, name := range map[string]string{
		"sqlite:a.db": "sqlite", "sqlite:///a.db": "sqlite",
		"postgres://h/d": "postgres", "postgresql://h/d": "postgres",
		"mysql://h/d": "mysql", "mariadb://h/d": "mysql",
		"sqlserver://h?database=d": "sqlserver",
	} {
		db, err := Parse(dsn)
		if err != nil || db.Name() != name {
			t.Errorf("%s: %q, %v", dsn, db.Name(), err)
		}
	}
	for _, dsn := range []string{"", "a.db", ":", "://", "mssql://h/d", "Sqlite:a.db", "host=h dbname=d", "/a/b:c"} {
		_, err := Parse(dsn)
		if !errors.Is(err, dialect.ErrDSN) || !strings.Contains(err.Error(), Forms()) {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs("a b%.db")
	if err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]string{
		"sqlite:a b%25.db":                                    here,
		"sqlite:///x/y.db?prefix=etl_":                        "/x/y.db",
		"sqlite:%zz":                                          "(a DSN that cannot be read)",
		"postgres://u:s3cr3t@h:5433/d?schema=meta":            "database d, schema meta, on h:5433",
		"postgresql://u:s3cr3t@[::1]:5432/d?pool_max_conns=3": "database d, schema processtracker, on [::1]:5432",
		"postgres://u:s3cr3t@/d?host=/run/pg&port=5432":       "database d, schema processtracker, on /run/pg, port 5432",
		"postgres://u:s3cr3t@h:port/d":                        "(a DSN that cannot be read)",
		"mysql://u:s3cr3t@h/d?tls=true":                       "database d, tables pt_…, on h:3306",
		"mariadb://u:s3cr3t@/d?socket=/run/my&prefix=etl_":    "database d, tables etl_…, on /run/my",
		"mysql://u:s3cr3t@h/":                                 "(a DSN that cannot be read)",
		"sqlserver://u:s3cr3t@h:1434?database=d&schema=meta":  "database d, schema meta, on h:1434",
		"sqlserver://u:s3cr3t@h/instance?database=d":          `database d, schema processtracker, on h\instance`,
		"sqlserver://u:s3cr3t@h":                              "(a DSN that cannot be read)",
	} {
		db, err := Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		if got := db.Where(); got != want {
			t.Errorf("%s: %q, want %q", dsn, got, want)
		}
	}
}

func TestSQLiteFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name %41?x=1.db")
	db, err := Parse(sqlite.DSN(path))
	if err != nil {
		t.Fatal(err)
	}
	if db.Where() != path {
		t.Errorf("where: %q, want %q", db.Where(), path)
	}
	ctx := t.Context()
	if _, err := db.Open(ctx, false); !errors.Is(err, dialect.ErrNoDatabase) || !strings.Contains(err.Error(), "run: processtracker setup") {
		t.Errorf("no file: %v", err)
	}
	if _, err := db.OpenSQL(ctx); err == nil {
		t.Error("a file was made for the user's tables")
	}
	b, err := db.Open(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	user, err := db.OpenSQL(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = user.Close() })
	if _, err := user.ExecContext(ctx, "CREATE TABLE t (x)"); err != nil {
		t.Error(err)
	}
}

// TestUnreachableServers connects to a port on which no server listens.
func TestUnreachableServers(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, dsn := range []string{"postgres://u@" + closed + "/d", "mysql://u@" + closed + "/d", "sqlserver://u@" + closed + "?database=d"} {
		b, err := backend.Open(t.Context(), dsn, nil, drivers()...)
		if err == nil {
			_ = b.Close()
		}
		if !errors.Is(err, tracker.ErrDisconnected) || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}
