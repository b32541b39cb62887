package web

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// The limits of the data that one page reads.
const (
	mostProcesses = 10_000
	mostRuns      = 5_000 // in a window of time
	mostErrors    = 500
	mostRefusals  = 1_000
	mostRows      = 100 // of one page of a list
	mostExport    = 1_000
)

// source provides the data for pages. It is the tracker, or sample data in a test.
type source interface {
	Processes(ctx context.Context, f tracker.ProcessFilter) iter.Seq2[tracker.ProcessInfo, error]
	Runs(ctx context.Context, f tracker.RunFilter) iter.Seq2[tracker.RunInfo, error]
	RunByID(ctx context.Context, id int64) (tracker.RunInfo, error)
	Errors(ctx context.Context, f tracker.ErrorFilter) iter.Seq2[tracker.RunError, error]
	Refusals(ctx context.Context, f tracker.RefusalFilter) iter.Seq2[tracker.Refusal, error]
	History(ctx context.Context, f tracker.HistoryFilter) iter.Seq2[tracker.Change, error]
	Extracts(ctx context.Context, f tracker.ExtractFilter) iter.Seq2[tracker.Extract, error]
	SoftDependencies(ctx context.Context, run int64) ([]tracker.Parent, error)
	Definition(ctx context.Context, process string) (tracker.Process, error)
	Overview() overview
	Act(ctx context.Context, actor string, a Action, order order) error
}

// overview is [tracker.Overview].
type overview interface {
	Dependencies(ctx context.Context) ([]tracker.Dependency, error)
	Contacts(ctx context.Context) ([]tracker.ContactOf, error)
	Locations(ctx context.Context, after int64) ([]tracker.Location, error)
	RunsDuring(ctx context.Context, since, until time.Time, limit int) ([]tracker.RunInfo, error)
	UsualDurations(ctx context.Context) (map[string]time.Duration, error)
	WaitingExtracts(ctx context.Context) ([]tracker.WaitingExtracts, error)
	ExtractsNamed(ctx context.Context, beginning string) ([]tracker.Extract, error)
	Claimants(ctx context.Context, extracts ...tracker.Extract) (map[int64]tracker.Claimant, error)
}

// tracked is the tracker as a source.
type tracked struct{ *tracker.Tracker }

// Overview implements [source].
func (t tracked) Overview() overview { return t.Tracker.Overview() }

// Processes implements [source].
func (t tracked) Processes(ctx context.Context, f tracker.ProcessFilter) iter.Seq2[tracker.ProcessInfo, error] {
	return t.Registry().Processes(ctx, f)
}

// Definition implements [source].
func (t tracked) Definition(ctx context.Context, process string) (tracker.Process, error) {
	return t.Registry().Definition(ctx, process)
}

// order is the target of an action, and the reason for it.
type order struct {
	process string
	run     int64
	reason  string
}

// Act implements [source]. The action is recorded under the actor's name.
func (t tracked) Act(ctx context.Context, actor string, a Action, o order) error {
	tr := t.Tracker
	if actor != "" {
		var err error
		if tr, err = tr.As(actor); err != nil {
			return err
		}
	}
	switch a {
	case ActHold:
		return tr.Admin().Hold(ctx, o.process, o.reason)
	case ActRelease:
		return tr.Admin().Release(ctx, o.process, o.reason)
	case ActReap:
		reaped, err := tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: o.run, Force: true, Reason: o.reason})
		if err == nil && len(reaped) == 0 {
			err = errEndedAlready
		}
		return err
	default:
		return errUnknownAction
	}
}

var (
	errEndedAlready  = errors.New("the run has ended already")
	errUnknownAction = errors.New("unknown action")
)

// collect reads a list into a slice.
func collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}
