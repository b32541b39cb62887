package suite

import (
	"context"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/core/setup"
)

// Reuse is how a place is set up once for many cases. Its zero value has each case
// set up a place of its own.
type Reuse struct {
	// Copy returns the DSN of a copy of a place that no connection has open, for a test. Where
	// a place is a file, this is cheaper than to empty it.
	Copy func(t testing.TB, dsn string) string

	// Sessions is a query for the ids of the other sessions that are in the place of
	// the session that asks, and End the statement that ends one. A session whose
	// client was killed or cut off may still be about to write.
	Sessions string
	End      func(id int64) string

	// Nodes are the DSNs of a place on each server of a cluster, and Inspect looks at what
	// a case left there before it is deleted. Both may be nil.
	Nodes   func(dsn string) []string
	Inspect func(ctx context.Context, dsn string) error

	// Loose is a statement with which a transaction may delete rows that others refer
	// to.
	Loose string
}

// places hands out places that are set up, to the cases of a group. A place goes from
// one case to the next: after a case all rows are deleted, and the place is compared
// with what it was when it was set up.
type places struct {
	group testing.TB // a place is there until it ends
	b     Backend

	mu       sync.Mutex
	free     []*site
	template string // of copies
	coming   int    // cases that have not asked yet
}

// newPlaces returns the places of a group that has so many cases.
func newPlaces(group testing.TB, b Backend, cases int) *places {
	return &places{group: group, b: b, coming: cases}
}

// env gives a case a place to work in, until its test ends.
func (p *places) env(t *testing.T, c Case, e *Env) {
	t.Helper()
	e.places, e.apart, e.DSN = p, c.apart(), p.dsn(t, c)
	if p.b.Role != "" {
		e.restrict(t, p.b.Role)
	}
}

// dsn is that of the place in which a case begins.
func (p *places) dsn(t *testing.T, c Case) string {
	t.Helper()
	p.mu.Lock()
	p.coming--
	p.mu.Unlock()
	return p.another(t, c.apart())
}

// another is the DSN of a new place, or of one that is set up.
func (p *places) another(t testing.TB, apart bool) string {
	t.Helper()
	if apart {
		return p.b.Fresh(t)
	}
	return p.setUp(t)
}

// setUp returns the DSN of a place that is set up and has no rows but those that
// setting up makes. It is the test's until that ends.
func (p *places) setUp(t testing.TB) string {
	t.Helper()
	switch r := p.b.Reuse; {
	case r.Copy != nil:
		return r.Copy(t, p.original())
	case r.Sessions == "":
		return p.b.Fresh(t)
	}
	p.mu.Lock()
	var one *site
	if n := len(p.free); n > 0 {
		one, p.free = p.free[n-1], p.free[:n-1]
	}
	p.mu.Unlock()
	if one == nil {
		one = newSite(p.group, p.b)
	}
	t.Cleanup(func() { p.takeBack(t, one) })
	return one.dsn
}

// original is the place that the others are copies of.
func (p *places) original() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.template == "" {
		p.template = newSite(p.group, p.b).dsn
	}
	return p.template
}

// takeBack empties a place for the next case. One that cannot be emptied is not used
// again; nor is that of a case that failed, in which anything may still be going on.
func (p *places) takeBack(t testing.TB, one *site) {
	t.Helper()
	p.mu.Lock()
	needed := p.coming > len(p.free)
	p.mu.Unlock()
	if !needed || t.Failed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := one.empty(ctx, p.b); err != nil {
		t.Errorf("the place of this case cannot be used again: %v; if the case changes the schema or what setting up preloads, "+
			"name it in altering (conformance/suite/apart.go)", err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, one)
}

// A site is a place that was set up, and how it was then.
type site struct {
	dsn   string
	since snapshot
}

func newSite(group testing.TB, b Backend) *site {
	group.Helper()
	one := &site{dsn: b.Fresh(group)}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	backend, err := b.Open(ctx, one.dsn)
	must(group, err)
	_, err = setup.Run(ctx, backend)
	if err == nil {
		one.since, err = look(ctx, backend)
	}
	must(group, err)
	must(group, backend.Close())
	return one
}
