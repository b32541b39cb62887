// Package mysql runs the tracker on MySQL 8.0.16 and later and on MariaDB 10.11 and
// later, through go-sql-driver/mysql.
//
// A start or a completion of a run is one round trip where the connection takes several
// statements at once, as those of [Open] do. The tracker's transactions are READ
// COMMITTED, whatever the server's default is. If the server writes a binary log, its
// format has to be row, which is the default, or mixed.
package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

// A Backend is one MySQL or MariaDB database. It implements [dialect.Backend]: give it to
// tracker.New, and close it after the last tracker that uses it. The tracker calls its other
// methods; programs have no need of them. It is safe for concurrent use.
type Backend struct {
	dialect dialect.Dialect
	traits  traits
	pool    *sql.DB
	conn    dialect.Conn
	owned   []*sql.DB // none if the caller made the pool
}

// Options are the settings of a backend. Nil means the defaults.
type Options struct {
	// Prefix is the prefix of the tables' names: by default the DSN's prefix, or pt_.
	Prefix string

	// Password returns the password of each new connection that [Open]'s pool makes, in
	// place of the DSN's: for tokens that expire within minutes, and for passwords that
	// change while the program runs. It is called by several goroutines at once.
	// Its error ends the connection, and the tracker retries as if the server couldn't be
	// reached.
	//
	// A token that the server wants in clear text, as RDS does, needs
	// allowCleartextPasswords=true and tls=true in the DSN.
	Password func(context.Context) (string, error)
}

// New returns a backend on your own pool, with the driver go-sql-driver/mysql. It
// changes no setting of the pool's connections and does not close it. It asks the
// server for its version and its settings. If the tracker cannot work with them, the
// error says what to change; for a setting it is a [dialect.SettingError]. With
// multiStatements=true&interpolateParams=true in its DSN, a start is one round trip;
// otherwise one for each statement.
func New(ctx context.Context, pool *sql.DB, options *Options) (*Backend, error) {
	if pool == nil {
		return nil, noPool()
	}
	o := *cmp.Or(options, new(Options))
	if o.Password != nil {
		return nil, dialect.OnlyOpen("Password")
	}
	return build(ctx, pool, o.Prefix)
}

func build(ctx context.Context, pool *sql.DB, prefix string) (*Backend, error) {
	d, err := dialects.New(prefix)
	if err != nil {
		return nil, err
	}
	has, err := probe(ctx, pool)
	if err != nil {
		return nil, err
	}
	b := &Backend{dialect: d, traits: has, pool: pool, conn: newConn(pool, pool, has)}
	switch {
	case has.galera && has.strict:
		b.dialect = lockless{dialects.Galera{Dialect: d}}
	case has.galera:
		b.dialect = dialects.Galera{Dialect: d}
	}
	return b, nil
}

