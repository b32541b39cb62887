package conformance

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// TestPools goes through the suite with pools of the caller's, whose DSNs set what
// programs set for themselves (rule S8.3).
func TestPools(t *testing.T) {
	pools := map[string]func(*driver.Config){
		"the driver's defaults": func(c *driver.Config) {
			c.ParseTime, c.MultiStatements, c.InterpolateParams = false, false, false
		},
		"parseTime, clientFoundRows": func(c *driver.Config) {
			c.ParseTime, c.MultiStatements, c.InterpolateParams, c.ClientFoundRows = true, false, false, true
		},
		"multiStatements alone":       func(c *driver.Config) { c.ParseTime, c.InterpolateParams = false, false },
		"no times, several at a time": func(c *driver.Config) { c.ParseTime = false },
	}
	each(t, func(t *testing.T, server *servers.Server) {
		for name, set := range pools {
			t.Run(name, func(t *testing.T) {
				unlessShort(t)
				backend := underTest(server)
				backend.Provider += ", pool with " + name
				backend.Open = func(ctx context.Context, dsn string) (dialect.Backend, error) { return onPool(ctx, dsn, set) }
				backend.Proves = []string{"S8.3"}
				backend.Only = []string{"S1.1", "S2.4", "S3.2", "S3.6", "S3.7", "S5.1", "S5.2", "S6.1"}
				suite.Run(t, backend)
			})
		}
	})
}

// callersPool is a backend and the pool under it, which it does not close.
type callersPool struct {
	dialect.Backend

	pool *sql.DB
}

func (p callersPool) Close() error { return errors.Join(p.Backend.Close(), p.pool.Close()) }

func onPool(ctx context.Context, dsn string, set func(*driver.Config)) (dialect.Backend, error) {
	config, prefix, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	set(config)
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	b, err := mysql.New(ctx, pool, mysql.Prefix(prefix))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return callersPool{b, pool}, nil
}
