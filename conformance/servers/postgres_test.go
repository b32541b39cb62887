package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// needLocal returns the local server programs' directory, or skips visibly.
func needLocal(t *testing.T) string {
	t.Helper()
	bin, err := findPostgres(os.Getenv("PATH"))
	if err != nil {
		t.Skip("local: ", err)
	}
	return bin
}

// answersAs fails the test unless the server answers, says the version that we were told, and lets us do everything.
func answersAs(t *testing.T, server *Server) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var version, encoding string
	var super bool
	const query = `SELECT current_setting('server_version'), current_setting('server_encoding'),
		(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)`
	if err := conn.QueryRow(t.Context(), query).Scan(&version, &encoding, &super); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version, server.Version) || server.Version == "" || encoding != "UTF8" || !super {
		t.Errorf("the server is %s, encoding %s, superuser %t; told %s", version, encoding, super, server.Version)
	}
	t.Log(server)
}

// ours fails the test unless the server runs with the settings for tests.
func ours(t *testing.T, server *Server) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for name, want := range map[string]string{
		"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off", "max_connections": "500",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
}

func TestPostgresLocal(t *testing.T) {
	t.Parallel()
	bin := needLocal(t)
	server, err := postgres(t.Context(), with(map[string]string{ProvidersVar: "local"}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	if server.Provider != "local "+bin || server.Backend != "postgres" {
		t.Errorf("got %v", server)
	}
	answersAs(t, server)
	ours(t, server)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
	if _, err := pgx.Connect(t.Context(), server.DSN); err == nil {
		t.Error("the server goes on after Close")
	}
}

func TestPostgresContainer(t *testing.T) {
	t.Parallel()
	if _, err := connectEngine(t.Context()); err != nil {
		t.Skip("container: no engine answers: ", err)
	}
	image := testedImage()
	server, err := postgres(t.Context(), with(map[string]string{ProvidersVar: "container", PostgresImageVar: image}))
	var missing *Unavailable
	if errors.As(err, &missing) && !Required(postgresBackend) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	if server.Provider != "container "+image {
		t.Errorf("got %v", server)
	}
	answersAs(t, server)
	ours(t, server)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), server.DSN); err == nil {
		t.Error("the server goes on after Close")
	}
}

func TestPostgresGivenByDSN(t *testing.T) {
	t.Parallel()
	running, err := localPostgres(t.Context(), needLocal(t), freePort)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = running.Close() }()

	given, err := postgres(t.Context(), with(map[string]string{PostgresDSNVar: running.DSN}))
	if err != nil {
		t.Fatal(err)
	}
	if given.Provider != "dsn" || given.DSN != running.DSN {
		t.Errorf("got %v", given)
	}
	answersAs(t, given)
	if err := given.Close(); err != nil {
		t.Fatal(err)
	}
	answersAs(t, given) // it is not ours to stop

	wrong := strings.Replace(running.DSN, "//"+postgresUser+":", "//"+postgresUser+":hunter2", 1)
	refused(t, wrong)
}

func TestPostgresBrokenDSN(t *testing.T) {
	t.Parallel()
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, dsn := range map[string]string{
		"nobody listens":       fmt.Sprintf("postgres://user:hunter2@127.0.0.1:%d/db", port),
		"keywords":             fmt.Sprintf("host=127.0.0.1 port=%d user=u password=hunter2", port),
		"no such host":         "postgres://user:hunter2@host.invalid/db",
		"slash in password":    "postgres://user:hunter2/x@127.0.0.1/db",
		"at sign in password":  "postgres://user:x@hunter2@127.0.0.1:y/db",
		"percent in password":  "postgres://user:hunter2%zz@127.0.0.1/db",
		"no DSN at all":        "hunter2",
		"password as a port":   "postgres://127.0.0.1:hunter2/db",
		"unclosed quote":       "host=127.0.0.1 password='hunter2",
		"unknown TLS mode":     "postgres://user:hunter2@127.0.0.1/db?sslmode=hunter2",
		"another URL's scheme": "mysql://user:hunter2@127.0.0.1/db",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, dsn)
		})
	}
}

// refused fails the test unless the DSN is an error that names the variable, hides the password, and is not taken for a
// missing server.
func refused(t *testing.T, dsn string) {
	t.Helper()
	server, err := postgres(t.Context(), with(map[string]string{PostgresDSNVar: dsn}))
	var missing *Unavailable
	if err == nil || errors.As(err, &missing) {
		t.Fatalf("got %v, %v, want an error that is no *Unavailable", server, err)
	}
	if !strings.Contains(err.Error(), PostgresDSNVar) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error must name the variable and hide the password: %v", err)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(fmt.Sprintf("%v %+v", cause, cause), "hunter2") {
			t.Errorf("a cause shows the password: %v", cause)
		}
	}
	t.Log(err)
}

func TestPostgresUnavailable(t *testing.T) {
	t.Parallel()
	started := time.Now()
	_, err := postgres(t.Context(), with(map[string]string{
		PostgresImageVar: "local/processtracker-no-such-image:1",
		"PATH":           t.TempDir(),
		ProvidersVar:     "dsn,container",
	}))
	var missing *Unavailable
	if !errors.As(err, &missing) {
		t.Fatalf("got %v, want *Unavailable", err)
	}
	var tried []string
	for _, attempt := range missing.Tried {
		tried = append(tried, attempt.Provider)
		if attempt.Why == "" {
			t.Errorf("%s has no reason", attempt.Provider)
		}
	}
	if got := strings.Join(tried, " "); got != "dsn container local" {
		t.Errorf("tried %s", got)
	}
	for _, word := range []string{PostgresDSNVar, "Docker", "apt-get install"} {
		if !strings.Contains(missing.Install, word) {
			t.Errorf("what to install does not mention %s", word)
		}
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("saying so took %s", took)
	}
	t.Log(err)
}

func TestFindPostgresPrefersPathAndFollowsLinks(t *testing.T) {
	t.Parallel()
	programs, links, half := t.TempDir(), t.TempDir(), t.TempDir()
	for _, path := range []string{
		filepath.Join(programs, "postgres"), filepath.Join(programs, "initdb"), filepath.Join(half, "postgres"),
	} {
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(programs, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	want, err := filepath.EvalSymlinks(programs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := findPostgres(half + string(os.PathListSeparator) + links)
	if err != nil || got != want {
		t.Errorf("findPostgres = %q, %v, want %q", got, err, want)
	}
}

func TestMajorVersion(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/usr/lib/postgresql/9/bin": 9, "/usr/lib/postgresql/17/bin": 17, "/usr/lib/postgresql/beta/bin": 0,
	} {
		if got := majorVersion(path); got != want {
			t.Errorf("majorVersion(%q) = %d", path, got)
		}
	}
}

func TestPostgresTriesAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	t.Parallel()
	bin := needLocal(t)
	taken := listen(t)
	// Answers and hangs up, like any other program that is no Postgres.
	go func() {
		for {
			conn, err := taken.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	tries := 0
	server, err := localPostgres(t.Context(), bin, func(ctx context.Context) (int, error) {
		if tries++; tries > 1 {
			return freePort(ctx)
		}
		_, port, err := net.SplitHostPort(taken.Addr().String())
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(port)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	if tries != 2 {
		t.Errorf("%d tries, want 2", tries)
	}
	answersAs(t, server)
}
