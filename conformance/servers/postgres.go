package servers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver that waits for the container's server
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	tcpostgres "github.com/testcontainers/testcontainers-go/modules/postgres"
	"github.com/testcontainers/testcontainers-go/wait"
)

const (
	postgresBackend = "postgres"
	postgresImage   = "postgres:17"
	postgresUser    = "postgres"
	postgresPort    = "5432/tcp"
	postgresTimeout = 5 * time.Minute
)

func postgresKind() kind {
	return kind{
		backend: postgresBackend, dsnVar: PostgresDSNVar, imageVar: PostgresImageVar, image: postgresImage,
		install: "start Docker, or set " + PostgresDSNVar + " to a server that tests may use",
		timeout: postgresTimeout, version: postgresVersion, container: containerPostgres,
	}
}

func containerPostgres(ctx context.Context, image string) (*Server, error) {
	password := rand.Text()
	var ctr *tcpostgres.PostgresContainer
	stop, err := startContainer(ctx, containerSpec{
		image:   image,
		secret:  password,
		timeout: postgresTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			options = append(options, postgresOptions(password)...)
			var err error
			if ctr, err = tcpostgres.Run(ctx, image, options...); ctr == nil {
				return nil, err // not ctr, which would be an interface that is not nil
			}
			return ctr, err
		},
	})
	if err != nil {
		return nil, err
	}
	server, err := describePostgres(ctx, ctr, password)
	if err != nil {
		return nil, redact(errors.Join(err, stop()), password)
	}
	server.Provider = containerProvider + " " + image
	server.stop = stop
	server.outage = containerOutage{ctr: ctr, timeout: postgresTimeout, describe: func(ctx context.Context) (*Server, error) {
		again, err := describePostgres(ctx, ctr, password)
		return again, redact(err, password)
	}}
	return server, nil
}

func postgresOptions(password string) []testcontainers.ContainerCustomizer {
	waiting := wait.ForSQL(postgresPort, "pgx", func(host string, port network.Port) string {
		return postgresDSN(net.JoinHostPort(host, port.Port()), password)
	})
	return []testcontainers.ContainerCustomizer{
		testcontainers.WithEnv(map[string]string{
			"POSTGRES_PASSWORD":    password,
			"POSTGRES_INITDB_ARGS": "--no-sync",
		}),
		testcontainers.WithCmd(append([]string{"postgres"}, postgresSettings()...)...),
		testcontainers.WithWaitStrategy(waiting.WithStartupTimeout(postgresTimeout)),
	}
}

func describePostgres(ctx context.Context, ctr testcontainers.Container, password string) (*Server, error) {
	address, err := ctr.PortEndpoint(ctx, postgresPort, "")
	if err != nil {
		return nil, fmt.Errorf("finding the container's port: %w", err)
	}
	dsn := postgresDSN(address, password)
	version, err := postgresVersion(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Server{DSN: dsn, Version: version}, nil
}

// postgresSettings are the server's arguments. For speed, commits may be lost if the
// whole machine fails, but not if the server is killed: in the middle of a page, too, so
// that full_page_writes stays on. There is room for the connection pools of many tests.
func postgresSettings() []string {
	return []string{
		"-c", "fsync=off", "-c", "max_connections=500",
	}
}

func postgresDSN(address, password string) string {
	dsn := url.URL{
		Scheme: "postgres", User: url.UserPassword(postgresUser, password), Host: address,
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

// postgresVersion queries the server's version, which also shows that the server answers.
func postgresVersion(ctx context.Context, dsn string) (string, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The text of the error is omitted: it quotes parts of the DSN, which may include
		// the password.
		return "", errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return "", redact(err, config.Password)
	}
	defer func() { _ = conn.Close(ctx) }()
	var version string
	if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return "", redact(fmt.Errorf("asking for its version: %w", err), config.Password)
	}
	// "15.18 (Debian 15.18-0+deb12u1)": omit the packager.
	version, _, _ = strings.Cut(version, " ")
	return version, nil
}
