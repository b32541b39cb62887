package servers

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/testcontainers/testcontainers-go"
	tcmariadb "github.com/testcontainers/testcontainers-go/modules/mariadb"
	tcmysql "github.com/testcontainers/testcontainers-go/modules/mysql"
)

const (
	mysqlPort    = "3306/tcp"
	mysqlTimeout = 90 * time.Second
)

// flavour is what MySQL and MariaDB differ in, as servers.
type flavour struct {
	backend  string // also its image's name, the beginning of its variables, and of its DSNs
	dsnVar   string
	imageVar string
	image    string
	server   string                          // the server's program …
	prepare  func(dir, server string) string // … and the shell command that makes its data directory
	run      func(context.Context, string, ...testcontainers.ContainerCustomizer) (testcontainers.Container, error)
}

func mysqlFlavour() flavour {
	return flavour{
		backend: "mysql", dsnVar: MySQLDSNVar, imageVar: MySQLImageVar, image: "mysql:9.7",
		server: "mysqld", prepare: func(dir, server string) string {
			return quote(server) + " --no-defaults --initialize-insecure --datadir=" + quote(dir+"/data")
		},
		run: func(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			ctr, err := tcmysql.Run(ctx, image, options...)
			if ctr == nil {
				return nil, err // not ctr, which would be an interface that is not nil
			}
			return ctr, err
		},
	}
}

func mariadbFlavour() flavour {
	return flavour{
		backend: "mariadb", dsnVar: MariaDBDSNVar, imageVar: MariaDBImageVar, image: "mariadb:10.11",
		server: "mariadbd", prepare: func(dir, _ string) string {
			return "mariadb-install-db --no-defaults --skip-test-db --auth-root-authentication-method=normal --datadir=" + quote(dir+"/data")
		},
		run: func(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			ctr, err := tcmariadb.Run(ctx, image, options...)
			if ctr == nil {
				return nil, err // as above
			}
			return ctr, err
		},
	}
}

// MySQL returns a MySQL server, or an *[Unavailable] that says why there is none.
func MySQL(ctx context.Context) (*Server, error) {
	return mysqlFlavour().acquire(ctx, processSettings())
}

// MariaDB returns a MariaDB server, or an *[Unavailable] that says why there is none.
func MariaDB(ctx context.Context) (*Server, error) {
	return mariadbFlavour().acquire(ctx, processSettings())
}

func (f flavour) acquire(ctx context.Context, env settings) (*Server, error) {
	install := fmt.Sprintf("start Docker, or install the server program %s, or set %s to a server that tests may use", f.server, f.dsnVar)
	return acquire(ctx, env, f.backend, install, []provider{
		{name: dsnProvider, chosen: env(f.dsnVar) != "", start: func(ctx context.Context) (*Server, error) {
			return f.given(ctx, env(f.dsnVar))
		}},
		{name: containerProvider, start: func(ctx context.Context) (*Server, error) {
			return f.container(ctx, cmp.Or(env(f.imageVar), f.image))
		}},
		{name: localProvider, start: func(ctx context.Context) (*Server, error) {
			return f.local(ctx, env("PATH"))
		}},
	})
}

func (f flavour) given(ctx context.Context, dsn string) (*Server, error) {
	if dsn == "" {
		return nil, errors.New(f.dsnVar + " is not set")
	}
	ctx, cancel := context.WithTimeout(ctx, mysqlTimeout)
	defer cancel()
	version, err := f.version(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("the server given by %s: %w", f.dsnVar, err)
	}
	return &Server{DSN: dsn, Version: version, Provider: dsnProvider}, nil
}

func (f flavour) container(ctx context.Context, image string) (*Server, error) {
	password := rand.Text()
	var ctr testcontainers.Container
	stop, err := startContainer(ctx, containerSpec{
		image:   image,
		secret:  password,
		timeout: mysqlTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (_ testcontainers.Container, err error) {
			ctr, err = f.run(ctx, image, append(options, f.options(password)...)...)
			return ctr, err
		},
	})
	if err != nil {
		return nil, err
	}
	server, err := f.describe(ctx, ctr, mysqlPort, password)
	if err != nil {
		return nil, redact(errors.Join(err, stop()), password)
	}
	server.Provider = containerProvider + " " + image
	server.stop = stop
	server.outage = containerOutage{ctr: ctr, timeout: mysqlTimeout, describe: func(ctx context.Context) (*Server, error) {
		again, err := f.describe(ctx, ctr, mysqlPort, password)
		return again, redact(err, password)
	}}
	return server, nil
}

func (f flavour) options(password string) []testcontainers.ContainerCustomizer {
	name := strings.ToUpper(f.backend)
	return []testcontainers.ContainerCustomizer{
		testcontainers.WithEnv(map[string]string{name + "_USER": "root", name + "_PASSWORD": password}),
		testcontainers.WithCmd(append([]string{f.server}, f.settings()...)...),
		testcontainers.WithWaitStrategy(&answering{f, mysqlPort, password, "SELECT 1"}),
	}
}

