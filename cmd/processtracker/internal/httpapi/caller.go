package httpapi

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// caller is the client of one call. It implements [rpc.Caller].
//
// The server keeps no runs: each call resumes its run, which renews the lease, and
// detaches it again. So any of several servers can answer, and if a client is gone, its
// runs expire.
type caller struct {
	server  *Server
	client  Client
	tracker *tracker.Tracker
	token   string // of the run
	taken   []*tracker.Run
}

// Hello implements [rpc.Caller].
func (c *caller) Hello(_ context.Context, p rpc.Hello) (rpc.Greeting, error) {
	if p.Actor != "" || p.Lease != 0 || p.NoLease || p.HeartbeatInterval != 0 || p.MaxFailures != 0 {
		return rpc.Greeting{}, &tracker.InvalidError{
			Field: "actor, lease, no_lease, heartbeat_interval or max_failures", Reason: "given, but they are the server's own settings",
			Remedy: "leave them out; tracker.start takes a lease",
		}
	}
	p.Actor = c.client.Name
	return c.server.wire.Greet(p, c.server.config.About, false)
}

// Goodbye implements [rpc.Caller]. The HTTP API has no such method.
func (*caller) Goodbye(context.Context) ([]int64, error) { return nil, nil }

// Tracker implements [rpc.Caller].
func (c *caller) Tracker() (*tracker.Tracker, error) { return c.tracker, nil }

// Run implements [rpc.Caller].
func (c *caller) Run(ctx context.Context, id int64) (*tracker.Run, error) {
	token, err := c.Token("")
	if err != nil {
		return nil, fmt.Errorf("run with id %d: %w", id, err)
	}
	run, err := c.tracker.Resume(ctx, id, token)
	if err != nil {
		return nil, err
	}
	c.taken = append(c.taken, run)
	return run, nil
}

// Token implements [rpc.Caller].
func (c *caller) Token(given string) (string, error) {
	switch {
	case given != "":
		return "", &tracker.InvalidError{Field: "token", Value: "…", Reason: "in the parameters", Remedy: "send it in the header " + RunToken}
	case c.token == "":
		return "", fmt.Errorf("%w: there is none; send the token that tracker.start returned in the header %s", tracker.ErrNotOwner, RunToken)
	}
	return c.token, nil
}

// Keep implements [rpc.Caller].
func (c *caller) Keep(run *tracker.Run) { c.taken = append(c.taken, run) }

// Leave implements [rpc.Caller].
func (*caller) Leave(int64) {}

// Lister implements [rpc.Caller]. There is none: a client could make the server list
// locations that the client may not see.
func (*caller) Lister(context.Context, string) (listing.Lister, error) { return nil, nil } //nolint:nilnil // no lister, no error to report

// leave detaches the runs. The client renews their leases.
func (c *caller) leave() {
	for _, run := range c.taken {
		run.Detach()
	}
}
