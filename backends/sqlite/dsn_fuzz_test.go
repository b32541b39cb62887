package sqlite

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// FuzzDSN looks for a path or a prefix that does not come out of a DSN as it went in, and for one that the driver would
// be told differently.
func FuzzDSN(f *testing.F) {
	for _, path := range []string{"/data/a.db", "a.db", "/with space?%#&=.db", "/ü🚚.db", "/a;b:c@d", "//x", ":memory:", "..", "/%41", "/+", "\\", "C:/x", "/\xff", "/\x00", "~", "/a/../b"} {
		f.Add(path, "pt_")
	}
	f.Add("/a", "a b&c=d;e%+\x00🚚")
	encode := strings.NewReplacer("%", "%25", "?", "%3F").Replace
	f.Fuzz(func(t *testing.T, path, prefix string) {
		dsn := "sqlite:" + encode(path) + "?prefix=" + url.QueryEscape(prefix)
		got, read, err := parseDSN(dsn)
		if _, bad := dialects.New(prefix); bad != nil || prefix == "" || path == "~" || strings.HasPrefix(path, "~/") || strings.HasPrefix(path, "file:") ||
			strings.HasSuffix(path, "/") || path == "" || path == ":memory:" || strings.HasPrefix(path, "//") || strings.Contains(path, "\x00") {
			if err == nil && !strings.HasPrefix(path, "//") || err != nil && !errors.Is(err, dialect.ErrDSN) {
				t.Errorf("%q: %v", dsn, err)
			}
			return
		}
		want, absolute := filepath.Abs(path)
		if err != nil || absolute != nil || got.path != want || read != prefix {
			t.Fatalf("%q: %q, %q, %v", dsn, got.path, read, err)
		}
		for _, create := range []bool{false, true} {
			told, err := url.Parse(got.uri(create, false))
			if err != nil || told.Scheme != "file" || told.Host != "" || told.Path != filepath.ToSlash(want) || told.Fragment != "" {
				t.Errorf("%q: the driver is told %q, %v", dsn, got.uri(create, false), err)
			}
		}
	})
}

// FuzzForeignDSN looks for a DSN of another database that is taken for one of SQLite's, or whose password is shown.
func FuzzForeignDSN(f *testing.F) {
	for _, p := range []string{"", "x", "/", "?", "#", "@", ":", "%zz", "12", "&x=y", ";", "=", "[", "\x00", "\xff", " ", "\n"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		for _, password := range []string{"geheim" + p, p + "geheim"} {
			for _, dsn := range []string{
				"postgres://user:" + password + "@host/db", "sqlite://user:" + password + "@host/db", "sqlite://user:" + password + "@host/db?prefix=a_",
				"sqlite:a.db?password=" + password, "sqlite:a.db?_auth_user=u&_auth_pass=" + url.QueryEscape(password),
				"file:a.db?_auth_pass=" + password,
			} {
				if file, prefix, err := parseDSN(dsn); err == nil {
					t.Errorf("%q: taken for %q with the prefix %q", dsn, file.path, prefix)
				} else if !errors.Is(err, dialect.ErrDSN) || strings.Contains(err.Error(), "geheim") {
					t.Errorf("%q: %v", dsn, err)
				}
			}
		}
	})
}
