package tracker

// Admin is what operators do, by hand or on a schedule, to processes and runs that other
// programs started: hold and release, end expired runs, remove old ones, move a
// watermark.
//
// [Tracker.Admin] returns it, and costs nothing. It takes part in the transaction of its
// tracker, if there is one; see [Tracker.In]. Every call on the admin of a nil or a zero
// Tracker is [ErrInvalid]. What jobs do themselves is on [Tracker] and [Run]; what
// describes processes and their data is in the [Registry].
type Admin struct{ tracker *Tracker }

// Admin returns what operators do in the tracker's database.
func (t *Tracker) Admin() *Admin { return &Admin{t} }

// of is the tracker, which may be nil.
func (a *Admin) of() *Tracker {
	if a == nil {
		return nil
	}
	return a.tracker
}
