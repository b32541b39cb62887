package sqlserver

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// Driver returns SQL Server's driver for [backend.Open]: DSNs that begin with
// sqlserver:// are opened with [Open].
func Driver() backend.Driver {
	return backend.Driver{
		Name: "sqlserver", Schemes: []string{"sqlserver"},
		Form: "sqlserver://user@host:1433?database=warehouse&schema=processtracker", Server: true,
		Open: func(ctx context.Context, dsn string, o backend.Options) (dialect.Backend, error) {
			return Open(ctx, dsn, &Options{Password: o.Password})
		},
		OpenSQL: openSQL, SQLTx: Tx, Describe: describe,
	}
}

func openSQL(ctx context.Context, dsn string, o backend.Options) (*sql.DB, error) {
	config, _, err := ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(Connector(config, o.Password))
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", explain(err)), db.Close())
	}
	return db, nil
}

func describe(dsn string) (string, error) {
	config, schema, err := ParseDSN(dsn)
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
