package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string][2]string{
		"sqlite:/data/a.db":                        {"/data/a.db", ""},
		"sqlite:///data/a.db":                      {"/data/a.db", ""},
		"sqlite:a.db":                              {filepath.Join(here, "a.db"), ""},
		"sqlite:sub/../a.db?prefix=etl_":           {filepath.Join(here, "a.db"), "etl_"},
		"sqlite:/data/with%20space%3F%25%23.db":    {"/data/with space?%#.db", ""},
		"sqlite:/data/with space#.db?prefix=a%20b": {"/data/with space#.db", "a b"},
		"sqlite:/data/ü🚚.db":                       {"/data/ü🚚.db", ""},
	} {
		file, prefix, err := parseDSN(dsn)
		if err != nil || file.path != want[0] || prefix != want[1] {
			t.Errorf("%s: %q, %q, %v, want %q", dsn, file.path, prefix, err, want)
		}
	}
}

func TestBadDSN(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "sqlite", "sqlite:", "sqlite://", "sqlite:?prefix=a", "sqlite::memory:", "sqlite:a%zz.db", "sqlite:a%00.db", "a.db", "file:a.db", "SQLITE:a.db",
		"sqlite:a.db?prefx=a", "sqlite:a.db?prefix=%zz", "sqlite:a.db?mode=memory", "postgres://user:geheim@host/db", "sqlite://user:geheim@host/db",
		"sqlite://tmp/a.db", "sqlite://a.db", "sqlite://localhost/a.db", "sqlite:file:a.db", "sqlite:file:///a.db", "sqlite:///file:a.db?x", "sqlite:~/a.db",
		"sqlite:sub/", "sqlite:///", "sqlite:a.db?prefix=", "sqlite:a.db?prefix=a&prefix=b", "sqlite:a.db?prefix=sqlite_", "sqlite://user:geheim/a.db",
		"sqlite:a.db?password=geheim", "sqlite:a.db?_auth_pass=geheim%zz", "sqlite:a.db?x=geheim;y=geheim",
	} {
		b, err := Open(t.Context(), dsn, &Options{Create: true})
		if err == nil {
			_ = b.Close()
		}
		if !errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%q: %v", dsn, err)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: the error shows a password: %v", dsn, err)
		}
	}
}

func TestOddFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "with space.db", "100%.db", "what?.db", "#1&x=y.db", "ü🚚.db", "a;b.db", "+.db", "'.db", `".db`} {
		path := filepath.Join(t.TempDir(), name)
		dsn := "sqlite:" + strings.NewReplacer("%", "%25", "?", "%3F").Replace(path)
		b, err := Open(t.Context(), dsn, &Options{Create: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := b.Conn().Exec(t.Context(), dialect.Stmt{SQL: "CREATE TABLE x (id INTEGER)"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if found := listed(t, filepath.Dir(path)); len(found) != 1 || found[0] != name {
			t.Errorf("%s became %q", name, found)
		}
	}
}

// listed is what is in a directory.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names
}

func TestAMissingFileIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for dsn, options := range map[string]*Options{
		"sqlite:" + dir + "/missing.db":                 nil,
		"sqlite:" + dir + "/missing/dir/tracker.db":     nil,
		"sqlite:" + dir + "/missing/with/create/new.db": {Create: true},
	} {
		b, err := Open(t.Context(), dsn, options)
		if err == nil {
			_ = b.Close()
		}
		ok := errors.As(err, new(*sqlite.Error))
		if ok != (options == nil) || !errors.Is(err, dialect.ErrNoDatabase) || !strings.Contains(err.Error(), "missing") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
	if found := listed(t, dir); len(found) > 0 {
		t.Errorf("there is now: %q", found)
	}
}

func TestAFileThatIsNotADatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "notes.txt")
	text := strings.Repeat("This is not a database. ", 1000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, options := range []*Options{nil, {Create: true}} {
		err := use(t, "sqlite:"+path, options)
		if !errors.As(err, new(*sqlite.Error)) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "not an SQLite database") {
			t.Errorf("a text file: %v", err)
		}
		if err := use(t, "sqlite:"+dir, options); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("a directory: %v", err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("the file was changed, or: %v", err)
	}
	if found := listed(t, dir); len(found) != 1 {
		t.Errorf("there is now: %q", found)
	}
}

// use opens a database and asks it something.
func use(t *testing.T, dsn string, options *Options) error {
	t.Helper()
	b, err := Open(t.Context(), dsn, options)
	if err != nil {
		return err
	}
	_, err = tracker.New(t.Context(), b, nil)
	return errors.Join(err, b.Close())
}

func TestEmptyFileIsNotSetUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := use(t, "sqlite:"+path, nil); !errors.Is(err, tracker.ErrNotSetUp) {
		t.Errorf("an empty file: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("it has now %d bytes, %v", info.Size(), err)
	}
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	for prefix, ok := range map[string]bool{
		"": true, "etl_": true, `it's "quoted"`: true, strings.Repeat("x", 63): true, "what?": true,
		strings.Repeat("x", 64): false, "a\x00b": false, "a\nb": false, "sqlite_": false, "SQLite_x": false,
	} {
		if _, err := dialects.New(prefix); (err == nil) != ok {
			t.Errorf("prefix %q: %v", prefix, err)
		}
	}
}

func TestPrefixInAnotherCase(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "tracker.db") + "?prefix="
	for i, prefix := range []string{"etl_", "ETL_", "Etl_"} {
		b, err := Open(t.Context(), dsn+prefix, &Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		if result, err := setup.Run(t.Context(), b); err != nil || (result.From == 0) != (i == 0) {
			t.Errorf("%s: %+v, %v", prefix, result, err)
		}
		if _, err := tracker.New(t.Context(), b, nil); err != nil {
			t.Errorf("%s: %v", prefix, err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}