// Open opens a pool for a DSN:
//
//	mysql://user:password@host:3306/database?prefix=etl_
//	mariadb://user:password@host/database?tls=true
//
// Parameters other than prefix, and socket, the path of a Unix socket, are the
// driver's. Open itself sets the ones that the tracker needs: the encoding, sql_mode,
// and everything else in a session that changes the meaning of statements. It returns
// an error if the server does not answer within the DSN's timeout, 10 seconds by
// default. If the server has too many connections, it retries for 10 seconds.
//
// ssl-ca, ssl-cert and ssl-key have the same meaning as for the server's own client:
// files with the certificate authority of the server, and with the user's certificate
// and its key. With ssl-ca, connections are encrypted, and the certificate and its
// host's name are checked; with ssl-mode=VERIFY_CA, the certificate alone.
//
// The error is [dialect.ErrDSN] if the DSN cannot be parsed, [dialect.ErrDisconnected] if the
// server cannot be reached, [dialect.ErrNoDatabase] if it lacks the database,
// [dialect.ErrCredentials] if it rejects the user, and a [dialect.ServerError] if it is too old
// or another product. ctx is for opening alone: it may end afterwards.
func Open(ctx context.Context, dsn string, options *Options) (*Backend, error) {
	config, prefix, err := ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if systemDatabase(config.DBName) {
		return nil, fmt.Errorf("%w: database %q is the server's own; %s", dialect.ErrDSN, config.DBName, form)
	}
	o := *cmp.Or(options, new(Options))
	connector, err := connectorOf(config, o.Password)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(maxConns)
	pool.SetMaxIdleConns(maxConns)
	pool.SetConnMaxLifetime(sqldb.Lifetime)
	classify := new(Backend).Classify
	var b *Backend
	err = sqldb.Patiently(ctx, connectTimeout, func(err error) bool { return classify(err) == dialect.Conflict }, func() (err error) {
		b, err = build(ctx, pool, cmp.Or(o.Prefix, prefix))
		return err
	})
	if err != nil {
		return nil, errors.Join(explain(err), pool.Close())
	}
	// A KILL must not wait for the connections that it is to kill.
	apart := sql.OpenDB(connector)
	apart.SetMaxIdleConns(0)
	if config.MaxAllowedPacket > 0 {
		b.traits.packet = min(b.traits.packet, config.MaxAllowedPacket)
	}
	isReadOnly := func(err error) bool { return classify(err) == dialect.ReadOnly }
	b.conn = sqldb.Failover(newConn(pool, apart, b.traits), isReadOnly, func() {
		pool.SetMaxIdleConns(0) // which closes them
		pool.SetMaxIdleConns(maxConns)
	})
	b.owned = []*sql.DB{pool, apart}
	return b, nil
}

// maxConns is how many connections [Open]'s pool opens.
const maxConns = 8

// explain adds sentinels to the errors of a connection that the caller can distinguish.
func explain(err error) error {
	var e *mysql.MySQLError
	switch {
	case !errors.As(err, &e):
		return dialect.Opening((&Backend{}).Classify(err), err)
	case e.Number == 1049: // ER_BAD_DB_ERROR
		return fmt.Errorf("%w: %w", dialect.ErrNoDatabase, err)
	case e.Number == errHostBlocked:
		return fmt.Errorf("%w; too many connections from this host were interrupted: have the DBA run FLUSH HOSTS (or TRUNCATE TABLE performance_schema.host_cache), and raise max_connect_errors", err)
	case e.Number == errSecureTransport:
		return fmt.Errorf("%w; the server accepts only encrypted connections: add tls=true to the DSN, with ssl-ca=/path/to/ca.pem if its certificate was issued by an authority of your own", err)
	default:
		return dialect.Opening((&Backend{}).Classify(err), err)
	}
}

// Dialect implements [dialect.Backend].
func (b *Backend) Dialect() dialect.Dialect {
	if b == nil || b.dialect == nil {
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
	if b == nil {
		return nil
	}
	var all []error
	for _, pool := range b.owned {
		all = append(all, pool.Close())
	}
	return errors.Join(all...)
}

// newConn returns the Conn on a pool. It sends several statements at once if the
// connections accept that, and cancels them on a connection of the second pool.
func newConn(pool, apart *sql.DB, has traits) dialect.Conn {
	switch {
	case has.galera:
		return newGaleraConn(pool, has)
	case !has.several:
		return sqldb.New(pool, isolation, begin).Speaking(words())
	default:
		return poolConn{sqldb.New(pool, isolation+"; "+begin).Speaking(words()).InTransactions(has.inTransaction), pool, apart, has.packet}
	}
}

// noPool is the error for a nil pool.
func noPool() error {
	return dialect.Missing("pool", "make one with sql.Open, and check its error, or give mysql.Open a DSN")
}

// unopened is the error for a backend that is nil or was not opened.
func unopened() error {
	return dialect.Missing("backend", "open one with mysql.Open or mysql.New, and check its error")
}
