package tracker

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// oddTexts are where the fuzzer begins.
func oddTexts() []string {
	return []string{
		"", " ", "Teams Load", " \t\u3000Teams  Load\u00a0\r\n", "a\nb", "a\x00b", "a\xffb", "\xed\xa0\x80", "a\u0085b", "\u2028", "\ufeffa", "\u202ea", "é", "e\u0301",
		"🚚", "👩‍💻", `%_[\'";--🚚`, "{run} $1 ?", strings.Repeat("🚚", 250), strings.Repeat("é", 251), strings.Repeat("x", 1024), strings.Repeat("é", 513),
	}
}

// wantRefusal checks that an error is the one for a bad value of a field, fit to be shown.
func wantRefusal(t *testing.T, field, value string, err error) {
	t.Helper()
	var e *InvalidError
	if !errors.Is(err, ErrInvalid) || !errors.As(err, &e) || e.Field != field || e.Reason == "" || e.Remedy == "" {
		t.Errorf("%q: %v", value, err)
	} else if text := err.Error(); !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("%q: the error reads %q", value, text)
	}
}

// FuzzName looks for a name that is taken and should not be, or the other way round, or is changed in more than the
// white space around it.
func FuzzName(f *testing.F) {
	for _, seed := range oddTexts() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		trimmed := strings.TrimFunc(value, unicode.IsSpace)
		ok := trimmed != "" && utf8.ValidString(trimmed) && !strings.ContainsFunc(trimmed, unicode.IsControl) && len([]rune(trimmed)) <= MaxName
		got, err := name("field", value)
		switch {
		case ok != (err == nil):
			t.Fatalf("%q: %v", value, err)
		case !ok:
			wantRefusal(t, "field", value, err)
			return
		case got != trimmed:
			t.Errorf("%q became %q", value, got)
		}
		for _, again := range []string{got, " \t" + got + "\u00a0\n"} {
			if same, err := name("field", again); same != got || err != nil {
				t.Errorf("%q became %q, and %q became %q, %v", value, got, again, same, err)
			}
		}
	})
}

// FuzzExact looks for a path or a file name that is taken and should not be, or the other way round.
func FuzzExact(f *testing.F) {
	for _, seed := range oddTexts() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		ok := value != "" && len(value) <= MaxFileName && utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
		if err := exact("field", value, MaxFileName); ok != (err == nil) {
			t.Errorf("%q: %v", value, err)
		} else if !ok {
			wantRefusal(t, "field", value, err)
		}
	})
}

// FuzzProse looks for a text that cannot be stored after it was made so, or that loses something on the way.
func FuzzProse(f *testing.F) {
	for _, seed := range oddTexts() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := prose(text)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || prose(got) != got {
			t.Errorf("%q became %q, and that %q", text, got, prose(got))
		}
		readable := func(r rune) rune {
			if r == 0 || r == utf8.RuneError {
				return -1
			}
			return r
		}
		if a, b := strings.Map(readable, text), strings.Map(readable, got); a != b {
			t.Errorf("%q became %q, which says something else", text, got)
		}
	})
}

// FuzzLocation looks for a path that is changed, that is taken and cannot be stored, or that two locations share.
func FuzzLocation(f *testing.F) {
	for _, seed := range append(oddTexts(), "~", "~/x", "~x", "/a/../b", "S3://b/a", "s3a://b/a/", "file:///a", "C:\\a", "a://", "x y://z", "http://[::1]:80/x@y") {
		f.Add(seed, "/landing")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path, other string) {
		l, err := newLocation(path)
		if err != nil {
			wantRefusal(t, "location path", path, err)
			return
		}
		want := path
		if path == "~" || strings.HasPrefix(path, "~/") {
			want = home + path[1:]
		}
		if l.Path != want || len(l.Key) != 64 {
			t.Errorf("%q became %q with the key %q", path, l.Path, l.Key)
		}
		if err := exact("location path", l.Path, MaxPath); err != nil {
			t.Errorf("%q was taken: %v", path, err)
		}
		if kind, err := name("location type", l.Type); err != nil || kind != l.Type || kind != strings.ToLower(kind) {
			t.Errorf("%q is of the type %q, %v", path, l.Type, err)
		}
		if again, err := newLocation(l.Path); err != nil || again != l {
			t.Errorf("%q became %+v, and that %+v, %v", path, l, again, err)
		}
		if o, err := newLocation(other); err == nil && (o.Key == l.Key) != (o.Path == l.Path) {
			t.Errorf("%q and %q have the keys %q and %q", l.Path, o.Path, l.Key, o.Key)
		}
	})
}

// FuzzPasswordsInPaths looks for a URL whose password is taken for something else, and would be stored and shown.
func FuzzPasswordsInPaths(f *testing.F) {
	for _, p := range []string{"geheim", "ge/heim", "ge?heim", "ge#heim", "ge@heim", "@geheim", ":geheim", "[geheim]", "/geheim", "12geheim", "123", "ge%zz", "\n", "\xff"} {
		f.Add("s3", "key", p, "bucket", "/a/b")
	}
	f.Fuzz(func(t *testing.T, kind, user, password, host, path string) {
		if !scheme.MatchString(kind+"://") || strings.ContainsAny(user, ":/?#@[") || strings.ContainsAny(host, ":@/?#[") {
			return
		}
		if password == "" || readsAsHost(password) {
			return
		}
		given := kind + "://" + user + ":" + password + "@" + host + path
		_, err := newLocation(given)
		if err == nil {
			t.Fatalf("%q was taken", given)
		}
		wantRefusal(t, "location path", given, err)
		if _, other := newLocation("s3://other:secret@bucket"); err.Error() != other.Error() {
			t.Errorf("%q: the error depends on it: %v", given, err)
		}
	})
}

// readsAsHost reports whether a password begins as an empty one does that a host and a path follow: @host/a; or as a
// port: 80/a. Then the two cannot be told apart.
func readsAsHost(password string) bool {
	end := strings.IndexAny(password, "/?#")
	if end < 0 {
		return strings.Trim(password, "@") == ""
	}
	digits := password[:end] != "" && strings.Trim(password[:end], "0123456789") == ""
	return digits || password[0] == '@' && strings.Trim(password[:end], "@") != ""
}
