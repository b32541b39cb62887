package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// An observer that counts starts by what became of them. Give it to the tracker as
// Config.Observer.
func ExampleObserver() {
	starts := map[string]int{}
	observer := tracker.Observer{
		OnStart:   func(context.Context, tracker.StartEvent) { starts["started"]++ },
		OnRefusal: func(_ context.Context, e tracker.RefusalEvent) { starts[e.Reason().Error()]++ },
	}

	ctx := context.Background() // what the tracker does:
	observer.OnStart(ctx, tracker.StartEvent{})
	observer.OnRefusal(ctx, tracker.RefusalEvent{Process: "Teams Load", Err: &tracker.BlockedError{
		Process: "Teams Load", Reason: tracker.ErrOnHold, Hold: &tracker.HoldInfo{By: "operator", Reason: "the source is wrong"},
	}})
	fmt.Println(starts)
	// Output: map[on hold:1 started:1]
}
