package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A kind is a way in which a program may have made its pool, and its transactions.
type kind struct {
	open  func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error)
	begin func(ctx context.Context, dsn string, settings map[string]string) (suite.Transaction, error) // nil for the tracker's own
}

func kinds() map[string]kind {
	all := map[string]kind{"database/sql": {setSQL, beginSetSQL}, "own": {setOwn, nil}}
	for name, mode := range map[string]pgx.QueryExecMode{
		"default": pgx.QueryExecModeCacheStatement, "exec": pgx.QueryExecModeExec, "simple_protocol": pgx.QueryExecModeSimpleProtocol,
	} {
		all[name] = kind{
			func(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
				return setPool(ctx, dsn, mode, settings)
			},
			func(ctx context.Context, dsn string, settings map[string]string) (suite.Transaction, error) {
				return beginSet(ctx, dsn, mode, settings)
			},
		}
	}
	return all
}

// beginSet begins a transaction in a session that begins with the settings.
func beginSet(ctx context.Context, dsn string, mode pgx.QueryExecMode, settings map[string]string) (suite.Transaction, error) {
	config, _, err := configure(dsn, mode)
	if err != nil {
		return suite.Transaction{}, err
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return suite.Transaction{}, err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return suite.Transaction{}, errors.Join(err, conn.Close(ctx))
	}
	return suite.Transaction{Tx: postgres.Tx(tx), End: func(ctx context.Context, commit bool) error {
		if commit {
			return errors.Join(tx.Commit(ctx), conn.Close(ctx))
		}
		return errors.Join(tx.Rollback(ctx), conn.Close(ctx))
	}}, nil
}

func beginSetSQL(ctx context.Context, dsn string, settings map[string]string) (suite.Transaction, error) {
	config, _, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return suite.Transaction{}, err
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	db := stdlib.OpenDB(*config.ConnConfig)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return suite.Transaction{}, errors.Join(err, db.Close())
	}
	return suite.Transaction{Tx: postgres.SQLTx(tx), End: func(_ context.Context, commit bool) error {
		if commit {
			return errors.Join(tx.Commit(), db.Close())
		}
		return errors.Join(tx.Rollback(), db.Close())
	}}, nil
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
	return onPgx(ctx, pool, schema)
}

func setSQL(ctx context.Context, dsn string, settings map[string]string) (dialect.Backend, error) {
	config, schema, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return nil, err
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	pool := stdlib.OpenDB(*config.ConnConfig)
	pool.SetMaxOpenConns(8)
	return onSQL(ctx, pool, schema)
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
	return postgres.Open(ctx, u.String(), nil)
}

