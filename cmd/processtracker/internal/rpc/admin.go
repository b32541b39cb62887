package rpc

import (
	"context"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Because is something done to a process, and why.
type Because struct {
	Process string
	Reason  string // the history keeps it
}

// ReleaseExtracts says which extracts to put back.
type ReleaseExtracts struct {
	Reason     string                // the history keeps it
	To         tracker.ExtractStatus // the status that they get; if empty, the one before they were loaded
	ExtractIDs []int64
}

// Watermark is where to move a watermark.
type Watermark struct {
	Process string
	At      time.Time // null clears it
	Reason  string    // the history keeps it
}

// MaxFailures is how many failed runs in a row put a process on hold.
type MaxFailures struct {
	Process string
	// MaxFailures is 2147483647 for never, and 0 to leave it to those who start the
	// process.
	MaxFailures int
}

// ReapedRuns are runs as they were before they were ended.
type ReapedRuns struct {
	Runs []tracker.RunInfo
}

// Purged says what is gone.
type Purged struct {
	Purged tracker.Purged
}

func adminMethods() []Method {
	return []Method{
		with("admin.hold", "puts a process on hold: it cannot start until admin.release.",
			func(ctx context.Context, t *tracker.Tracker, p Because) (Nothing, error) {
				return nothing(t.Admin().Hold(ctx, p.Process, p.Reason))
			}),
		with("admin.release", "ends the hold of a process.",
			func(ctx context.Context, t *tracker.Tracker, p Because) (Nothing, error) {
				return nothing(t.Admin().Release(ctx, p.Process, p.Reason))
			}),
		with("admin.release_extracts", "releases extracts that are loading but that no active run holds, and returns them.",
			func(ctx context.Context, t *tracker.Tracker, p ReleaseExtracts) (Extracts, error) {
				released, err := t.Admin().ReleaseExtracts(ctx, p.Reason, p.To, ids(p.ExtractIDs)...)
				return Extracts{released}, err
			}),
		with("admin.reap", "ends active runs whose lease has expired, and returns them as they were.",
			func(ctx context.Context, t *tracker.Tracker, o tracker.ReapOptions) (ReapedRuns, error) {
				runs, err := t.Admin().Reap(ctx, o)
				return ReapedRuns{runs}, err
			}),
		with("admin.purge", "removes runs that ended long ago, with what belongs to them.",
			func(ctx context.Context, t *tracker.Tracker, o tracker.PurgeOptions) (Purged, error) {
				purged, err := t.Admin().Purge(ctx, o)
				return Purged{purged}, err
			}),
		with("admin.set_watermark", "moves the watermark of a process, back or forth.",
			func(ctx context.Context, t *tracker.Tracker, p Watermark) (Nothing, error) {
				return nothing(t.Admin().SetWatermark(ctx, p.Process, p.At, p.Reason))
			}),
		with("admin.set_max_failures", "sets how many failed runs in a row put this process on hold.",
			func(ctx context.Context, t *tracker.Tracker, p MaxFailures) (Nothing, error) {
				return nothing(t.Admin().SetMaxFailures(ctx, p.Process, p.MaxFailures))
			}),
	}
}
