package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// tally counts events.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) note(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[what]++
}

// window is a period in which a fault blocked processes.
type window struct{ from, to time.Time }

// windows are the windows of an experiment.
type windows struct {
	mu  sync.Mutex
	all []window
}

func (w *windows) add(from, to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, window{from, to})
}

// outside returns how much of the time between two moments is in no window.
func (w *windows) outside(from, to time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	const step = 10 * time.Millisecond
	var rest time.Duration
	for at := from; at.Before(to); at = at.Add(step) {
		if !w.covers(at) {
			rest += step
		}
	}
	return rest
}

func (w *windows) covers(at time.Time) bool {
	for _, x := range w.all {
		if !at.Before(x.from) && at.Before(x.to) {
			return true
		}
	}
	return false
}

// fault is a fault that strikes for a time.
type fault struct {
	name   string
	weight int
	outage bool // no worker can work meanwhile
	strike func(ctx context.Context) (struck bool)
}

// faults returns the faults that can strike the place.
func (e *experiment) faults() []fault {
	all := []fault{{name: "worker killed anywhere", weight: 6, strike: func(context.Context) bool { return e.crew.kill() }}}
	wire := e.place.wire
	if wire == nil {
		return all
	}
	all = append(all,
		fault{name: "connections cut", weight: 4, strike: func(context.Context) bool { wire.Cut(); return true }},
		fault{name: "cut after COMMIT, before its answer", weight: 8, strike: func(ctx context.Context) bool {
			return e.struck(ctx, wire.CutAfter(e.place.commit))
		}},
		fault{name: "cut before COMMIT", weight: 4, strike: func(ctx context.Context) bool {
			return e.struck(ctx, wire.CutBefore(e.place.commit))
		}},
		fault{name: "network delayed", weight: 2, strike: func(ctx context.Context) bool {
			wire.Delay(5 * time.Millisecond)
			e.pause(ctx, e.lease)
			wire.Delay(0)
			return true
		}},
		fault{name: "network half-open", weight: 2, outage: true, strike: func(ctx context.Context) bool {
			wire.HalfOpen(true)
			e.pause(ctx, e.lease/2+rand.N(e.lease))
			wire.HalfOpen(false)
			return true
		}},
		fault{name: "connections refused", weight: 1, outage: true, strike: func(ctx context.Context) bool {
			wire.Refuse(true)
			wire.Cut()
			e.pause(ctx, rand.N(e.lease))
			wire.Refuse(false)
			return true
		}},
		fault{name: "connections refused as a function of Do's fails", weight: 6, outage: true, strike: func(ctx context.Context) bool {
			return e.awaited(ctx, func() {
				wire.Refuse(true)
				wire.Cut()
				e.pause(ctx, e.lease/4)
				wire.Refuse(false)
			})
		}})
	if e.place.restarts != nil {
		all = append(all, fault{name: "server killed and started", weight: 1, outage: true, strike: e.restart})
	}
	return all
}

// awaited strikes when a worker reports that its function waits to be struck.
func (e *experiment) awaited(ctx context.Context, strike func()) bool {
	select {
	case <-e.crew.waiting: // the worker may have given up since
	default:
	}
	select {
	case <-e.crew.waiting:
		strike()
		return true
	case <-time.After(e.lease):
	case <-ctx.Done():
	}
	return false
}

// restart kills the server, as if its machine had failed, and starts it again.
func (e *experiment) restart(ctx context.Context) bool {
	ctx = context.WithoutCancel(ctx) // otherwise the server would stay down
	if err := e.place.restarts.Kill(ctx); err != nil {
		e.tally.note("error: the server cannot be killed: " + err.Error())
		return false
	}
	address, err := e.place.restarts.Start(ctx)
	if err != nil {
		e.tally.note("error: the server cannot be started: " + err.Error())
		return false
	}
	e.place.wire.Retarget(address)
	e.place.straight.Retarget(address)
	return true
}

// struck waits for a trigger, which may never strike.
func (e *experiment) struck(ctx context.Context, trigger <-chan struct{}) bool {
	select {
	case <-trigger:
		return true
	case <-time.After(e.lease):
	case <-ctx.Done():
	}
	e.place.wire.Disarm()
	return false
}

func (e *experiment) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// strikeAll runs one fault after another until ctx ends.
func (e *experiment) strikeAll(ctx context.Context) {
	var drawn []fault // each one as often as its weight
	for _, f := range e.faults() {
		for range f.weight {
			drawn = append(drawn, f)
		}
	}
	for ctx.Err() == nil {
		f := drawn[rand.IntN(len(drawn))]
		began := time.Now()
		if f.strike(ctx) {
			e.tally.note("struck: " + f.name)
		}
		if f.outage {
			// Afterwards the clients notice, and retry, after waits of up to a second.
			e.outages.add(began, time.Now().Add(e.lease+time.Second))
		}
		e.pause(ctx, e.lease/10+rand.N(e.lease/2))
	}
}
