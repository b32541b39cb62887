// Package session serves the protocol over a pair of pipes, as lines of JSON-RPC 2.0,
// to one program. It keeps the program's runs, and takes the end of the input for the
// program's death.
package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/creachadair/jrpc2"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Config is the configuration of a session.
type Config struct {
	In  io.Reader
	Out io.Writer
	Log *slog.Logger // nil for none

	// Open opens the database.
	Open func(ctx context.Context) (dialect.Backend, rpc.About, error)

	// Lister returns the lister for a location.
	Lister func(ctx context.Context, path string) (listing.Lister, error)

	// Stop receives a reason to end the session, as the end of the input would.
	Stop <-chan string

	// Patience limits how long calls may continue after the input has ended; 0 means
	// five seconds. Recording the ends of runs then takes at most three times as long.
	Patience time.Duration
	// MaxMessage is the maximum size of a request in bytes; 0 means [rpc.MaxMessage].
	MaxMessage int
}

// concurrency limits concurrent calls. It is larger than a connection pool, so that a
// call that waits for a connection does not delay calls that need none.
const concurrency = 64

// Gone is the error of runs whose program has disappeared without ending them.
const Gone = "the program ended without calling session.goodbye: its session's input was closed"

// Serve serves calls until the client says goodbye or is gone; then the client's active
// runs fail. Its error lists the ends that could not be recorded.
func Serve(ctx context.Context, c Config) error {
	if c.Patience == 0 {
		c.Patience = 5 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = rpc.MaxMessage
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &caller{config: c, runs: map[int64]*tracker.Run{}}
	l := newLines(&s.wire, c.In, c.Out, c.MaxMessage)
	s.finish = l.end
	server := jrpc2.NewServer(&methods{caller: s, ctx: ctx, all: table()}, &jrpc2.ServerOptions{
		AllowPush: true, DisableBuiltin: true, Concurrency: concurrency,
	})
	s.lost = func(id int64, err error) {
		note := leaseLost{RunID: id, Error: errorObject(&s.wire, s.wire.Error(err))}
		_ = server.Notify(ctx, "run.lease_lost", s.wire.Marshal(note)) // a client that does not read this learns it from its next call
	}
	server.Start(l)
	defer l.stop()

	reason := Gone
	select {
	case <-l.ended:
	case said := <-c.Stop:
		reason = said
	}
	l.settle(c.Patience)
	if s.parted() {
		return s.close()
	}
	cancel() // cancels the calls that are still in progress
	ending, done := context.WithTimeout(context.WithoutCancel(ctx), 3*c.Patience)
	defer done()
	return errors.Join(s.failAll(ending, reason), s.close())
}

// leaseLost is the only notification that a session sends.
type leaseLost struct {
	RunID int64
	Error json.RawMessage
}

// methods adapts the table of methods to jrpc2.
type methods struct {
	caller *caller
	ctx    context.Context //nolint:containedctx // of the session: calls continue when the input ends
	all    map[string]rpc.Method

	greeted chan struct{} // closed when the latest hello has been answered; nil before the first
}

func table() map[string]rpc.Method {
	all := map[string]rpc.Method{}
	for _, m := range rpc.Methods() {
		all[m.Name] = m
	}
	return all
}

// Assign implements [jrpc2.Assigner]. It is called for one message after another, in
// order, so that calls sent right after a hello wait for it.
func (m *methods) Assign(_ context.Context, name string) jrpc2.Handler {
	before := m.greeted
	done := func() {}
	if name == "session.hello" {
		greeted := make(chan struct{})
		m.greeted, done = greeted, func() { close(greeted) }
	}
	return func(_ context.Context, r *jrpc2.Request) (any, error) {
		defer done()
		if before != nil {
			<-before
		}
		result, err := m.call(name, r)
		if err != nil {
			e := m.caller.wire.Error(err)
			return nil, &jrpc2.Error{
				Code:    jrpc2.Code(e.Code), //nolint:gosec // one of the protocol's
				Message: e.Message,
				Data:    m.caller.wire.Marshal(errorData{e.Name.Name, e.Details}),
			}
		}
		return result, nil
	}
}

// call executes a call. A panic is a bug in this program, and must not end the client's
// other runs.
func (m *methods) call(name string, r *jrpc2.Request) (result json.RawMessage, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			m.caller.config.Log.Error("panic", "method", name, "fault", fault, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: processtracker has a fault: %v; report it with the session's output on standard error", name, fault)
		}
	}()
	method, ok := m.all[name]
	if !ok {
		return nil, m.caller.wire.Errorf(rpc.MethodNotFound, struct{ Method string }{name},
			"this version of processtracker has no method %q; session.hello lists its methods", name)
	}
	var params json.RawMessage
	if err := r.UnmarshalParams(&params); err != nil {
		return nil, fmt.Errorf("parameters of %s: %w", name, err)
	}
	return method.Call(m.ctx, &m.caller.wire, m.caller, params)
}
