package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// Driver returns SQLite's driver for [backend.Open]: DSNs that begin with sqlite: are
// opened with [Open].
func Driver() backend.Driver {
	return backend.Driver{
		Name: "sqlite", Schemes: []string{"sqlite"}, Form: "sqlite:path/to/file.db",
		Open: func(ctx context.Context, dsn string, o backend.Options) (dialect.Backend, error) {
			return Open(ctx, dsn, &Options{Create: o.Create})
		},
		OpenSQL: openSQL, SQLTx: Tx, Describe: describe, Dialect: dialectOf,
	}
}

// DSN returns the DSN of a file, whatever characters are in its path.
func DSN(path string) string {
	return "sqlite:" + strings.NewReplacer("%", "%25", "?", "%3F").Replace(filepath.ToSlash(path))
}

// openSQL opens a pool whose transactions are IMMEDIATE: they take the write lock when
// they begin, so that they wait for a writer instead of failing halfway. It enables
// foreign keys, without which the tracker refuses to take part in a transaction.
func openSQL(ctx context.Context, dsn string, _ backend.Options) (*sql.DB, error) {
	f, _, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	u := url.URL{
		Scheme: "file", Path: filepath.ToSlash(f.path),
		RawQuery: url.Values{
			"mode": {"rw"}, "_txlock": {"immediate"},
			"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "foreign_keys(1)"},
		}.Encode(),
	}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.path, err)
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(f.explain(err), db.Close())
	}
	return db, nil
}

// describe returns the path of the file.
func describe(dsn string) (string, error) {
	f, _, err := parseDSN(dsn)
	return f.path, err
}

func dialectOf(dsn string) (dialect.Dialect, error) {
	_, prefix, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	return dialects.New(prefix)
}
