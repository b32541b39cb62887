package servers

import (
	"context"
	"errors"
	"sync"
)

// Shared are the servers that the tests of one program share. Each is started when the first test asks for it, so that a
// program whose tests need none starts none. The zero value is ready.
type Shared struct {
	mu  sync.Mutex
	all map[string]func() (*Server, error)
}

// Get is [Get], but for the server that an earlier call got: it is the same one, or the same error.
func (s *Shared) Get(ctx context.Context, backend string) (*Server, error) {
	return s.once(backend, func() (*Server, error) { return Get(ctx, backend) })
}

// Own is [Own], but for the server that an earlier call got. Its callers use it one after the other, and leave it as it
// was.
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
	s.mu.Unlock() // servers of several databases start at the same time
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
