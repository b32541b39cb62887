package tracker

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

func TestPasswordsInPaths(t *testing.T) {
	t.Parallel()
	for path, refused := range map[string]bool{
		"s3://key:secret@bucket": true, "s3://key:sec/ret@bucket": true, "s3://:secret@bucket": true, "s3://key:s@e@bucket": true,
		"http://user:1234@host": true, "http://user:12a/4@host": true, "http://user:/secret@host": true, "x s3://key:secret@bucket": true,
		"s3://key:@secret@bucket": true, "s3://key:@@@secret@bucket/a": true, "s3://key:@/secret@bucket": true, "s3://key:@bucket/a@b": false,
		"jdbc:postgresql://user:secret@host/db": true, "s3://key:sec\nret@bucket": true, "s3://key:\xff@bucket": true,
		"http://host:8080/a@b": false, "http://host:8080": false, "sftp://user@host/a:b@c": false, "s3://bucket/a:b@c": false, "http://[::1]:80/x@y": false,
		"/landing/a:b@c": false, "user@host:/landing": false, "s3://bucket": false, "http://host:80?x=a@b": false, "C:\\landing@x": false,
	} {
		if got := secret.MatchString(path); got != refused {
			t.Errorf("%q: password %v, want %v", path, got, refused)
		}
	}
}

func TestLocationTypes(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/landing": "local", "C://landing": "local", "file:///landing": "local", "S3://b": "s3", "abfss://c@a": "azblob", "https://h": "http",
		"dbfs://x": "dbfs", "1s3://b": "local", "s3:/b": "local", "://b": "local",
	} {
		if l, err := newLocation(path); err != nil || l.Type != want || l.Path != path {
			t.Errorf("%s: %+v, %v, want %s", path, l, err, want)
		}
	}
	for _, path := range []string{"", strings.Repeat("x", MaxPath+1), strings.Repeat("x", MaxName+1) + "://a", "~/" + strings.Repeat("x", MaxPath-2)} {
		if l, err := newLocation(path); err == nil {
			t.Errorf("%.40q became a location with %d bytes", path, len(l.Path))
		}
	}
}

func TestDerivedNames(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/landing/teams": "teams", "/landing/teams///": "teams", "teams": "teams", "/": "local", "s3://bucket/": "bucket", "s3://": "s3", ".": "local", "..": "..",
		"s3://bucket/a%20b": "a b", "s3://bucket/a%0Ab": "s3", "s3://bucket/100%": "100%", "/landing/a%20b": "a%20b", `C:\landing\`: `C:\landing`,
	} {
		if names := derivedNames(store.Location{Path: path, Type: kindOf(t, path), Key: key(path)}); names[0] != want {
			t.Errorf("%s: %q, want %q", path, names, want)
		}
	}
}

func kindOf(t *testing.T, path string) string {
	t.Helper()
	l, err := newLocation(path)
	if err != nil {
		t.Fatal(err)
	}
	return l.Type
}

// FuzzDerivedNames looks for a path whose names could not be stored.
func FuzzDerivedNames(f *testing.F) {
	for _, seed := range []string{"/landing/teams", "s3://bucket/%00", "s3://b/%ff", strings.Repeat("é", 300), " ", "/ ", "s3:// "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		l, err := newLocation(path)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, n := range derivedNames(l) {
			if stored, err := name("location name", n); err != nil || stored != n || utf8.RuneCountInString(n) > MaxName {
				t.Errorf("%q is named %q, stored as %q, %v", path, n, stored, err)
			}
			seen[n] = true
		}
		if len(seen) != 3 {
			t.Errorf("%q has the names %v", path, seen)
		}
	})
}
