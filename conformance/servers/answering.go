package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/testcontainers/testcontainers-go/wait"
)

// askTimeout limits one query to a starting server, which may accept a connection and
// not answer.
const askTimeout = 5 * time.Second

// answering waits until a server of MySQL's kind answers a query at a container's port.
// With wait.ForSQL, the driver would write a line to standard error for each connection
// that fails meanwhile.
type answering struct {
	flavour

	port, password, query string
}

// WaitUntilReady implements [wait.Strategy].
func (a *answering) WaitUntilReady(ctx context.Context, target wait.StrategyTarget) error {
	ctx, cancel := context.WithTimeout(ctx, mysqlTimeout)
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		err := a.ask(ctx, target)
		if err == nil {
			return nil
		}
		if state, stateErr := target.State(ctx); stateErr == nil && !state.Running {
			return fmt.Errorf("the server has ended with status %d", state.ExitCode)
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-ticker.C:
		}
	}
}

func (a *answering) ask(ctx context.Context, target wait.StrategyTarget) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	host, err := target.Host(ctx)
	if err != nil {
		return err
	}
	port, err := target.MappedPort(ctx, a.port)
	if err != nil {
		return err
	}
	server := &Server{DSN: a.dsn(net.JoinHostPort(host, port.Port()), a.password)}
	return server.Administer(ctx, a.query)
}
