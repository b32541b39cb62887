// Package session serves the protocol over a pair of pipes: lines of JSON-RPC 2.0, for
// one program, whose runs it keeps and whose death it notices by the end of the input.
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

// Config is what a session works with.
type Config struct {
	In  io.Reader
	Out io.Writer
	Log *slog.Logger // nil for none

	// Open opens the database.
	Open func(ctx context.Context) (dialect.Backend, rpc.About, error)

	// Lister chooses how a location is listed.
	Lister func(ctx context.Context, path string) (listing.Lister, error)

	// Stop gets a reason to end the session as the end of the input does.
	Stop <-chan string

	// Patience is how long calls may still take once the input has ended; 0 is five
	// seconds. Recording the ends of runs then takes at most three times as long.
	Patience time.Duration
	// MaxMessage is how many bytes a request may have; 0 is [rpc.MaxMessage].
	MaxMessage int
}

// concurrency bounds calls at once. It is more than a pool has connections, so that a
// call that waits keeps none from going on that need none.
const concurrency = 64

// Gone is why runs fail whose program has left without a word.
const Gone = "the program ended without a goodbye: its session's input was closed"

// Serve serves calls until the client says goodbye, or is gone: then the runs that it
// held fail. Its error says what could not be recorded.
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
		_ = server.Notify(ctx, "run.lease_lost", s.wire.Marshal(note)) // a client that does not read learns it from its next call
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
	cancel() // what has not been done by now
	ending, done := context.WithTimeout(context.WithoutCancel(ctx), 3*c.Patience)
	defer done()
	return errors.Join(s.failAll(ending, reason), s.close())
}

// leaseLost is the one notification that a session sends.
type leaseLost struct {
	RunID int64
	Error json.RawMessage
}

// methods is the table as jrpc2 sees it.
type methods struct {
	caller *caller
	ctx    context.Context //nolint:containedctx // of the session: calls go on when the input ends
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

// Assign implements [jrpc2.Assigner]. It is called for one message after the other, in
// their order, so that calls which were sent right after a hello wait for it.
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
				Code: jrpc2.Code(e.Code), Message: e.Message,
				Data: m.caller.wire.Marshal(errorData{e.Name.Name, e.Details}),
			}
		}
		return result, nil
	}
}

// call makes a call. One that panics has a fault of ours, for which the program's other
// runs need not end.
func (m *methods) call(name string, r *jrpc2.Request) (result json.RawMessage, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			m.caller.config.Log.Error("panic", "method", name, "fault", fault, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: processtracker has a fault: %v; report it with what the session has written to standard error", name, fault)
		}
	}()
	method, ok := m.all[name]
	if !ok {
		return nil, m.caller.wire.Errorf(rpc.MethodNotFound, struct{ Method string }{name},
			"there is no method %q in this version of processtracker; session.hello lists those that there are", name)
	}
	var params json.RawMessage
	if err := r.UnmarshalParams(&params); err != nil {
		return nil, fmt.Errorf("parameters of %s: %w", name, err)
	}
	return method.Call(m.ctx, &m.caller.wire, m.caller, params)
}
