// Package faults breaks what lies between a program and its database, on purpose
// and at a chosen moment. Whatever it does is counted, so that a test can show that
// its fault has struck.
package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// A Proxy is a network between clients and a server, which can be broken. It passes
// TCP connections on and knows no protocol; what a [Match] is to understand must not
// be encrypted. Its methods are safe for concurrent use.
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

// Counts are how often what has happened since the proxy was made.
type Counts struct {
	Accepted    int64 // connections that were passed on
	Refused     int64 // connections, by Refuse
	Unreachable int64 // connections, as the server was not there
	Cut         int64 // connections, by Cut, or as they had become half-open
	Delayed     int64 // pieces of what was said, in either direction
	Swallowed   int64 // the same
	CutBefore   int64 // triggers that have struck
	CutAfter    int64
	MuteAfter   int64
}

// The directions in which a link passes bytes on.
const (
	toServer = iota
	toClient
)

// NewProxy returns a proxy for the server at target, such as 127.0.0.1:5432, on a
// free port of the loopback interface. ctx is for making it. Close it.
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

// Addr is where clients connect to, as host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Retarget has new connections go to another address: a server that was started
// again may have another port.
func (p *Proxy) Retarget(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Cut ends all connections that there are. New ones are welcome.
func (p *Proxy) Cut() { p.cut(func(*link) bool { return true }) }

// Delay has each piece of what is said wait for d, in both directions; 0 for no
// longer.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// HalfOpen drops all bytes in both directions, and the news that a side has hung up:
// connections stay open, and replies never arrive. When it is switched off, it cuts
// the connections that have lost bytes, because the rest would make no sense.
func (p *Proxy) HalfOpen(on bool) { p.silence([2]bool{on, on}) }

// Mute is [Proxy.HalfOpen] in one direction: the server hears its clients, and they
// do not hear it.
func (p *Proxy) Mute(on bool) { p.silence([2]bool{toClient: on}) }

func (p *Proxy) silence(silent [2]bool) {
	p.mu.Lock()
	p.silent = silent
	p.mu.Unlock()
	if silent == [2]bool{} {
		p.cut(func(l *link) bool { return l.holed })
	}
}

// Refuse resets new connections as soon as they are made. Those that there are go on.
func (p *Proxy) Refuse(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = on
}

// CutAfter cuts the next connection on which a client sends what matches, after the
// server has got it and before the client gets any of the answer. When the client is
// cut off, the server is done with the request: it is told that the client says no
// more, and waited for until it has hung up. Struck is closed then. It strikes once.
func (p *Proxy) CutAfter(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: cutAfter})
}

// CutBefore cuts the next connection on which a client sends what matches, before the
// server gets the end of it. It strikes once.
func (p *Proxy) CutBefore(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: cutBefore})
}

// MuteAfter is [Proxy.Mute] from when a client has sent what matches, which the server
// gets. Struck is closed then. It strikes once; Mute(false) ends it.
func (p *Proxy) MuteAfter(match Match) (struck <-chan struct{}) {
	return p.arm(&trigger{match: match, does: muteAfter})
}

// Disarm forgets what CutAfter, CutBefore and MuteAfter were told and has not happened yet.
func (p *Proxy) Disarm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.triggers = nil
}

// Counts returns what has struck so far.
func (p *Proxy) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts
}

// Close cuts all connections, and returns when nothing of the proxy is left.
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
		return nil // it was closed before
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

// serve passes connections on until the proxy is closed.
func (p *Proxy) serve(ctx context.Context) {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // that one is gone already
		}
		p.running.Go(func() { p.connect(ctx, client) })
	}
}

// connect gives a client its connection to the server, and returns when it is over.
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

// reset makes the client see a connection reset, and not an orderly close.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
