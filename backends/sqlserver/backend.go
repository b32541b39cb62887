// Package sqlserver runs the tracker on SQL Server 2019 and later and on Azure SQL
// Database, through microsoft/go-mssqldb.
//
// A start or a completion of a run is one round trip: its statements travel as one
// text. Transactions of the tracker are READ COMMITTED; whether the database has
// READ_COMMITTED_SNAPSHOT on does not matter.
package sqlserver

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// A Backend is one SQL Server database. It implements [dialect.Backend]: give it to
// tracker.New, and close it after the last tracker that uses it. The tracker calls its other
// methods; programs have no need of them. It is safe for concurrent use.
type Backend struct {
	dialect dialects.Dialect
	conn    poolConn
	moving  dialect.Conn // conn, on a pool of ours, which follows its primary; nil on another
	owned   *sql.DB      // nil if the caller made the pool
}

// Options are the settings of a backend. Nil means the defaults.
type Options struct {
	// Schema is the schema that holds the tables: by default the DSN's schema, or
	// processtracker.
	Schema string

	// Password returns the password of each new connection that [Open]'s pool makes, in
	// place of the DSN's: for tokens that expire within minutes, and for passwords that
	// change while the program runs. It is called by several goroutines at once, within the login's
	// timeout.
	// Its error ends the connection, and the tracker retries as if the server couldn't be
	// reached.
	//
	// With fedauth=ActiveDirectoryServicePrincipalAccessToken in the DSN, it returns an
	// access token of Microsoft Entra ID.
	Password func(context.Context) (string, error)
}

// New returns a backend on your own pool, with the driver microsoft/go-mssqldb under
// its name sqlserver. It changes no setting of the pool's connections and does not
// close it. It asks the server for its version and properties; if the tracker cannot
// work with them, the error says what to change. If the sessions have unsuitable
// settings, opening a tracker returns a [dialect.SettingError].
func New(ctx context.Context, pool *sql.DB, options *Options) (*Backend, error) {
	if pool == nil {
		return nil, noPool()
	}
	o := *cmp.Or(options, new(Options))
	if o.Password != nil {
		return nil, dialect.OnlyOpen("Password")
	}
	return build(ctx, pool, o.Schema)
}

func build(ctx context.Context, pool *sql.DB, schema string) (*Backend, error) {
	d, err := dialects.New(schema)
	if err != nil {
		return nil, err
	}
	f, err := probe(ctx, pool)
	if err != nil {
		return nil, err
	}
	if f.versions != nil && *f.versions == 1 {
		d = d.WithRowVersions()
	}
	return &Backend{dialect: d, conn: newConn(pool)}, nil
}

// Open opens a pool for a DSN:
//
//	sqlserver://user:password@host:1433?database=warehouse&schema=etl_meta
//	sqlserver://user:password@host/instance?database=warehouse&encrypt=strict
//
// Parameters other than schema are the driver's. Connections are encrypted unless the
// DSN says otherwise, and the server's certificate is checked: certificate=/path/ca.pem
// names your own certificate authority, TrustServerCertificate=true accepts any
// certificate, and encrypt=disable turns encryption off. Open returns an error if the
// server does not answer within the DSN's "dial timeout", in seconds, 10 by default. The
// same timeout applies to each login, for which the driver alone would wait without a
// limit. Open waits up to a minute for an Azure database that is waking up.
//
// The error is [dialect.ErrDSN] if the DSN cannot be parsed, [dialect.ErrDisconnected] if the
// server cannot be reached, [dialect.ErrNoDatabase] if it lacks the database,
// [dialect.ErrCredentials] if it rejects the user, and a [dialect.ServerError] if it is too old
// or another product. ctx is for opening alone: it may end afterwards.
func Open(ctx context.Context, dsn string, options *Options) (*Backend, error) {
	config, schema, err := ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if systemDatabase(config.Database) {
		return nil, fmt.Errorf("%w: database %q is the server's own; %s", dialect.ErrDSN, config.Database, form)
	}
	o := *cmp.Or(options, new(Options))
	login := connector{config: config, ask: o.Password}
	pool := sql.OpenDB(login)
	pool.SetMaxOpenConns(maxConns)
	pool.SetMaxIdleConns(maxConns)
	pool.SetConnMaxLifetime(sqldb.Lifetime)
	var b *Backend
	err = sqldb.Patiently(ctx, wakeTimeout, waking, func() (err error) {
		limit, cancel := context.WithTimeout(ctx, login.longest())
		defer cancel()
		b, err = build(limit, pool, cmp.Or(o.Schema, schema))
		return err
	})
	if err != nil {
		return nil, errors.Join(explain(err), pool.Close())
	}
	b.owned = pool
	isReadOnly := func(err error) bool { return b.Classify(err) == dialect.ReadOnly }
	b.moving = sqldb.Failover(b.conn, isReadOnly, func() {
		pool.SetMaxIdleConns(0) // which closes them
		pool.SetMaxIdleConns(maxConns)
	})
	return b, nil
}

// wakeTimeout is how long opening waits for a database that is waking up, such as a
// serverless one on Azure.
const wakeTimeout = time.Minute

// waking reports whether a database should be available soon: it is waking up, moving or
// overloaded.
func waking(err error) bool {
	return has(err, 40613) || has(err, 40197) || has(err, 4221) || new(Backend).Classify(err) == dialect.Conflict
}

// maxConns is how many connections [Open]'s pool opens.
const maxConns = 8

// explain adds sentinels to the errors of a connection that the caller can distinguish.
func explain(err error) error {
	switch {
	case has(err, 911):
		return fmt.Errorf("%w: %w", dialect.ErrNoDatabase, err)
	case has(err, 4060): // "Cannot open database requested by the login", whatever the reason
		return fmt.Errorf("%w, or this login may not open it, or it is not online: %w", dialect.ErrNoDatabase, err)
	default:
		return dialect.Opening((&Backend{}).Classify(err), err)
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
	if b == nil || b.conn.pool == nil {
		return dialect.NoConn{Err: unopened()}
	}
	if b.moving != nil {
		return b.moving
	}
	return b.conn
}

// Close closes the pool if [Open] made it.
func (b *Backend) Close() error {
	if b != nil && b.owned != nil {
		return b.owned.Close()
	}
	return nil
}

// noPool is the error for a nil pool.
func noPool() error {
	return dialect.Missing("pool", "make one with sql.Open, and check its error, or give sqlserver.Open a DSN")
}

// unopened is the error for a backend that is nil or was not opened.
func unopened() error {
	return dialect.Missing("backend", "open one with sqlserver.Open or sqlserver.New, and check its error")
}
