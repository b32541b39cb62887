package azblob

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]place{
		"abfss://landing@acct.dfs.core.windows.net/teams":       {"acct", "landing", "teams/"},
		"ABFSS://landing@acct.dfs.core.windows.net/":            {"acct", "landing", ""},
		"abfs://landing@acct.dfs.core.windows.net":              {"acct", "landing", ""},
		"wasbs://landing@acct.blob.core.windows.net/a//b/":      {"acct", "landing", "a//b/"},
		"abfss://c@acct.dfs.core.windows.net/100% #1?/%2F":      {"acct", "c", "100% #1?/%2F/"},
		"az://landing/teams":                                    {"", "landing", "teams/"},
		"az://$web":                                             {"", "$web", ""},
		"https://acct.blob.core.windows.net/landing/teams/":     {"acct", "landing", "teams/"},
		"https://acct.blob.core.windows.net/landing/a%20b%23/":  {"acct", "landing", "a b#/"},
		"https://acct.blob.core.windows.net/landing":            {"acct", "landing", ""},
		"http://127.0.0.1:10000/devstoreaccount1/landing/teams": {"devstoreaccount1", "landing", "teams/"},
		"http://localhost:10000/devstoreaccount1/landing":       {"devstoreaccount1", "landing", ""},
	} {
		if got, err := parse(location); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", location, got, err, want)
		}
	}
	for _, location := range []string{
		"", "landing/teams", "s3://landing/teams", "abfss://", "abfss://landing/teams", "abfss://@acct.dfs.core.windows.net/teams",
		"abfss://landing@/teams", "abfss://user:geheim@landing@acct.dfs.core.windows.net", "az://", "az:///teams", "https://acct.blob.core.windows.net",
		"https://acct.blob.core.windows.net/landing?sv=1&sig=geheim", "https://user:geheim@acct.blob.core.windows.net/landing", "https://a/%zz",
		"http://127.0.0.1:10000/devstoreaccount1", "https://acct.blob.core.windows.net/landing#geheim", "az://a b/c",
		"https://acct.blob.core.windows.net/landing#", "https://acct.blob.core.windows.net/landing?",
	} {
		if got, err := parse(location); err == nil {
			t.Errorf("%q became %+v", location, got)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error shows a secret: %v", err)
		}
	}
}

// FuzzParse looks for a location that lists more than the objects below it.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"abfss://c@a.dfs.core.windows.net/p", "https://a.blob.core.windows.net/c/p%2F", "az://c/p//", "http://[::1]/a/c", "wasb://c@a@b/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, location string) {
		p, err := parse(location)
		if err != nil {
			return
		}
		if !isName(p.container) || p.account != "" && !isName(p.account) || p.prefix != "" && !strings.HasSuffix(p.prefix, "/") {
			t.Errorf("%q became %+v", location, p)
		}
		if strings.Contains(location, "%") {
			return // a slash may be written as %2F
		}
		if again, err := parse(strings.TrimSuffix(location, "/") + "/"); err != nil || again != p {
			t.Errorf("%q became %+v, with a slash %+v, %v", location, p, again, err)
		}
	})
}
