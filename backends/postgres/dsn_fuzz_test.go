package postgres

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// FuzzDSN looks for a DSN that is neither taken nor refused as it should be.
func FuzzDSN(f *testing.F) {
	for _, seed := range []string{
		"", "nonsense", "postgres://u:p@h:5433/d?schema=etl_meta", "postgresql://u@h/d", "host=h user=u password='a b' dbname=d schema='s'", "postgres://u@[::1]:5432/d",
		"postgres://u:p@h:port/d", "host=h password", "postgres://%zz", "postgres://u@h1,h2:1/d", "host=/tmp", "postgres://u@h/d?sslmode=x", "postgres://u@h/d?connect_timeout=-1",
		"postgres://u@h/d?pool_max_conns=0", "postgres://u@h/d?schema=a&schema=b", "=", "a==b", `a='\`, "://", "postgres://", "postgres://@:@:/?=&", "\x00", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		if readsFiles(dsn) {
			return
		}
		config, _, err := parseDSN(dsn)
		if err != nil {
			if !errors.Is(err, dialect.ErrDSN) {
				t.Errorf("%q: %v", dsn, err)
			}
			return
		}
		if _, sent := config.ConnConfig.RuntimeParams["schema"]; sent || config.ConnConfig.ConnectTimeout == 0 {
			t.Errorf("%q: parameters %v, time-out %v", dsn, config.ConnConfig.RuntimeParams, config.ConnConfig.ConnectTimeout)
		}
	})
}

// readsFiles keeps the fuzzer from what pgx would read of this machine.
func readsFiles(dsn string) bool {
	for _, parameter := range []string{"service", "passfile", "ssl"} {
		if strings.Contains(strings.ToLower(dsn), parameter) || strings.Contains(dsn, "%") {
			return true
		}
	}
	return false
}

// FuzzPasswords looks for a password that a DSN is misunderstood by: a part of it would be taken for a host, a database or
// a user, and so stand in the error of a connection that fails.
func FuzzPasswords(f *testing.F) {
	for _, p := range passwords() {
		f.Add(strings.ReplaceAll(p, "geheim", "x"))
	}
	for _, p := range []string{"", "12", "1/a=b", "1?a=b", "1#a", "/a=@", "00@#", "@a/", "\x00", "\xff", "+", "%", "%41", "é🚚", "\u2028"} {
		f.Add(p)
	}
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace
	f.Fuzz(func(t *testing.T, p string) {
		for _, password := range []string{"geheim" + p, p + "geheim"} {
			for _, dsn := range []string{
				"postgres://" + url.UserPassword("user", password).String() + "@host:1/db",
				"postgres://user@host:1/db?password=" + strings.ReplaceAll(url.QueryEscape(password), "+", "%20"),
				"host=host port=1 user=user dbname=db password='" + quote(password) + "'",
			} {
				wantHidden(t, dsn, password, true)
			}
			for _, dsn := range []string{
				"postgres://user:" + password + "@host:1/db",
				"postgres://user:" + password + "@host:1/db?sslmode=perhaps",
				"postgres://user:" + password + "@host:port/db?x=y",
				"postgres://host?user=u&password=" + password,
				"host=host user=user password='" + password + "' dbname=db",
			} {
				wantHidden(t, dsn, password, false)
			}
		}
	})
}

// wantHidden checks that nothing that is shown of a DSN has the password in it. A valid DSN is taken as it is.
func wantHidden(t *testing.T, dsn, password string, valid bool) {
	t.Helper()
	config, schema, err := parseDSN(dsn)
	if err != nil {
		if !errors.Is(err, dialect.ErrDSN) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", dsn, err)
		}
		if valid && !strings.Contains(password, "\x00") {
			t.Errorf("%q was refused: %v", dsn, err)
		}
		return
	}
	if c := config.ConnConfig; valid && (c.Password != password || c.Host != "host" || c.User != "user" || c.Database != "db") {
		t.Errorf("%q: %q at %q as %q in %q", dsn, c.Password, c.Host, c.User, c.Database)
	}
	if shown := shown(config) + schema; strings.Contains(shown, "geheim") {
		t.Errorf("%q: shown: %s", dsn, shown)
	}
}

// shown is what stands in the errors of connections, and what fmt prints.
func shown(config *pgxpool.Config) string {
	c := config.ConnConfig
	parts := []string{fmt.Sprintf("%v %+v", config, config), c.Host, c.User, c.Database}
	for _, f := range c.Fallbacks {
		parts = append(parts, f.Host)
	}
	return strings.Join(parts, " ")
}
