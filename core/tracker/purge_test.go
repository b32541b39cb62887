package tracker

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestABatchThatTookLongIsFollowedByASmallerOne goes through batches that take so long,
// one after the other.
func TestABatchThatTookLongIsFollowedByASmallerOne(t *testing.T) {
	t.Parallel()
	size := int64(100)
	for _, batch := range []struct {
		took time.Duration
		next int64
	}{
		{40 * time.Millisecond, 100},
		{60 * time.Millisecond, 50},
		{time.Second, 25},
		{time.Second, 12},
		{time.Second, 10},
		{time.Hour, 10}, // no smaller
		{20 * time.Millisecond, 10},
		{time.Millisecond, 20},
		{time.Millisecond, 40},
		{time.Millisecond, 80},
		{time.Millisecond, 100}, // no greater than asked for
	} {
		if size = nextBatch(size, 100, batch.took); size != batch.next {
			t.Fatalf("after %v: %d, want %d", batch.took, size, batch.next)
		}
	}
	if next := nextBatch(4, 4, time.Hour); next != 4 {
		t.Errorf("a batch of 4 is followed by one of %d", next)
	}
}

// TestAPauseEndsWithItsContext also between batches that follow each other at once.
func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	if err := pause(ctx, PurgeOptions{}, time.Microsecond); err != nil {
		t.Error(err)
	}
	stop()
	for _, o := range []PurgeOptions{{}, {Unpaced: true}} {
		if err := pause(ctx, o, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: %v, want %v", o, err, context.Canceled)
		}
	}
}
