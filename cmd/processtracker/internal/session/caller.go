package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// caller is the program at the other end. It implements [rpc.Caller].
type caller struct {
	config Config
	wire   rpc.Wire
	lost   func(id int64, err error) // reports a lost lease to the program
	finish func()                    // stops handing over calls

	greeting sync.Mutex // serializes calls of hello

	mu      sync.Mutex
	backend dialect.Backend
	tracker *tracker.Tracker
	runs    map[int64]*tracker.Run // runs that the session holds
	done    []int64                // those among them that have ended, oldest first
	over    bool                   // no runs are kept any more
	goodbye bool
}

// remembered is how many ended runs a session still knows, so that ending one of them
// again does nothing.
const remembered = 1000

// Hello implements [rpc.Caller]. It may be called again after a failure.
func (s *caller) Hello(ctx context.Context, p rpc.Hello) (rpc.Greeting, error) {
	s.greeting.Lock()
	defer s.greeting.Unlock()
	if _, err := s.Tracker(); err == nil {
		return rpc.Greeting{}, s.wire.Errorf(rpc.AlreadyGreeted, nil, "session.hello was already called; start another session for another tracker")
	}
	if _, err := s.wire.Greet(p, rpc.About{}, true); err != nil {
		return rpc.Greeting{}, err // before any access to the database
	}
	b, about, err := s.config.Open(ctx)
	if err != nil {
		return rpc.Greeting{}, err
	}
	t, err := tracker.New(ctx, b, &tracker.Config{
		Actor: p.Actor, Lease: p.Lease, NoLease: p.NoLease, HeartbeatInterval: p.HeartbeatInterval, MaxFailures: p.MaxFailures,
		Logger:   s.config.Log,
		Observer: tracker.Observer{OnEnd: s.ended, OnLeaseLost: s.leaseLost},
	})
	if err != nil {
		return rpc.Greeting{}, errors.Join(err, b.Close())
	}
	s.mu.Lock()
	s.backend, s.tracker = b, t
	s.mu.Unlock()
	return s.wire.Greet(p, about, true)
}

// Goodbye implements [rpc.Caller].
func (s *caller) Goodbye(context.Context) ([]int64, error) {
	if _, err := s.Tracker(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.over, s.goodbye = true, true
	left := make([]int64, 0, len(s.runs))
	for id, run := range s.runs {
		if !slices.Contains(s.done, id) {
			run.Detach()
			left = append(left, id)
		}
	}
	s.mu.Unlock()
	slices.Sort(left)
	s.finish()
	return left, nil
}

func (s *caller) parted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.goodbye
}

// Tracker implements [rpc.Caller].
func (s *caller) Tracker() (*tracker.Tracker, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tracker == nil {
		return nil, s.wire.Errorf(rpc.HelloRequired, nil, "the session has not begun; call session.hello first")
	}
	return s.tracker, nil
}

// Run implements [rpc.Caller].
func (s *caller) Run(_ context.Context, id int64) (*tracker.Run, error) {
	if _, err := s.Tracker(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if run, ok := s.runs[id]; ok {
		return run, nil
	}
	return nil, fmt.Errorf("this session does not hold the run with id %d: %w; resume it with tracker.resume", id, tracker.ErrNotOwner)
}

// Token implements [rpc.Caller].
func (s *caller) Token(given string) (string, error) {
	if given == "" {
		return "", &tracker.InvalidError{Field: "token", Reason: "empty", Remedy: "give the token that tracker.start returned"}
	}
	return given, nil
}

// Lister implements [rpc.Caller]: the program and the session are on the same machine,
// and run as the same user.
func (s *caller) Lister(ctx context.Context, path string) (listing.Lister, error) {
	return s.config.Lister(ctx, path)
}

// Keep implements [rpc.Caller]. If the session ends before the start is done, no program can use the run.
func (s *caller) Keep(run *tracker.Run) {
	if !s.keep(run) {
		_ = run.Close() // it fails, or its lease expires
	}
}

// keep returns false if the session has already failed its runs.
func (s *caller) keep(run *tracker.Run) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over && !s.goodbye {
		return false
	}
	s.runs[run.ID()] = run
	s.done = slices.DeleteFunc(s.done, func(id int64) bool { return id == run.ID() })
	return true
}

// Leave implements [rpc.Caller].
func (s *caller) Leave(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.runs, id)
}

// ended records that a run no longer has to be failed. A session may start very many runs.
func (s *caller) ended(_ context.Context, e tracker.EndEvent) { s.forget(e.Run.ID) }

func (s *caller) forget(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, held := s.runs[id]; !held || slices.Contains(s.done, id) {
		return
	}
	if s.done = append(s.done, id); len(s.done) > remembered {
		delete(s.runs, s.done[0])
		s.done = slices.Delete(s.done, 0, 1)
	}
}

// leaseLost notifies the program. The session keeps the run, so that calls on it return
// the same error.
func (s *caller) leaseLost(_ context.Context, e tracker.LeaseLostEvent) {
	s.forget(e.Run.ID)
	s.lost(e.Run.ID, e.Err)
}

// failAll fails the runs that the program has left active. A run that has ended in
// another way, or that another start has taken over, stays as it is.
func (s *caller) failAll(ctx context.Context, reason string) error {
	s.mu.Lock()
	s.over = true
	var left []*tracker.Run
	for id, run := range s.runs {
		if !slices.Contains(s.done, id) {
			left = append(left, run)
		}
	}
	s.mu.Unlock()
	failed := make([]error, len(left))
	var all sync.WaitGroup
	for i, run := range left {
		all.Go(func() {
			err := run.Fail(ctx, tracker.ErrorRecord{Description: reason})
			if err != nil && !errors.Is(err, tracker.ErrAlreadyEnded) && !errors.Is(err, tracker.ErrLeaseLost) {
				failed[i] = fmt.Errorf("%v could not be failed, and is active until its lease expires: %w", run, err)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// close releases everything that the session has opened.
func (s *caller) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tracker == nil {
		return nil
	}
	return errors.Join(s.tracker.Close(), s.backend.Close())
}
