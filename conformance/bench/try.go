package bench

import (
	"sync/atomic"
	"testing"
)

// Try runs the operations that [Alone], [Load] and [Bulk] measure, once or on a small
// scale, to check that the benchmarks work. [Floors], [Costs] and [TryHistory] do so
// for the others.
func Try(t *testing.T, backend Backend) {
	t.Run("alone", func(t *testing.T) {
		ctx := t.Context()
		real, heard := newRecorded(ctx, t, backend)
		for _, o := range aloneOperations() {
			t.Run(o.name, func(t *testing.T) {
				o, p := o.replay(ctx, t, real, heard)
				for n := range 2 {
					if _, err := o.do(ctx, p, p.newSubject(ours, n, 1, p.landing)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	})
	t.Run("load and bulk", func(t *testing.T) {
		const together = 4
		ctx := t.Context()
		p := newPlace(ctx, t, backend, Options{Connections: together}, nil)
		if err := p.seed(ctx, together, few); err != nil {
			t.Fatal(err)
		}
		for _, cycle := range []func(caller int) error{
			func(caller int) error { return p.cycle(ours)(ctx, caller, 0) },
			func(caller int) error { return p.cycle(facts)(ctx, caller, 0) },
			func(caller int) error { return p.compete(new(atomic.Int64))(ctx, caller, 0) },
		} {
			for caller := range together {
				if err := cycle(caller); err != nil {
					t.Error(err)
				}
			}
		}
		if err := p.bulkRound(ctx, p.bulkOperations(few), map[string]times{}); err != nil {
			t.Error(err)
		}
	})
}
