package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// file is the database file that a DSN names.
type file struct{ path string }

// parseDSN reads a DSN of the form
//
//	sqlite:path/to/file.db
//	sqlite:///absolute/path/to/file.db?prefix=etl_
//
// The path is percent-encoded where it has a % or a ?. The only parameter is prefix,
// the prefix of the tables' names.
func parseDSN(dsn string) (f file, prefix string, err error) {
	rest, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return file{}, "", fmt.Errorf("%w: does not begin with sqlite: (as in sqlite:path/to/file.db)", dialect.ErrDSN)
	}
	if strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///") && strings.Contains(rest, "@") {
		// The error does not show the DSN, because it may contain a password for another
		// database.
		return file{}, "", fmt.Errorf("%w: names a user or a host; write sqlite:path/to/file.db", dialect.ErrDSN)
	}
	rest, query, _ := strings.Cut(rest, "?")
	path, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
	if err == nil && path != "" {
		err = misread(rest, path)
	}
	switch {
	case errors.Is(err, dialect.ErrDSN):
		return file{}, "", err
	case err != nil:
		return file{}, "", fmt.Errorf("%w: path %q: %w; write a percent sign as %%25", dialect.ErrDSN, rest, err)
	case path == "":
		return file{}, "", fmt.Errorf("%w: names no file; write sqlite:path/to/file.db", dialect.ErrDSN)
	case strings.ContainsRune(path, 0):
		return file{}, "", fmt.Errorf("%w: path %q contains a NUL; name another file", dialect.ErrDSN, path)
	case path == ":memory:":
		return file{}, "", fmt.Errorf("%w: :memory: is a new database for each connection; name a file in a temporary directory", dialect.ErrDSN)
	}
	if path, err = filepath.Abs(path); err != nil {
		return file{}, "", fmt.Errorf("%w: path %q: %w", dialect.ErrDSN, path, err)
	}
	prefix, err = parseQuery(query)
	return file{path: path}, prefix, err
}

// misread refuses a DSN that would name a different file from the one that it seems to
// name.
func misread(written, path string) error {
	host, _, _ := strings.Cut(strings.TrimPrefix(written, "//"), "/")
	switch {
	case strings.HasPrefix(written, "//") && host != "" && !strings.ContainsAny(host, ":@"):
		return fmt.Errorf("%w: sqlite://%s… names a host, %[2]q, but a file has none; write sqlite:%[2]s… for a file in the current directory, or sqlite:///… for an absolute path", dialect.ErrDSN, host)
	case strings.HasPrefix(written, "//") && host != "":
		return fmt.Errorf("%w: names a host, but a file has none; write sqlite:path/to/file.db, or sqlite:///absolute/path/to/file.db", dialect.ErrDSN)
	case strings.HasPrefix(path, "file:"):
		return fmt.Errorf("%w: path %q is a URI of SQLite's own; write the path alone, as in sqlite:path/to/file.db", dialect.ErrDSN, path)
	case path == "~" || strings.HasPrefix(path, "~/"):
		return fmt.Errorf("%w: path %q: ~ is not expanded here; write the path of the home directory", dialect.ErrDSN, path)
	case strings.HasSuffix(path, "/"):
		return fmt.Errorf("%w: path %q is a directory; name a file in it", dialect.ErrDSN, path)
	default:
		return nil
	}
}

func parseQuery(query string) (prefix string, err error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		// The error does not show the parameter, because it may contain a password for
		// another database.
		return "", fmt.Errorf("%w: the parameters are not percent-encoded; the only one is prefix", dialect.ErrDSN)
	}
	for parameter := range strings.SplitSeq(query, "&") { // in their order: after a password's & comes the rest of it
		name, _, _ := strings.Cut(parameter, "=")
		if name != "prefix" && parameter != "" {
			return "", fmt.Errorf("%w: unknown parameter %q; the only one is prefix", dialect.ErrDSN, name)
		}
	}
	if given, ok := values["prefix"]; ok && (len(given) > 1 || given[0] == "") {
		return "", fmt.Errorf("%w: the prefix is empty or given twice; give one, or none for %s", dialect.ErrDSN, dialects.DefaultPrefix)
	}
	if _, err := dialects.New(values.Get("prefix")); err != nil {
		return "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	return values.Get("prefix"), nil
}

// uri returns the driver's form. A new file gets a write-ahead log, so that readers do
// not wait for the writer; an existing file keeps its journal mode.
func (f file) uri(isNew, frozen bool) string {
	q := url.Values{
		"mode":    {"rw"},
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "foreign_keys(1)"},
	}
	if isNew {
		q.Add("_pragma", "journal_mode(WAL)")
	}
	if frozen {
		q.Set("mode", "ro")
		q.Set("immutable", "1")
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(f.path), RawQuery: q.Encode()}
	return u.String()
}

// unwritable reports whether SQLite failed to open the files beside a database that it
// would have had to write in order to read it.
func unwritable(err error) bool {
	var e *sqlite.Error
	ok := errors.As(err, &e)
	code := 0
	if ok {
		code = e.Code() & 0xff
	}
	return code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY
}

// explain says in the user's words why the file cannot be opened.
func (f file) explain(err error) error {
	var e *sqlite.Error
	ok := errors.As(err, &e)
	info, stat := os.Stat(f.path)
	switch {
	case errors.Is(stat, fs.ErrNotExist):
		return fmt.Errorf("%w: there is no %s%s: %w", dialect.ErrNoDatabase, f.path, f.directory(), err)
	case stat != nil:
		return fmt.Errorf("open %s: %w", f.path, stat)
	case info.IsDir():
		return fmt.Errorf("open %s: it is a directory; name a file in it: %w", f.path, err)
	case ok && e.Code()&0xff == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("open %s: the file is not an SQLite database; name another: %w", f.path, err)
	case unwritable(err) && hasLog(f.path):
		return fmt.Errorf("open %s: its write-ahead log, %[1]s-wal, can be read only by a user who may write to its directory; ask its owner to run a command, such as processtracker status, and try again: %w", f.path, err)
	}
	if opened, denied := os.Open(f.path); denied != nil {
		return fmt.Errorf("open %s: this user may not read it: %w", f.path, errors.Join(denied, err))
	} else if closed := opened.Close(); closed != nil {
		err = errors.Join(err, closed)
	}
	return fmt.Errorf("open %s: %w", f.path, err)
}

// directory says that the file's directory is missing, if it is.
func (f file) directory() string {
	if _, err := os.Stat(filepath.Dir(f.path)); errors.Is(err, fs.ErrNotExist) {
		return ", and no directory " + filepath.Dir(f.path)
	}
	return ""
}

// unmade says in the user's words why a file cannot be made.
func (f file) unmade(err error) error {
	dir := filepath.Dir(f.path)
	info, stat := os.Stat(dir)
	switch {
	case errors.Is(stat, fs.ErrNotExist):
		return fmt.Errorf("%w: the directory %s is missing; create it, or name a file in another directory: %w", dialect.ErrNoDatabase, dir, err)
	case stat == nil && !info.IsDir():
		return fmt.Errorf("make %s: %s is not a directory; name a file in a directory: %w", f.path, dir, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("make %s: this user may not write to the directory %s; get that right, or name a file in another directory: %w", f.path, dir, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("make %s: the directory %s is on a read-only file system; name a file in another directory: %w", f.path, dir, err)
	default:
		return fmt.Errorf("make %s: %w", f.path, err)
	}
}
