// Package sqldb implements [dialect.Conn] over database/sql, for every backend
// whose driver offers nothing better.
package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// DB is a [dialect.Conn] on a pool.
type DB struct {
	db    *sql.DB
	begin []string
	words Words
	wrap  func(dialect.Conn, Querier) dialect.Conn
	check func(*sql.Conn) error // nil for none
}

// Words are the transaction statements of a database that does not use the standard
// ones. The name of a savepoint follows the last three. If Release is empty, the
// database has no such statement.
type Words struct{ Commit, Rollback, Save, RollbackTo, Release string }

func standard() Words {
	return Words{Commit: "COMMIT", Rollback: "ROLLBACK", Save: "SAVEPOINT ", RollbackTo: "ROLLBACK TO SAVEPOINT ", Release: "RELEASE SAVEPOINT "}
}

// New returns a Conn on the pool. begin holds the statements that open a transaction
// that will write: "BEGIN" in standard SQL.
func New(db *sql.DB, begin ...string) *DB {
	return &DB{db: db, begin: begin, words: standard(), wrap: func(c dialect.Conn, _ Querier) dialect.Conn { return c }}
}

// Speaking returns a DB whose transactions use these words.
func (c *DB) Speaking(w Words) *DB {
	other := *c
	other.words = w
	return &other
}

// Checked returns a DB that calls check with each connection before it uses it, because
// the connections of a pool may have different settings. It returns check's error.
func (c *DB) Checked(check func(*sql.Conn) error) *DB {
	other := *c
	other.check = check
	return &other
}

// InTransactions returns a DB that uses wrap, inside its transactions, to replace the
// plain Conn: with a [dialect.Batcher], if the driver's connection can be one.
func (c *DB) InTransactions(wrap func(dialect.Conn, Querier) dialect.Conn) *DB {
	other := *c
	other.wrap = wrap
	return &other
}

// Exec implements [dialect.Conn].
func (c *DB) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	err = c.on(ctx, func(q Querier) error {
		n, err = exec(ctx, q, s)
		return err
	})
	return n, err
}

// Query implements [dialect.Conn].
func (c *DB) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.on(ctx, func(q Querier) error { return query(ctx, q, s, row) })
}

// badConns is how many dead connections of a pool one statement may meet: as many as
// database/sql itself skips.
const badConns = 3

// on calls fn with the pool, or with a checked connection of it.
func (c *DB) on(ctx context.Context, fn func(Querier) error) error {
	if c.db == nil {
		return noPool()
	}
	if c.check == nil {
		return fn(c.db)
	}
	for range badConns - 1 {
		if err := c.onOne(ctx, fn); !errors.Is(err, driver.ErrBadConn) {
			return err
		}
	}
	return c.onOne(ctx, fn)
}

func (c *DB) onOne(ctx context.Context, fn func(Querier) error) (err error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Release(conn)) }()
	return fn(conn)
}

// connect takes a connection from the pool and checks it.
func (c *DB) connect(ctx context.Context) (*sql.Conn, error) {
	conn, err := Connect(ctx, c.db)
	if err != nil || c.check == nil {
		return conn, err
	}
	if err := c.check(conn); err != nil {
		return nil, errors.Join(err, Release(conn))
	}
	return conn, nil
}

// Atomic implements [dialect.Conn]. It sends BEGIN and COMMIT itself, because
// [sql.DB.BeginTx] cannot say that the transaction will write.
func (c *DB) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	// It counts as open even before it begins: if ctx ends just then, a driver says
	// that it did not begin although it may have.
	open := true
	defer func() {
		if open { // fn failed or panicked, or BEGIN or COMMIT did
			c.rollback(ctx, conn)
		}
		err = errors.Join(err, Release(conn))
	}()
	for _, begin := range c.begin {
		if _, err := conn.ExecContext(ctx, begin); err != nil {
			return fmt.Errorf("begin: %w", Ended(ctx, err))
		}
	}
	if err := fn((&tx{q: conn, depth: new(atomic.Int64), words: c.words, wrap: c.wrap}).conn()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	// A COMMIT is not cancelled at once: it would be unknown whether it took effect,
	// and a start that did would leave a run without a holder.
	patient, done := outlasting(ctx)
	defer done()
	if _, err := conn.ExecContext(patient, c.words.Commit); err != nil {
		return fmt.Errorf("commit: %w", Ended(ctx, err))
	}
	open = false
	return nil
}

