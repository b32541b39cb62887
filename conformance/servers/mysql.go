package servers

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/testcontainers/testcontainers-go"
	tcmariadb "github.com/testcontainers/testcontainers-go/modules/mariadb"
	tcmysql "github.com/testcontainers/testcontainers-go/modules/mysql"
)

const (
	mysqlPort    = "3306/tcp"
	mysqlTimeout = 5 * time.Minute
)

// flavour holds the differences between the servers of MySQL and MariaDB.
type flavour struct {
	backend  string // also the name of the image, and the prefix of the variables and DSNs
	dsnVar   string
	imageVar string
	image    string
	server   string // the server's program
	run      func(context.Context, string, ...testcontainers.ContainerCustomizer) (testcontainers.Container, error)
}

func mysqlFlavour() flavour {
	return flavour{
		backend: "mysql", dsnVar: MySQLDSNVar, imageVar: MySQLImageVar, image: "mysql:9.7",
		server: "mysqld",
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
		server: "mariadbd",
		run: func(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			ctr, err := tcmariadb.Run(ctx, image, options...)
			if ctr == nil {
				return nil, err // as above
			}
			return ctr, err
		},
	}
}

func (f flavour) kind() kind {
	return kind{
		backend: f.backend, dsnVar: f.dsnVar, imageVar: f.imageVar, image: f.image,
		install: "start Docker, or set " + f.dsnVar + " to a server that tests may use",
		timeout: mysqlTimeout, version: f.version, container: f.container,
	}
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

// settings are the server's arguments. For speed, commits may be lost if the whole
// machine fails, but not if the server is killed: in the middle of a page, too, so that the
// doublewrite buffer stays on. There is room for the connection pools of many tests. Native
// asynchronous I/O is off because it depends on the kernel of the container's host.
func (f flavour) settings() []string {
	all := []string{
		"--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync",
		"--innodb-use-native-aio=0", "--innodb-buffer-pool-size=512M",
		"--max-connections=1000", "--table-open-cache=8000", "--open-files-limit=65536",
		"--max-connect-errors=1000000", // tests interrupt connection attempts, and 100 in a row would make the server block the host
	}
	if f.backend == "mysql" {
		all = append(all, "--skip-log-bin", "--mysqlx=0")
	}
	return all
}

func (f flavour) dsn(address, password string) string {
	dsn := url.URL{Scheme: f.backend, User: url.UserPassword("root", password), Host: address, Path: "/mysql"}
	return dsn.String()
}

// driverConfig converts a DSN, which is a URL, to the driver's form.
func driverConfig(dsn string) (*mysql.Config, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		// The text of the error is omitted: it quotes parts of the DSN, which may include
		// the password.
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

// Administer runs statements on a MySQL or MariaDB server in a new session.
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

// WithDatabase creates a database on a MySQL or MariaDB server. It returns the server
// with the DSN of that database, as the other DSN names the server's system tables.
// Close drops the database and leaves the server alone.
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
	// "10.11.18-MariaDB-0+deb12u1": the packager does not matter here.
	version, _, _ = strings.Cut(version, "-")
	return version, nil
}
