package servers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// with returns settings that know only these variables.
func with(variables map[string]string) settings {
	return func(name string) string { return variables[name] }
}

func TestAcquireAsksInOrderAndKeepsEachRefusal(t *testing.T) {
	t.Parallel()
	var asked []string
	ask := func(name string, err error) provider {
		return provider{name: name, start: func(context.Context) (*Server, error) {
			asked = append(asked, name)
			return &Server{Version: "1", Provider: name}, err
		}}
	}
	db := kind{backend: "db", install: "install it"}
	server, err := acquire(t.Context(), with(nil), db, ask(dsnProvider, errors.New("not set")), ask(containerProvider, nil))
	if err != nil || server.Provider != containerProvider || server.Backend != "db" || server.Served {
		t.Errorf("acquire = %v, %v, want the container", server, err)
	}
	if want := []string{dsnProvider, containerProvider}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}

	env := with(map[string]string{ProvidersVar: " DSN "})
	_, err = acquire(t.Context(), env, db, ask(dsnProvider, errors.New("not\n set")), ask(containerProvider, nil))
	var missing *Unavailable
	if !errors.As(err, &missing) {
		t.Fatalf("acquire = %v, want *Unavailable", err)
	}
	want := []Attempt{{dsnProvider, "not set"}, {containerProvider, "excluded by " + ProvidersVar}}
	if missing.Backend != "db" || missing.Install != "install it" || !slices.Equal(missing.Tried, want) {
		t.Errorf("got %+v", missing)
	}
	const text = "no db server (dsn: not set; container: excluded by PROCESSTRACKER_SERVERS): install it"
	if err.Error() != text {
		t.Errorf("got  %q\nwant %q", err, text)
	}
}

// unasked is a provider that must not be asked.
func unasked(t *testing.T) provider {
	t.Helper()
	return provider{name: containerProvider, start: func(context.Context) (*Server, error) {
		t.Error("a container was asked for")
		return &Server{}, nil
	}}
}

func TestAcquireDoesNotFallBackFromAChosenServer(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := acquire(t.Context(), with(nil), kind{backend: "db"},
		provider{name: dsnProvider, chosen: true, start: func(context.Context) (*Server, error) { return nil, broken }}, unasked(t))
	var missing *Unavailable
	if !errors.Is(err, broken) || errors.As(err, &missing) {
		t.Errorf("acquire = %v, want the chosen server's error and no *Unavailable", err)
	}
}

func TestAcquireEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := acquire(ctx, with(nil), kind{backend: "db"},
		provider{name: dsnProvider, start: func(ctx context.Context) (*Server, error) { cancel(); return nil, ctx.Err() }}, unasked(t))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("acquire = %v, want %v", err, context.Canceled)
	}
}

func TestUnknownNamesAreRefused(t *testing.T) {
	t.Parallel()
	_, err := get(t.Context(), with(map[string]string{ProvidersVar: "dsn,docker"}), "postgres")
	if err == nil || !strings.Contains(err.Error(), `"docker"`) {
		t.Errorf("got %v, want an error that quotes the unknown provider", err)
	}
	_, err = Get(t.Context(), "oracle")
	if err == nil || !strings.Contains(err.Error(), `"oracle"`) || !strings.Contains(err.Error(), "mariadb") {
		t.Errorf("got %v, want an error that quotes the unknown database and names others", err)
	}
}

// environment returns the variables that Serve passes to a program.
func environment(t *testing.T, before settings, found []*Server, missing []*Unavailable) settings {
	t.Helper()
	variables, err := serve(before, found, missing)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		all[name] = value
	}
	return with(all)
}

func TestServedServerKeepsItsProvider(t *testing.T) {
	t.Parallel()
	here := func(ctx context.Context, dsn string) (string, error) { return "of " + dsn, nil }
	db := kind{backend: "postgres", dsnVar: PostgresDSNVar, timeout: time.Minute, version: here}
	env := environment(t, with(map[string]string{}), []*Server{{Backend: "postgres", DSN: "postgres://first", Provider: "container postgres:17"}}, nil)
	server, err := acquire(t.Context(), env, db, db.byDSN(env), unasked(t))
	if err != nil || server.Provider != "container postgres:17" || !server.Served || server.DSN != "postgres://first" || server.Version != "of postgres://first" {
		t.Errorf("got %+v, %v", server, err)
	}

	// The user excluded running servers of their own, which this is not.
	only := func(name string) string {
		if name == ProvidersVar {
			return containerProvider
		}
		return env(name)
	}
	if server, err = acquire(t.Context(), only, db, db.byDSN(only), unasked(t)); err != nil || !server.Served {
		t.Errorf("where only containers are allowed: %+v, %v", server, err)
	}

	// A DSN that replaced it comes from the user.
	other := func(name string) string {
		if name == PostgresDSNVar {
			return "postgres://second"
		}
		return env(name)
	}
	if server, err = acquire(t.Context(), other, db, db.byDSN(other), unasked(t)); err != nil || server.Provider != dsnProvider || server.Served {
		t.Errorf("another DSN: %+v, %v", server, err)
	}
}