// answerTimeout is how long a server may take to answer after the caller has stopped
// waiting. A server that the network has lost never answers.
const answerTimeout = 5 * time.Second

// outlasting returns a context that ends answerTimeout after ctx does, or when done is
// called.
func outlasting(ctx context.Context) (patient context.Context, done func()) {
	patient, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		limit := time.NewTimer(answerTimeout)
		defer limit.Stop()
		select {
		case <-limit.C:
			giveUp()
		case <-patient.Done():
		}
	})
	return patient, func() {
		stop()
		giveUp()
	}
}

// Connect takes a connection from the pool.
func Connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	if db == nil {
		return nil, noPool()
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", Ended(ctx, err))
	}
	return conn, nil
}

func noPool() error { return dialect.Missing("pool", "make one with sql.Open, and check its error") }

// Ended makes an error match the error of a context that has ended. Not every driver's
// error does, and a driver that stops at the deadline may be a little early.
func Ended(ctx context.Context, err error) error {
	cause := ctx.Err()
	if deadline, ok := ctx.Deadline(); cause == nil && ok && !time.Now().Before(deadline) {
		cause = context.DeadlineExceeded
	}
	if err == nil || cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}

// rollback rolls back and returns the connection to the pool, even if ctx has ended. If
// it cannot roll back, it discards the connection, so that the pool does not hand out
// an open transaction.
func (c *DB) rollback(ctx context.Context, conn *sql.Conn) {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	if _, err := conn.ExecContext(limit, c.words.Rollback); err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// Release returns a connection to its pool. The connection may already be discarded.
func Release(conn *sql.Conn) error {
	if err := conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// tx is a [dialect.Conn] inside a transaction.
type tx struct {
	q     Querier
	depth *atomic.Int64 // number of savepoints so far, for their names
	words Words
	wrap  func(dialect.Conn, Querier) dialect.Conn
}

func (c *tx) conn() dialect.Conn { return c.wrap(c, c.q) }

// Exec implements [dialect.Conn].
func (c *tx) Exec(ctx context.Context, s dialect.Stmt) (int64, error) { return exec(ctx, c.q, s) }

// Query implements [dialect.Conn].
func (c *tx) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return query(ctx, c.q, s, row)
}

// Atomic implements [dialect.Conn] with a savepoint.
func (c *tx) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	name := Savepoint(int(c.depth.Add(1)))
	if _, err := c.q.ExecContext(ctx, c.words.Save+name); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	if err := fn(c.conn()); err != nil {
		_, rollback := c.q.ExecContext(context.WithoutCancel(ctx), c.words.RollbackTo+name)
		return errors.Join(err, rollback)
	}
	if c.words.Release == "" {
		return nil
	}
	if _, err := c.q.ExecContext(ctx, c.words.Release+name); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}

// A Querier has the methods that *sql.DB, *sql.Conn and *sql.Tx have in common.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func exec(ctx context.Context, q Querier, s dialect.Stmt) (int64, error) {
	result, err := q.ExecContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.Name, Ended(ctx, err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: rows affected: %w", s.Name, err)
	}
	return n, nil
}

func query(ctx context.Context, q Querier, s dialect.Stmt, row func(dialect.Row) error) (err error) {
	rows, err := q.QueryContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, Ended(ctx, err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, Ended(ctx, err))
	}
	return nil
}
