package suite

import (
	"context"
	"errors"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// An undone backend gives up its first transaction when all of it was done, and has
// something else happen before the next. It is no batcher.
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
func (g *undone) Conn() dialect.Conn { return undoneConn{g.Backend.Conn(), g} }

type undoneConn struct {
	dialect.Conn

	g *undone
}

// Atomic implements [dialect.Conn].
func (c undoneConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	happen := c.g.meanwhile
	if happen == nil {
		return c.Conn.Atomic(ctx, fn)
	}
	c.g.meanwhile = nil
	err := c.Conn.Atomic(ctx, func(inner dialect.Conn) error { return errors.Join(fn(inner), errLost) })
	happen()
	return err
}