func (f flavour) describe(ctx context.Context, ctr testcontainers.Container, port, password string) (*Server, error) {
	address, err := ctr.PortEndpoint(ctx, port, "")
	if err != nil {
		return nil, fmt.Errorf("finding the container's port: %w", err)
	}
	dsn := f.dsn(address, password)
	version, err := f.version(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Server{DSN: dsn, Version: version}, nil
}

// settings are the server's arguments: what a failure of the whole machine would lose is given up for speed, but not
// what killing the server would, and many tests' pools find room. Native asynchronous I/O is the kernel's, of which a
// container host may have any.
func (f flavour) settings() []string {
	all := []string{
		"--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync", "--skip-innodb-doublewrite",
		"--innodb-use-native-aio=0", "--innodb-buffer-pool-size=512M",
		"--max-connections=1000", "--table-open-cache=8000", "--open-files-limit=65536",
		"--max-connect-errors=1000000", // tests break connecting off, and 100 in a row have the server refuse the whole host
	}
	if f.backend == "mysql" {
		all = append(all, "--skip-log-bin", "--mysqlx=0")
	}
	return all
}

// local runs the server's program in a temporary directory. Its first statements set the password of root.
func (f flavour) local(ctx context.Context, path string) (*Server, error) {
	server, err := lookUp(path+":/usr/sbin:/usr/local/sbin", f.server)
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	dsn := func(port int) string { return f.dsn(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), password) }
	var version string
	local, err := startLocal(ctx, localSpec{
		name:     f.backend,
		accounts: []string{"mysql", "nobody"},
		files:    map[string]string{"init.sql": "ALTER USER 'root'@'localhost' IDENTIFIED BY '" + password + "';\n"},
		command: func(dir string, port int) []string {
			start := []string{
				quote(server), "--no-defaults", "--datadir=" + quote(dir+"/data"), "--socket=" + quote(dir+"/socket"),
				"--init-file=" + quote(dir+"/init.sql"), "--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port),
			}
			start = append(start, f.settings()...)
			return []string{"/bin/sh", "-c", f.prepare(dir, server) + " && exec " + strings.Join(start, " ")}
		},
		answers: func(ctx context.Context, _ string, port int) (err error) {
			version, err = f.version(ctx, dsn(port))
			return err
		},
		port: freePort,
	})
	if err != nil {
		return nil, redact(fmt.Errorf("running %s: %w", server, err), password)
	}
	return &Server{DSN: dsn(local.port), Version: version, Provider: localProvider + " " + server, stop: local.stop}, nil
}

// quote makes one word of a shell's of any text.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func (f flavour) dsn(address, password string) string {
	dsn := url.URL{Scheme: f.backend, User: url.UserPassword("root", password), Host: address, Path: "/mysql"}
	return dsn.String()
}

// driverConfig turns a DSN, which is a URL, into the driver's form.
func driverConfig(dsn string) (*mysql.Config, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		// Not its text: it quotes the parts that it cannot make sense of, and one may be the password.
		return nil, errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	config := mysql.NewConfig()
	config.Net, config.Addr = "tcp", u.Host
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.Logger = &mysql.NopLogger{}
	return config, nil
}

// Administer runs statements on a MySQL or MariaDB server in a session of its own.
func (s *Server) Administer(ctx context.Context, statements ...string) (err error) {
	config, err := driverConfig(s.DSN)
	if err != nil {
		return err
	}
	db, err := open(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return redact(fmt.Errorf("%s: %w", statement, err), config.Passwd)
		}
	}
	return nil
}

// WithDatabase makes a database on a MySQL or MariaDB server, and returns the server with its DSN for that: the other
// names the server's own tables. Close drops the database, and leaves the server alone.
func (s *Server) WithDatabase(ctx context.Context, name string) (*Server, error) {
	dsn, err := url.Parse(s.DSN)
	if err != nil {
		return nil, errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	dsn.Path = "/" + name
	quoted := "`" + strings.ReplaceAll(name, "`", "``") + "`"
	if err := s.Administer(ctx, "CREATE DATABASE "+quoted); err != nil {
		return nil, err
	}
	return &Server{Backend: s.Backend, DSN: dsn.String(), Version: s.Version, Provider: s.Provider, stop: func() error {
		return s.Administer(context.WithoutCancel(ctx), "DROP DATABASE "+quoted)
	}}, nil
}

func open(config *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, redact(err, config.Passwd)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// version asks the server for its version, which tells as well that it answers.
func (f flavour) version(ctx context.Context, dsn string) (version string, err error) {
	config, err := driverConfig(dsn)
	if err != nil {
		return "", err
	}
	db, err := open(config)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return "", redact(fmt.Errorf("asking for its version: %w", err), config.Passwd)
	}
	isMariaDB := strings.Contains(version, "MariaDB")
	if isMariaDB != (f.backend == "mariadb") {
		return "", fmt.Errorf("it is no %s: its version is %s", f.backend, version)
	}
	// "10.11.18-MariaDB-0+deb12u1": who packaged it is of no interest here.
	version, _, _ = strings.Cut(version, "-")
	return version, nil
}
