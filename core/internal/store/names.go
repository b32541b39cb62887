package store

import "sync"

// mostNames is how many names are kept at most.
const mostNames = 1000

// names is a bounded set. What it does not know any more costs a round trip, and no more
// than that.
type names struct {
	mu  sync.Mutex
	set map[string]bool
}

func (n *names) has(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.set[name]
}

func (n *names) add(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.set == nil || len(n.set) >= mostNames {
		n.set = map[string]bool{}
	}
	n.set[name] = true
}

func (n *names) remove(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.set, name)
}
