package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A process waits until the one that it depends on has run well.
func ExampleRegistry_AddDependency() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		extract, load := tracker.Process{Name: "Teams Extract"}, tracker.Process{Name: "Teams Load"}
		if err := t.Registry().AddDependency(ctx, load.Name, extract.Name, tracker.DependencyOptions{Kind: tracker.Hard}); err != nil {
			return err
		}
		try := func() {
			_, err := t.Start(ctx, load, nil)
			var blocked *tracker.BlockedError
			if errors.As(err, &blocked) {
				parent := blocked.Parents[0]
				fmt.Printf("blocked by %v: %q has %d runs, the latest %q\n", blocked.Reason, parent.Process, parent.RunNumber, parent.Status)
				return
			}
			fmt.Println("started")
		}
		try()
		for _, err := range []error{errors.New("no disk"), nil} {
			_ = t.Do(ctx, extract, nil, func(context.Context, *tracker.Run) error { return err })
			try()
		}
		return nil
	})
	// Output:
	// blocked by dependency: "Teams Extract" has 0 runs, the latest ""
	// blocked by dependency: "Teams Extract" has 1 runs, the latest "failed"
	// started
}
