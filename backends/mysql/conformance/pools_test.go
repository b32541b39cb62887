package conformance

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// callersPools are pools of programs, whose DSNs set what they set for themselves (rule
// S8.3).
func callersPools(server string) (all []suite.Variant) {
	pools := map[string]func(*driver.Config){
		"the driver's defaults": func(c *driver.Config) {
			c.ParseTime, c.MultiStatements, c.InterpolateParams = false, false, false
		},
		"parseTime, clientFoundRows": func(c *driver.Config) {
			c.ParseTime, c.MultiStatements, c.InterpolateParams, c.ClientFoundRows = true, false, false, true
		},
		"multiStatements alone": func(c *driver.Config) { c.ParseTime, c.InterpolateParams = false, false },
	}
	for _, name := range slices.Sorted(maps.Keys(pools)) {
		all = append(all, suite.Variant{Name: "pool with " + name, Run: func(t *testing.T) {
			backend := underTest(start(t, server))
			backend.Provider += ", pool with " + name
			backend.Open = func(ctx context.Context, dsn string) (dialect.Backend, error) { return onPool(ctx, dsn, pools[name]) }
			backend.Proves = []string{"S8.3"}
			backend.Only = []string{"S1.1", "S2.4", "S3.2", "S3.6", "S3.7", "S5.1", "S5.2", "S6.1", "S7.1", "S7.2"}
			suite.Run(t, backend)
		}})
	}
	return all
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
	b, err := mysql.New(ctx, pool, &mysql.Options{Prefix: prefix})
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return callersPool{b, pool}, nil
}

// transactionLevels are those of the caller's transactions that are not the server's
// default, REPEATABLE READ.
func transactionLevels(server string) (all []suite.Variant) {
	for _, level := range []sql.IsolationLevel{sql.LevelReadCommitted, sql.LevelSerializable} {
		all = append(all, suite.Variant{Name: "transactions at " + level.String(), Run: func(t *testing.T) {
			backend := underTest(start(t, server))
			backend.Provider += ", transactions at " + level.String()
			backend.Begin = func(ctx context.Context, dsn string, given sql.IsolationLevel) (suite.Transaction, error) {
				if given == sql.LevelDefault {
					given = level
				}
				return begin(ctx, dsn, given)
			}
			suite.RunCases(t, backend, "suite", suite.Joining())
		}})
	}
	return all
}

// TestPool looks at a program's own pool after the tracker has used it.
func TestPool(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		for _, several := range []bool{false, true} {
			t.Run(fmt.Sprintf("several statements at once %v", several), func(t *testing.T) {
				pool, b := oneConnection(t, databases(server, "")(t), several)
				suite.KeepsSession(t.Context(), t, b, func() []string { return settingsOf(t, pool) })
			})
		}
	})
}

func oneConnection(t *testing.T, dsn string, several bool) (*sql.DB, *mysql.Backend) {
	t.Helper()
	config, _, err := mysql.ParseDSN(dsn)
	must(t, err)
	config.MultiStatements, config.InterpolateParams = several, several
	connector, err := driver.NewConnector(config)
	must(t, err)
	pool := sql.OpenDB(connector)
	t.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(t.Context(), "CREATE TEMPORARY TABLE of_this_connection (id INT)"); err != nil {
		t.Fatal(err)
	}
	b, err := mysql.New(t.Context(), pool, nil)
	must(t, err)
	return pool, b
}

// settingsOf says what a connection is and how it is set, but for what any statement
// changes.
func settingsOf(t *testing.T, pool *sql.DB) []string {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), "SHOW SESSION VARIABLES")
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var name, value string
		must(t, rows.Scan(&name, &value))
		switch name {
		case "timestamp", "rand_seed1", "rand_seed2", "insert_id", "last_insert_id", "identity", "error_count", "warning_count", "statement_id":
		default:
			all = append(all, name+" "+value)
		}
	}
	must(t, rows.Err())
	for _, query := range []string{
		"SELECT concat('locks ', RELEASE_ALL_LOCKS())", "SELECT concat('a variable ', coalesce(@processtracker_1, 'is empty'))",
		"SELECT concat('temporary ', count(*)) FROM of_this_connection",
	} {
		var line string
		must(t, pool.QueryRowContext(t.Context(), query).Scan(&line))
		all = append(all, line)
	}
	return all
}
