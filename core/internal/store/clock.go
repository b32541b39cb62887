package store

import "github.com/Masterminds/squirrel"

// A row whose columns say when something first and last happened has the same time in
// both when it is new, also where each look at the clock shows another.

// withClock adds what now needs to a select.
func (q sql) withClock(s squirrel.SelectBuilder) squirrel.SelectBuilder {
	if from, _ := q.d.Clock(); from != "" {
		return s.Join(from)
	}
	return s
}

// now is the time of a row of a select withClock.
func (q sql) now() string {
	_, now := q.d.Clock()
	return now
}
