package servers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// ErrNoOutage is returned by [Server.Kill], [Server.Stop], [Server.Abort] and
// [Server.Start] for a server that is not in the caller's own container: other programs
// may use a server that was given by its DSN.
var ErrNoOutage = errors.New("this server cannot be stopped and started again")

// outage stops a server and starts it again.
type outage interface {
	signal(ctx context.Context, name string) error
	start(ctx context.Context) (dsn string, err error)
}

// Restarts reports whether the server can be stopped and started again.
func (s *Server) Restarts() bool { return s.outage != nil }

// Kill ends the server at once, as if its machine had failed, and returns when it has
// ended. The server notifies no client and cleans up nothing. After a restart, all
// commits are there.
func (s *Server) Kill(ctx context.Context) error { return s.end(ctx, "SIGKILL") }

// Stop shuts the server down without waiting for its clients, whose transactions it rolls back.
func (s *Server) Stop(ctx context.Context) error {
	if s.Backend == postgresBackend {
		return s.end(ctx, "SIGINT") // SIGTERM waits for clients
	}
	return s.end(ctx, "SIGTERM")
}

// Abort stops a PostgreSQL server in its immediate mode: it notifies clients, cleans
// nothing up, and recovers committed transactions at the next start. To the other servers
// the signal means something else.
//
// Source: https://www.postgresql.org/docs/current/server-shutdown.html
func (s *Server) Abort(ctx context.Context) error { return s.end(ctx, "SIGQUIT") }

func (s *Server) end(ctx context.Context, signal string) error {
	if s.outage == nil {
		return fmt.Errorf("%s: %w", s, ErrNoOutage)
	}
	if err := s.outage.signal(ctx, signal); err != nil {
		return fmt.Errorf("%s: %s: %w", s, signal, err)
	}
	return nil
}

// Start starts a server that was killed or stopped. It returns the server's address,
// such as 127.0.0.1:32768, when the server answers. The port may differ from the
// earlier one; Start updates the field DSN. A proxy in front of the server hides the
// change from programs that connect.
func (s *Server) Start(ctx context.Context) (address string, err error) {
	if s.outage == nil {
		return "", fmt.Errorf("%s: %w", s, ErrNoOutage)
	}
	dsn, err := s.outage.start(ctx)
	if err != nil {
		return "", fmt.Errorf("starting %s again: %w", s, err)
	}
	s.DSN = dsn
	return hostPort(dsn)
}

// Address is the address on which the server listens, as host:port.
func (s *Server) Address() (string, error) { return hostPort(s.DSN) }

func hostPort(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("its DSN cannot be parsed (not shown, since it may hold a password)")
	}
	return u.Host, nil
}

// containerOutage is the outage of a server in a container.
type containerOutage struct {
	ctr      testcontainers.Container
	timeout  time.Duration
	describe func(context.Context) (*Server, error)
}

func (o containerOutage) signal(ctx context.Context, name string) error {
	engine, err := connectEngine(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if _, err := engine.ContainerKill(ctx, o.ctr.GetContainerID(), client.ContainerKillOptions{Signal: name}); err != nil {
		return err
	}
	// Wait until the container has ended: starting it before that would have no effect.
	gone := engine.ContainerWait(ctx, o.ctr.GetContainerID(), client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case <-gone.Result:
		return nil
	case err := <-gone.Error:
		return err
	}
}

func (o containerOutage) start(ctx context.Context) (dsn string, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	if err := o.ctr.Start(ctx); err != nil { // waits until it answers, as the first time
		return "", fmt.Errorf("%w%s", err, containerLog(context.WithoutCancel(ctx), o.ctr))
	}
	server, err := o.describe(ctx)
	if err != nil {
		return "", err
	}
	return server.DSN, nil
}
