package cli

import (
	"strings"
	"testing"
)

// TestSecretsAreNotShown searches the complete output of failing calls (rule S8.4).
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	active, ended := tl.start("--process", "active"), tl.start("--process", "ended")
	tl.run("complete", "--run", ended).want(0)
	id, token, _ := strings.Cut(active, ":")
	_, other, _ := strings.Cut(ended, ":")
	const password = "geheim"
	handles := []string{
		id + ":" + other, "99:" + token, ended, token, ":" + token, id + " " + token, id + ":", "x:" + token, id + "0000000000000000000:" + token,
		id + ":" + token + "x", " " + id + ":" + strings.ToUpper(token), token + ":" + id, "0x1:" + token,
	}
	check := func(r *result) {
		t.Helper()
		if r.code == 0 {
			t.Errorf("%q: no error", r.args)
		}
		for _, secret := range []string{token, strings.ToUpper(token), other, password} {
			if strings.Contains(r.stdout+r.stderr, secret) {
				t.Errorf("%q shows %q: %s%s", r.args, secret, r.stdout, r.stderr)
			}
		}
	}
	for _, handle := range handles {
		for _, command := range [][]string{{"fail", "x"}, {"error", "x"}} {
			for _, json := range [][]string{nil, {"--json"}} {
				args := append(append([]string(nil), command...), json...)
				check(tl.run(append(args, "--run", handle)...))
				check(tl.with(RunVariable, handle).run(args...))
			}
		}
	}
	check(tl.run("complete"))
	check(tl.run("start", "--process", "active"))
	check(tl.run("start", "--process", "active", "--json"))
	for _, dsn := range []string{
		"postgres://user:" + password + "@127.0.0.1:1/db", "postgres://user:" + password + "@127.0.0.1:port/db", "postgres://u:1/" + password + "@127.0.0.1:1/db",
		"mysqlite://user:" + password + "@127.0.0.1/db", "sqlite://user:" + password + "@127.0.0.1/db", "sqlite:" + tl.home + "/none?password=" + password,
	} {
		for _, args := range [][]string{
			{"start", "--process", "P"}, {"complete", "--run", active}, {"fail", "--run", active}, {"error", "x", "--run", active}, {"history"}, {"runs"},
			{"status"}, {"exec", "--process", "P", "--", "true"}, {"hold", "P", "--reason", "r"},
		} {
			for _, json := range [][]string{nil, {"--json"}} {
				with := append(append([]string(nil), json...), args...)
				check(tl.run(append([]string{"--dsn", dsn}, with...)...))
				check(tl.with(DSNVariable, dsn).run(with...))
			}
		}
	}
	tl.wantRun(1, "completed") // the latest is the ended one
	tl.sql("ALTER TABLE pt_run RENAME TO hidden")
	for _, args := range [][]string{{"start", "--process", "P"}, {"complete", "--run", active}, {"error", "x", "--run", active}, {"history"}} {
		check(tl.run(args...))
	}
}
