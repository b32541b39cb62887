package conformance

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// pools are the ways in which a program may have made its own.
func pools() map[string]func(context.Context, string, map[string]string) (dialect.Backend, error) {
	all := map[string]func(context.Context, string, map[string]string) (dialect.Backend, error){
		"database/sql": setSQL, "own": setOwn,
	}
	for name, mode := range map[string]pgx.QueryExecMode{
		"default": pgx.QueryExecModeCacheStatement, "exec": pgx.QueryExecModeExec, "simple_protocol": pgx.QueryExecModeSimpleProtocol,
	} {
		all[name] = func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
			return setPool(ctx, dsn, mode, settings)
		}
	}
	return all
}

// setPool opens a pool of the caller's whose sessions begin with the settings.
func setPool(ctx context.Context, dsn string, mode pgx.QueryExecMode, settings map[string]string) (dialect.Backend, error) {
	config, schema, err := configure(dsn, mode)
	if err != nil {
		return nil, err
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	b, err := postgres.New(pool, postgres.Schema(schema))
	return callersPool{b, func() error { pool.Close(); return nil }}, err
}

func setSQL(_ context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
	config, schema, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return nil, err
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	pool := stdlib.OpenDB(*config.ConnConfig)
	pool.SetMaxOpenConns(8)
	b, err := postgres.NewSQL(pool, postgres.Schema(schema))
	return callersPool{b, pool.Close}, err
}

// setOwn opens a pool of the tracker's own, whose DSN has the settings.
func setOwn(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	for name, value := range settings {
		q.Set(name, value)
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return postgres.Open(ctx, u.String())
}

// TestSessions goes through a process's life with sessions that are set oddly (rule
// S8.6), in pools of every kind.
func TestSessions(t *testing.T) {
	server := start(t)
	var sessions []suite.Session
	for _, pool := range slices.Sorted(maps.Keys(pools())) {
		open := pools()[pool]
		for _, s := range odd() {
			sessions = append(sessions, suite.Session{
				Name: pool + " " + s.name, Refused: s.refused[pool],
				Open: func(ctx context.Context, dsn string) (dialect.Backend, error) { return open(ctx, dsn, s.settings) },
			})
		}
	}
	suite.Sessions(t, underTest(server), "settings", sessions)
}

// oddly is how sessions are set, and which setting the pools of a kind are refused
// for.
type oddly struct {
	name     string
	settings map[string]string
	refused  map[string]string
}

func odd() []oddly {
	everywhere := func(setting string) map[string]string {
		return map[string]string{"default": setting, "exec": setting, "simple_protocol": setting, "database/sql": setting}
	}
	text := func(setting string) map[string]string {
		return map[string]string{"exec": setting, "simple_protocol": setting}
	}
	return []oddly{
		{"LATIN1", map[string]string{"client_encoding": "LATIN1"}, everywhere("client_encoding")},
		{"SQL_ASCII", map[string]string{"client_encoding": "SQL_ASCII"}, everywhere("client_encoding")},
		{"WIN1252 by an option", map[string]string{"options": "-c client_encoding=WIN1252"}, everywhere("client_encoding")},
		{"German dates", map[string]string{"datestyle": "German, DMY"}, text("DateStyle")},
		{"SQL dates", map[string]string{"DateStyle": "SQL, DMY"}, text("DateStyle")},
		{"Postgres dates", map[string]string{"datestyle": "Postgres, MDY"}, text("DateStyle")},
		{"dates in another order", map[string]string{"datestyle": "ISO, YMD", "intervalstyle": "sql_standard"}, nil},
		{"escapes in texts", map[string]string{"standard_conforming_strings": "off", "backslash_quote": "off", "escape_string_warning": "on"},
			map[string]string{"simple_protocol": "standard_conforming_strings"}},
		{"no triggers", map[string]string{"session_replication_role": "replica"},
			map[string]string{"default": "session_replication_role", "exec": "session_replication_role", "simple_protocol": "session_replication_role",
				"database/sql": "session_replication_role", "own": "session_replication_role"}},
	}
}
