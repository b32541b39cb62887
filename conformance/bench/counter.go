package bench

import (
	"context"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A counter stands between the tracker and a backend, and counts the statements
// that are sent. A transaction of several round trips has two more: its BEGIN and
// its COMMIT.
type counter struct {
	dialect.Backend

	n atomic.Int64
}

func (c *counter) sent() int64 { return c.n.Load() }

// Conn implements [dialect.Backend].
func (c *counter) Conn() dialect.Conn { return c.wrap(c.Backend.Conn()) }

func (c *counter) wrap(inner dialect.Conn) dialect.Conn {
	conn := countingConn{inner, c}
	if b, ok := inner.(dialect.Batcher); ok {
		return countingBatcher{conn, b}
	}
	return conn
}

type countingConn struct {
	dialect.Conn

	counter *counter
}

// Exec implements [dialect.Conn].
func (c countingConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	c.counter.n.Add(1)
	return c.Conn.Exec(ctx, s)
}

// Query implements [dialect.Conn].
func (c countingConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	c.counter.n.Add(1)
	return c.Conn.Query(ctx, s, row)
}

// Atomic implements [dialect.Conn].
func (c countingConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	c.counter.n.Add(2)
	return c.Conn.Atomic(ctx, func(inner dialect.Conn) error { return fn(c.counter.wrap(inner)) })
}

type countingBatcher struct {
	countingConn

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c countingBatcher) Batch(ctx context.Context, steps []*dialect.Step) error {
	c.counter.n.Add(int64(len(steps)))
	return c.batcher.Batch(ctx, steps)
}
