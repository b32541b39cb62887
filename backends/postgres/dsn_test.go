package postgres

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][5]string{
		"postgres://u:p@h:5433/d?schema=etl_meta":          {"h", "u", "p", "d", "etl_meta"},
		"postgresql://u@h/d":                               {"h", "u", "", "d", ""},
		"postgres://u@h/d?schema=ETL%20Meta":               {"h", "u", "", "d", "ETL Meta"},
		"host=h user=u password=p dbname=d schema=s":       {"h", "u", "p", "d", "s"},
		"host=h user=u password='a b' dbname=d schema='s'": {"h", "u", "a b", "d", "s"},
		"postgres://u:%40%3A%2F%25%20%23@h/d":              {"h", "u", "@:/% #", "d", ""},
		"postgres://h:5432/d?user=u&options=-c%20x%3Da@b":  {"h", "u", "", "d", ""},
		"postgres://h:5432/d?user=u@tenant&password=p":     {"h", "u@tenant", "p", "d", ""},
		"postgres://u@[::1]:5432/d":                        {"::1", "u", "", "d", ""},
	} {
		config, schema, err := parseDSN(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		c := config.ConnConfig
		if got := [5]string{c.Host, c.User, c.Password, c.Database, schema}; got != want {
			t.Errorf("%s: %q, want %q", dsn, got, want)
		}
		if _, sent := c.RuntimeParams["schema"]; sent || c.ConnectTimeout != connectTimeout {
			t.Errorf("%s: parameters %v, time-out %v", dsn, c.RuntimeParams, c.ConnectTimeout)
		}
	}
	if config, _, err := parseDSN("postgres://u@h/d?connect_timeout=3"); err != nil || config.ConnConfig.ConnectTimeout != 3*time.Second {
		t.Errorf("a time-out of the user's: %v, %v", config, err)
	}
}

// passwords have in them what means something else in a DSN.
func passwords() []string {
	return []string{
		"geheim", "geheim@geheim", "geheim:geheim", "geheim/geheim", "geheim%geheim", "geheim geheim", "geheim#geheim?geheim", "geheim&geheim=geheim",
		"123/geheim", "123?geheim", "123#geheim", "/geheim", "@geheim", "geheim'geheim", `geheim\geheim`, `geheim"geheim`, "geheim\ngeheim",
		"geheim[geheim]", "%67geheim", "ge%zzheim%geheim", "password=geheim", " geheim ",
	}
}

// closedPort is an address without a server.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func TestNoErrorShowsThePassword(t *testing.T) {
	t.Parallel()
	address := closedPort(t)
	host, port, _ := net.SplitHostPort(address)
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace
	for _, p := range passwords() {
		encoded := url.UserPassword("user", p).String()
		for _, dsn := range []string{
			// These can be read, but no server answers.
			"postgres://" + encoded + "@" + address + "/db",
			"postgres://user@" + address + "/db?password=" + url.QueryEscape(p),
			"host=" + host + " port=" + port + " user=user password='" + quote(p) + "'",
			// These cannot, or mean something else than their writer thinks.
			"postgres://user:" + p + "@" + address + "/db",
			"postgres://user:" + p + "@" + address + "/db?sslmode=perhaps",
			"postgres://user:" + p + "@host:port/db",
			"postgres://" + encoded + "@host:port/db",
			"postgres://" + encoded + "@" + address + "/db?pool_max_conns=many",
			"postgres://" + encoded + "@" + address + "/db?connect_timeout=soon",
			"postgres://user@" + address + "/db?sslmode=perhaps&password=" + url.QueryEscape(p),
			"postgres://user:" + strings.NewReplacer("/", "", "@", "").Replace(p), // they would begin the database, or the host
			"host=" + host + " port=" + port + " user=user sslmode=perhaps password='" + quote(p) + "'",
			"host=" + host + " port=" + port + " user=user password=" + p + " sslmode=perhaps",
			"host=" + host + " port=" + port + " user=user password='" + p + " sslmode=perhaps",
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			b, err := Open(ctx, dsn, nil)
			cancel()
			if err == nil {
				_ = b.Close()
				t.Errorf("%q: opened", dsn)
			} else if strings.Contains(err.Error(), "geheim") {
				t.Errorf("%q: the error shows the password: %v", dsn, err)
			}
		}
	}
}

func TestBadDSN(t *testing.T) {
	t.Parallel()
	for dsn, says := range map[string]string{
		"postgres://user:pass@host:port/db":         "port",
		"postgres://user:pass@host/db?sslmode=x":    "sslmode",
		"postgres://user:pa/ss@host/db":             "percent-encode",
		"postgres://user:12/ss@host/db":             "percent-encode",
		"postgres://user:12?ss@host/db":             "percent-encode",
		"postgres://user:pass@host/db%zz":           "percent-encoded",
		"host=h password":                           "postgres://",
		"nonsense":                                  "postgres://",
		"postgres://u@h/d?pool_max_conns=many":      "pool_max_conns",
		"postgres://u@h/d?connect_timeout=tomorrow": "connect_timeout",
	} {
		_, err := Open(t.Context(), dsn, nil)
		if !errors.Is(err, dialect.ErrDSN) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, which does not say %q", dsn, err, says)
		}
	}
}

func TestAServerThatDoesNotAnswerIsUnreachable(t *testing.T) {
	t.Parallel()
	dsn := "postgres://user@" + closedPort(t) + "/db"
	own, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	ownSQL, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ownSQL.Close() }()
	for call, open := range map[string]func() error{
		"Open":    func() error { _, err := Open(t.Context(), dsn, nil); return err },
		"New":     func() error { _, err := New(t.Context(), own, nil); return err },
		"NewSQL":  func() error { _, err := NewSQL(t.Context(), ownSQL, nil); return err },
		"OpenSQL": func() error { _, err := Driver().OpenSQL(t.Context(), dsn, backend.Options{}); return err },
	} {
		err := open()
		if err == nil || !strings.Contains(err.Error(), "127.0.0.1") || errors.Is(err, dialect.ErrDSN) || errors.Is(err, dialect.ErrNoDatabase) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestSchemaNames(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"": true, "etl_meta": true, `it's "quoted"`: true, strings.Repeat("x", 63): true, strings.Repeat("é", 31): true, "{run}": true, "$1": true,
		strings.Repeat("x", 64): false, strings.Repeat("é", 32): false, "a\x00b": false, "what?": false,
	} {
		if _, err := dialects.New(name); (err == nil) != ok {
			t.Errorf("schema %q: %v", name, err)
		}
	}
}
