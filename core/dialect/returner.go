package dialect

import "github.com/Masterminds/squirrel"

// A Returner is a [Dialect] of a database in which one statement can change several
// tables: changes that return their rows are parts of a WITH, and the changes after them
// read those rows. All parts see the tables as they were when the statement began. The
// parts are written with RETURNING, UPDATE … FROM and INSERT … ON CONFLICT.
//
// It is optional: without it, an operation sends a statement for each table.
type Returner interface {
	// Combine returns one statement of the parts and a last one. Every part takes effect,
	// whether or not a later one reads its rows.
	Combine(parts []CombinedPart, last squirrel.Sqlizer) squirrel.Sqlizer
}

// An EarlyClock is a [Dialect] whose Now is the time at which a statement began, even if
// the statement then waited for a lock. What has to happen after the end of another
// transaction is timed by a statement that is sent once an earlier one has the lock.
//
// It is optional.
type EarlyClock interface{ ClockIsEarly() }

// A CombinedPart is a statement of [Returner.Combine], and the name by which later ones
// read its rows.
type CombinedPart struct {
	Name string
	squirrel.Sqlizer
}
