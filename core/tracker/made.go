package tracker

import "github.com/processtracker/processtracker-go/core/internal/store"

// made returns the tracker or, if it is nil or was not made with [New], a tracker whose
// every operation fails with an error that says so. Methods reach a tracker's fields
// through it, so that none has to check for itself.
func (t *Tracker) made() *Tracker {
	if t != nil && t.store != nil {
		return t
	}
	return without(invalid("tracker", "nil or zero", "it has no database", "make one with tracker.New, and check its error"))
}

// made returns the run or, if it is nil or was not started, a run whose every operation
// fails with an error that says so. The exported methods begin with it.
func (r *Run) made() *Run {
	if r != nil && r.tracker != nil {
		return r
	}
	err := invalid("run", "nil or zero", "it was not started", "get one with Tracker.Start or Tracker.Resume, and check its error")
	return &Run{tracker: without(err), lease: new(runLease)}
}

// without returns a tracker without a database; each of its operations returns err.
func without(err error) *Tracker {
	return &Tracker{store: store.Absent(err), backend: store.NoBackend{Err: err}, absent: err}
}
