package tracker

import "github.com/processtracker/processtracker-go/core/internal/store"

// made is the tracker, or, if it is nil or was not made with [New], one whose every
// operation is an error that says so. Methods reach a tracker's fields through it, so
// that none has to look by itself.
func (t *Tracker) made() *Tracker {
	if t != nil && t.store != nil {
		return t
	}
	return without(invalid("tracker", "nil or zero", "it has no database", "make one with tracker.New, and check its error"))
}

// made is the run, or, if it is nil or was not started, one whose every operation is
// an error that says so. The exported methods begin with it.
func (r *Run) made() *Run {
	if r != nil && r.tracker != nil {
		return r
	}
	err := invalid("run", "nil or zero", "it was not started", "get one with Tracker.Start or Tracker.Resume, and check its error")
	return &Run{tracker: without(err), lease: new(runLease)}
}

// without is a tracker without a database, each of whose operations is err.
func without(err error) *Tracker {
	return &Tracker{store: store.Absent(err), backend: store.NoBackend{Err: err}, absent: err}
}
