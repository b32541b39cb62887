package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

// Driver returns the driver of MySQL and MariaDB for [backend.Open]: DSNs that begin
// with mysql:// or mariadb:// are opened with [Open].
func Driver() backend.Driver {
	return backend.Driver{
		Name: "mysql", Schemes: []string{"mysql", "mariadb"},
		Form: "mysql://user@host:3306/database?prefix=pt_", Server: true,
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
	connector, err := connectorOf(config, o.Password)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", explain(err)), db.Close())
	}
	return db, nil
}

// connectorOf returns a connector, which asks for the password unless password is nil.
func connectorOf(config *mysql.Config, password dialect.Ask) (driver.Connector, error) {
	if password != nil {
		err := config.Apply(mysql.BeforeConnect(func(ctx context.Context, c *mysql.Config) (err error) {
			c.Passwd, err = password.Password(ctx)
			return err
		}))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", dialect.ErrDSN, err)
		}
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	return connector, nil
}

func describe(dsn string) (string, error) {
	config, prefix, err := ParseDSN(dsn)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("database %s, tables %s…, on %s", config.DBName, cmp.Or(prefix, dialects.DefaultPrefix), config.Addr), nil
}
