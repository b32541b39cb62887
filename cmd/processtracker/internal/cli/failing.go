package cli

import (
	"cmp"
	"context"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// sayFailing reports that this failure was the last that the process may have in a row:
// its next start puts it on hold. Otherwise the first to learn of it would be the user
// whose start is refused.
func (a *app) sayFailing(ctx context.Context, t *tracker.Tracker, process string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTry)
	defer cancel()
	for p, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{Name: process, Limit: 1}) {
		if err != nil {
			a.sayf("the failure is recorded, but processtracker could not look up whether process %q goes on hold at its next start: %v", process, err)
			return
		}
		if p.Hold == nil && p.Failures >= int64(cmp.Or(p.MaxFailures, tracker.DefaultMaxFailures)) {
			a.sayf("the latest %d runs of process %q failed: its next start is refused and puts it on hold; when the cause is gone, run: processtracker release %q --reason TEXT",
				p.Failures, process, process)
		}
	}
}
