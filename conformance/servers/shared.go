package servers

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Shared holds the servers that the tests of one program share. Each server is started
// when a test first asks for it, so that a program whose tests need none starts none.
// The zero value is ready for use.
type Shared struct {
	mu    sync.Mutex
	all   map[string]func() (*Server, error)
	taken map[string]bool // by a caller of Own, for each backend
}

// Get is like [Get], but returns the same server, or error, for every call of a backend.
func (s *Shared) Get(ctx context.Context, backend string) (*Server, error) {
	return s.once(backend, func() (*Server, error) { return Get(ctx, backend) })
}

// ErrTaken is returned by [Shared.Own] while another caller has the server.
var ErrTaken = errors.New("another test has this server: tests that harm a server must run one after the other")

// Own is like [Own], but returns the same server for every call of a backend. One caller has it at a
// time, leaves it as it was, and calls release. Meanwhile the others get [ErrTaken]; they do not wait,
// as a test that waits keeps one of the few places of parallel tests, which the first may need.
func (s *Shared) Own(ctx context.Context, backend string) (server *Server, release func(), err error) {
	return s.own(backend, func() (*Server, error) { return Own(ctx, backend) })
}

func (s *Shared) own(backend string, start func() (*Server, error)) (*Server, func(), error) {
	if !s.take(backend, true) {
		return nil, nil, fmt.Errorf("%s: %w", backend, ErrTaken)
	}
	release := func() { s.take(backend, false) }
	server, err := s.once("own "+backend, start)
	if err != nil {
		release()
		return nil, nil, err
	}
	return server, release, nil
}

// take marks a backend's server as taken or free, and reports whether that changes it.
func (s *Shared) take(backend string, taken bool) (changes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == nil {
		s.taken = map[string]bool{}
	}
	changes = s.taken[backend] != taken
	s.taken[backend] = taken
	return changes
}

func (s *Shared) once(key string, start func() (*Server, error)) (*Server, error) {
	s.mu.Lock()
	if s.all == nil {
		s.all = map[string]func() (*Server, error){}
	}
	server, ok := s.all[key]
	if !ok {
		server = sync.OnceValues(start)
		s.all[key] = server
	}
	s.mu.Unlock() // servers of different databases start concurrently
	return server()
}

// Close ends the servers that were started. No test may be running.
func (s *Shared) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all error
	for _, server := range s.all {
		if server, err := server(); err == nil {
			all = errors.Join(all, server.Close())
		}
	}
	s.all = nil
	return all
}
