package sqlserver

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
)

// connector makes connections within the time-out of its configuration. The driver
// bounds the dialling with it; for what a server then says to the login, it would
// wait for ever, whatever becomes of the caller's context.
type connector struct{ config msdsn.Config }

// Connect implements [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	limit, cancel := context.WithTimeout(ctx, c.config.DialTimeout)
	defer cancel()
	lines := &lines{dialer: net.Dialer{KeepAlive: c.config.KeepAlive}}
	login := mssql.NewConnectorConfig(c.config)
	login.Dialer = lines
	defer context.AfterFunc(limit, lines.hangUp)()
	conn, err := login.Connect(limit)
	if err != nil && limit.Err() != nil && ctx.Err() == nil { // nothing was begun, as where nobody takes the call
		silent := &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
		err = fmt.Errorf("the server does not answer the login: %w: %w", silent, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLogin, err)
	}
	return conn, nil
}

// errLogin is the error of a connection that could not be made.
var errLogin = errors.New("login")

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return mssql.NewConnectorConfig(c.config).Driver() }

// lines are the connections of one login: one, or some to the addresses of a cluster.
type lines struct {
	dialer net.Dialer

	mu   sync.Mutex
	open []net.Conn
	over bool
}

// DialContext implements [mssql.Dialer].
func (l *lines) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, conn)
	if l.over {
		_ = conn.Close()
	}
	return conn, nil
}

// hangUp ends whatever waits for the server.
func (l *lines) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	for _, conn := range l.open {
		_ = conn.Close()
	}
}
