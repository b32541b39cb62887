package servers

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
	postgresTimeout = 45 * time.Second
	postgresInstall = "start Docker, or install PostgreSQL's server programs (on Debian: apt-get install postgresql), " +
		"or set " + PostgresDSNVar + " to a server that tests may use"
)

// Postgres returns a Postgres server, or an *[Unavailable] that says why there is none.
func Postgres(ctx context.Context) (*Server, error) {
	return postgres(ctx, processSettings())
}

func postgres(ctx context.Context, env settings) (*Server, error) {
	return acquire(ctx, env, postgresBackend, postgresInstall, []provider{
		{name: dsnProvider, chosen: env(PostgresDSNVar) != "", start: func(ctx context.Context) (*Server, error) {
			return givenPostgres(ctx, env(PostgresDSNVar))
		}},
		{name: containerProvider, start: func(ctx context.Context) (*Server, error) {
			return containerPostgres(ctx, cmp.Or(env(PostgresImageVar), postgresImage))
		}},
		{name: localProvider, start: func(ctx context.Context) (*Server, error) {
			bin, err := findPostgres(env("PATH"))
			if err != nil {
				return nil, err
			}
			return localPostgres(ctx, bin, freePort)
		}},
	})
}

func givenPostgres(ctx context.Context, dsn string) (*Server, error) {
	if dsn == "" {
		return nil, errors.New(PostgresDSNVar + " is not set")
	}
	ctx, cancel := context.WithTimeout(ctx, postgresTimeout)
	defer cancel()
	version, err := postgresVersion(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("the server given by %s: %w", PostgresDSNVar, err)
	}
	return &Server{DSN: dsn, Version: version, Provider: dsnProvider}, nil
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

// findPostgres returns the directory of the server's programs: on PATH, or the newest of those that distributions keep
// out of it.
func findPostgres(path string) (string, error) {
	candidates := filepath.SplitList(path)
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",          // Debian
		"/usr/pgsql-*/bin",                   // PostgreSQL's own RPMs
		"/opt/homebrew/opt/postgresql@*/bin", // Homebrew
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("looking for Postgres: %w", err)
		}
		slices.SortFunc(found, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
		candidates = append(candidates, found...)
	}
	for _, dir := range candidates {
		program, err := exec.LookPath(filepath.Join(dir, "postgres"))
		if err != nil {
			continue
		}
		// Links lead to the real directory, whose name says the version, and which has the other programs.
		if program, err = filepath.EvalSymlinks(program); err != nil {
			continue
		}
		bin := filepath.Dir(program)
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err == nil {
			return bin, nil
		}
	}
	return "", errors.New("no postgres and initdb on PATH or where distributions keep them")
}

// majorVersion returns the number in a path such as /usr/lib/postgresql/15/bin, which has only one.
func majorVersion(path string) int {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, path)
	version, _ := strconv.Atoi(digits) // zero, the oldest, where there is none
	return version
}

// localScript prepares a cluster in $1 with the programs in $2, then becomes its server on port $3. Passwords are
// asked for on the port, which every user of the machine can reach, and not on the socket in our own directory.
const localScript = `set -e
dir=$1 bin=$2 port=$3
shift 3
"$bin/initdb" --pgdata="$dir/data" --username=` + postgresUser + ` --pwfile="$dir/password" --no-sync \
	--auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C
rm "$dir/password"
exec "$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" -c listen_addresses=127.0.0.1 "$@"`

func localPostgres(ctx context.Context, bin string, port func(context.Context) (int, error)) (*Server, error) {
	password := rand.Text()
	dsn := func(port int) string { return postgresDSN(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), password) }
	var version string
	local, err := startLocal(ctx, localSpec{
		name:     postgresBackend,
		accounts: []string{"postgres", "nobody"},
		files:    map[string]string{"password": password},
		command: func(dir string, port int) []string {
			command := []string{"/bin/sh", "-c", localScript, "sh", dir, bin, strconv.Itoa(port)}
			return append(command, postgresSettings()...)
		},
		answers: func(ctx context.Context, _ string, port int) (err error) {
			version, err = postgresVersion(ctx, dsn(port))
			return err
		},
		port: port,
	})
	if err != nil {
		return nil, redact(fmt.Errorf("running %s: %w", bin, err), password)
	}
	return &Server{
		DSN: dsn(local.port), Version: version, Provider: localProvider + " " + bin, stop: local.stop,
	}, nil
}

// postgresSettings are the server's arguments: what a failure of the whole machine would lose is given up for speed, but
// not what killing the server would, and many tests' pools find room.
func postgresSettings() []string {
	return []string{
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=500",
	}
}

func postgresDSN(address, password string) string {
	dsn := url.URL{
		Scheme: "postgres", User: url.UserPassword(postgresUser, password), Host: address,
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

// postgresVersion asks the server for its version, which tells as well that it answers.
func postgresVersion(ctx context.Context, dsn string) (string, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// Not its text: it quotes the parts that it cannot make sense of, and one may be the password.
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
	// "15.18 (Debian 15.18-0+deb12u1)": who packaged it is of no interest here.
	version, _, _ = strings.Cut(version, " ")
	return version, nil
}