func TestServedClusterHasItsNodes(t *testing.T) {
	t.Parallel()
	cluster := galeraKind()
	cluster.version = func(_ context.Context, dsn string) (string, error) { return dsn, nil }
	env := environment(t, with(nil), []*Server{{Backend: "galera", DSN: "a", Peers: []string{"b"}, Provider: "container"}}, nil)
	server, err := acquire(t.Context(), env, cluster, cluster.byDSN(env))
	if err != nil || server.DSN != "a" || !slices.Equal(server.Peers, []string{"b"}) || server.Version != "a" {
		t.Errorf("got %+v, %v", server, err)
	}
}

func TestMissingServerIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	why := &Unavailable{Backend: "mysql", Install: "install it", Tried: []Attempt{{"container", "no engine"}}}
	before := environment(t, with(nil), []*Server{{Backend: "postgres", DSN: "postgres://first", Provider: "container"}}, nil)
	env := environment(t, before, nil, []*Unavailable{why})
	mysql := mysqlFlavour().kind()
	for _, providers := range [][]provider{{mysql.byDSN(env), unasked(t)}, {unasked(t)}} {
		_, err := acquire(t.Context(), env, mysql, providers...)
		var missing *Unavailable
		if !errors.As(err, &missing) || missing.Error() != why.Error() {
			t.Errorf("got %v, want %v", err, why)
		}
	}
	if all, err := env.served(); err != nil || all["postgres"].DSN != "postgres://first" {
		t.Errorf("what an outer serve said is lost: %v, %v", all, err)
	}
	if _, err := with(map[string]string{ServedVar: "{"}).served(); err == nil || !strings.Contains(err.Error(), ServedVar) {
		t.Errorf("a broken variable: %v", err)
	}
}

func TestRequired(t *testing.T) {
	t.Setenv("PROCESSTRACKER_REQUIRE", "sqlite, Postgres")
	for backend, want := range map[string]bool{"sqlite": true, "postgres": true, "mysql": false, "": false} {
		if got := Required(backend); got != want {
			t.Errorf("Required(%q) = %t", backend, got)
		}
	}
}

func TestCloseOfAServerThatIsNotOurs(t *testing.T) {
	t.Parallel()
	var none *Server
	for _, server := range []*Server{none, {}} {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSharedServerIsStartedOnceAndEndsWithAll(t *testing.T) {
	t.Parallel()
	var s Shared
	starts, stops := 0, 0
	start := func() (*Server, error) {
		starts++
		return &Server{stop: func() error { stops++; return nil }}, nil
	}
	broken := errors.New("broken")
	for range 3 {
		if _, err := s.once("db", start); err != nil {
			t.Error(err)
		}
		if _, err := s.once("none", func() (*Server, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("got %v, want what the first call got", err)
		}
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if starts != 1 || stops != 1 {
		t.Errorf("%d starts, %d stops, want 1 each", starts, stops)
	}
}

func TestAServerOfATestsOwnIsGivenToOneCallerAtATime(t *testing.T) {
	t.Parallel()
	var s Shared
	start := func() (*Server, error) { return &Server{}, nil }
	first, release, err := s.own("db", start)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.own("db", start); !errors.Is(err, ErrTaken) {
		t.Errorf("two callers have it at once: %v", err)
	}
	release()
	broken := errors.New("broken")
	for range 2 {
		if _, _, err := s.own("none", func() (*Server, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("got %v, want what the start returned", err)
		}
	}
	if next, _, err := s.own("db", start); err != nil || next != first {
		t.Errorf("the next caller gets %v, %v", next, err)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	err := redact(errors.Join(context.Canceled, errors.New("login with hunter2 failed")), "hunter2")
	if strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "login with xxxxx failed") {
		t.Errorf("got %q", err)
	}
	if !errors.Is(err, context.Canceled) {
		t.Error("the cause is lost")
	}
	if err := redact(context.Canceled, ""); err != context.Canceled { //nolint:errorlint // the very same value
		t.Errorf("got %v", err)
	}
}

// TestSQLServerWantsItsLicenceAccepted asks for a container without it.
func TestSQLServerWantsItsLicenceAccepted(t *testing.T) {
	t.Parallel()
	_, err := get(t.Context(), with(map[string]string{SQLServerImageVar: "local/there-is-no-such-image"}), "sqlserver")
	var missing *Unavailable
	if !errors.As(err, &missing) || len(missing.Tried) != 2 || !strings.Contains(missing.Tried[1].Why, LicenceVar) {
		t.Errorf("without the licence: %v", err)
	}
	for _, word := range []string{SQLServerDSNVar, SQLServerImageVar, LicenceVar} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("it does not name %s: %v", word, err)
		}
	}
}
