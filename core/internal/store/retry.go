package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Retry says how often an operation is tried that the database aborted because of
// concurrent transactions, and how long it waits in between: a random time of up to
// Wait, doubled after each try, at most MaxWait. The zero value tries once; with more
// tries, neither time may be zero.
type Retry struct {
	Tries   int
	Wait    time.Duration
	MaxWait time.Duration
	OnRetry func(context.Context, Retried) // called before each wait; may be nil
}

// Retried describes an operation that is about to be retried.
type Retried struct {
	Operation string // the name of its first statement; opBegin if nothing was sent yet
	Try       int    // the one that failed
	Class     dialect.Class
	Wait      time.Duration
	Err       error
}

// opBegin marks an operation that has sent only its BEGIN.
const opBegin = "begin"

// An operation is what is tried again.
type operation struct{ name string }

// watched returns fn with a Conn that notes the name of its first statement.
func (o *operation) watched(fn func(dialect.Conn) error) func(dialect.Conn) error {
	return func(c dialect.Conn) error {
		w := watchedConn{c, o}
		b, ok := c.(dialect.Batcher)
		if !ok {
			return fn(w)
		}
		if last, ok := c.(dialect.Finisher); ok {
			return fn(watchedFinisher{watchedBatcher{w, b}, last})
		}
		return fn(watchedBatcher{w, b})
	}
}

func (o *operation) note(name string) {
	if o.name == "" {
		o.name = name
	}
}

// do calls fn until it succeeds, fails for good, or has used up its attempts. Every
// operation is safe to repeat, even if an earlier attempt was committed and only its
// reply was lost.
//
// A server that has become read-only is tried on a new connection, which may lead to
// another. If a server cannot be reached, the operation is retried only if a connection
// was lost before: its outcome is then unknown, and the server may be restarting.
//
// If ctx has ended during a commit whose outcome a backend could not find out, one more
// attempt finds the operation's own work, or does it: a start must not leave a run of
// which nobody was told.
func (r Retry) do(ctx context.Context, op *operation, classify func(error) dialect.Class, fn func(context.Context) error) error {
	wait, lost := r.Wait, false
	for try := 1; ; try++ {
		err := fn(ctx)
		if err == nil {
			return nil
		}
		class := classify(err)
		if stopped := context.Cause(ctx); stopped != nil {
			switch {
			case class == dialect.Conflict: // it would have been tried again, and is not busy
				return errors.Join(stopped, err)
			case class == dialect.Disconnected && errors.Is(err, dialect.ErrUnsettled) && r.Tries > 1:
				r.tell(ctx, op, try, class, 0, err)
				return settle(ctx, fn, err)
			}
			return err
		}
		lost = lost || class == dialect.Disconnected
		if r.Tries <= 1 || !passing(class, err, lost) {
			return err
		}
		if try >= r.Tries {
			return fmt.Errorf("gave up after %d tries: %w", try, err)
		}
		//nolint:gosec // which of two waits longer is no secret
		waiting := rand.N(wait)
		r.tell(ctx, op, try, class, waiting, err)
		if stopped := sleep(ctx, waiting); stopped != nil {
			return errors.Join(stopped, err)
		}
		wait = r.longer(wait)
	}
}

// passing reports whether what failed may succeed when it is tried again; lost says that
// the operation has lost a connection before, or now.
func passing(class dialect.Class, err error, lost bool) bool {
	switch class {
	case dialect.Conflict, dialect.Disconnected:
		return true
	case dialect.ReadOnly:
		return errors.Is(err, dialect.ErrDemoted)
	case dialect.Unreachable:
		return lost
	default:
		return false
	}
}

// settleTimeout bounds the attempt that settles an operation whose context has ended.
const settleTimeout = 5 * time.Second

// settle makes the last attempt of an operation that ended with err.
func settle(ctx context.Context, fn func(context.Context) error, err error) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if again := fn(limit); again != nil {
		return errors.Join(err, again)
	}
	return nil
}

// Read calls fn, which asks the backend something before there is a store, as every
// operation is called: the pool may have kept a connection over a restart of the server.
func (r Retry) Read(ctx context.Context, b dialect.Backend, name string, fn func() error) error {
	return r.do(ctx, &operation{name}, b.Classify, func(context.Context) error { return fn() })
}

// longer is the bound of the next wait.
func (r Retry) longer(wait time.Duration) time.Duration {
	if wait > r.MaxWait/2 { // twice as much may be more than a Duration holds
		return r.MaxWait
	}
	return 2 * wait
}

func (r Retry) tell(ctx context.Context, op *operation, try int, class dialect.Class, wait time.Duration, err error) {
	if r.OnRetry == nil {
		return
	}
	name := op.name
	if name == "" {
		name = opBegin
	}
	r.OnRetry(ctx, Retried{Operation: name, Try: try, Class: class, Wait: wait, Err: err})
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

type watchedConn struct {
	dialect.Conn

	op *operation
}

// Exec implements [dialect.Conn].
func (c watchedConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	c.op.note(s.Name)
	return c.Conn.Exec(ctx, s)
}

// Query implements [dialect.Conn].
func (c watchedConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	c.op.note(s.Name)
	return c.Conn.Query(ctx, s, row)
}

type watchedBatcher struct {
	watchedConn

	batcher dialect.Batcher
}

type watchedFinisher struct {
	watchedBatcher

	last dialect.Finisher
}

// Finish implements [dialect.Finisher].
func (c watchedFinisher) Finish(ctx context.Context, steps []*dialect.Step) error {
	if len(steps) > 0 {
		c.op.note(steps[0].Name)
	}
	return c.last.Finish(ctx, steps)
}

// Batch implements [dialect.Batcher].
func (c watchedBatcher) Batch(ctx context.Context, steps []*dialect.Step) error {
	if len(steps) > 0 {
		c.op.note(steps[0].Name)
	}
	return c.batcher.Batch(ctx, steps)
}
