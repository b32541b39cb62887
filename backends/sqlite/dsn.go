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
		return file{}, options{}, errors.New("DSN: does not begin with sqlite: (as in sqlite:path/to/file.db)")
	}
	rest, query, _ := strings.Cut(rest, "?")
	path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
	switch {
	case err != nil:
		return file{}, options{}, fmt.Errorf("DSN: path %q: %w; write a percent sign as %%25", rest, err)
	case path == "":
		return file{}, options{}, errors.New("DSN: names no file; write sqlite:path/to/file.db")
	case strings.ContainsRune(path, 0):
		return file{}, options{}, fmt.Errorf("DSN: path %q contains a NUL; name another file", path)
	case path == ":memory:":
		return file{}, options{}, errors.New("DSN: :memory: is gone with each connection; name a file in a temporary directory")
	}
	if path, err = filepath.Abs(path); err != nil {
		return file{}, options{}, fmt.Errorf("DSN: path %q: %w", path, err)
	}
	o, err := parseQuery(query)
	return file{path: path}, o, err
}

func parseQuery(query string) (options, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return options{}, fmt.Errorf("DSN: parameters %q: %w", query, err)
	}
	for name := range values {
		if name != "prefix" {
			return options{}, fmt.Errorf("DSN: unknown parameter %q; the only one is prefix", name)
		}
	}
	return options{prefix: values.Get("prefix")}, nil
}

// uri is the driver's form. A file that is made here uses a write-ahead log, so
// that readers do not wait for the writer; one that exists keeps what it has.
func (f file) uri(create bool) string {
	q := url.Values{
		"mode":    {"rw"},
		"_pragma": {"busy_timeout(10000)", "foreign_keys(1)"},
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
