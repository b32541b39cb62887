package store

import (
	"context"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

type (
	lone    struct{ dialect.Conn }
	batches struct{ dialect.Conn }
	tries   struct{ dialect.Conn }
	both    struct {
		dialect.Conn
		batches
		tries
	}
	finishes struct{ batches }
)

func (batches) Batch(context.Context, []*dialect.Step) error { return nil }

func (finishes) Finish(context.Context, []*dialect.Step) error { return nil }

func (tries) Try(context.Context, func(dialect.Conn) error) (bool, error) { return false, nil }

// TestFitKeepsAbilities has a Conn of each kind. If an ability were lost, the store would
// silently use another way: without Try, storing a refusal waits for the transaction that
// writes.
func TestFitKeepsAbilities(t *testing.T) {
	t.Parallel()
	for _, inner := range []dialect.Conn{lone{}, batches{}, tries{}, both{}, finishes{}} {
		outer := fit(inner, 1000, false)
		_, batched := inner.(dialect.Batcher)
		_, tried := inner.(dialect.Trier)
		if _, ok := outer.(dialect.Batcher); ok != batched {
			t.Errorf("%T: batches is %v, want %v", inner, ok, batched)
		}
		_, finished := inner.(dialect.Finisher)
		if _, ok := outer.(dialect.Finisher); ok != finished {
			t.Errorf("%T: finishes is %v, want %v", inner, ok, finished)
		}
		if _, ok := outer.(dialect.Trier); ok != tried {
			t.Errorf("%T: tries is %v, want %v", inner, ok, tried)
		}
	}
}
