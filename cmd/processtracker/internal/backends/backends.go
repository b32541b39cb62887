// Package backends lists the backends that the command-line tool links.
package backends

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// drivers lists the backends. To add a backend, add an entry.
func drivers() []backend.Driver {
	return []backend.Driver{sqlite.Driver(), postgres.Driver(), mysql.Driver(), sqlserver.Driver()}
}

// Forms describes the forms of DSNs, for help texts.
func Forms() string { return backend.Forms(drivers()...) }

// A Database is a database that a DSN names.
type Database struct {
	driver backend.Driver
	dsn    string
	ask    dialect.Ask
}

// Parse chooses the driver by the DSN's scheme.
func Parse(dsn string) (Database, error) {
	d, err := backend.Choose(dsn, drivers()...)
	return Database{driver: d, dsn: dsn}, err
}

// Asking returns a copy of the database that asks for the password at each new
// connection. A file has no password: Asking returns it unchanged, with false.
func (d Database) Asking(ask dialect.Ask) (Database, bool) {
	if !d.driver.Server {
		return d, false
	}
	d.ask = ask
	return d, true
}

// Open opens the tracker's backend. If create is set, it makes an SQLite file that
// doesn't exist.
func (d Database) Open(ctx context.Context, create bool) (dialect.Backend, error) {
	b, err := backend.Open(ctx, d.dsn, &backend.Options{Password: d.ask, Create: create}, drivers()...)
	switch {
	case !errors.Is(err, backend.ErrNoDatabase):
		return b, err
	case d.driver.Server:
		return nil, fmt.Errorf("%w; create the database, then run: processtracker setup", err)
	case !create:
		return nil, fmt.Errorf("%w; run: processtracker setup", err)
	default:
		return nil, err
	}
}

// OpenSQL opens the database for the user's own tables.
func (d Database) OpenSQL(ctx context.Context) (*sql.DB, error) {
	return d.driver.OpenSQL(ctx, d.dsn, backend.Options{Password: d.ask})
}

// New returns the dialect of the database that setup would create. It returns false for
// a server, where setup creates no database.
func (d Database) New() (dialect.Dialect, bool) {
	if d.driver.Dialect == nil {
		return nil, false
	}
	made, err := d.driver.Dialect(d.dsn)
	return made, err == nil
}

// Name returns the name of the backend.
func (d Database) Name() string { return d.driver.Name }

// Where identifies the database without its password.
func (d Database) Where() string {
	where, err := d.driver.Describe(d.dsn)
	if err != nil {
		return "(a DSN that cannot be read)" // without the error, which may show the password
	}
	return where
}
