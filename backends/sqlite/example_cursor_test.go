package sqlite_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A list goes on where another one ended: at the cursor of its last row.
func Example_cursor() {
	inTemporary(turnPages)
	// Output:
	// page: 5 4
	// page: 3 2
	// page: 1
}

func turnPages(ctx context.Context, t *tracker.Tracker) error {
	for range 5 {
		err := t.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(context.Context, *tracker.Run) error { return nil })
		if err != nil {
			return err
		}
	}
	filter := tracker.RunFilter{Process: "Teams Load", Order: tracker.NewestFirst, Limit: 2}
	for {
		rows := 0
		for run, err := range t.Runs(ctx, filter) {
			if err != nil {
				return err
			}
			if rows++; rows == 1 {
				fmt.Print("page:")
			}
			fmt.Print(" ", run.Number)
			filter.After = run.Cursor() // text: a flag, a field of JSON, a part of a URL
		}
		fmt.Println()
		if rows < filter.Limit {
			return nil
		}
	}
}
