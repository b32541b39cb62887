package mysql

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][5]string{
		"mysql://u:p@h:3307/d?prefix=etl_":           {"h:3307", "u", "p", "d", "etl_"},
		"mariadb://u@h/d":                            {"h:3306", "u", "", "d", ""},
		"mysql://u:%40%3A%2F%25%20%23%3F@h/d%20e":    {"h:3306", "u", "@:/% #?", "d e", ""},
		"mysql://u@[::1]:3306/d?prefix=a%20b":        {"[::1]:3306", "u", "", "d", "a b"},
		"mysql://u:p@/d?socket=%2Frun%2Fmysqld.sock": {"/run/mysqld.sock", "u", "p", "d", ""},
		"mysql:///d": {"localhost:3306", "", "", "d", ""},
	} {
		config, prefix, err := ParseDSN(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := [5]string{config.Addr, config.User, config.Passwd, config.DBName, prefix}; got != want {
			t.Errorf("%s: %q, want %q", dsn, got, want)
		}
	}
}

// TestParseDSNSetsWhatIsNeeded gives the parameters that would get in the way.
func TestParseDSNSetsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	config, _, err := ParseDSN("mysql://h/d?parseTime=false&loc=Local&multiStatements=false&interpolateParams=false" +
		"&clientFoundRows=true&autocommit=0&timeout=3s&time_zone=%27%2B05%3A30%27")
	if err != nil {
		t.Fatal(err)
	}
	if !config.ParseTime || config.Loc != time.UTC || !config.MultiStatements || !config.InterpolateParams || config.ClientFoundRows {
		t.Errorf("settings: %+v", config)
	}
	if config.Params["autocommit"] != "1" || config.Params["time_zone"] != "'+05:30'" || config.Timeout != 3*time.Second {
		t.Errorf("parameters %v, time-out %v", config.Params, config.Timeout)
	}
	if config, _, err := ParseDSN("mysql://h/d"); err != nil || config.Timeout != connectTimeout {
		t.Errorf("the default time-out: %v, %v", config, err)
	}
}

// TestNoPasswordIsShown writes passwords in ways in which they end up elsewhere
// in the URL.
func TestNoPasswordIsShown(t *testing.T) {
	t.Parallel()
	port := closedPort(t)
	for _, password := range []string{
		"geheim", "geheim@geheim", "geheim:geheim", "geheim/geheim", "geheim%geheim", "geheim geheim", "geheim#geheim?geheim",
		"123/geheim", "123?geheim", "123#geheim", "/geheim", "@geheim", `geheim\geheim`, "geheim\ngeheim", "geheim[geheim]", "ge%zzheim",
	} {
		for _, dsn := range []string{
			"mysql://u:" + password + "@" + port + "/d", "mysql://u:" + url.QueryEscape(password) + "@" + port + "/d",
			"mysql://u:" + password + "@" + port, "u:" + password + "@tcp(" + port + ")/d", "mysql:u:" + password + "@" + port,
		} {
			b, err := Open(t.Context(), dsn, nil)
			if err == nil {
				_ = b.Close()
				t.Errorf("%q: no error", dsn)
			} else if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "zzheim") {
				t.Errorf("%q: the error shows it: %v", dsn, err)
			}
		}
	}
}

func TestDSNsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"", "mysql", "mysql:h/d", "postgres://h/d", "mysql://h", "mysql://h/", "mysql://h:port/d", "mysql://h/d?%zz", "mysql://h/d#", "mysql://h/d?tls=nonsense"} {
		if _, _, err := ParseDSN(dsn); !errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}

// closedPort is an address without a server.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// TestSettingsArePinned gives the parameters that would change what statements mean,
// written in every way that sets a variable.
func TestSettingsArePinned(t *testing.T) {
	t.Parallel()
	config, _, err := ParseDSN("mysql://h/d?charset=latin1&collation=latin1_swedish_ci&completion_type=1&@@sql_mode='ANSI'" +
		"&@@session.sql_select_limit=1&%60foreign_key_checks%60=0&timestamp=1&character_set_results='ascii'&max_join_size=1&wait_timeout=5")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		if config.Params[s.name] != s.pin {
			t.Errorf("%s is %q, want %q", s.name, config.Params[s.name], s.pin)
		}
	}
	if config.Params["wait_timeout"] != "5" || config.Collation != "" {
		t.Errorf("others: %v, collation %q", config.Params, config.Collation)
	}
	for given := range config.Params {
		if given != variable(given) {
			t.Errorf("%s is there, too", given)
		}
	}
}

func TestPacketsAreDivided(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("'", 20_000)
	step := func(args ...any) *dialect.Step { return &dialect.Step{Stmt: dialect.Stmt{SQL: "SELECT ?", Args: args}} }
	for name, c := range map[string]struct {
		steps []*dialect.Step
		want  int
	}{
		"none":                       {nil, 1},
		"little":                     {[]*dialect.Step{step(1), step("a")}, 1},
		"the same text":              {[]*dialect.Step{step(long), step(long), step(long)}, 1},
		"other texts":                {[]*dialect.Step{step(long), step(long + "b"), step(long + "c")}, 3},
		"one that is more by itself": {[]*dialect.Step{step(strings.Repeat(long, 9)), step(1)}, 2},
	} {
		parts := packets(c.steps, leastPacket)
		n := 0
		for _, part := range parts {
			n += len(part)
		}
		if len(parts) != c.want || n != len(c.steps) {
			t.Errorf("%s: %d parts with %d steps, want %d with %d", name, len(parts), n, c.want, len(c.steps))
		}
	}
}
