package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// pin makes every connection of [Open]'s pool begin with the settings that decide how
// texts and times are read. Startup parameters override the settings of the role, the
// database and the server's files. There are no more of them because PgBouncer refuses
// a connection with any other startup parameter.
func pin(parameters map[string]string) {
	pinned := map[string]string{
		"client_encoding": encoding, "datestyle": "ISO", "timezone": "UTC", "standard_conforming_strings": "on",
	}
	for name := range parameters {
		if _, ok := pinned[strings.ToLower(name)]; ok {
			delete(parameters, name)
		}
	}
	maps.Copy(parameters, pinned)
}

const encoding = "UTF8"

// A session looks up a connection's settings by PostgreSQL's names for them. It returns
// an empty text if it does not know a setting.
type session func(name string) string

// of returns the session of a connection, as the server reports it without being asked,
// even when a setting changes.
func of(conn *pgx.Conn) session { return conn.PgConn().ParameterStatus }

// check refuses settings with which the tracker would store or read wrong values.
// asText is the name of the mode in which results come as text, if they do.
func (s session) check(asText func() string) error {
	if err := s.supported(); err != nil {
		return err
	}
	if value := s("server_encoding"); value != "" && !isUTF8(value) {
		return &dialect.SettingError{
			Setting: "server_encoding", Value: value,
			Why:    "the database cannot hold every character that a name may have",
			Remedy: "use a database that was made with ENCODING 'UTF8'",
		}
	}
	if value := s("client_encoding"); value != "" && !isUTF8(value) {
		return &dialect.SettingError{
			Setting: "client_encoding", Value: value,
			Why:    "the server would misread the tracker's UTF-8, and store wrong names",
			Remedy: "set client_encoding=UTF8 in the pool's DSN, or ALTER ROLE or ALTER DATABASE ... SET client_encoding = 'UTF8'",
		}
	}
	if value := s("DateStyle"); value != "" && !strings.HasPrefix(value, "ISO") {
		if mode := asText(); mode != "" {
			return &dialect.SettingError{
				Setting: "DateStyle", Value: value,
				Why:    "in pgx's mode " + mode + " times come as text, which it reads in ISO style only",
				Remedy: "set datestyle=ISO in the pool's DSN, or ALTER ROLE or ALTER DATABASE ... SET datestyle = 'ISO'",
			}
		}
	}
	if value := s("standard_conforming_strings"); value == "off" && asText() == simple {
		return &dialect.SettingError{
			Setting: "standard_conforming_strings", Value: value,
			Why:    "pgx's mode " + simple + " writes texts into statements, and needs it",
			Remedy: "set standard_conforming_strings=on in the pool's DSN, or use the mode exec",
		}
	}
	return nil
}

// isUTF8 reads PostgreSQL's names of an encoding, and those that a pooler passes on
// as they were given to it.
func isUTF8(name string) bool {
	name = strings.ToUpper(strings.NewReplacer("-", "", "_", "").Replace(name))
	return name == encoding || name == "UNICODE"
}

const simple = "simple_protocol"

// asText returns the name of the mode in which a connection's results come as text.
func asText(conn *pgx.Conn) string {
	switch mode := conn.Config().DefaultQueryExecMode; mode {
	case pgx.QueryExecModeExec:
		return "exec"
	case pgx.QueryExecModeSimpleProtocol:
		return simple
	default:
		return ""
	}
}

// checkConn checks a connection that is about to be used. It sends nothing.
func checkConn(conn *pgx.Conn) error {
	return of(conn).check(func() string { return asText(conn) })
}

// checkSQL is checkConn for a database/sql connection. If its driver is wrapped in
// another one, the connection reveals nothing by itself.
func checkSQL(conn *sql.Conn) error {
	var found error
	err := conn.Raw(func(driver any) error {
		if c, ok := driver.(*stdlib.Conn); ok {
			found = checkConn(c.Conn())
		}
		return nil
	})
	if found != nil {
		return found
	}
	return err
}

