package suite

import (
	"context"
	"errors"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// An undone backend rolls back its first transaction after all of it was done, and
// calls meanwhile before the next one. It does not support batches.
type undone struct {
	dialect.Backend

	meanwhile func() // nil once it has happened
}

// Classify implements [dialect.Backend].
func (g *undone) Classify(err error) dialect.Class {
	if errors.Is(err, errLost) {
		return dialect.Conflict
	}
	return g.Backend.Classify(err)
}

// Conn implements [dialect.Backend].
func (g *undone) Conn() dialect.Conn { return tap.Conn(struct{ dialect.Conn }{g.Backend.Conn()}, g) }

// Send implements [tap.Tap].
func (*undone) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (g *undone) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	happen := g.meanwhile
	if happen == nil {
		return c.Atomic(ctx, fn)
	}
	g.meanwhile = nil
	err := c.Atomic(ctx, func(inner dialect.Conn) error {
		return errors.Join(fn(struct{ dialect.Conn }{inner}), errLost) // which commits nothing before
	})
	happen()
	return err
}
