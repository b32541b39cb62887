package web

import (
	"context"
	"sync"
	"time"
)

// cache shares results between all viewers. If many requests for a key arrive at once,
// one of them reads, and the others wait for its result.
type cache struct {
	fresh time.Duration // how long an entry counts as new
	limit time.Duration // of one read
	now   func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
}

// entry is a result. Its fields may be read once ready is closed.
type entry struct {
	ready chan struct{}
	asked time.Time
	value any
	err   error
	at    time.Time
	old   *entry // the last entry that was read without an error, while this one has none
}

// mostEntries limits the memory, as there are pages for many different processes, runs
// and windows.
const mostEntries = 300

func newCache(fresh, limit time.Duration, now func() time.Time) *cache {
	return &cache{fresh: fresh, limit: limit, now: now, entries: map[string]*entry{}}
}

// forget makes the cache read everything again, because an action has changed it.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

// get returns the result of load, or an earlier one that is not older than fresh. If
// load fails, get returns an earlier value together with the error and the time at
// which the value was read. load gets its own context: it continues for the other
// viewers if the one who caused it disconnects.
func get[T any](ctx context.Context, c *cache, key string, load func(context.Context) (T, error)) (value T, at time.Time, err error) {
	e, mine := c.entry(key)
	if mine {
		go c.fill(context.WithoutCancel(ctx), e, func(ctx context.Context) (any, error) { return load(ctx) })
	}
	select {
	case <-e.ready:
	case <-ctx.Done():
		return value, at, ctx.Err()
	}
	if e.err != nil && e.old != nil {
		return e.old.value.(T), e.old.at, e.err //nolint:forcetypeassert // all values of a key have one type
	}
	if e.err != nil {
		return value, e.at, e.err
	}
	return e.value.(T), e.at, nil //nolint:forcetypeassert // as above
}

// entry returns the entry of a key, and whether the caller has to fill it.
func (c *cache) entry(key string) (e *entry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	e = c.entries[key]
	if e != nil && (!e.done() || now.Sub(e.asked) < c.fresh) {
		return e, false
	}
	next := &entry{ready: make(chan struct{}), asked: now}
	if e != nil {
		next.old = e
		if e.err != nil {
			next.old = e.old
		}
	}
	if next.old != nil {
		next.old.old = nil
	}
	c.makeRoom()
	c.entries[key] = next
	return next, true
}

func (e *entry) done() bool {
	select {
	case <-e.ready:
		return true
	default:
		return false
	}
}

// makeRoom removes the oldest entry that no request waits for.
func (c *cache) makeRoom() {
	if len(c.entries) < mostEntries {
		return
	}
	oldest := ""
	for key, e := range c.entries {
		if e.done() && (oldest == "" || e.asked.Before(c.entries[oldest].asked)) {
			oldest = key
		}
	}
	delete(c.entries, oldest)
}

func (c *cache) fill(ctx context.Context, e *entry, load func(context.Context) (any, error)) {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	defer close(e.ready)
	e.value, e.err = load(ctx)
	e.at = c.now()
}
