package postgres

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
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

// Driver returns PostgreSQL's driver for [backend.Open]: DSNs that begin with
// postgres:// or postgresql:// are opened with [Open].
func Driver() backend.Driver {
	return backend.Driver{
		Name: "postgres", Schemes: []string{"postgres", "postgresql"},
		Form: "postgres://user@host:5432/database?schema=processtracker", Server: true,
		Open: func(ctx context.Context, dsn string, o backend.Options) (dialect.Backend, error) {
			return Open(ctx, dsn, &Options{Password: o.Password})
		},
		OpenSQL: openSQL, SQLTx: SQLTx, Describe: describe,
	}
}

func openSQL(ctx context.Context, dsn string, o backend.Options) (*sql.DB, error) {
	config, _, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	var options []stdlib.OptionOpenDB
	if o.Password != nil {
		options = append(options, stdlib.OptionBeforeConnect(asking(o.Password)))
	}
	db := stdlib.OpenDB(*config.ConnConfig, options...)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return db, nil
}

// asking returns the function that pgx calls before it connects, to get the password.
func asking(password dialect.Ask) func(context.Context, *pgx.ConnConfig) error {
	return func(ctx context.Context, c *pgx.ConnConfig) (err error) {
		c.Password, err = password.Password(ctx)
		return err
	}
}

func describe(dsn string) (string, error) {
	pool, schema, err := parseDSN(dsn)
	if err != nil {
		return "", err
	}
	config := pool.ConnConfig
	host := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if filepath.IsAbs(config.Host) { // the directory of a Unix socket
		host = fmt.Sprintf("%s, port %d", config.Host, config.Port)
	}
	return fmt.Sprintf("database %s, schema %s, on %s", cmp.Or(config.Database, config.User), cmp.Or(schema, dialects.DefaultSchema), host), nil
}
