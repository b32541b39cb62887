package bench

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/roundtrips"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// processes is how many processes take turns.
const processes = 1000

// How many extracts are claimed at once: many in benchmarks, few in tests.
const (
	few  = 100
	many = 1000
)

// operations are all operations that are measured individually.
func operations(claims int) []operation {
	return slices.Concat(lifeOperations(), claimOperations(claims), listOperations(), []operation{purgeOperation()})
}

// Operations measures each operation on one connection, compared with its floors: in
// turns on 1,000 processes, and operations on a process's row also on a single process.
func Operations(b *testing.B, backend Backend) {
	var trips *roundtrips.Counter
	options := Options{Connections: 1}
	if backend.Wire {
		trips = new(roundtrips.Counter)
		options.Dial = trips.Dial
	}
	ctx := b.Context()
	counted := new(counter)
	p := newPlace(ctx, b, backend, options, func(inner dialect.Backend) dialect.Backend {
		counted.Backend = inner
		return counted
	})
	if err := p.seed(ctx, processes, many); err != nil {
		b.Fatal(err)
	}
	for _, o := range operations(many) {
		b.Run(o.name, func(b *testing.B) { o.measure(b.Context(), b, p, trips, counted, processes) })
	}
	for _, o := range lifeOperations() {
		if o.name == "start" || o.name == "complete" {
			b.Run(o.name+" of one process", func(b *testing.B) { o.measure(b.Context(), b, p, trips, counted, 1) })
		}
	}
}
