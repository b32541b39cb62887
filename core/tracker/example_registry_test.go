package tracker_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// The registry holds what a deployment says about its processes and data. Runs register
// the processes that they are runs of; what else there is to say is described once.
func ExampleRegistry() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		registry := t.Registry()
		if err := registry.DescribeSystem(ctx, tracker.System{Name: "Warehouse", Type: "database"}); err != nil {
			return err
		}
		if err := registry.Register(ctx, tracker.Process{
			Name: "Teams Load", Type: "Load", Tool: "Go",
			Sources: tracker.SystemRefs("Lahman"), Targets: tracker.ObjectRefs("Warehouse", "teams"),
		}); err != nil {
			return err
		}
		if err := registry.AddProcessContact(ctx, "Teams Load", tracker.Contact{Name: "Ada", Email: "ada@example.com"}); err != nil {
			return err
		}
		contacts, err := registry.Contacts(ctx, "Teams Load")
		if err != nil {
			return err
		}
		for _, c := range contacts {
			fmt.Println("ask", c.Name)
		}
		for p, err := range registry.Processes(ctx, tracker.ProcessFilter{Target: "Warehouse"}) {
			if err != nil {
				return err
			}
			fmt.Printf("%s (%s) writes to the warehouse, and has %d runs\n", p.Name, strings.ToLower(p.Type), p.RunNumber)
		}
		return nil
	})
	// Output:
	// ask Ada
	// Teams Load (load) writes to the warehouse, and has 0 runs
}
