package servers

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	tcmssql "github.com/testcontainers/testcontainers-go/modules/mssql"
	"github.com/testcontainers/testcontainers-go/wait"
)

const (
	sqlserverPort    = "1433/tcp"
	sqlserverTimeout = 3 * time.Minute
)

func sqlserverKind() kind {
	return kind{
		backend: "sqlserver", dsnVar: SQLServerDSNVar, imageVar: SQLServerImageVar,
		install: fmt.Sprintf("start Docker, set %s to the name of Microsoft's image and %s=Y to accept its licence, or set %s to a server that tests may use",
			SQLServerImageVar, LicenceVar, SQLServerDSNVar),
		timeout: sqlserverTimeout, version: sqlserverVersion, container: sqlserverContainer,
		forbids: func(env settings) error {
			switch {
			case env(SQLServerImageVar) == "":
				return errors.New(SQLServerImageVar + " is not set")
			case env(LicenceVar) != "Y":
				return errors.New("the licence was not accepted: " + LicenceVar + " is not Y")
			}
			return nil
		},
	}
}

func sqlserverContainer(ctx context.Context, image string) (*Server, error) {
	password := rand.Text() + "-a1" // SQL Server requires three kinds of characters
	var ctr *tcmssql.MSSQLServerContainer
	stop, err := startContainer(ctx, containerSpec{
		image: image, secret: password, timeout: sqlserverTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (_ testcontainers.Container, err error) {
			waiting := wait.ForSQL(sqlserverPort, "sqlserver", func(host string, port network.Port) string {
				return sqlserverDSN(net.JoinHostPort(host, port.Port()), password)
			})
			options = append(options, tcmssql.WithAcceptEULA(), tcmssql.WithPassword(password),
				testcontainers.WithWaitStrategy(waiting.WithStartupTimeout(sqlserverTimeout)))
			ctr, err = tcmssql.Run(ctx, image, options...)
			if ctr == nil {
				return nil, err // not ctr, which would be an interface that is not nil
			}
			return ctr, err
		},
	})
	if err != nil {
		return nil, err
	}
	server := &Server{Provider: containerProvider + " " + image, stop: stop}
	address, err := ctr.PortEndpoint(ctx, sqlserverPort, "")
	if err == nil {
		server.DSN = sqlserverDSN(address, password)
		server.Version, err = sqlserverVersion(ctx, server.DSN)
	}
	if err != nil {
		return nil, redact(errors.Join(err, stop()), password)
	}
	return server, nil
}

func sqlserverDSN(address, password string) string {
	dsn := url.URL{
		Scheme: "sqlserver", User: url.UserPassword("sa", password), Host: address,
		RawQuery: url.Values{"database": {"master"}, "trustservercertificate": {"true"}}.Encode(),
	}
	return dsn.String()
}

// WithSQLServerDatabase creates a database on a SQL Server, and returns the server with
// the DSN of that database. Connections are not encrypted unless the server's own DSN
// says so, because package faults looks for commits in the data. Close drops the
// database and leaves the server alone.
func (s *Server) WithSQLServerDatabase(ctx context.Context, name string) (*Server, error) {
	dsn, err := url.Parse(s.DSN)
	if err != nil {
		return nil, errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	query := dsn.Query()
	query.Set("database", name)
	if !query.Has("encrypt") {
		query.Set("encrypt", "disable")
	}
	dsn.RawQuery = query.Encode()
	quoted := "[" + strings.ReplaceAll(name, "]", "]]") + "]"
	if err := s.AdministerSQLServer(ctx, "CREATE DATABASE "+quoted); err != nil {
		return nil, err
	}
	return &Server{Backend: s.Backend, DSN: dsn.String(), Version: s.Version, Provider: s.Provider, stop: func() error {
		return s.AdministerSQLServer(context.WithoutCancel(ctx), "ALTER DATABASE "+quoted+" SET SINGLE_USER WITH ROLLBACK IMMEDIATE", "DROP DATABASE "+quoted)
	}}, nil
}

// AdministerSQLServer runs statements on a SQL Server in a new session.
func (s *Server) AdministerSQLServer(ctx context.Context, statements ...string) error {
	return sqlserverSession(s.DSN, func(db *sql.DB) error {
		for _, statement := range statements {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

// sqlserverVersion queries the server's version, which also shows that the server
// answers. For another product that only speaks the protocol, it keeps the first words,
// which name the product.
func sqlserverVersion(ctx context.Context, dsn string) (version string, err error) {
	err = sqlserverSession(dsn, func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT @@VERSION").Scan(&version)
	})
	version, _, _ = strings.Cut(version, "\n")
	version, _, _ = strings.Cut(version, " (X64)")
	return strings.TrimSpace(strings.TrimPrefix(version, "Microsoft SQL Server ")), err
}

// sqlserverSession opens a pool of one connection. Its errors do not contain the DSN's
// password.
func sqlserverSession(dsn string, fn func(*sql.DB) error) (err error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	password, _ := u.User.Password()
	connector, err := mssql.NewConnector(dsn)
	if err != nil {
		return redact(err, password)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	defer func() { err = redact(errors.Join(err, db.Close()), password) }()
	return fn(db)
}
