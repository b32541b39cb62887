package store

import "sync"

// mostRemembered is how many processes are remembered at most.
const mostRemembered = 1000

// remembered holds the processes that had nothing of a kind, such as dependencies, when
// this program last looked: statements about these are not sent. Each statement that relies
// on it looks again; forgetting a process only costs some more statements.
type remembered[K comparable] struct {
	mu        sync.Mutex
	processes map[K]bool
}

func (r *remembered[K]) has(process K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.processes[process]
}

func (r *remembered[K]) learn(process K, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !is {
		delete(r.processes, process)
		return
	}
	if r.processes == nil || len(r.processes) >= mostRemembered {
		r.processes = map[K]bool{}
	}
	r.processes[process] = true
}
