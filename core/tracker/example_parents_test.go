package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A file of games refers to a file of teams, so it cannot be loaded before that.
func ExampleTracker_AddExtractParents() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		run, err := t.Start(ctx, tracker.Process{Name: "Baseball Load"}, nil)
		if err != nil {
			return err
		}
		defer run.Close()
		files, err := run.RegisterExtracts(ctx,
			tracker.File{Location: "s3://landing", Name: "Teams.csv", Status: tracker.Ready},
			tracker.File{Location: "s3://landing", Name: "Games.csv", Status: tracker.Ready})
		if err != nil {
			return err
		}
		teams, games := files[0], files[1]
		if err := t.AddExtractParents(ctx, games, teams); err != nil {
			return err
		}

		err = run.SetExtractStatus(ctx, tracker.Loading, games)
		var unloaded *tracker.UnloadedError
		if errors.As(err, &unloaded) {
			fmt.Println("first load", unloaded.Parents[0].Name)
		}
		if err := run.SetExtractStatus(ctx, tracker.Loaded, teams); err != nil {
			return err
		}
		fmt.Println("then:", run.SetExtractStatus(ctx, tracker.Loading, games))
		return run.SetExtractStatus(ctx, tracker.Loaded, games)
	})
	// Output:
	// first load Teams.csv
	// then: <nil>
}