// TestSessions goes through a process's life with sessions that are set oddly (rule
// S8.6), in pools of every kind.
func TestSessions(t *testing.T) {
	suite.OnlyInTurn(t, "sessions that are set oddly", "postgres", 1)
	server := start(t)
	var sessions []suite.Session
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		kind := kinds()[name]
		for _, s := range odd() {
			session := suite.Session{
				Name: name + " " + s.name, Refused: s.refused[name],
				Open: func(ctx context.Context, dsn string) (dialect.Backend, error) { return kind.open(ctx, dsn, s.settings) },
			}
			if kind.begin != nil && s.settings["session_replication_role"] == "" { // a load may be without triggers
				session.Begin = func(ctx context.Context, dsn string) (suite.Transaction, error) {
					return kind.begin(ctx, dsn, s.settings)
				}
			}
			sessions = append(sessions, session)
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

// TestRole starts a process as a role that a DBA has set oddly, while another role
// runs it. The tracker's own pools override what a role has.
func TestRole(t *testing.T) {
	server := start(t)
	dsn := schemas(server.DSN)(t)
	name := fmt.Sprintf("processtracker_odd_%d", os.Getpid())
	t.Cleanup(func() { administer(t, server.DSN, "DROP OWNED BY "+name, "DROP ROLE "+name) })
	administer(t, server.DSN, "CREATE ROLE "+name+" LOGIN SUPERUSER PASSWORD 'odd'")
	for setting, value := range map[string]string{
		"client_encoding": "LATIN1", "datestyle": "German, DMY", "standard_conforming_strings": "off", "timezone": "Asia/Kolkata",
	} {
		administer(t, server.DSN, "ALTER ROLE "+name+" SET "+setting+" = '"+value+"'")
	}
	process := tracker.Process{Name: "Zürich Load"}
	if _, err := setup.Run(t.Context(), opened(t, dsn)); err != nil {
		t.Fatal(err)
	}
	if _, err := tracked(t, opened(t, dsn)).Start(t.Context(), process, nil); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, "odd")
	for _, mode := range []string{"cache_statement", "exec", "simple_protocol"} {
		_, err := tracked(t, opened(t, u.String()+"&default_query_exec_mode="+mode)).Start(t.Context(), process, nil)
		var blocked *tracker.BlockedError
		if !errors.As(err, &blocked) || !errors.Is(blocked.Reason, tracker.ErrAlreadyRunning) || blocked.Process != process.Name {
			t.Errorf("%s: want it already running, got: %v", mode, err)
		}
	}
}

// TestDatabases has databases refused that cannot hold every character: to be set up,
// to be printed a script for, and to be opened.
func TestDatabases(t *testing.T) {
	server := start(t)
	for _, encoding := range []string{"LATIN1", "SQL_ASCII"} {
		name := fmt.Sprintf("processtracker_%s_%d", strings.ToLower(encoding), os.Getpid())
		t.Cleanup(func() { dropDatabase(t, server.DSN, name) })
		administer(t, server.DSN, "CREATE DATABASE "+name+" ENCODING '"+encoding+"' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
		u, err := url.Parse(server.DSN)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		b := opened(t, u.String())
		_, setUp := setup.Run(t.Context(), b)
		_, script := setup.DryRun(t.Context(), b)
		_, open := tracker.New(t.Context(), b, nil)
		for _, err := range []error{setUp, script, open} {
			var refused *tracker.SettingError
			ok := errors.As(err, &refused)
			if !ok || refused.Setting != "server_encoding" || refused.Value != encoding {
				t.Errorf("want the encoding refused, got: %v", err)
			}
		}
	}
}

// TestPreparedBehindPooler has two programs prepare the same statements on one
// connection of the server's, as PgBouncer in transaction mode does.
func TestPreparedBehindPooler(t *testing.T) {
	server := start(t)
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		suite.Skip(t, "pgbouncer", fmt.Errorf("%w; install Debian's package pgbouncer", err))
	}
	address := bouncer(t, server, program)
	dsn := by(t, schemas(server.DSN)(t), address)
	if _, err := setup.Run(t.Context(), opened(t, dsn+"&default_query_exec_mode=exec")); err != nil {
		t.Fatal(err) // whose sessions begin with no setting that PgBouncer does not know
	}
	for _, open := range []func(context.Context, string, map[string]string) (dialect.Backend, error){setOwn, kinds()["default"].open, setSQL} {
		var err error
		for range 2 {
			b, opening := open(t.Context(), dsn, nil)
			if opening != nil {
				t.Fatal(opening)
			}
			t.Cleanup(func() { _ = b.Close() })
			if err == nil {
				_, err = tracker.New(t.Context(), b, nil)
			}
		}
		var refused *tracker.SettingError
		ok := errors.As(err, &refused)
		if !ok || refused.Setting != "default_query_exec_mode" {
			t.Errorf("want the mode refused, got: %v", err)
		}
		if !errors.As(err, new(*pgconn.PgError)) {
			t.Errorf("the driver's error is out of reach: %v", err)
		}
	}
}

// opened opens a pool of the tracker's own, until the test ends.
func opened(t *testing.T, dsn string) *postgres.Backend {
	t.Helper()
	b, err := postgres.Open(t.Context(), dsn, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func tracked(t *testing.T, b dialect.Backend) *tracker.Tracker {
	t.Helper()
	tr, err := tracker.New(t.Context(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	return tr
}
