// Package postgres runs the tracker on PostgreSQL 11 and later, through pgx.
//
// A start or a completion of a run is one round trip: pgx sends its statements
// as one pipelined batch, which PostgreSQL treats as one transaction.
package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

// A Backend is one PostgreSQL database. It implements [dialect.Backend]: give it to
// tracker.New, and close it after the last tracker that uses it. The tracker calls its other
// methods; programs have no need of them. It is safe for concurrent use.
type Backend struct {
	dialect dialects.Dialect
	conn    dialect.Conn
	owned   *pgxpool.Pool // nil if the caller opened it
}

// Options are the settings of a backend. Nil means the defaults.
type Options struct {
	// Schema is the schema that holds the tables: by default the DSN's schema, or
	// processtracker.
	Schema string

	// Password returns the password of each new connection that [Open]'s pool makes, in
	// place of the DSN's: for tokens that expire within minutes, and for passwords that
	// change while the program runs. It is called by several goroutines at once, before the timeout
	// of connecting begins.
	// Its error ends the connection, and the tracker retries as if the server couldn't be
	// reached.
	Password func(context.Context) (string, error)
}

// New returns a backend on a pool that the program has. It changes no setting of the
// pool's connections. New returns an error if the server doesn't answer or isn't
// supported; a connection whose settings the tracker can't work with, such as a
// client_encoding other than UTF8, gives a [dialect.SettingError] when you open a
// tracker. All of pgx's query modes work; behind PgBouncer in transaction mode,
// [pgx.QueryExecModeExec] and [pgx.QueryExecModeSimpleProtocol] do. Close leaves the pool
// open.
func New(ctx context.Context, pool *pgxpool.Pool, options *Options) (*Backend, error) {
	if pool == nil {
		return nil, noPool("pgxpool.New")
	}
	return given(options, func() (dialect.Conn, error) {
		stricter, err := ping(ctx, pool)
		return poolConn{pool, stricter}, err
	})
}

// NewSQL is [New] for a database/sql pool with pgx's stdlib as its driver. A start then
// takes one round trip for each statement, instead of one in all.
func NewSQL(ctx context.Context, pool *sql.DB, options *Options) (*Backend, error) {
	if pool == nil {
		return nil, noPool("sql.Open")
	}
	return given(options, func() (dialect.Conn, error) {
		stricter, err := pingSQL(ctx, pool)
		return explained{sqldb.New(pool, begin).Checked(checkSQL), stricter}, err
	})
}

// given builds a backend on a pool that the program has.
func given(options *Options, connect func() (dialect.Conn, error)) (*Backend, error) {
	o := *cmp.Or(options, new(Options))
	if o.Password != nil {
		return nil, dialect.OnlyOpen("Password")
	}
	d, err := dialects.New(o.Schema)
	if err != nil {
		return nil, err
	}
	conn, err := connect()
	if err != nil {
		return nil, explain(err)
	}
	return &Backend{dialect: d, conn: conn}, nil
}

// Open opens a pool for a DSN, in any form that pgx takes, with one more parameter, schema:
//
//	postgres://user:password@host:5432/database?schema=etl_meta&sslmode=verify-full
//	host=/var/run/postgresql dbname=database schema=etl_meta
//
// It sets the settings that the tracker needs itself, whatever the DSN, the role or
// the database say: client_encoding, datestyle, timezone and standard_conforming_strings.
// Connections live for five minutes, unless the DSN has pool_max_conn_lifetime. It returns
// an error if the server does not answer within the DSN's connect_timeout, 10 seconds by
// default. If the server has too many connections, it retries for the same time.
//
// The error is [dialect.ErrDSN] if the DSN cannot be parsed, [dialect.ErrDisconnected] if the
// server cannot be reached, [dialect.ErrNoDatabase] if it lacks the database,
// [dialect.ErrCredentials] if it rejects the user, and a [dialect.ServerError] if it is too old
// or another product. ctx is for opening alone: it may end afterwards.
func Open(ctx context.Context, dsn string, options *Options) (*Backend, error) {
	config, schema, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	o := *cmp.Or(options, new(Options))
	if o.Password != nil {
		config.BeforeConnect = asking(o.Password)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	classify := (*Backend)(nil).Classify
	full := func(err error) bool { return classify(err) == dialect.Conflict }
	conn := poolConn{pool: pool}
	err = sqldb.Patiently(ctx, connectTimeout, full, func() (err error) {
		conn.stricter, err = ping(ctx, pool)
		return err
	})
	if err != nil {
		pool.Close()
		return nil, explain(err)
	}
	d, err := dialects.New(cmp.Or(o.Schema, schema))
	if err != nil {
		pool.Close()
		return nil, err
	}
	isReadOnly := func(err error) bool { return classify(err) == dialect.ReadOnly }
	return &Backend{dialect: d, conn: sqldb.Failover(conn, isReadOnly, pool.Reset), owned: pool}, nil
}

// ping makes a connection, and reports what greet does.
func ping(ctx context.Context, pool *pgxpool.Pool) (stricter bool, err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	return greet(ctx, conn.Conn())
}

// defaultLevel asks for the isolation level of a transaction that is not told one.
const defaultLevel = "SHOW default_transaction_isolation"

// greet checks a new connection: an unsupported server is refused before it gets a
// statement that it may not understand. It reports whether the default isolation level is
// stricter than that of [begin]. A pooler may be in between, so nothing is prepared.
func greet(ctx context.Context, conn *pgx.Conn) (stricter bool, err error) {
	if err := of(conn).supported(); err != nil {
		return false, err
	}
	results, err := conn.PgConn().Exec(ctx, defaultLevel).ReadAll()
	if err != nil || len(results) == 0 || len(results[0].Rows) == 0 {
		return false, err
	}
	return isStricter(string(results[0].Rows[0][0])), nil
}

func isStricter(level string) bool { return level == "repeatable read" || level == "serializable" }

// pingSQL is ping for a pool of database/sql.
func pingSQL(ctx context.Context, pool *sql.DB) (stricter bool, err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.Close() }() // goes back to the pool
	asked := false
	err = conn.Raw(func(driver any) (err error) {
		if c, ok := driver.(*stdlib.Conn); ok {
			asked = true
			stricter, err = greet(ctx, c.Conn())
		}
		return err
	})
	if asked || err != nil {
		return stricter, err
	}
	var level string // the connection of another driver, around pgx's
	err = conn.QueryRowContext(ctx, defaultLevel).Scan(&level)
	return isStricter(level), pooled(err)
}

