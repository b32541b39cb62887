package web

import (
	"context"
	"sync"
	"time"
)

// cache keeps what was read for all viewers. Of any number who ask for a key at once, one
// reads, and the others wait for what it gets.
type cache struct {
	fresh time.Duration // for how long an entry is shown
	limit time.Duration // for one reading
	now   func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
}

// entry is what was read. Its fields may be read once ready is closed.
type entry struct {
	ready chan struct{}
	asked time.Time
	value any
	err   error
	at    time.Time
	old   *entry // the last one that was read without an error, while this one has none
}

// mostEntries bounds the memory: pages of so many different processes, runs and windows.
const mostEntries = 300

func newCache(fresh, limit time.Duration, now func() time.Time) *cache {
	return &cache{fresh: fresh, limit: limit, now: now, entries: map[string]*entry{}}
}

// forget has everything read again: an action has changed it.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

// get returns what load returns, or has returned within the time that is fresh. Should load
// fail, an earlier value is returned with the error, and when it was read. load gets a context
// of its own: that the viewer who caused it goes away does not break it off for others.
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
		return e.old.value.(T), e.old.at, e.err //nolint:forcetypeassert // a key has one type
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

// makeRoom forgets the oldest entry that nobody waits for.
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
