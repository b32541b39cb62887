package rpc

import (
	"context"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Start says what to start: the process, and how.
type Start struct {
	Process tracker.Process // its name at least; what is not stored yet is registered
	tracker.StartOptions
}

// Run is a run that was started or resumed.
type Run struct {
	RunID   int64
	Token   string // lets another program resume the run; keep it to yourself
	Process string
	Number  int64 // 1, 2, 3 … within the process
	// StartedAt is when the run started, by the database's clock.
	StartedAt time.Time
	// Low is where the run's data begins, if it was started from_watermark.
	Low time.Time
	// Lease is for how long the run holds its lease between two heartbeats; 0 if it has
	// none.
	Lease time.Duration
	// SoftDependencies are the soft parents that would have blocked the run, had they
	// been hard.
	SoftDependencies []tracker.Parent
}

// Resume says which run to take up.
type Resume struct {
	RunID int64 // the run's
	// Token is the run's. Over HTTP it is in the header ProcessTracker-Run-Token, and
	// left out here.
	Token string
}

func newRun(r *tracker.Run) Run {
	return Run{
		RunID: r.ID(), Token: r.Token(), Process: r.Process(), Number: r.Number(), StartedAt: r.StartedAt(), Low: r.Low(), Lease: r.Lease(),
		SoftDependencies: r.SoftDependencies(),
	}
}

func startMethods() []Method {
	return []Method{
		entry("tracker.start", "starts a run of a process, or is refused: already_running, on_hold, dependency, no_capacity or already_done.",
			func(ctx context.Context, c Caller, p Start) (Run, error) {
				t, err := c.Tracker()
				if err != nil {
					return Run{}, err
				}
				run, err := t.Start(ctx, p.Process, &p.StartOptions)
				if err != nil {
					return Run{}, err
				}
				c.Keep(run)
				return newRun(run), nil
			}),
		entry("tracker.resume", "resumes an active run that another program started.",
			func(ctx context.Context, c Caller, p Resume) (Run, error) {
				t, err := c.Tracker()
				if err != nil {
					return Run{}, err
				}
				token, err := c.Token(p.Token)
				if err != nil {
					return Run{}, err
				}
				run, err := t.Resume(ctx, p.RunID, token)
				if err != nil {
					return Run{}, err
				}
				c.Keep(run)
				return newRun(run), nil
			}),
	}
}
