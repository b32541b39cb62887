// Package servers provides database servers to tests. A server comes from whoever can give one, in this order:
//
//   - dsn: a server that already runs, named by an environment variable (PROCESSTRACKER_TEST_POSTGRES_DSN).
//   - container: a container of the database's official image, started with testcontainers.
//   - local: the database's own programs on this machine, run in a temporary directory.
//
// PROCESSTRACKER_SERVERS, a list such as "dsn,local", restricts and does not reorder them. When nobody can give a server
// the error is an *Unavailable, which says who was asked, why not, and what to install. This package never skips a test:
// its callers decide, and ask [Required] whether they may.
//
// A server that this package started ends with [Server.Close], and also with the test binary, however that dies. A
// container outlives a binary that was killed only until testcontainers' reaper, or else the next test binary that
// starts one, removes it.
package servers

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Server is a database server that tests may use as they like: they may create and drop schemas and databases.
type Server struct {
	Backend  string   // the database's name in this project, such as "postgres"
	DSN      string   // how to connect as a user who may do everything; may hold a password
	Version  string   // as the server itself says, such as "15.18"
	Provider string   // who gave it: "dsn", "container postgres:17" or "local /usr/lib/postgresql/15/bin"
	Peers    []string // of a cluster: the DSNs of its other nodes

	stop     func() error // nil for a server that is not ours
	outage   outage       // nil for one that cannot be started again
	stopOnce sync.Once
	stopErr  error
}

// String names the server without its DSN, which may hold a password.
func (s *Server) String() string {
	return fmt.Sprintf("%s %s (%s)", s.Backend, s.Version, s.Provider)
}

// Close ends a server that was started for this test binary and removes what it wrote; a server that was given by its
// DSN goes on. A nil server and a second call are fine.
func (s *Server) Close() error {
	if s == nil || s.stop == nil {
		return nil
	}
	s.stopOnce.Do(func() { s.stopErr = s.stop() })
	return s.stopErr
}

// provider is one of the ways to get a server.
type provider struct {
	name  string
	start func(context.Context) (*Server, error)
	// chosen marks a provider that the user asked for by name: its failure is the answer. Falling back to another
	// server would test something else than he thinks.
	chosen bool
}

// acquire returns the server of the first provider that has one.
func acquire(ctx context.Context, env settings, backend, install string, providers []provider) (*Server, error) {
	allowed, err := env.providers()
	if err != nil {
		return nil, err
	}
	missing := &Unavailable{Backend: backend, Install: install}
	for _, p := range providers {
		if !allowed(p.name) {
			missing.add(p.name, errExcluded)
			continue
		}
		server, err := p.start(ctx)
		switch {
		case err == nil:
			server.Backend = backend
			return server, nil
		case p.chosen, ctx.Err() != nil:
			return nil, fmt.Errorf("%s server (%s): %w", backend, p.name, err)
		}
		missing.add(p.name, err)
	}
	return nil, missing
}

var errExcluded = errors.New("excluded by " + ProvidersVar)
