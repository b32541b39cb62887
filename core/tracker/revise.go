package tracker

import (
	"context"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A revision changes a part of what is stored about a registered item.
//
// The caller's function runs outside every transaction, so it may take its time, call the
// tracker, or panic. What it made of the stored values is stored if they are still the same;
// otherwise it gets the new ones.
type revision[T any] struct {
	what, name string
	change     func(*T) error                                          // of the caller, and a check of its result
	same       func(a, b T) bool                                       // in the fields that change may set
	replace    func(context.Context, func(*T)) (found bool, err error) // changes the locked row
}

func (r revision[T]) make(ctx context.Context, t *Tracker) error {
	var stored, next T
	known := false
	for {
		settled, seen := false, stored
		found, err := r.replace(ctx, func(row *T) { // perhaps more than once
			// It is as it should be, too, if the answer to an earlier attempt was lost.
			if settled = known && (r.same(*row, seen) || r.same(*row, next)); settled {
				*row = next
			} else {
				stored = *row
			}
		})
		if err != nil || !found || settled {
			return t.changed("change", r.what, r.name, store.LookupChange{Found: found}, err)
		}
		known, next = true, stored
		if err := r.change(&next); err != nil || r.same(next, stored) {
			return err
		}
	}
}
