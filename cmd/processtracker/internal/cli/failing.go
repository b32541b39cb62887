package cli

import (
	"cmp"
	"context"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// sayFailing says that a failure was the last in a row that a process may have: its
// next start puts it on hold. Else the first to hear of it would be the one whose
// start is refused.
func (a *app) sayFailing(ctx context.Context, t *tracker.Tracker, process string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTry)
	defer cancel()
	for p, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{Name: process, Limit: 1}) {
		if err != nil {
			a.sayf("the failure is recorded, but it could not be looked up whether process %q goes on hold at its next start: %v", process, err)
			return
		}
		if p.Hold == nil && p.Failures >= int64(cmp.Or(p.MaxFailures, tracker.DefaultMaxFailures)) {
			a.sayf("the latest %d runs of process %q failed: its next start is refused and puts it on hold; when the cause is gone, run: processtracker release %q --reason TEXT",
				p.Failures, process, process)
		}
	}
}
