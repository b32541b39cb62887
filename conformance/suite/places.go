package suite

import (
	"context"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/core/setup"
)

// Reuse describes how a place is set up once for many cases. With its zero value, each
// case sets up its own place.
type Reuse struct {
	// Copy returns the DSN of a copy of a place to which no connection is open, for a
	// test. If a place is a file, copying is cheaper than emptying it.
	Copy func(t testing.TB, dsn string) string

	// Sessions is a query for the IDs of the other sessions in the current session's
	// place, and End the statement that ends one. A session whose client was killed or
	// cut off may still be about to write.
	Sessions string
	End      func(id int64) string

	// Nodes returns the DSNs of a place on each server of a cluster. Inspect examines
	// the rows of a case before they are deleted. Both may be nil.
	Nodes   func(dsn string) []string
	Inspect func(ctx context.Context, dsn string) error

	// Loose is a statement that allows a transaction to delete rows that others reference.
	Loose string
}

// places provides the cases of a group with places that are set up. A place is passed
// from one case to the next: after a case, all rows are deleted, and the place is
// compared with its state after setup.
type places struct {
	group testing.TB // its places exist until it ends
	b     Backend

	mu       sync.Mutex
	free     []*site
	template string // of copies
	coming   int    // cases that have not asked for a place yet
}

// newPlaces returns the places for a group with a number of cases.
func newPlaces(group testing.TB, b Backend, cases int) *places {
	return &places{group: group, b: b, coming: cases}
}

// env provides a case with a place, until its test ends.
func (p *places) env(t *testing.T, c Case, e *Env) {
	t.Helper()
	e.places, e.apart, e.DSN = p, c.apart(), p.dsn(t, c)
	if p.b.Role != "" {
		e.restrict(t, p.b.Role)
	}
}

// dsn returns the DSN of the place in which a case begins.
func (p *places) dsn(t *testing.T, c Case) string {
	t.Helper()
	p.mu.Lock()
	p.coming--
	p.mu.Unlock()
	return p.another(t, c.apart())
}

// another returns the DSN of a new place, or of one that is set up.
func (p *places) another(t testing.TB, apart bool) string {
	t.Helper()
	if apart {
		return p.b.Fresh(t)
	}
	return p.setUp(t)
}

// setUp returns the DSN of a place that is set up and has only the rows of a setup. The
// place belongs to the test until the test ends.
func (p *places) setUp(t testing.TB) string {
	t.Helper()
	switch r := p.b.Reuse; {
	case r.Copy != nil:
		return r.Copy(t, p.original(t))
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
		one = newSite(t, p.group, p.b)
	}
	t.Cleanup(func() { p.takeBack(t, one) })
	return one.dsn
}

// original returns the place that the others are copies of.
func (p *places) original(t testing.TB) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.template == "" {
		p.template = newSite(t, p.group, p.b).dsn
	}
	return p.template
}

// takeBack empties a place for the next case. A place is not used again if it cannot be
// emptied, or if its case failed, because something may still be running in it.
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

// A site is a place that was set up, with its state after setup.
type site struct {
	dsn   string
	since snapshot
}

// newSite sets up a place that exists until group ends. If it fails, so does t: a test
// must not end the one in which it runs.
func newSite(t, group testing.TB, b Backend) *site {
	t.Helper()
	one := &site{dsn: b.Fresh(group)}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	backend, err := b.Open(ctx, one.dsn)
	must(t, err)
	_, err = setup.Run(ctx, backend)
	if err == nil {
		one.since, err = look(ctx, backend)
	}
	must(t, err)
	must(t, backend.Close())
	return one
}
