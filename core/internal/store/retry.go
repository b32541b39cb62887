package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Retry says how often an operation is tried that the database gave up because
// of others, and how long it waits in between: a random time of up to Wait,
// doubled after each try, at most MaxWait. The zero value tries once.
type Retry struct {
	Tries   int
	Wait    time.Duration
	MaxWait time.Duration
}

// do calls fn until it succeeds, fails for good, or has had its tries. Every
// operation is written so that repeating it is harmless, even if an earlier try
// was committed and only its answer was lost.
func (r Retry) do(ctx context.Context, classify func(error) dialect.Class, fn func() error) error {
	wait := r.Wait
	for try := 1; ; try++ {
		err := fn()
		if err == nil {
			return nil
		}
		class := classify(err)
		if stopped := context.Cause(ctx); stopped != nil {
			if class == dialect.Conflict { // it would have been tried again, and is not busy
				return errors.Join(stopped, err)
			}
			return err
		}
		if class != dialect.Conflict && class != dialect.Disconnected || r.Tries <= 1 {
			return err
		}
		if try >= r.Tries {
			return fmt.Errorf("given up after %d tries: %w", try, err)
		}
		//nolint:gosec // which of two waits longer is no secret
		if stopped := sleep(ctx, rand.N(wait)); stopped != nil {
			return errors.Join(stopped, err)
		}
		wait = min(2*wait, r.MaxWait)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
