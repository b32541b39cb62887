package tracker

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ProcessInfo is a process as it was when it was read. For its full definition, see
// [Registry.Definition].
type ProcessInfo struct {
	ID        int64
	Name      string
	Type      string // like Tool and Frequency, empty if never given
	Tool      string
	Frequency string

	// The latest run; zero if the process never ran.
	RunNumber int64
	Status    RunStatus
	Active    bool
	StartedAt time.Time
	EndedAt   time.Time // zero while the run is active
	// LeaseUntil and LeaseExpired are as in [RunInfo].
	LeaseUntil   time.Time
	LeaseExpired bool

	Hold            *HoldInfo // nil if the process is not on hold
	Failures        int64     // runs that failed in a row, since the last release
	MaxFailures     int       // 0: as its trackers are configured; NeverHold: never; see [Admin.SetMaxFailures]
	Totals          Totals
	LastCompletedAt time.Time // zero if it never completed, like the fields below
	LastFailedAt    time.Time // when a run last failed
	LastErroredAt   time.Time // when a run last recorded an error, whether or not it failed
	Audit           Audit
}

// ProcessFilter says which processes to find. A process has to match all fields that
// are set.
type ProcessFilter struct {
	Name        string // the whole name
	Type        string
	Tool        string
	Frequency   string
	Source      string    // a system that it reads, whole or in part
	Target      string    // a system that it writes, whole or in part
	Contact     string    // the name of a contact of its own, or of one of its sources
	DatasetType string    // one of its dataset types
	Status      RunStatus // of its latest run
	OnHold      *bool     // true: only processes on hold; false: only the others
	Order       Order     // by when they were registered
	After       Cursor    // go on after this process
	Limit       int       // 0: all
}

// Processes finds processes, in the order in which they were registered. It ends after
// the first error.
func (g *Registry) Processes(ctx context.Context, f ProcessFilter) iter.Seq2[ProcessInfo, error] {
	t := g.of()
	row := store.ProcessFilter{OnHold: f.OnHold}
	err := checkFilter(f.Limit, field{"process name", f.Name, &row.Name}, field{"process type", f.Type, &row.Type},
		field{"tool", f.Tool, &row.Tool}, field{"schedule frequency", f.Frequency, &row.Frequency},
		field{"source system", f.Source, &row.Source}, field{"target system", f.Target, &row.Target},
		field{"contact name", f.Contact, &row.Contact}, field{"dataset type", f.DatasetType, &row.DatasetType},
		field{"run status", string(f.Status), &row.Status})
	if err == nil {
		row.Newest, err = ordered(f.Order, OldestFirst)
	}
	after, wrong := f.After.keys(processCursor, 1)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[ProcessInfo](err)
	}
	return pages(t, list[store.Process, ProcessInfo]{
		doing: "list processes", limit: f.Limit, after: after, convert: processInfo,
		keys: func(p store.Process) []int64 { return []int64{p.ID} },
		read: func(limit int64, after []int64) ([]store.Process, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.After = after[0]
			}
			return t.made().store.Processes(ctx, row)
		},
	})
}

func processInfo(p store.Process) ProcessInfo {
	info := ProcessInfo{
		ID: p.ID, Name: p.Name, Type: p.Type, Tool: p.Tool, Frequency: p.Frequency,
		RunNumber: p.RunNo, Status: RunStatus(p.Status), Active: p.Active,
		StartedAt: p.StartedAt.Time, EndedAt: p.EndedAt.Time, LeaseUntil: p.LeaseUntil.Time, LeaseExpired: p.LeaseExpired,
		Failures: p.Failures, MaxFailures: maxFailures(p.MaxFailures), Totals: totals(p.Totals),
		LastCompletedAt: p.LastCompletedAt.Time, LastFailedAt: p.LastFailedAt.Time, LastErroredAt: p.LastErroredAt.Time,
		Audit: audit(p.Audit),
	}
	if !p.Held.Since.IsZero() {
		info.Hold = &HoldInfo{Since: p.Held.Since.Time, By: p.Held.Actor, Reason: p.Held.Note}
	}
	return info
}
