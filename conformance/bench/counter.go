package bench

import (
	"context"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A counter is a [tap.Tap] that counts the sent statements. A transaction of several
// round trips has two additional ones: its BEGIN and its COMMIT.
type counter struct {
	dialect.Backend

	n atomic.Int64
}

func (c *counter) sent() int64 { return c.n.Load() }

// Conn implements [dialect.Backend].
func (c *counter) Conn() dialect.Conn { return tap.Conn(c.Backend.Conn(), c) }

// Send implements [tap.Tap].
func (c *counter) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	c.n.Add(int64(len(steps)))
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (c *counter) Atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	c.n.Add(2)
	return inner.Atomic(ctx, func(inner dialect.Conn) error { return fn(tap.Conn(inner, c)) })
}
