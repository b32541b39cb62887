package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// One program starts a run and passes its id and token on, another takes it up
// and completes it. To read about the run, the id is enough.
func ExampleTracker_Resume() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		started, err := t.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
		if err != nil {
			return err
		}
		id, token := started.ID(), started.Token()

		// … in another program …

		_, err = t.Resume(ctx, id, "a guess")
		fmt.Println("with a guess:", errors.Is(err, tracker.ErrNotOwner))
		run, err := t.Resume(ctx, id, token)
		if err != nil {
			return err
		}
		if err := run.Complete(ctx, nil); err != nil {
			return err
		}

		// … and anywhere …

		info, err := t.RunByID(ctx, id)
		fmt.Printf("run %d of %s is %s\n", info.Number, info.Process, info.Status)
		return err
	})
	// Output:
	// with a guess: true
	// run 1 of Teams Load is completed
}
