package backends

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

func postgresKind() kind {
	return kind{
		name: "postgres", schemes: []string{"postgres", "postgresql"},
		form:   "postgres://user@host:5432/database?schema=processtracker",
		server: true, missing: "create the database, then run: processtracker setup",
		open: openPostgres, openSQL: openPostgresSQL, where: postgresWhere,
	}
}

func openPostgres(ctx context.Context, dsn string, ask dialect.Ask, _ bool) (dialect.Backend, error) {
	b, err := postgres.Open(ctx, dsn, postgres.Password(ask))
	if err != nil {
		return nil, err // not b: a nil pointer in an interface is not nil
	}
	return b, nil
}

func openPostgresSQL(ctx context.Context, dsn string, ask dialect.Ask) (*sql.DB, error) {
	config, _, err := postgresConfig(dsn)
	if err != nil {
		return nil, err
	}
	var options []stdlib.OptionOpenDB
	if ask != nil {
		options = append(options, stdlib.OptionBeforeConnect(func(ctx context.Context, c *pgx.ConnConfig) (err error) {
			c.Password, err = ask(ctx)
			return err
		}))
	}
	db := stdlib.OpenDB(*config, options...)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), db.Close())
	}
	return db, nil
}

// postgresConfig reads a DSN, and takes out of it what only the tracker knows.
func postgresConfig(dsn string) (config *pgx.ConnConfig, schema string, err error) {
	pool, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, "", fmt.Errorf("%w: cannot be read", dialect.ErrDSN) // not err: it may hold the password
	}
	config = pool.ConnConfig
	schema = cmp.Or(config.RuntimeParams["schema"], dialects.DefaultSchema)
	delete(config.RuntimeParams, "schema")
	return config, schema, nil
}

func postgresWhere(dsn string) (string, error) {
	config, schema, err := postgresConfig(dsn)
	if err != nil {
		return "", err
	}
	host := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if filepath.IsAbs(config.Host) { // the directory of a Unix socket
		host = fmt.Sprintf("%s, port %d", config.Host, config.Port)
	}
	return fmt.Sprintf("database %s, schema %s, on %s", cmp.Or(config.Database, config.User), schema, host), nil
}
