// Package servers provides database servers to tests. A server comes from the first of these providers that has one:
//
//   - dsn: a server that already runs, named by an environment variable (PROCESSTRACKER_TEST_POSTGRES_DSN). Command serve
//     sets it for the tests that it runs, and names the server's real origin in [ServedVar].
//   - container: a container of the database's official image, started with testcontainers.
//
// PROCESSTRACKER_SERVERS, a list such as "dsn", restricts them. If neither has a server, the error is an
// *[Unavailable], which lists the providers, their reasons, and what to do. This package never skips a test: its callers decide,
// and ask [Required] whether they may.
//
// Concurrent tests share a server: they create schemas and databases of their own in it, and leave its settings and other
// sessions alone. A test that harms a server asks [Own] for one.
//
// A server that this package started ends with [Server.Close]. The container of a test program that was killed is removed
// by testcontainers' reaper or, where that is switched off, by the next start of command serve.
package servers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server is a database server in which tests may create and drop schemas and databases.
type Server struct {
	Backend  string   // the database's name in this project, such as "postgres"
	DSN      string   // for a user with all privileges; may contain a password
	Version  string   // as the server itself says, such as "15.18"
	Provider string   // who gave it: "dsn" or "container postgres:17"
	Peers    []string // of a cluster: the DSNs of its other nodes
	Served   bool     // command serve started it, for several programs

	stop     func() error // nil for a server that is not ours
	outage   outage       // nil for a server that cannot be restarted
	stopOnce sync.Once
	stopErr  error
}

// String describes the server without its DSN, which may contain a password.
func (s *Server) String() string {
	return fmt.Sprintf("%s %s (%s)", s.Backend, s.Version, s.Provider)
}

// Close ends a server that was started for the caller and removes its data. A server
// that was given by its DSN continues. You may call Close on a nil server, and more
// than once.
func (s *Server) Close() error {
	if s == nil || s.stop == nil {
		return nil
	}
	s.stopOnce.Do(func() { s.stopErr = s.stop() })
	return s.stopErr
}

// kind is a database for which this package provides servers.
type kind struct {
	backend  string
	dsnVar   string
	imageVar string
	image    string // the default image; if it is empty, imageVar names the image
	install  string // how to get a server if there is none
	timeout  time.Duration
	// version queries a server's version, which also shows that the server answers.
	version func(ctx context.Context, dsn string) (string, error)
	// container starts a server of that image.
	container func(ctx context.Context, image string) (*Server, error)
	// forbids, if set, returns why no container may be started.
	forbids func(settings) error
}

func kinds() []kind {
	return []kind{postgresKind(), mysqlFlavour().kind(), mariadbFlavour().kind(), galeraKind(), sqlserverKind()}
}

// Names lists the databases for which this package provides servers.
func Names() (names []string) {
	for _, k := range kinds() {
		names = append(names, k.backend)
	}
	return names
}

// Variable returns the environment variable that names a running server of a database.
func Variable(backend string) string {
	k, _ := find(backend)
	return k.dsnVar
}

func find(backend string) (kind, error) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.backend == backend })
	if i < 0 {
		return kind{}, fmt.Errorf("there are no servers of %q: give one of %s", backend, strings.Join(Names(), ", "))
	}
	return all[i], nil
}

// Get returns a server that may be shared, or an *[Unavailable] with the reasons why
// there is none.
func Get(ctx context.Context, backend string) (*Server, error) {
	return get(ctx, processSettings(), backend)
}

// Own returns a server for the caller only, in a container, even if a DSN is given; or
// an *[Unavailable].
func Own(ctx context.Context, backend string) (*Server, error) {
	return own(ctx, processSettings(), backend)
}

func get(ctx context.Context, env settings, backend string) (*Server, error) {
	k, err := find(backend)
	if err != nil {
		return nil, err
	}
	return acquire(ctx, env, k, k.byDSN(env), k.inContainer(env))
}

func own(ctx context.Context, env settings, backend string) (*Server, error) {
	k, err := find(backend)
	if err != nil {
		return nil, err
	}
	return acquire(ctx, env, k, k.inContainer(env))
}

// provider is a way to get a server.
type provider struct {
	name  string
	start func(context.Context) (*Server, error)
	// chosen marks a provider that the user selected by name: its failure is final.
	// Another provider's server would test something else than the user expects.
	chosen bool
}

// byDSN provides the server that an environment variable names.
func (k kind) byDSN(env settings) provider {
	return provider{name: dsnProvider, chosen: env(k.dsnVar) != "", start: func(ctx context.Context) (*Server, error) {
		if env(k.dsnVar) == "" {
			return nil, errors.New(k.dsnVar + " is not set")
		}
		server, err := k.given(ctx, env(k.dsnVar))
		if err != nil {
			return nil, fmt.Errorf("the server given by %s: %w", k.dsnVar, err)
		}
		return server, nil
	}}
}

// given returns the server of a DSN. A cluster's DSN is a list of its nodes' DSNs,
// separated by spaces.
func (k kind) given(ctx context.Context, dsn string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	nodes := []string{dsn}
	if k.backend == galeraName {
		nodes = strings.Fields(dsn)
	}
	var version string
	for _, node := range slices.Backward(nodes) { // so that the first one remains
		var err error
		if version, err = k.version(ctx, node); err != nil {
			return nil, err
		}
	}
	return &Server{DSN: nodes[0], Peers: nodes[1:], Version: version, Provider: dsnProvider}, nil
}

// inContainer provides a server for the caller only.
func (k kind) inContainer(env settings) provider {
	image := cmp.Or(env(k.imageVar), k.image)
	return provider{name: containerProvider, chosen: k.image == "" && image != "" && k.forbids(env) == nil,
		start: func(ctx context.Context) (*Server, error) {
			if k.forbids != nil {
				if err := k.forbids(env); err != nil {
					return nil, err
				}
			}
			return k.container(ctx, image)
		}}
}

// acquire returns the server of the first provider that has one.
func acquire(ctx context.Context, env settings, k kind, providers ...provider) (*Server, error) {
	allowed, err := env.providers()
	if err != nil {
		return nil, err
	}
	served, err := env.served()
	if err != nil {
		return nil, err
	}
	known := served[k.backend]
	if known.Missing != nil && env(k.dsnVar) == "" {
		return nil, known.Missing // serve has already tried
	}
	missing := &Unavailable{Backend: k.backend, Install: k.install}
	for _, p := range providers {
		isServed := p.name == dsnProvider && known.DSN != "" && known.DSN == env(k.dsnVar)
		if !isServed && !allowed(p.name) {
			missing.add(p.name, errExcluded)
			continue
		}
		server, err := p.start(ctx)
		switch {
		case err == nil:
			server.Backend = k.backend
			if isServed {
				server.Provider, server.Served = known.Provider, true
			}
			return server, nil
		case p.chosen, ctx.Err() != nil:
			return nil, fmt.Errorf("%s server (%s): %w", k.backend, p.name, err)
		}
		missing.add(p.name, err)
	}
	return nil, missing
}

var errExcluded = errors.New("excluded by " + ProvidersVar)
