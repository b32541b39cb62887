package servers

import (
	"context"
	"errors"
	"sync"
)

// Shared holds the servers that the tests of one program share. Each server is started
// when a test first asks for it, so that a program whose tests need none starts none.
// The zero value is ready for use.
type Shared struct {
	mu  sync.Mutex
	all map[string]func() (*Server, error)
}

// Get is like [Get], but returns the same server, or error, for every call of a backend.
func (s *Shared) Get(ctx context.Context, backend string) (*Server, error) {
	return s.once(backend, func() (*Server, error) { return Get(ctx, backend) })
}

// Own is like [Own], but returns the same server for every call of a backend. Its callers use the
// server one after the other, and leave it unchanged.
func (s *Shared) Own(ctx context.Context, backend string) (*Server, error) {
	return s.once("own "+backend, func() (*Server, error) { return Own(ctx, backend) })
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
