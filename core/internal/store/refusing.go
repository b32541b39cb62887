package store

import (
	"context"
	"sync"
)

// mostRefusing is how many processes are remembered at most.
const mostRefusing = 1000

// refusing holds the processes whose active run refused their last start in this program.
// Starts of such a process take turns, and first check whether the run is still active.
// So however many callers poll, only one of them at a time competes with the run's
// program, and when the run has ended, one of them starts the next run instead of all
// trying. Forgetting a process costs one round trip.
type refusing struct {
	mu    sync.Mutex
	turns map[string]*turn
}

type turn struct {
	taken  chan struct{} // full while a start has its turn
	starts int           // that have it or wait for it
}

// enter joins those that take turns: nil if the process is not among them.
func (r *refusing) enter(process string) *turn {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.turns[process]
	if t != nil {
		t.starts++
	}
	return t
}

// leave follows enter. It forgets a process whose run was started if no start waits for
// it.
func (r *refusing) leave(process string, t *turn, started bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.starts--
	if started && t.starts == 0 && r.turns[process] == t {
		delete(r.turns, process)
	}
}

func (r *refusing) add(process string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turns[process] != nil {
		return
	}
	if r.turns == nil || len(r.turns) >= mostRefusing {
		r.turns = map[string]*turn{}
	}
	r.turns[process] = &turn{taken: make(chan struct{}, 1)}
}

// take waits for a turn, and returns what ends it.
func (t *turn) take(ctx context.Context) (end func(), err error) {
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// keeping are the refusals that are being written down.
type keeping struct {
	mu   sync.Mutex
	keys map[string]bool
}

// begin returns false if another start is just recording an equal refusal.
func (k *keeping) begin(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys[key] {
		return false
	}
	if k.keys == nil {
		k.keys = map[string]bool{}
	}
	k.keys[key] = true
	return true
}

func (k *keeping) end(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, key)
}
