package tracker

// Admin holds the operations of operators on processes and runs that other programs
// started: hold and release a process, end expired runs, purge old runs, move a
// watermark. You can call them by hand or on a schedule.
//
// Get it with [Tracker.Admin], which costs nothing. If its tracker belongs to a
// transaction, so does the Admin; see [Tracker.In]. Every call on the Admin of a nil or
// zero Tracker returns [ErrInvalid]. Jobs use [Tracker] and [Run]; the definitions of
// processes and their data are in the [Registry].
type Admin struct{ tracker *Tracker }

// Admin returns the operators' view of the tracker's database.
func (t *Tracker) Admin() *Admin { return &Admin{t} }

// of is the tracker, which may be nil.
func (a *Admin) of() *Tracker {
	if a == nil {
		return nil
	}
	return a.tracker
}
