package bench

import (
	"context"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A counter is a [tap] that counts the statements that are sent. A transaction of
// several round trips has two more: its BEGIN and its COMMIT.
type counter struct {
	dialect.Backend

	n atomic.Int64
}

func (c *counter) sent() int64 { return c.n.Load() }

// Conn implements [dialect.Backend].
func (c *counter) Conn() dialect.Conn { return tapped(c.Backend.Conn(), c) }

func (c *counter) send(_ context.Context, steps []*dialect.Step, real func([]*dialect.Step) error) error {
	c.n.Add(int64(len(steps)))
	return real(steps)
}

func (c *counter) atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	c.n.Add(2)
	return inner.Atomic(ctx, fn)
}
