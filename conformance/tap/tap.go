// Package tap wraps the connections of a backend. A tap sees the statements, and can
// change them, delay them, or lose their answers.
package tap

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Tap is called for everything that a connection does.
type Tap interface {
	// Send is called with statements that are about to be sent, all in one round trip if
	// the connection can do that. real sends them.
	Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error

	// Atomic is called with a transaction that is about to begin on the connection. fn
	// is the content of the transaction; its connection has no tap unless [Conn] adds
	// one.
	Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error
}

// Conn returns the connection with a tap. It keeps the connection's abilities.
func Conn(inner dialect.Conn, t Tap) dialect.Conn {
	c := conn{inner, t}
	b, batches := inner.(dialect.Batcher)
	tr, tries := inner.(dialect.Trier)
	f, finishes := inner.(dialect.Finisher)
	switch {
	case batches && finishes:
		return finisher{batcher{c, b}, f}
	case batches && tries:
		return struct {
			batcher
			trier
		}{batcher{c, b}, trier{c, tr}}
	case batches:
		return batcher{c, b}
	case tries:
		return struct {
			conn
			trier
		}{c, trier{c, tr}}
	default:
		return c
	}
}

type conn struct {
	inner dialect.Conn
	tap   Tap
}

// Exec implements [dialect.Conn].
func (c conn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	step := &dialect.Step{Stmt: s}
	err := c.tap.Send(ctx, []*dialect.Step{step}, func(ctx context.Context, steps []*dialect.Step) (err error) {
		steps[0].Affected, err = c.inner.Exec(ctx, steps[0].Stmt)
		return err
	})
	return step.Affected, err
}

// Query implements [dialect.Conn].
func (c conn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.tap.Send(ctx, []*dialect.Step{{Stmt: s, Row: row}}, func(ctx context.Context, steps []*dialect.Step) error {
		return c.inner.Query(ctx, steps[0].Stmt, steps[0].Row)
	})
}

// Atomic implements [dialect.Conn].
func (c conn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.tap.Atomic(ctx, c.inner, fn)
}

type batcher struct {
	conn

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c batcher) Batch(ctx context.Context, steps []*dialect.Step) error {
	return c.tap.Send(ctx, steps, c.batcher.Batch)
}

type finisher struct {
	batcher

	finisher dialect.Finisher
}

// Finish implements [dialect.Finisher].
func (c finisher) Finish(ctx context.Context, steps []*dialect.Step) error {
	return c.tap.Send(ctx, steps, c.finisher.Finish)
}

type trier struct {
	conn  conn
	trier dialect.Trier
}

// Try implements [dialect.Trier].
func (c trier) Try(ctx context.Context, fn func(dialect.Conn) error) (bool, error) {
	free := true
	err := c.conn.tap.Atomic(ctx, attempt{c.conn.inner, c.trier, &free}, fn)
	return free, err
}

// attempt is a connection whose transactions only begin if no other connection is writing.
type attempt struct {
	dialect.Conn

	trier dialect.Trier
	free  *bool
}

// Atomic implements [dialect.Conn].
func (a attempt) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	*a.free, err = a.trier.Try(ctx, fn)
	return err
}

// OneByOne returns a connection that sends statements one by one, and calls see before
// each one.
func OneByOne(inner dialect.Conn, see func(dialect.Stmt)) dialect.Conn {
	return Conn(struct{ dialect.Conn }{inner}, single(see))
}

type single func(dialect.Stmt)

// Send implements [Tap].
func (see single) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	see(steps[0].Stmt)
	return real(ctx, steps)
}

// Atomic implements [Tap].
func (see single) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	return c.Atomic(ctx, func(inner dialect.Conn) error { return fn(OneByOne(inner, see)) })
}