// settings is a query for what no connection reports, and for what one in a
// transaction of database/sql's cannot be asked for otherwise.
func settings() dialect.Stmt {
	return dialect.Stmt{Name: "settings", SQL: "SELECT current_setting('server_encoding'), current_setting('client_encoding')," +
		" current_setting('session_replication_role'), current_setting('DateStyle'), current_setting('server_version'), version()"}
}

// ask sends the query of [settings] and judges its answer. In a transaction of the
// caller's, triggers may be off, as in bulk loads: the tracker's rows there refer to rows
// that it has locked, and other sessions still enforce the keys.
func ask(query func(dialect.Stmt, func(dialect.Row) error) error, inTx bool) error {
	var server, client, role, style, version, product string
	err := query(settings(), func(r dialect.Row) error { return r.Scan(&server, &client, &role, &style, &version, &product) })
	if err != nil {
		return err
	}
	found := map[string]string{
		"server_encoding": server, "client_encoding": client, "DateStyle": style, "server_version": version, productName: product,
	}
	s := session(func(name string) string { return found[name] })
	if err := s.check(func() string { return readsTimes(query) }); err != nil {
		return err
	}
	if role == "replica" && !inTx {
		return &dialect.SettingError{
			Setting: "session_replication_role", Value: role,
			Why:    "foreign keys are not enforced, and rows could refer to missing rows",
			Remedy: "leave it at origin for the tracker's sessions",
		}
	}
	return nil
}

// readsTimes tries whether a time can be read, and returns what to call the mode in
// which it cannot.
func readsTimes(query func(dialect.Stmt, func(dialect.Row) error) error) string {
	noon := dialect.Stmt{Name: "settings.time", SQL: "SELECT CAST('2026-07-01 12:00:00+00' AS timestamptz)"}
	if err := query(noon, func(r dialect.Row) error { return r.Scan(new(dialect.Time)) }); err != nil {
		return "for results"
	}
	return ""
}

// Check implements [dialect.Backend].
func (b *Backend) Check(ctx context.Context) error {
	return ask(func(s dialect.Stmt, row func(dialect.Row) error) error { return b.Conn().Query(ctx, s, row) }, false)
}

// askTx is [Backend.Check] in a transaction of database/sql's.
func askTx(ctx context.Context, q sqldb.Querier) error {
	return ask(func(s dialect.Stmt, row func(dialect.Row) error) error { return sqldb.Ask(ctx, q, s, row) }, true)
}

// pooled explains the errors of a pooler that gives each transaction another of its
// connections: there, statements are missing that pgx has prepared, or are there that
// it has not.
func pooled(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "42P05" && e.Code != "26000" || errors.Is(err, dialect.ErrSetting) {
		return err // duplicate_prepared_statement, invalid_sql_statement_name
	}
	return fmt.Errorf("%w: %w", &dialect.SettingError{
		Setting: "default_query_exec_mode", Value: "cache_statement",
		Why:    "pgx prepares statements, which fails if a pooler such as PgBouncer pools by transaction",
		Remedy: "set default_query_exec_mode=exec in the pool's DSN",
	}, err)
}

// explained is a [dialect.Conn] on a pool of database/sql whose errors [pooled] explains.
type explained struct {
	*sqldb.DB

	stricter bool // as that of [poolConn]
}

// Exec implements [dialect.Conn].
func (c explained) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	err = c.alone(ctx, func(conn dialect.Conn) error {
		n, err = conn.Exec(ctx, s)
		return err
	})
	return n, err
}

// Query implements [dialect.Conn].
func (c explained) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.alone(ctx, func(conn dialect.Conn) error { return conn.Query(ctx, s, row) })
}

// alone calls fn, which sends one statement.
func (c explained) alone(ctx context.Context, fn func(dialect.Conn) error) error {
	if c.stricter {
		return c.Atomic(ctx, fn)
	}
	return pooled(fn(c.DB))
}

// Atomic implements [dialect.Conn].
func (c explained) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return pooled(c.DB.Atomic(ctx, fn))
}

// mostBytes is how many bytes PostgreSQL accepts in one JSON array; a text may have
// four times as many.
const mostBytes = 255 << 20

// MostBytes implements [dialect.Backend].
func (b *Backend) MostBytes() int { return mostBytes }
