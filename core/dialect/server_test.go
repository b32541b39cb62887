package dialect

import (
	"errors"
	"testing"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Version{
		"8.0.36-log": {8, 0, 36}, "17beta1": {17}, "15.18 (Debian 15.18-0+deb12u1)": {15, 18}, "10.11.18-MariaDB": {10, 11, 18},
		"9": {9}, "11.2-YB-2.21.0.0-b0": {11, 2}, "8.0.": {8, 0},
	} {
		if got, ok := ParseVersion(text); !ok || got != want {
			t.Errorf("%q: %v, %t, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "something", "v8.0", "99999999999999999999.1"} {
		if got, ok := ParseVersion(text); ok {
			t.Errorf("%q is no version, and was read as %v", text, got)
		}
	}
}

func TestVersionsAreComparedByNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		older, newer Version
	}{{Version{8, 0, 9}, Version{8, 0, 16}}, {Version{9, 9, 9}, Version{10}}, {Version{10, 6}, Version{10, 11}}} {
		if !c.older.Before(c.newer) || c.newer.Before(c.older) || c.older.Before(c.older) {
			t.Errorf("%v and %v", c.older, c.newer)
		}
	}
	if s := (Version{10, 11}).String() + " " + (Version{8, 0, 16}).String(); s != "10.11 8.0.16" {
		t.Error(s)
	}
}

func TestServerError(t *testing.T) {
	t.Parallel()
	err := error(&ServerError{Server: "TiDB 8.0.11-TiDB-v7.5.0", Why: "lacks something", Needs: "MySQL 8.0.16"})
	if !errors.Is(err, ErrServer) || err.Error() != "server not supported: TiDB 8.0.11-TiDB-v7.5.0 lacks something; use MySQL 8.0.16" {
		t.Error(err)
	}
}
