package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Processes share a cluster; a run for which it has no room does not start.
func ExampleRegistry_SetCluster() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		memory := int64(64) // gibibytes
		if err := t.Registry().SetCluster(ctx, tracker.Cluster{Name: "Spark", MaxMemory: &memory}); err != nil {
			return err
		}
		for _, process := range []string{"Orders Load", "Teams Load"} {
			if err := t.Registry().JoinCluster(ctx, process, "Spark"); err != nil {
				return err
			}
		}
		orders, err := t.Start(ctx, tracker.Process{Name: "Orders Load"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 48}})
		if err != nil {
			return err
		}
		defer orders.Close()
		_, err = t.Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 32}})
		var blocked *tracker.BlockedError
		if errors.As(err, &blocked) {
			fmt.Printf("%v: %v\n", blocked.Reason, blocked.Clusters[0])
		}
		_, err = t.Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 16}})
		fmt.Println("with less:", err)
		return err
	})
	// Output:
	// no capacity: cluster "Spark" has memory 48 of 64, processing 0 of any in use
	// with less: <nil>
}
