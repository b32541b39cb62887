package backend

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Driver opens databases of one kind. Each backend package has a function that returns
// its driver. Name, Schemes, Form and Open are required.
type Driver struct {
	// Name is the backend's name, such as "postgres".
	Name string

	// Schemes are the DSN schemes that the driver opens: the text before the first
	// colon.
	Schemes []string

	// Form shows what a DSN looks like, for error messages and help texts.
	Form string

	// Server is true for a database server. A server has users and passwords, and
	// Options.Create creates no database on it.
	Server bool

	// Open opens the tracker's backend.
	Open func(ctx context.Context, dsn string, options Options) (dialect.Backend, error)

	// OpenSQL opens a pool on the same database for the program's own tables. It leaves
	// out the DSN parameters that only the tracker reads.
	OpenSQL func(ctx context.Context, dsn string, options Options) (*sql.DB, error)

	// SQLTx lets a run or a tracker take part in a transaction of such a pool, through
	// their methods In, on any database.
	SQLTx func(tx *sql.Tx) dialect.Tx

	// Describe says for people which database a DSN names. It never shows a password.
	Describe func(dsn string) (string, error)

	// Dialect returns the dialect of a file that doesn't exist yet, to show what setup
	// would run. It is nil for a server.
	Dialect func(dsn string) (dialect.Dialect, error)
}

// Choose returns the driver that has the DSN's scheme, among those given. Unlike [Open]
// it doesn't look at the rest of the DSN.
func Choose(dsn string, drivers ...Driver) (Driver, error) {
	if err := check(drivers); err != nil {
		return Driver{}, err
	}
	scheme, _, found := strings.Cut(dsn, ":")
	for _, d := range drivers {
		if found && slices.Contains(d.Schemes, scheme) {
			return d, nil
		}
	}
	what := "it begins with no scheme"
	if shown := showable.FindStringSubmatch(dsn); shown != nil {
		what = fmt.Sprintf("no driver has the scheme %q", shown[1])
	}
	return Driver{}, fmt.Errorf("%w: %s; the schemes are %s: write %s", ErrDSN, what, strings.Join(schemes(drivers), ", "), Forms(drivers...))
}

// showable matches a scheme that an error may show. A text before a colon without
// slashes may be a user, followed by the password.
var showable = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)

// Forms lists the DSN forms of the drivers, for error messages and help texts.
func Forms(drivers ...Driver) string {
	forms := make([]string, 0, len(drivers))
	for _, d := range drivers {
		forms = append(forms, d.Form)
	}
	return strings.Join(forms, " or ")
}

func schemes(drivers []Driver) []string {
	var all []string
	for _, d := range drivers {
		all = append(all, d.Schemes...)
	}
	return all
}

// check returns an error for a mistake in the list of drivers, whatever the DSN is, so
// that it doesn't wait for the one deployment that it concerns.
func check(drivers []Driver) error {
	if len(drivers) == 0 {
		return dialect.Missing("driver", "list those of the backends that the program links, such as sqlite.Driver()")
	}
	owner := map[string]string{}
	for i, d := range drivers {
		if d.Open == nil || len(d.Schemes) == 0 {
			return dialect.Missing(fmt.Sprintf("driver %d of %d", i+1, len(drivers)), "take it from its backend, such as sqlite.Driver()")
		}
		for _, scheme := range d.Schemes {
			if other, taken := owner[scheme]; taken {
				return fmt.Errorf("%w driver %q: the scheme %q is also that of driver %q; list one of them", ErrInvalid, d.Name, scheme, other)
			}
			owner[scheme] = d.Name
		}
	}
	return nil
}
