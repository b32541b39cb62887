package servers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// answersAs fails the test unless the server answers, has the expected version, and
// grants all privileges.
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
		"fsync": "off", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "500",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
}

// TestPostgresContainer runs through the life of a server in a container: others find
// it by its DSN, it is stopped in every way and restarts with the latest commit, and it
// ends when it is closed.
func TestPostgresContainer(t *testing.T) {
	t.Parallel()
	if _, err := connectEngine(t.Context()); err != nil {
		t.Skip("container: no engine answers: ", err)
	}
	image := testedImage()
	server, err := own(t.Context(), with(map[string]string{PostgresImageVar: image, PostgresDSNVar: "postgres://given/"}), postgresBackend)
	var missing *Unavailable
	if errors.As(err, &missing) && !Required(postgresBackend) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	if server.Provider != "container "+image || server.Backend != postgresBackend || server.Served {
		t.Errorf("got %v", server)
	}
	answersAs(t, server)
	ours(t, server)
	byDSN(t, server)
	outages(t, server)
	for range 2 {
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pgx.Connect(t.Context(), server.DSN); err == nil {
		t.Error("the server goes on after Close")
	}
}

// byDSN checks that a running server is found by its DSN, and is left running.
func byDSN(t *testing.T, running *Server) {
	t.Helper()
	given, err := get(t.Context(), with(map[string]string{PostgresDSNVar: running.DSN}), postgresBackend)
	if err != nil {
		t.Fatal(err)
	}
	if given.Provider != "dsn" || given.DSN != running.DSN || given.Restarts() {
		t.Errorf("got %v", given)
	}
	answersAs(t, given)
	if err := given.Kill(t.Context()); !errors.Is(err, ErrNoOutage) {
		t.Errorf("killed a server that others may use: %v", err)
	}
	if err := given.Close(); err != nil {
		t.Fatal(err)
	}
	answersAs(t, given) // it is not ours to stop
	refused(t, strings.Replace(running.DSN, "//"+postgresUser+":", "//"+postgresUser+":hunter2", 1))
}

// outages stops a server in every way and restarts it, with the latest commit.
func outages(t *testing.T, server *Server) {
	t.Helper()
	execute(t, server, "CREATE TABLE kept (id INT PRIMARY KEY)")
	for round, end := range []func(context.Context) error{server.Kill, server.Stop, server.Abort} {
		execute(t, server, "INSERT INTO kept VALUES (1), (2)")
		if err := end(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, err := server.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if now, err := server.Address(); err != nil || now != address {
			t.Errorf("started at %s, and its DSN has %s (%v)", address, now, err)
		}
		if n := execute(t, server, "DELETE FROM kept"); n != 2 {
			t.Errorf("round %d: %d rows were kept, want 2", round, n)
		}
	}
}

// execute runs a statement and returns how many rows it changed.
func execute(t *testing.T, s *Server, statement string) int64 {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	tag, err := conn.Exec(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	return tag.RowsAffected()
}

func TestPostgresBrokenDSN(t *testing.T) {
	t.Parallel()
	port := closedPort(t)
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

// refused fails the test unless the DSN causes an error that names the variable, hides
// the password, and differs from the error of a missing server.
func refused(t *testing.T, dsn string) {
	t.Helper()
	server, err := get(t.Context(), with(map[string]string{PostgresDSNVar: dsn}), postgresBackend)
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
	_, err := get(t.Context(), with(map[string]string{PostgresImageVar: "local/processtracker-no-such-image:1"}), postgresBackend)
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
	if got := strings.Join(tried, " "); got != "dsn container" {
		t.Errorf("tried %s", got)
	}
	for _, word := range []string{PostgresDSNVar, "Docker"} {
		if !strings.Contains(missing.Install, word) {
			t.Errorf("what to install does not mention %s", word)
		}
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("saying so took %s", took)
	}
	t.Log(err)
}
