package conformance

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A pool is one of the ways in which a program may have made its own.
type pool func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error)

func pools() map[string]pool {
	return map[string]pool{
		"own": func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
			return mysql.Open(ctx, with(dsn, settings), nil)
		},
		"several at once": func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
			return onPool(ctx, dsn, func(c *driver.Config) { set(c, settings) })
		},
		"the driver's defaults": func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
			return onPool(ctx, dsn, func(c *driver.Config) {
				c.ParseTime, c.MultiStatements, c.InterpolateParams = false, false, false
				set(c, settings)
			})
		},
	}
}

// beginSet begins a transaction in a session that begins with the settings.
func beginSet(ctx context.Context, dsn string, settings map[string]string) (suite.Transaction, error) {
	config, _, err := mysql.ParseDSN(dsn)
	if err != nil {
		return suite.Transaction{}, err
	}
	config.MultiStatements, config.InterpolateParams = false, false
	set(config, settings)
	connector, err := driver.NewConnector(config)
	if err != nil {
		return suite.Transaction{}, err
	}
	db := sql.OpenDB(connector)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return suite.Transaction{}, errors.Join(err, db.Close())
	}
	return suite.Transaction{Tx: mysql.Tx(tx), End: func(_ context.Context, commit bool) error {
		if commit {
			return errors.Join(tx.Commit(), db.Close())
		}
		return errors.Join(tx.Rollback(), db.Close())
	}}, nil
}

// with adds parameters to a DSN.
func with(dsn string, settings map[string]string) string {
	for name, value := range settings {
		dsn += "&" + url.QueryEscape(name) + "=" + url.QueryEscape(value)
	}
	return dsn
}

// set has sessions begin with the settings, and with none of the tracker's.
func set(c *driver.Config, settings map[string]string) {
	c.Params = maps.Clone(settings)
	if charset, ok := settings["charset"]; ok {
		delete(c.Params, "charset")
		_ = c.Apply(driver.Charset(charset, "")) // never fails
	}
}

// oddly is how sessions are set, and which setting the pools of the caller's are
// refused for.
type oddly struct {
	settings map[string]string
	refused  string
}

func odd(server *servers.Server) []oddly {
	one := func(name, value, refused string) oddly { return oddly{map[string]string{name: value}, refused} }
	all := []oddly{
		{nil, ""},
		one("charset", "latin1", "character_set_client"), one("charset", "utf8mb3", "character_set_client"), one("charset", "gbk", "character_set_client"),
		one("completion_type", "1", ""), one("completion_type", "2", ""), one("sql_safe_updates", "1", "sql_safe_updates"),
		one("autocommit", "0", "autocommit"), one("sql_select_limit", "1", "sql_select_limit"),
		one("foreign_key_checks", "0", "foreign_key_checks"), one("unique_checks", "0", "unique_checks"),
		one("sql_auto_is_null", "1", "sql_auto_is_null"), one("sql_big_selects", "0", ""), one("max_join_size", "1", "sql_big_selects"),
		one("max_sort_length", "8", "max_sort_length"), one("timestamp", "1", "timestamp"),
		one("character_set_results", "NULL", ""), one("character_set_results", "'ascii'", "character_set_results"),
		one("collation_connection", "'utf8mb4_unicode_520_ci'", ""), one("collation_connection", "'latin1_swedish_ci'", "character_set_connection"),
		one("collation_connection", "'utf8mb3_general_ci'", "character_set_connection"),
	}
	modes := []string{
		"''", "'ANSI'", "'TRADITIONAL'", "'ANSI_QUOTES'", "'PIPES_AS_CONCAT'", "'NO_BACKSLASH_ESCAPES'", "'PAD_CHAR_TO_FULL_LENGTH'",
		"'NO_ZERO_IN_DATE,NO_ZERO_DATE'", "'ONLY_FULL_GROUP_BY'", "'IGNORE_SPACE'", "'HIGH_NOT_PRECEDENCE'", "'REAL_AS_FLOAT'",
		"'NO_UNSIGNED_SUBTRACTION'", "'NO_AUTO_VALUE_ON_ZERO'", "'ALLOW_INVALID_DATES'", "'ERROR_FOR_DIVISION_BY_ZERO'", "'STRICT_ALL_TABLES'",
	}
	if server.Backend == "mariadb" {
		modes = append(modes, "'ORACLE'", "'MSSQL'", "'DB2'", "'POSTGRESQL'", "'MAXDB'", "'EMPTY_STRING_IS_NULL'", "'SIMULTANEOUS_ASSIGNMENT'", "'TIME_ROUND_FRACTIONAL'", "'NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_KEY_OPTIONS'")
	} else {
		modes = append(modes, "'TIME_TRUNCATE_FRACTIONAL'")
	}
	for _, m := range modes {
		refused := ""
		if m == "'EMPTY_STRING_IS_NULL'" {
			refused = "sql_mode"
		}
		all = append(all, one("sql_mode", m, refused))
	}
	return all
}

// TestSessions goes through a process's life with sessions that are set oddly (rule
// S8.6), in pools of every kind.
func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		suite.OnlyInTurn(t, "sessions that are set oddly", server.Backend, 1)
		var sessions []suite.Session
		for _, name := range slices.Sorted(maps.Keys(pools())) {
			open := pools()[name]
			for _, s := range odd(server) {
				session := suite.Session{
					Name: name + " " + strings.Trim(with("", s.settings), "&"), Refused: s.refused,
					Open: func(ctx context.Context, dsn string) (dialect.Backend, error) { return open(ctx, dsn, s.settings) },
				}
				switch name {
				case "own":
					session.Refused = ""
				case "the driver's defaults":
					session.Begin = func(ctx context.Context, dsn string) (suite.Transaction, error) {
						return beginSet(ctx, dsn, s.settings)
					}
				}
				sessions = append(sessions, session)
			}
		}
		suite.Sessions(t, underTest(server), "settings", sessions)
	})
}
