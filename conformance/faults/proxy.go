// Package faults breaks the network between a program and its database, on purpose and
// at a chosen moment. It counts its faults, so that a test can show that a fault has
// struck.
package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// A Proxy is a network between clients and a server that a test can break. It forwards
// TCP connections and knows no protocol. A [Match] only works if the data is not
// encrypted. The methods of a Proxy are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	over     context.CancelFunc
	running  sync.WaitGroup

	mu       sync.Mutex
	target   string
	refuse   bool
	delay    time.Duration
	silent   [2]bool // by direction
	triggers []*trigger
	links    map[*link]bool
	closed   bool
	counts   Counts
}

// Counts are the numbers of events since the proxy was created.
type Counts struct {
	Accepted    int64 // forwarded connections
	Refused     int64 // connections that Refuse has reset
	Unreachable int64 // connections for which the server could not be reached
	Cut         int64 // connections that Cut has ended, or that were half-open
	Delayed     int64 // pieces of data, in either direction
	Swallowed   int64 // pieces of data, in either direction
	CutBefore   int64 // triggers that have struck
	CutAfter    int64
	MuteAfter   int64
}

// The directions in which a link forwards bytes.
const (
	toServer = iota
	toClient
)

// NewProxy returns a proxy for the server at target, such as 127.0.0.1:5432, on a free
// port of the loopback interface. ctx only limits the creation. Call Close when you are
// done.
func NewProxy(ctx context.Context, target string) (*Proxy, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("proxy for %s: %w", target, err)
	}
	living, over := context.WithCancel(context.WithoutCancel(ctx))
	p := &Proxy{listener: listener, over: over, target: target, links: map[*link]bool{}}
	p.running.Go(func() { p.serve(living) })
	return p, nil
}

// Addr is the address for clients, as host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Retarget sends new connections to another address, because a restarted server may
// have another port.
func (p *Proxy) Retarget(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Cut ends all existing connections. New ones are accepted.
func (p *Proxy) Cut() { p.cut(func(*link) bool { return true }) }

// Delay delays each piece of data by d, in both directions; 0 ends the delay.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// HalfOpen drops all bytes in both directions, and the news that a side has hung up:
// connections stay open, and replies never arrive. Switching it off cuts the
// connections that have lost bytes, because the rest of their data would make no sense.
func (p *Proxy) HalfOpen(on bool) { p.silence([2]bool{on, on}) }

// Mute is [Proxy.HalfOpen] in one direction: the server gets its clients' data, but the
// clients do not get the server's.
func (p *Proxy) Mute(on bool) { p.silence([2]bool{toClient: on}) }

func (p *Proxy) silence(silent [2]bool) {
	p.mu.Lock()
	p.silent = silent
	p.mu.Unlock()
	if silent == [2]bool{} {
		p.cut(func(l *link) bool { return l.holed })
	}
}

// Refuse resets new connections as soon as they are made. Existing ones continue.
func (p *Proxy) Refuse(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = on
}

// CutAfter cuts the next connection on which a client sends a matching request, after
// the server has got the request and before the client gets any of the answer. By the
// time the client is cut off, the server has finished with the request: the proxy has
// told it that the client sends no more, and has waited until it hung up. Then struck
// is closed. CutAfter strikes once.
func (p *Proxy) CutAfter(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: cutAfter})
}

// CutBefore cuts the next connection on which a client sends a matching request, before
// the server gets the end of the request. It strikes once.
func (p *Proxy) CutBefore(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: cutBefore})
}

// MuteAfter starts [Proxy.Mute] when a client has sent a matching request, which the
// server still gets. Then struck is closed. MuteAfter strikes once; Mute(false) ends
// it.
func (p *Proxy) MuteAfter(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: muteAfter})
}

// Disarm cancels CutAfter, CutBefore and MuteAfter if they have not struck yet.
func (p *Proxy) Disarm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.triggers = nil
}

// Counts returns the numbers of events so far.
func (p *Proxy) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts
}

// Close cuts all connections, and returns when all goroutines of the proxy have ended.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for l := range p.links {
		l.hangUp()
	}
	p.mu.Unlock()
	p.over()
	err := p.listener.Close()
	p.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil // it was already closed
	}
	return err
}

func (p *Proxy) arm(t *trigger) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.struck = make(chan struct{})
	p.triggers = append(p.triggers, t)
	return t.struck
}

func (p *Proxy) cut(which func(*link) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		if which(l) {
			p.counts.Cut++
			l.hangUp()
		}
	}
}

// serve accepts connections until the proxy is closed.
func (p *Proxy) serve(ctx context.Context) {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // the client has already gone
		}
		p.running.Go(func() { p.connect(ctx, client) })
	}
}

// connect connects a client to the server, and returns when the connection has ended.
func (p *Proxy) connect(ctx context.Context, client net.Conn) {
	defer func() { _ = client.Close() }()
	p.mu.Lock()
	refuse, target := p.refuse, p.target
	if refuse {
		p.counts.Refused++
	}
	p.mu.Unlock()
	if refuse {
		reset(client)
		return
	}
	var dialer net.Dialer
	server, err := dialer.DialContext(ctx, "tcp", target)
	if err != nil {
		p.count(func(c *Counts) { c.Unreachable++ })
		reset(client)
		return
	}
	l := &link{proxy: p, ends: [2]net.Conn{toServer: server, toClient: client}, over: make(chan struct{})}
	if p.add(l) {
		l.run()
	}
	l.hangUp()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

func (p *Proxy) add(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.links[l] = true
	p.counts.Accepted++
	return true
}

func (p *Proxy) count(what func(*Counts)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what(&p.counts)
}

// reset makes the client see a connection reset instead of an orderly close.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
