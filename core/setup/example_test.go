package setup_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// A deployment creates the tables or upgrades them, and fails if they have drifted from
// what the tracker needs. be comes from a backend's Open, such as postgres.Open.
func ExampleRun() {
	deploy := func(ctx context.Context, be dialect.Backend) error {
		result, err := setup.Run(ctx, be)
		if err != nil {
			return err
		}
		fmt.Printf("schema version %d, was %d\n", result.To, result.From)
		found, err := setup.Compare(ctx, be)
		if err != nil {
			return err
		}
		for _, drift := range found.Drifts {
			fmt.Println(drift, drift.Mend)
		}
		if n := found.Breaks(); n > 0 {
			return fmt.Errorf("%d parts of the schema have drifted", n)
		}
		return nil
	}
	_ = deploy
}