// explain adds sentinels to the errors of a connection that the caller can distinguish.
func explain(err error) error {
	var e *pgconn.PgError
	switch {
	case errors.Is(err, dialect.ErrServer):
		return err
	case errors.As(err, &e) && e.Code == "3D000": // invalid_catalog_name
		return fmt.Errorf("%w: %w", dialect.ErrNoDatabase, err)
	default:
		return fmt.Errorf("connect: %w", dialect.Opening((*Backend)(nil).Classify(err), err))
	}
}

// Dialect implements [dialect.Backend].
func (b *Backend) Dialect() dialect.Dialect {
	if b == nil {
		return dialects.Dialect{}
	}
	return b.dialect
}

// Conn implements [dialect.Backend].
func (b *Backend) Conn() dialect.Conn {
	if b == nil || b.conn == nil {
		return dialect.NoConn{Err: unopened()}
	}
	return b.conn
}

// Close closes the pool if [Open] made it.
func (b *Backend) Close() error {
	if b != nil && b.owned != nil {
		b.owned.Close()
	}
	return nil
}

// Classify implements [dialect.Backend]. The codes are those of appendix A,
// "PostgreSQL Error Codes", of PostgreSQL's manual.
func (b *Backend) Classify(err error) dialect.Class {
	var e *pgconn.PgError
	if errors.Is(err, errTimedOut) {
		return dialect.TransactionEnded
	}
	if !errors.As(err, &e) {
		return classifyTransport(err)
	}
	switch e.Code {
	case "40001", // serialization_failure
		"40P01", // deadlock_detected
		"55P03", // lock_not_available
		"53000", // insufficient_resources
		"53200", // out_of_memory: also of the memory for locks, which all transactions share
		"53300": // too_many_connections: others' have to end
		return dialect.Conflict
	case "57014": // query_canceled: for the caller, or by statement_timeout, most likely while it waited
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return dialect.Other
		}
		return dialect.Conflict
	case "0A000": // feature_not_supported, also the error after a table has changed
		if e.Routine == "RevalidateCachedQuery" {
			return dialect.Conflict // the driver has forgotten the statement, and prepares it anew
		}
	case "57P01", "57P02", "57P03", "57P04", // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped
		"57P05", "25P03", "25P04", // idle_session_timeout, and those of transactions
		"40003": // statement_completion_unknown
		return dialect.Disconnected
	case "28P01", "28000": // invalid_password, invalid_authorization_specification: also what pg_hba.conf does not let in
		return dialect.Credentials
	case "42501": // insufficient_privilege
		return dialect.Denied
	case "25006": // read_only_sql_transaction
		return dialect.ReadOnly
	case "23505": // unique_violation
		return dialect.Duplicate
	case "23503", "23001": // foreign_key_violation, restrict_violation
		return dialect.Reference
	case "54000": // program_limit_exceeded
		return dialect.TooLarge
	case "25P01", "25P02": // no_active_sql_transaction, in_failed_sql_transaction
		return dialect.TransactionEnded
	}
	if len(e.Code) == 5 && e.Code[:2] == "08" { // connection exceptions
		return dialect.Disconnected
	}
	return dialect.Other
}

// classifyTransport judges errors that did not come from the server.
func classifyTransport(err error) dialect.Class {
	var dial *pgconn.ConnectError
	var network *net.OpError
	switch {
	case errors.Is(err, dialect.ErrPassword):
		return dialect.Unreachable
	case errors.Is(err, pgx.ErrTxClosed), errors.Is(err, sql.ErrTxDone):
		return dialect.TransactionEnded
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return dialect.Other
	case errors.As(err, &dial):
		return dialect.Unreachable
	case pgconn.SafeToRetry(err), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network):
		return dialect.Disconnected
	default:
		return dialect.Other
	}
}

// noPool is the error for a nil pool.
func noPool(maker string) error {
	return dialect.Missing("pool", "make one with "+maker+", and check its error, or give postgres.Open a DSN")
}

// unopened is the error for a backend that is nil or was not opened.
func unopened() error {
	return dialect.Missing("backend", "open one with postgres.Open or postgres.New, and check its error")
}
