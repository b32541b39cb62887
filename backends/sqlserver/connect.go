package sqlserver

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// connector makes connections within the timeout of its configuration. The driver
// applies that timeout only to dialling; it would wait forever for the server's answer
// to the login, even after the caller's context has ended. A failover partner gets a
// timeout of its own, which the driver would make it share.
type connector struct {
	config msdsn.Config
	ask    dialect.Ask // for the password, or the access token; nil for the DSN's
}

// Connector makes connections like those of [Open], for your own pool from
// [sql.OpenDB]. config comes from [ParseDSN]. ask, which may be nil, is like the
// Password of [Options].
func Connector(config msdsn.Config, ask func(context.Context) (string, error)) driver.Connector {
	return connector{config: config, ask: ask}
}

// longest is how long making a connection may take.
func (c connector) longest() time.Duration {
	if c.config.FailOverPartner != "" {
		return 2 * c.config.DialTimeout
	}
	return c.config.DialTimeout
}

// Connect implements [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.login(ctx, c.config)
	if err != nil && c.config.FailOverPartner != "" && ctx.Err() == nil {
		if conn, partner := c.login(ctx, partnerOf(c.config)); partner == nil {
			return conn, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLogin, err)
	}
	return conn, nil
}

// partnerOf is the configuration for the failover partner.
func partnerOf(config msdsn.Config) msdsn.Config {
	if config.TLSConfig != nil && config.TLSConfig.ServerName == config.Host {
		config.TLSConfig = config.TLSConfig.Clone()
		config.TLSConfig.ServerName = config.FailOverPartner
	}
	config.Host = config.FailOverPartner
	if config.FailOverPort != 0 {
		config.Port = config.FailOverPort
	}
	if config.FailOverPartnerSPN != "" {
		config.ServerSPN = config.FailOverPartnerSPN
	}
	return config
}

// login connects to one server.
func (c connector) login(ctx context.Context, config msdsn.Config) (driver.Conn, error) {
	limit, cancel := context.WithTimeout(ctx, config.DialTimeout)
	defer cancel()
	config.FailOverPartner = ""
	login, err := c.authenticated(limit, config)
	if err != nil {
		return nil, err
	}
	lines := &lines{dialer: net.Dialer{KeepAlive: config.KeepAlive}}
	login.Dialer = lines
	defer context.AfterFunc(limit, lines.hangUp)()
	conn, err := login.Connect(limit)
	if err != nil && limit.Err() != nil && ctx.Err() == nil { // nothing was begun, as if no server had answered
		silent := &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
		err = fmt.Errorf("the server does not answer the login: %w: %w", silent, err)
	}
	return conn, err
}

// authenticated is the driver's connector, with a password, or an access token, that was
// asked for now.
func (c connector) authenticated(ctx context.Context, config msdsn.Config) (*mssql.Connector, error) {
	if c.ask != nil {
		password, err := c.ask.Password(ctx)
		if err != nil {
			return nil, err
		}
		config.Password = password
	}
	if config.Parameters[fedauth] == "" {
		return mssql.NewConnectorConfig(config), nil
	}
	token := config.Password
	config.User, config.Password = "", ""
	return mssql.NewSecurityTokenConnector(config, func(context.Context) (string, error) { return token, nil })
}

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return mssql.NewConnectorConfig(c.config).Driver() }

// errLogin is the error of a connection that could not be made.
var errLogin = errors.New("login")

// lines are the connections of one login: one, or several to the addresses of a cluster.
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

// hangUp ends all waits for the server.
func (l *lines) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	for _, conn := range l.open {
		_ = conn.Close()
	}
}
