package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// poolConn is a [dialect.Conn] and a [dialect.Trier] on a pool, whose transactions take
// turns. SQLite lets one connection write at a time and makes the others poll with
// growing waits, so that with many of them most of the time no connection writes. A Go
// channel wakes the next one at once.
type poolConn struct {
	*sqldb.DB

	pool  *sql.DB
	turn  chan struct{} // full while a transaction has its turn
	place *place
}

// Exec implements [dialect.Conn].
func (c poolConn) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	err = c.place.around(true, func() error {
		return c.onOne(ctx, func(one dialect.Conn) error {
			n, err = one.Exec(ctx, s)
			return err
		})
	})
	return n, err
}

// Query implements [dialect.Conn].
func (c poolConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.place.around(false, func() error {
		return c.onOne(ctx, func(one dialect.Conn) error { return one.Query(ctx, s, row) })
	})
}

// onOne calls fn with a connection of the pool.
func (c poolConn) onOne(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	conn, err := sqldb.Connect(ctx, c.pool)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sqldb.Release(conn)) }()
	return fn(prepare(sqldb.Join(conn, nil), conn))
}

// Atomic implements [dialect.Conn].
func (c poolConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.place.around(true, func() error {
		return c.DB.Atomic(ctx, func(tx dialect.Conn) error {
			query := func(s dialect.Stmt, row func(dialect.Row) error) error { return tx.Query(ctx, s, row) }
			if err := keepsForeignKeys(query); err != nil {
				return err
			}
			return fn(tx)
		})
	})
}

// Try implements [dialect.Trier].
func (c poolConn) Try(ctx context.Context, fn func(dialect.Conn) error) (bool, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	default:
		return false, nil
	}
	if err := c.place.check(false); err != nil {
		return false, err
	}
	conn, err := sqldb.Connect(ctx, c.pool)
	if err != nil {
		return false, err
	}
	defer func() { _ = sqldb.Release(conn) }() // the transaction has ended
	patient, err := impatient(ctx, conn)
	if err != nil {
		return false, err
	}
	defer patient()
	done, err := atOnce(ctx, conn, fn)
	if classify(err) == dialect.Conflict {
		return false, nil
	}
	return done, err
}

// impatient makes a connection not wait for other writers, until patient is called.
func impatient(ctx context.Context, conn *sql.Conn) (patient func(), err error) {
	var was int64
	ask := dialect.Stmt{Name: "busy_timeout", SQL: "PRAGMA busy_timeout"}
	if err := sqldb.Ask(ctx, conn, ask, func(r dialect.Row) error { return r.Scan(&was) }); err != nil {
		return nil, err
	}
	set := func(ctx context.Context, ms int64) error {
		_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", ms))
		return err
	}
	if err := set(ctx, 0); err != nil {
		return nil, err
	}
	return func() {
		if err := set(context.WithoutCancel(ctx), was); err != nil {
			throwAway(conn)
		}
	}, nil
}

// throwAway makes the pool discard a connection.
func throwAway(conn *sql.Conn) { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }

// atOnce is a transaction on one connection.
func atOnce(ctx context.Context, conn *sql.Conn, fn func(dialect.Conn) error) (done bool, err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	defer func() {
		if done {
			return
		}
		if _, failed := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); failed != nil {
			throwAway(conn)
			err = errors.Join(err, failed)
		}
	}()
	if err := fn(prepare(sqldb.Join(conn, nil), conn)); err != nil {
		return false, err
	}
	_, err = conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	return err == nil, err
}
