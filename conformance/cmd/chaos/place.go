package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	driver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// place is a database for the experiment only, with the two routes to it.
type place struct {
	server string // what it is
	dsn    string // the workers' route, which faults strike
	direct string // the supervisor's route

	wire, straight *faults.Proxy // in front of the server; nil if there is no network
	restarts       *servers.Server
	commit         faults.Match
	closers        []func() error
}

func (p *place) close() error {
	var all error
	for _, closer := range slices.Backward(p.closers) {
		all = errors.Join(all, closer())
	}
	return all
}

func openPlace(ctx context.Context, name string) (*place, error) {
	switch name {
	case "sqlite":
		return inFile()
	case "postgres":
		return onServer(ctx, name, faults.PostgresCommit, nil)
	case "mysql", "mariadb":
		return onServer(ctx, name, faults.MySQLCommit, (*servers.Server).WithDatabase)
	case "sqlserver":
		return onServer(ctx, name, faults.SQLServerCommit, (*servers.Server).WithSQLServerDatabase)
	default:
		return nil, fmt.Errorf("%q is none of sqlite, postgres, mysql, mariadb, sqlserver", name)
	}
}

func inFile() (*place, error) {
	dir, err := os.MkdirTemp("", "chaos-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "chaos.db")
	dsn := "sqlite:" + file
	p := &place{server: "sqlite", dsn: dsn, direct: dsn, closers: []func() error{func() error { return os.RemoveAll(dir) }}}
	return p, os.WriteFile(file, nil, 0o600)
}

// onServer returns a place on a server with two proxies in front of it: one to break,
// and one that hides that a restarted server may have another port. apart, if it is not
// nil, creates a database for the place.
func onServer(ctx context.Context, name string, commit faults.Match, apart func(*servers.Server, context.Context, string) (*servers.Server, error)) (p *place, err error) {
	server, err := servers.Get(ctx, name)
	if err == nil && server.Served { // other tests use it, too, so it must not be killed
		server, err = servers.Own(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	p = &place{server: server.String(), commit: commit, closers: []func() error{server.Close}}
	if server.Restarts() {
		p.restarts = server
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if apart != nil {
		if server, err = apart(server, ctx, fmt.Sprintf("chaos_%d", os.Getpid())); err != nil {
			return nil, err
		}
	}
	if p.wire, p.dsn, err = p.proxied(ctx, server); err != nil {
		return nil, err
	}
	p.straight, p.direct, err = p.proxied(ctx, server)
	return p, err
}

func (p *place) proxied(ctx context.Context, server *servers.Server) (*faults.Proxy, string, error) {
	u, err := url.Parse(server.DSN)
	if err != nil {
		return nil, "", errors.New("the server's DSN cannot be parsed (not shown, since it may hold a password)")
	}
	proxy, err := faults.NewProxy(ctx, u.Host)
	if err != nil {
		return nil, "", err
	}
	p.closers = append(p.closers, proxy.Close)
	u.Host = proxy.Addr()
	return proxy, u.String(), nil
}

// openBackend opens a DSN of a place.
func openBackend(ctx context.Context, dsn string) (dialect.Backend, error) {
	switch scheme, _, _ := strings.Cut(dsn, ":"); scheme {
	case "sqlite":
		return sqlite.Open(ctx, dsn, nil)
	case "postgres":
		return postgres.Open(ctx, dsn, nil)
	case "sqlserver":
		return sqlserver.Open(ctx, dsn, nil)
	default:
		return mysql.Open(ctx, dsn, nil)
	}
}

// openPool opens a pool for the user's own data, and returns how the tracker joins its
// transactions.
func openPool(dsn string) (*sql.DB, func(*sql.Tx) dialect.Tx, error) {
	switch scheme, path, _ := strings.Cut(dsn, ":"); scheme {
	case "sqlite":
		pool, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=foreign_keys(1)")
		return pool, sqlite.Tx, err
	case "postgres":
		config, err := pgxpool.ParseConfig(dsn)
		if err != nil {
			return nil, nil, errors.New("the DSN cannot be parsed (not shown, since it may hold a password)")
		}
		return stdlib.OpenDB(*config.ConnConfig), postgres.SQLTx, nil
	case "sqlserver":
		config, _, err := sqlserver.ParseDSN(dsn)
		if err != nil {
			return nil, nil, err
		}
		return sql.OpenDB(mssql.NewConnectorConfig(config)), sqlserver.Tx, nil
	default:
		config, _, err := mysql.ParseDSN(dsn)
		if err != nil {
			return nil, nil, err
		}
		connector, err := driver.NewConnector(config)
		if err != nil {
			return nil, nil, err
		}
		return sql.OpenDB(connector), mysql.Tx, nil
	}
}
