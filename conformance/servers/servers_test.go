package servers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// with returns settings that know only these variables, besides PATH.
func with(variables map[string]string) settings {
	return func(name string) string {
		if value, ok := variables[name]; ok || name != "PATH" {
			return value
		}
		return processSettings()(name)
	}
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
	providers := []provider{
		ask(dsnProvider, errors.New("not set")), ask(containerProvider, errors.New("no\n engine")), ask(localProvider, nil),
	}
	server, err := acquire(t.Context(), with(nil), "db", "install it", providers)
	if err != nil || server.Provider != localProvider || server.Backend != "db" {
		t.Errorf("acquire = %v, %v, want the local one", server, err)
	}
	if want := []string{dsnProvider, containerProvider, localProvider}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}

	env := with(map[string]string{ProvidersVar: "container , DSN"})
	_, err = acquire(t.Context(), env, "db", "install it", providers)
	var missing *Unavailable
	if !errors.As(err, &missing) {
		t.Fatalf("acquire = %v, want *Unavailable", err)
	}
	want := []Attempt{
		{dsnProvider, "not set"}, {containerProvider, "no engine"}, {localProvider, "excluded by " + ProvidersVar},
	}
	if missing.Backend != "db" || missing.Install != "install it" || !slices.Equal(missing.Tried, want) {
		t.Errorf("got %+v", missing)
	}
	const text = "no db server (dsn: not set; container: no engine; local: excluded by PROCESSTRACKER_SERVERS): install it"
	if err.Error() != text {
		t.Errorf("got  %q\nwant %q", err, text)
	}
}

func TestAcquireDoesNotFallBackFromAChosenServer(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := acquire(t.Context(), with(nil), "db", "", []provider{
		{name: dsnProvider, chosen: true, start: func(context.Context) (*Server, error) { return nil, broken }},
		{name: localProvider, start: func(context.Context) (*Server, error) {
			t.Error("the local server was asked for")
			return &Server{}, nil
		}},
	})
	var missing *Unavailable
	if !errors.Is(err, broken) || errors.As(err, &missing) {
		t.Errorf("acquire = %v, want the chosen server's error and no *Unavailable", err)
	}
}

func TestAcquireEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := acquire(ctx, with(nil), "db", "", []provider{
		{name: containerProvider, start: func(ctx context.Context) (*Server, error) { cancel(); return nil, ctx.Err() }},
		{name: localProvider, start: func(context.Context) (*Server, error) {
			t.Error("the local server was asked for")
			return &Server{}, nil
		}},
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("acquire = %v, want %v", err, context.Canceled)
	}
}

func TestUnknownProvidersAreRefused(t *testing.T) {
	t.Parallel()
	_, err := postgres(t.Context(), with(map[string]string{ProvidersVar: "local,docker"}))
	if err == nil || !strings.Contains(err.Error(), `"docker"`) {
		t.Errorf("got %v, want an error that quotes the unknown name", err)
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
	_, err := acquireSQLServer(t.Context(), func(name string) string {
		return map[string]string{SQLServerImageVar: "local/there-is-no-such-image"}[name]
	})
	var missing *Unavailable
	if !errors.As(err, &missing) || len(missing.Tried) != 3 || !strings.Contains(missing.Tried[1].Why, LicenceVar) {
		t.Errorf("without the licence: %v", err)
	}
	for _, word := range []string{SQLServerDSNVar, SQLServerImageVar, LicenceVar} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("it does not name %s: %v", word, err)
		}
	}
}
