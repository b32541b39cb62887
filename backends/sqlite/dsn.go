package sqlite

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// file is the database file that a DSN names.
type file struct{ path string }

// parseDSN reads a DSN of the form
//
//	sqlite:path/to/file.db
//	sqlite:///absolute/path/to/file.db?prefix=etl_
//
// The path is percent-encoded where it has a % or a ?. The only parameter is
// prefix, what the tables' names begin with.
func parseDSN(dsn string) (file, options, error) {
	rest, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return file{}, options{}, fmt.Errorf("%w: does not begin with sqlite: (as in sqlite:path/to/file.db)", dialect.ErrDSN)
	}
	if strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///") && strings.Contains(rest, "@") {
		// Not what it names: a password may be in it, for another database.
		return file{}, options{}, fmt.Errorf("%w: names a user or a host; write sqlite:path/to/file.db", dialect.ErrDSN)
	}
	rest, query, _ := strings.Cut(rest, "?")
	path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
	switch {
	case err != nil:
		return file{}, options{}, fmt.Errorf("%w: path %q: %w; write a percent sign as %%25", dialect.ErrDSN, rest, err)
	case path == "":
		return file{}, options{}, fmt.Errorf("%w: names no file; write sqlite:path/to/file.db", dialect.ErrDSN)
	case strings.ContainsRune(path, 0):
		return file{}, options{}, fmt.Errorf("%w: path %q contains a NUL; name another file", dialect.ErrDSN, path)
	case path == ":memory:":
		return file{}, options{}, fmt.Errorf("%w: :memory: is gone with each connection; name a file in a temporary directory", dialect.ErrDSN)
	}
	if path, err = filepath.Abs(path); err != nil {
		return file{}, options{}, fmt.Errorf("%w: path %q: %w", dialect.ErrDSN, path, err)
	}
	o, err := parseQuery(query)
	return file{path: path}, o, err
}

func parseQuery(query string) (options, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		// Not what: a password may be among the parameters, for another database.
		return options{}, fmt.Errorf("%w: the parameters are not percent-encoded; the only one is prefix", dialect.ErrDSN)
	}
	for parameter := range strings.SplitSeq(query, "&") { // in their order: after a password's & comes the rest of it
		name, _, _ := strings.Cut(parameter, "=")
		if name != "prefix" && parameter != "" {
			return options{}, fmt.Errorf("%w: unknown parameter %q; the only one is prefix", dialect.ErrDSN, name)
		}
	}
	return options{prefix: values.Get("prefix")}, nil
}

// uri is the driver's form. A file that is made here uses a write-ahead log, so
// that readers do not wait for the writer; one that exists keeps what it has.
func (f file) uri(create bool) string {
	q := url.Values{
		"mode":    {"rw"},
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "foreign_keys(1)"},
	}
	if create {
		q.Set("mode", "rwc")
		if _, err := os.Stat(f.path); errors.Is(err, os.ErrNotExist) {
			q.Add("_pragma", "journal_mode(WAL)")
		}
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(f.path), RawQuery: q.Encode()}
	return u.String()
}

// explain says in the user's words why the file cannot be opened.
func (f file) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("open %s: %w", f.path, err)
	}
	if _, stat := os.Stat(f.path); errors.Is(stat, os.ErrNotExist) && e.Code()&0xff == sqlite3.SQLITE_CANTOPEN {
		return fmt.Errorf("%w: there is no file %s, or its directory is missing: %w", dialect.ErrNoDatabase, f.path, err)
	}
	if e.Code()&0xff == sqlite3.SQLITE_NOTADB {
		return fmt.Errorf("open %s: the file is no SQLite database; name another: %w", f.path, err)
	}
	return fmt.Errorf("open %s: %w", f.path, err)
}
