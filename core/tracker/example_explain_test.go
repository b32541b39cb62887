package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A report waits for a load, and the load for an extract that has failed. Explain follows
// the chain and names the extract.
func ExampleTracker_Explain() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		for child, parent := range map[string]string{"Teams Report": "Teams Load", "Teams Load": "Teams Extract"} {
			err := t.Registry().AddDependency(ctx, child, parent, tracker.DependencyOptions{Kind: tracker.Hard})
			if err != nil {
				return err
			}
		}
		failed := t.Do(ctx, tracker.Process{Name: "Teams Extract"}, nil, func(context.Context, *tracker.Run) error {
			return errors.New("the source does not answer")
		})
		fmt.Println(failed)

		why, err := t.Explain(ctx, "Teams Report", nil)
		if err != nil {
			return err
		}
		for _, root := range why.Roots {
			fmt.Printf("%s (%s): %s\n", root.Process, root.Kind, root.Error.Description)
			fmt.Println("by way of", root.Path)
		}
		return nil
	})
	// Output:
	// the source does not answer
	// Teams Extract (failed): the source does not answer
	// by way of [Teams Report Teams Load Teams Extract]
}
