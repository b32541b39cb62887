package backends

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

func mysqlKind() kind {
	return kind{
		name: "mysql", schemes: []string{"mysql", "mariadb"},
		form:   "mysql://user@host:3306/database?prefix=pt_",
		server: true, missing: "create the database, then run: processtracker setup",
		open: openMySQL, openSQL: openMySQLSQL, where: mysqlWhere,
	}
}

func openMySQL(ctx context.Context, dsn string, ask dialect.Ask, _ bool) (dialect.Backend, error) {
	b, err := mysql.Open(ctx, dsn, mysql.Password(ask))
	if err != nil {
		return nil, err // not b: a nil pointer in an interface is not nil
	}
	return b, nil
}

func openMySQLSQL(ctx context.Context, dsn string, ask dialect.Ask) (*sql.DB, error) {
	config, _, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if ask != nil {
		err = config.Apply(driver.BeforeConnect(func(ctx context.Context, c *driver.Config) (err error) {
			c.Passwd, err = ask(ctx)
			return err
		}))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", dialect.ErrDSN, err)
		}
	}
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), db.Close())
	}
	return db, nil
}

func mysqlWhere(dsn string) (string, error) {
	config, prefix, err := mysql.ParseDSN(dsn)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("database %s, tables %s…, on %s", config.DBName, cmp.Or(prefix, dialects.DefaultPrefix), config.Addr), nil
}
