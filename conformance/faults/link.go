package faults

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// A trigger waits until a client sends a matching request.
type trigger struct {
	match  Match
	does   fate
	struck chan struct{}
}

// A link is one client's connection to the server. The proxy's mutex guards its state.
type link struct {
	proxy *Proxy
	ends  [2]net.Conn // the destination of each direction
	once  sync.Once
	over  chan struct{} // closed when it is cut

	request  []byte   // sent by the client since the server last sent something
	answer   []byte   // the end of what the server sent last
	holed    bool     // it has swallowed bytes
	struck   *trigger // set if the client must not get more of the server's answer
	answered bool     // the server has sent something since the client last did
}

const (
	pieceSize   = 64 << 10
	requestSize = 1 << 20 // bytes that a Match sees, from the end of the request
	answerSize  = 64
)

// hangUp cuts the link on both sides.
func (l *link) hangUp() {
	l.once.Do(func() {
		close(l.over)
		for _, end := range l.ends {
			_ = end.Close()
		}
	})
}

// run forwards bytes in both directions until both have ended.
func (l *link) run() {
	var both sync.WaitGroup
	for direction := range l.ends {
		both.Go(func() { l.pass(direction) })
	}
	both.Wait()
	l.hangUp()
	if l.struck != nil {
		close(l.struck.struck)
	}
}

// pass forwards bytes in one direction.
func (l *link) pass(direction int) {
	from, to, piece := l.ends[1-direction], l.ends[direction], make([]byte, pieceSize)
	for {
		n, err := from.Read(piece)
		if n > 0 && !l.carry(direction, to, piece[:n]) {
			return
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			l.endOf(direction, to)
			return
		default:
			l.broken(direction)
			return
		}
	}
}

// A fate is what happens to a piece of data.
type fate int

const (
	passOn fate = iota
	swallow
	cutBefore
	cutAfter
	muteAfter
)

// carry applies the proxy's faults to a piece of data, and reports whether the direction continues.
func (l *link) carry(direction int, to net.Conn, piece []byte) bool {
	what, delay := l.judge(direction, piece)
	switch what {
	case swallow:
		return true
	case cutBefore:
		l.hangUp()
		return false
	default: // it is forwarded
	}
	if delay > 0 && !l.wait(delay) {
		return false
	}
	if _, err := to.Write(piece); err != nil {
		l.broken(direction)
		return false
	}
	if what == cutAfter {
		finish(to)
		return false
	}
	return true
}

// judge examines a piece of data, records it, and decides its fate.
func (l *link) judge(direction int, piece []byte) (fate, time.Duration) {
	p := l.proxy
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent[direction] || l.holed || l.struck != nil {
		l.holed = l.holed || p.silent[direction]
		if l.holed {
			p.counts.Swallowed++
		}
		return swallow, 0
	}
	what := passOn
	if direction == toServer {
		what = l.hear(piece)
	} else {
		l.answer = tail(append(l.answer, piece...), answerSize)
		l.answered = true
	}
	if what != cutBefore && p.delay > 0 {
		p.counts.Delayed++
		return what, p.delay
	}
	return what, 0
}

// hear adds data to the client's request, and checks whether a trigger matches it.
func (l *link) hear(piece []byte) fate {
	if l.answered {
		l.request, l.answered = l.request[:0], false
	}
	l.request = tail(append(l.request, piece...), requestSize)
	p := l.proxy
	for i, t := range p.triggers {
		if !t.match(Request{Sent: l.request, After: l.answer}) {
			continue
		}
		p.triggers = append(p.triggers[:i:i], p.triggers[i+1:]...)
		switch t.does {
		case cutAfter:
			p.counts.CutAfter++
			l.struck = t
		case cutBefore:
			p.counts.CutBefore++
			l.struck = t
		case muteAfter:
			p.counts.MuteAfter++
			p.silent[toClient] = true
			close(t.struck)
		default: // triggers do nothing else
		}
		return t.does
	}
	return passOn
}

// tail returns the last size bytes of b.
func tail(b []byte, size int) []byte {
	if len(b) <= size {
		return b
	}
	return bytes.Clone(b[len(b)-size:])
}

// wait reports whether the link still exists after a while.
func (l *link) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.over:
		return false
	}
}

// endOf forwards the end of one side's data to the other, if the link can carry it.
func (l *link) endOf(direction int, to net.Conn) {
	p := l.proxy
	p.mu.Lock()
	l.holed = l.holed || p.silent[direction]
	silent, struck := l.holed, l.struck != nil
	p.mu.Unlock()
	switch {
	case silent:
		<-l.over // the other side must not learn it before
	case struck:
		l.hangUp() // the server has finished
	default:
		finish(to)
	}
}

// broken ends a link if one of its sides is gone and the other can notice it.
func (l *link) broken(direction int) {
	p := l.proxy
	p.mu.Lock()
	l.holed = l.holed || p.silent[direction]
	silent := l.holed
	p.mu.Unlock()
	if silent {
		<-l.over
	}
	l.hangUp()
}

// finish tells one side that the other sends no more.
func finish(to net.Conn) {
	if tcp, ok := to.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}
