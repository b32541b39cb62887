package faults_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/conformance/faults"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience limits every wait.
const patience = 5 * time.Minute

// A server answers each line with the same line in capitals, and stores what it
// received. When a client has ended, everything it sent has been received.
type server struct {
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	lines []string
	conns map[net.Conn]bool
	ended chan struct{} // gets one for each connection that has ended
}

func listen(t *testing.T) *server {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{listener: listener, conns: map[net.Conn]bool{}, ended: make(chan struct{}, 100)}
	s.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns[conn] = true
			s.mu.Unlock()
			s.running.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(s.stop)
	return s
}

func (s *server) stop() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

func (s *server) talk(conn net.Conn) {
	defer func() { _ = conn.Close(); s.ended <- struct{}{} }()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		s.mu.Lock()
		s.lines = append(s.lines, lines.Text())
		s.mu.Unlock()
		if _, err := io.WriteString(conn, strings.ToUpper(lines.Text())+"\n"); err != nil {
			return
		}
	}
}

func (s *server) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, " ")
}

func proxy(t *testing.T, s *server) *faults.Proxy {
	t.Helper()
	p, err := faults.NewProxy(t.Context(), s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// A client sends lines and reads the answers.
type client struct {
	*testing.T

	conn   net.Conn
	answer *bufio.Reader
}

func dial(t *testing.T, p *faults.Proxy) client {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return client{t, conn, bufio.NewReader(conn)}
}

func (c client) say(line string) {
	c.Helper()
	if _, err := io.WriteString(c.conn, line+"\n"); err != nil {
		c.Fatal(err)
	}
}

func (c client) hear(want string) {
	c.Helper()
	if got, err := c.answer.ReadString('\n'); err != nil || got != want+"\n" {
		c.Errorf("heard %q, %v; want %q", got, err, want)
	}
}

// hearNothing checks that the connection has ended, and is not just silent.
func (c client) hearNothing() {
	c.Helper()
	got, err := c.answer.ReadString('\n')
	if got != "" || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		c.Errorf("heard %q, %v; want the connection to be cut", got, err)
	}
}

// wantRefused checks that a connection fails, or ends at once.
func wantRefused(t *testing.T, p *faults.Proxy) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", p.Addr())
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is open: %d, %v", n, err)
	}
}

func wait(t *testing.T, strike <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case <-strike:
	case <-ctx.Done():
		t.Fatal("it has not struck")
	}
}

func wantCounts(t *testing.T, p *faults.Proxy, want faults.Counts) {
	t.Helper()
	if got := p.Counts(); got != want {
		t.Errorf("counts are %+v, want %+v", got, want)
	}
}

func TestPassesOn(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	a, b := dial(t, p), dial(t, p)
	for _, c := range []client{a, b, a} {
		c.say("hello")
		c.hear("HELLO")
	}
	a.say("bye")
	if tcp, ok := a.conn.(*net.TCPConn); !ok || tcp.CloseWrite() != nil {
		t.Fatal("the client cannot say that it has said all")
	}
	a.hear("BYE")
	a.hearNothing()
	wait(t, s.ended)
	wantCounts(t, p, faults.Counts{Accepted: 2})
}

func TestCut(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	a, b := dial(t, p), dial(t, p)
	for _, c := range []client{a, b} {
		c.say("hello")
		c.hear("HELLO")
	}
	p.Cut()
	a.hearNothing()
	b.hearNothing()
	wait(t, s.ended)
	wait(t, s.ended)
	c := dial(t, p)
	c.say("again")
	c.hear("AGAIN")
	wantCounts(t, p, faults.Counts{Accepted: 3, Cut: 2})
}

func TestDelay(t *testing.T) {
	t.Parallel()
	p := proxy(t, listen(t))
	c := dial(t, p)
	const d = 20 * time.Millisecond
	p.Delay(d)
	began := time.Now()
	c.say("hello")
	c.hear("HELLO")
	if took := time.Since(began); took < 2*d {
		t.Errorf("it took %v, want %v at least", took, 2*d)
	}
	wantCounts(t, p, faults.Counts{Accepted: 1, Delayed: 2})
	p.Delay(time.Hour)
	c.say("late")
	for p.Counts().Delayed == 2 { // until it waits
	}
	p.Cut() // a wait ends with its connection
	c.hearNothing()
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	before := dial(t, p)
	before.say("hello")
	before.hear("HELLO")
	p.Refuse(true)
	wantRefused(t, p)
	before.say("still here")
	before.hear("STILL HERE")
	p.Refuse(false)
	after := dial(t, p)
	after.say("again")
	after.hear("AGAIN")
	s.stop()
	wantRefused(t, p)
	wantCounts(t, p, faults.Counts{Accepted: 2, Refused: 1, Unreachable: 1})
}

// TestHalfOpen swallows data, and the news that a client has hung up.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		silence func(p *faults.Proxy, on bool)
		heard   string
	}{
		"both directions": {(*faults.Proxy).HalfOpen, "before again"},
		"answers":         {(*faults.Proxy).Mute, "before lost again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := listen(t)
			p := proxy(t, s)
			dead := dial(t, p)
			dead.say("before")
			dead.hear("BEFORE")
			c.silence(p, true)
			dead.say("lost")
			for p.Counts().Swallowed == 0 { // until it has come that far
			}
			_ = dead.conn.SetDeadline(time.Now().Add(10 * time.Millisecond))
			if got, err := dead.answer.ReadString('\n'); got != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("heard %q, %v; want silence", got, err)
			}
			if len(s.ended) > 0 {
				t.Error("a connection has ended")
			}
			c.silence(p, false)
			wait(t, s.ended) // both sides learn of it now
			alive := dial(t, p)
			alive.say("again")
			alive.hear("AGAIN")
			if got := s.heard(); got != c.heard {
				t.Errorf("the server heard %q, want %q", got, c.heard)
			}
			wantCounts(t, p, faults.Counts{Accepted: 2, Swallowed: 1, Cut: 1})
		})
	}
}

// TestHalfOpenHidesTheEnd has a client that hangs up while nothing gets through.
func TestHalfOpenHidesTheEnd(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	c := dial(t, p)
	c.say("hello")
	c.hear("HELLO")
	p.HalfOpen(true)
	_ = c.conn.Close()
	other := dial(t, p)
	other.say("lost")
	for p.Counts().Swallowed == 0 {
	}
	if len(s.ended) > 0 {
		t.Error("the server was told")
	}
	p.HalfOpen(false)
	wait(t, s.ended)
	other.hearNothing()
}

func TestRetarget(t *testing.T) {
	t.Parallel()
	first, second := listen(t), listen(t)
	p := proxy(t, first)
	a := dial(t, p)
	a.say("one")
	a.hear("ONE")
	p.Retarget(second.listener.Addr().String())
	b := dial(t, p)
	b.say("two")
	b.hear("TWO")
	if first.heard() != "one" || second.heard() != "two" {
		t.Errorf("they heard %q and %q", first.heard(), second.heard())
	}
}

// TestClose ends connections in every state, even stuck ones.
func TestClose(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	c, slow := dial(t, p), dial(t, p)
	c.say("hello")
	c.hear("HELLO")
	p.Delay(time.Hour)
	slow.say("slow")
	for p.Counts().Delayed == 0 {
	}
	p.HalfOpen(true)
	c.say("lost")
	for p.Counts().Swallowed == 0 {
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	c.hearNothing()
	slow.hearNothing()
}
