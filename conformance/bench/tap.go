package bench

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A tap stands between the tracker and a backend.
type tap interface {
	// send is called with steps that are on their way, all in one round trip where
	// there is one; real sends them.
	send(ctx context.Context, steps []*dialect.Step, real func([]*dialect.Step) error) error

	// atomic is called with a transaction that is to be opened on the connection; fn
	// is what happens in it.
	atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error
}

// tapped returns the connection with a tap, and with the abilities that it had.
func tapped(inner dialect.Conn, t tap) dialect.Conn {
	c := tappedConn{inner, t}
	batcher, batches := inner.(dialect.Batcher)
	trier, tries := inner.(dialect.Trier)
	switch {
	case batches && tries:
		return struct {
			tappedBatcher
			tappedTrier
		}{tappedBatcher{c, batcher}, tappedTrier{c, trier}}
	case batches:
		return tappedBatcher{c, batcher}
	case tries:
		return struct {
			tappedConn
			tappedTrier
		}{c, tappedTrier{c, trier}}
	default:
		return c
	}
}

type tappedConn struct {
	inner dialect.Conn
	tap   tap
}

// Exec implements [dialect.Conn].
func (c tappedConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	step := &dialect.Step{Stmt: s}
	err := c.tap.send(ctx, []*dialect.Step{step}, func(steps []*dialect.Step) (err error) {
		steps[0].Affected, err = c.inner.Exec(ctx, steps[0].Stmt)
		return err
	})
	return step.Affected, err
}

// Query implements [dialect.Conn].
func (c tappedConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.tap.send(ctx, []*dialect.Step{{Stmt: s, Row: row}}, func(steps []*dialect.Step) error {
		return c.inner.Query(ctx, steps[0].Stmt, steps[0].Row)
	})
}

// Atomic implements [dialect.Conn].
func (c tappedConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.tap.atomic(ctx, c.inner, func(inner dialect.Conn) error { return fn(tapped(inner, c.tap)) })
}

type tappedBatcher struct {
	tappedConn

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c tappedBatcher) Batch(ctx context.Context, steps []*dialect.Step) error {
	return c.tap.send(ctx, steps, func(steps []*dialect.Step) error { return c.batcher.Batch(ctx, steps) })
}

type tappedTrier struct {
	conn  tappedConn
	trier dialect.Trier
}

// Try implements [dialect.Trier].
func (c tappedTrier) Try(ctx context.Context, fn func(dialect.Conn) error) (bool, error) {
	free := true
	err := c.conn.tap.atomic(ctx, attempt{c.conn.inner, c.trier, &free}, func(inner dialect.Conn) error { return fn(tapped(inner, c.conn.tap)) })
	return free, err
}

// attempt is a connection whose transactions are begun only if nobody else is
// writing.
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
