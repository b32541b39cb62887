// Package backends is where the command-line tool chooses a backend: by the
// scheme of a DSN.
package backends

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// kind is one sort of database.
type kind struct {
	name    string
	schemes []string
	form    string // what a DSN looks like
	server  bool   // a server has it, which setting up cannot make it on
	missing string // what to do if the database is not there
	// ask is for the password of a new connection; nil for the DSN's. create is for a file.
	open    func(ctx context.Context, dsn string, ask dialect.Ask, create bool) (dialect.Backend, error)
	openSQL func(ctx context.Context, dsn string, ask dialect.Ask) (*sql.DB, error)
	where   func(dsn string) (string, error)
	dialect func(dsn string) (dialect.Dialect, error) // nil if a server has it
}

// kinds lists what there is. A new backend is one entry more.
func kinds() []kind { return []kind{sqliteKind(), postgresKind(), mysqlKind(), sqlserverKind()} }

// A Database is where a DSN leads.
type Database struct {
	kind kind
	dsn  string
	ask  dialect.Ask
}

// Asking returns the database with a password that is asked for at each new connection.
// One that has no passwords, as a file, is returned as it is, and false.
func (d Database) Asking(ask dialect.Ask) (Database, bool) {
	if !d.kind.server {
		return d, false
	}
	d.ask = ask
	return d, true
}

// Parse chooses the kind of database by the DSN's scheme. Its errors wrap
// [dialect.ErrDSN], list the schemes, and hold nothing of the DSN that could be
// a password.
func Parse(dsn string) (Database, error) {
	given, _, found := strings.Cut(dsn, ":")
	for _, k := range kinds() {
		for _, s := range k.schemes {
			if found && given == s {
				return Database{kind: k, dsn: dsn}, nil
			}
		}
	}
	what := "begins with no scheme"
	if m := scheme.FindStringSubmatch(dsn); m != nil {
		what = fmt.Sprintf("there is no backend for %q", m[1])
	}
	return Database{}, fmt.Errorf("%w: %s; write %s", dialect.ErrDSN, what, Forms())
}

// scheme is one that can be shown: whatever stands before :// is not a password.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)

// Forms says what DSNs look like, for errors and help.
func Forms() string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.form)
	}
	return strings.Join(all, " or ")
}

func schemes() string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.schemes...)
	}
	return strings.Join(all, ", ")
}

// Open opens the tracker's backend. With create, an SQLite file that does not
// exist is made.
func (d Database) Open(ctx context.Context, create bool) (dialect.Backend, error) {
	b, err := d.kind.open(ctx, d.dsn, d.ask, create)
	if errors.Is(err, dialect.ErrNoDatabase) && (!create || d.kind.server) {
		err = fmt.Errorf("%w; %s", err, d.kind.missing)
	}
	return b, explain(err)
}

// OpenSQL opens the database for tables of the user's own, beside the tracker's.
func (d Database) OpenSQL(ctx context.Context) (*sql.DB, error) {
	db, err := d.kind.openSQL(ctx, d.dsn, d.ask)
	return db, explain(err)
}

// New returns the dialect of a database that is not there and that setting up
// makes; false if it does not, as on a server.
func (d Database) New() (dialect.Dialect, bool) {
	if d.kind.dialect == nil {
		return nil, false
	}
	made, err := d.kind.dialect(d.dsn)
	return made, err == nil
}

// Name is the backend's.
func (d Database) Name() string { return d.kind.name }

// Where says which database it is, without any password.
func (d Database) Where() string {
	where, err := d.kind.where(d.dsn)
	if err != nil {
		return "(a DSN that cannot be read)" // its error may hold a password
	}
	return where
}

// explain lists the schemes if a DSN could not be read.
func explain(err error) error {
	if errors.Is(err, dialect.ErrDSN) {
		return fmt.Errorf("%w (schemes: %s)", err, schemes())
	}
	return err
}
