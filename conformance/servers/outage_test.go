package servers

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestOutage takes servers away in all ways and brings them back, with what was committed just before.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(context.Context) (*Server, error){"postgres": Postgres, "mysql": MySQL, "mariadb": MariaDB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := start(t.Context())
			if err != nil {
				t.Skip(err)
			}
			t.Cleanup(func() {
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
			if server.outage == nil {
				if err := server.Kill(t.Context()); !errors.Is(err, ErrNoOutage) {
					t.Errorf("killed a server that cannot be started again: %v", err)
				}
				t.Skip(server, ": only a container can be started again")
			}
			execute(t, server, "CREATE SCHEMA outage")
			execute(t, server, "CREATE TABLE outage.kept (id INT PRIMARY KEY)")
			ends := []func(context.Context) error{server.Kill, server.Stop}
			if server.Backend == postgresBackend {
				ends = append(ends, server.Abort)
			}
			for round, end := range ends {
				execute(t, server, "INSERT INTO outage.kept VALUES (1), (2)")
				if err := end(t.Context()); err != nil {
					t.Fatal(err)
				}
				address, err := server.Start(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				server = at(t, server, address)
				if n := execute(t, server, "DELETE FROM outage.kept"); n != 2 {
					t.Errorf("round %d: %d rows were kept, want 2", round, n)
				}
			}
		})
	}
}

// at is the server with another address in its DSN.
func at(t *testing.T, s *Server, address string) *Server {
	t.Helper()
	u, err := url.Parse(s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = address
	return &Server{Backend: s.Backend, DSN: u.String(), Version: s.Version, Provider: s.Provider, stop: s.Close, outage: s.outage}
}

// execute runs a statement and returns how many rows it changed.
func execute(t *testing.T, s *Server, statement string) int64 {
	t.Helper()
	if s.Backend == postgresBackend {
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
	config, err := driverConfig(s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	db, err := open(config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	result, err := db.ExecContext(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
