package backends

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlserver"
)

func sqlserverKind() kind {
	return kind{
		name: "sqlserver", schemes: []string{"sqlserver"},
		form:   "sqlserver://user@host:1433?database=warehouse&schema=processtracker",
		server: true, missing: "create the database, then run: processtracker setup",
		open: openSQLServer, openSQL: openSQLServerSQL, where: sqlserverWhere,
	}
}

func openSQLServer(ctx context.Context, dsn string, ask dialect.Ask, _ bool) (dialect.Backend, error) {
	b, err := sqlserver.Open(ctx, dsn, sqlserver.Password(ask))
	if err != nil {
		return nil, err // not b: a nil pointer in an interface is not nil
	}
	return b, nil
}

func openSQLServerSQL(ctx context.Context, dsn string, ask dialect.Ask) (*sql.DB, error) {
	config, _, err := sqlserver.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(sqlserver.Connector(config, ask))
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), db.Close())
	}
	return db, nil
}

func sqlserverWhere(dsn string) (string, error) {
	config, schema, err := sqlserver.ParseDSN(dsn)
	if err != nil {
		return "", err
	}
	host := config.Host
	if config.Port != 0 {
		host = fmt.Sprintf("%s:%d", host, config.Port)
	}
	if config.Instance != "" {
		host += `\` + config.Instance
	}
	return fmt.Sprintf("database %s, schema %s, on %s", config.Database, cmp.Or(schema, dialects.DefaultSchema), host), nil
}
