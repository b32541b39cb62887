// Package backend opens the tracker's database by its DSN, in a program that links
// several backends and learns which one to use when it is deployed.
//
// The program lists the drivers of the backends that it links, and the scheme of the
// DSN decides among them:
//
//	be, err := backend.Open(ctx, os.Getenv("PROCESSTRACKER_DSN"), nil, sqlite.Driver(), postgres.Driver())
//	if err != nil { … }
//	defer be.Close()
//	t, err := tracker.New(ctx, be, nil)
//
// Each backend package exports its driver: backends/sqlite, backends/postgres,
// backends/mysql and backends/sqlserver. Nothing registers itself, so a program holds
// the database drivers that it lists and no others. A program that always uses the same
// database doesn't need this package; it calls the Open of its backend, such as
// postgres.Open.
package backend

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Errors of opening a backend. They wrap the errors of the server or the driver.
var (
	// ErrDSN means that the DSN can't be read or that no driver has its scheme. The
	// message never contains the DSN's password.
	ErrDSN = dialect.ErrDSN
	// ErrNoDatabase means that the server or the directory exists, but not the database.
	ErrNoDatabase = dialect.ErrNoDatabase
	// ErrCredentials means that the server rejects the user.
	ErrCredentials = dialect.ErrCredentials
	// ErrDisconnected means that the server cannot be reached.
	ErrDisconnected = dialect.ErrDisconnected
	// ErrInvalid means that a driver is missing, or that two have the same scheme.
	ErrInvalid = dialect.ErrInvalid
)

// Options are the options that every backend has. Nil means the defaults.
type Options struct {
	// Password returns the password of each new connection, in place of the DSN's: for
	// tokens that expire within minutes, and for passwords that change while the program
	// runs. It is called by several goroutines at once. SQLite, which has no passwords,
	// never calls it.
	Password func(context.Context) (string, error)

	// Create makes the file of an SQLite database that doesn't exist. On a server, the
	// database has to exist.
	Create bool
}

// Open opens the database that the DSN names, with the driver that has its scheme. The
// caller closes the backend after the trackers that use it.
//
// Open returns [ErrDSN] if the DSN has no scheme, if no driver has its scheme, or if the
// driver can't read the rest; the error lists the schemes that the drivers have.
func Open(ctx context.Context, dsn string, options *Options, drivers ...Driver) (dialect.Backend, error) {
	d, err := Choose(dsn, drivers...)
	if err != nil {
		return nil, err
	}
	if options == nil {
		options = new(Options)
	}
	b, err := d.Open(ctx, dsn, *options)
	switch {
	case errors.Is(err, ErrDSN):
		return nil, fmt.Errorf("%w (schemes: %s)", err, strings.Join(schemes(drivers), ", "))
	case err != nil:
		return nil, err // without b, which may be an interface that holds a nil pointer
	default:
		return b, nil
	}
}
