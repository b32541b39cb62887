package sqldb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Failover returns a Conn that notices when its server has become a replica: the server
// accepted writes before and now refuses them. It then calls renew, which makes the pool
// drop its connections, and returns an error that matches [dialect.ErrDemoted]. The
// tracker retries on a new connection, which leads to the new primary once the name or
// the proxy does. If the server never accepted a write, it counts as read-only, and the
// error is returned at once.
func Failover(c dialect.Conn, isReadOnly func(error) bool, renew func()) dialect.Conn {
	w := writer{Conn: c, shared: &demotion{isReadOnly: isReadOnly, renew: renew}}
	return w.batching()
}

// demotion is the state that the Conns on one pool share.
type demotion struct {
	isReadOnly func(error) bool
	renew      func()
	wrote      atomic.Bool
}

// judge records that a write succeeded, or marks an error as a demotion.
func (d *demotion) judge(wrote bool, err error) error {
	switch {
	case err == nil:
		if wrote {
			d.wrote.Store(true)
		}
		return nil
	case d.wrote.Load() && d.isReadOnly(err):
		d.renew()
		return fmt.Errorf("%w: %w", dialect.ErrDemoted, err)
	default:
		return err
	}
}

// writer is a Conn on a pool.
type writer struct {
	dialect.Conn

	shared *demotion
}

// batching adds the optional methods of the inner Conn.
func (c writer) batching() dialect.Conn {
	if b, ok := c.Conn.(dialect.Batcher); ok {
		return batchWriter{c, b}
	}
	return c
}

// Exec implements [dialect.Conn].
func (c writer) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	n, err := c.Conn.Exec(ctx, s)
	return n, c.shared.judge(n > 0, err)
}

// Query implements [dialect.Conn].
func (c writer) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.shared.judge(false, c.Conn.Query(ctx, s, row))
}

// Atomic implements [dialect.Conn]. Its writes count once they are committed.
func (c writer) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	var wrote atomic.Bool
	err := c.Conn.Atomic(ctx, func(tx dialect.Conn) error {
		wrote.Store(false)
		return fn(noting{tx, &wrote}.batching())
	})
	return c.shared.judge(wrote.Load(), err)
}

type batchWriter struct {
	writer

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c batchWriter) Batch(ctx context.Context, steps []*dialect.Step) error {
	err := c.batcher.Batch(ctx, steps)
	return c.shared.judge(changed(steps), err)
}

// changed reports whether steps that succeeded have written. If nothing counts the rows, it
// is enough that the server accepted the statement: a replica refuses it whatever rows
// there are.
func changed(steps []*dialect.Step) bool {
	for _, s := range steps {
		if s.Affected > 0 || s.Uncounted {
			return true
		}
	}
	return false
}

// noting is a Conn in a transaction that records writes.
type noting struct {
	dialect.Conn

	wrote *atomic.Bool
}

func (c noting) batching() dialect.Conn {
	b, ok := c.Conn.(dialect.Batcher)
	if !ok {
		return c
	}
	if last, ok := c.Conn.(dialect.Finisher); ok {
		return lastNoting{batchNoting{c, b}, last}
	}
	return batchNoting{c, b}
}

// Exec implements [dialect.Conn].
func (c noting) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	n, err := c.Conn.Exec(ctx, s)
	if n > 0 {
		c.wrote.Store(true)
	}
	return n, err
}

// Atomic implements [dialect.Conn].
func (c noting) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.Conn.Atomic(ctx, func(tx dialect.Conn) error { return fn(noting{tx, c.wrote}.batching()) })
}

type batchNoting struct {
	noting

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c batchNoting) Batch(ctx context.Context, steps []*dialect.Step) error {
	err := c.batcher.Batch(ctx, steps)
	if changed(steps) {
		c.wrote.Store(true)
	}
	return err
}

type lastNoting struct {
	batchNoting

	last dialect.Finisher
}

// Finish implements [dialect.Finisher].
func (c lastNoting) Finish(ctx context.Context, steps []*dialect.Step) error {
	err := c.last.Finish(ctx, steps)
	if changed(steps) {
		c.wrote.Store(true)
	}
	return err
}

// Lifetime is how long a connection of our own pools lives. It bounds how long
// connections stay on a demoted server after a failover, and how long a resolved address
// is used.
const Lifetime = 5 * time.Minute

// Patiently calls fn until it succeeds or fails with an error that must not be retried,
// for up to limit. It is for opening a database that is waking up or has too many
// connections.
func Patiently(ctx context.Context, limit time.Duration, again func(error) bool, fn func() error) error {
	const longest = time.Second
	over := time.Now().Add(limit)
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, longest) {
		err := fn()
		if err == nil || !again(err) || time.Now().After(over) {
			return err
		}
		timer := time.NewTimer(rand.N(wait)) //nolint:gosec // the length of the wait is no secret
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(context.Cause(ctx), err)
		}
	}
}
