package backends

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

func sqliteKind() kind {
	return kind{
		name: "sqlite", schemes: []string{"sqlite"}, form: "sqlite:path/to/file.db",
		missing: "run: processtracker setup",
		open:    openSQLite, openSQL: openSQLiteSQL, where: sqlitePath, dialect: sqliteDialect,
	}
}

func openSQLite(ctx context.Context, dsn string, _ dialect.Ask, create bool) (dialect.Backend, error) {
	var options []sqlite.Option
	if create {
		options = append(options, sqlite.Create())
	}
	b, err := sqlite.Open(ctx, dsn, options...)
	if err != nil {
		return nil, err // not b: a nil pointer in an interface is not nil
	}
	return b, nil
}

// openSQLiteSQL opens the file as a user's program does. Its transactions are
// IMMEDIATE: they take the right to write at once, so that they wait for a
// writer instead of failing half-way.
func openSQLiteSQL(ctx context.Context, dsn string, _ dialect.Ask) (*sql.DB, error) {
	path, err := sqlitePath(dsn)
	if err != nil {
		return nil, err
	}
	u := url.URL{
		Scheme: "file", Path: filepath.ToSlash(path),
		RawQuery: url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(10000)"}, "_txlock": {"immediate"}}.Encode(),
	}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

// sqlitePath is the file that the DSN names.
func sqlitePath(dsn string) (string, error) {
	rest, _, _ := strings.Cut(strings.TrimPrefix(dsn, "sqlite:"), "?")
	path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
	if err != nil {
		return "", fmt.Errorf("%w: path %q: %w", dialect.ErrDSN, rest, err)
	}
	return filepath.Abs(path)
}

func sqliteDialect(dsn string) (dialect.Dialect, error) {
	_, query, _ := strings.Cut(dsn, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("%w: the parameters are not percent-encoded", dialect.ErrDSN)
	}
	return dialects.New(values.Get("prefix"))
}

// SQLiteDSN is the DSN of a file.
func SQLiteDSN(path string) string {
	return "sqlite:" + strings.NewReplacer("%", "%25", "?", "%3F").Replace(filepath.ToSlash(path))
}
