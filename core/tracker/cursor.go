package tracker

import (
	"strconv"
	"strings"
	"time"
)

// A Cursor is a place in a list: after the row whose Cursor method returned it. To go
// on there, in either [Order], set the filter's After to it and leave the filter's
// other fields unchanged. It is text, so you can pass it as a flag or in JSON. Its
// content may change with the next version.
type Cursor string

// An Order is the order of a list. If it is empty, the list has its default order,
// which its doc comment describes.
type Order string

// The orders of a list.
const (
	OldestFirst Order = "oldest first"
	NewestFirst Order = "newest first"
)

// ordered reports whether the order differs from the list's default.
func ordered(o, own Order) (reversed bool, err error) {
	switch o {
	case "", own:
		return false, nil
	case OldestFirst, NewestFirst:
		return true, nil
	default:
		return false, invalid("order", string(o), "unknown", "use oldest first or newest first, or none for the list's own order")
	}
}

// The lists that have cursors.
const (
	runCursor     = "r"
	errorCursor   = "e"
	extractCursor = "x"
	changeCursor  = "c"
	refusalCursor = "f"
	processCursor = "p"
	systemCursor  = "s"
	objectCursor  = "o"
	actorCursor   = "a"
	clusterCursor = "u"
	contactCursor = "k"
	placeCursor   = "l"
)

// cursor makes the cursor of a row of a list from the values that the list is ordered
// by.
func cursor(list string, keys ...int64) Cursor {
	var b strings.Builder
	b.WriteString(list)
	for i, key := range keys {
		if i > 0 {
			b.WriteByte('_')
		}
		b.WriteString(strconv.FormatInt(key, 36))
	}
	return Cursor(b.String())
}

// keys are the values that a cursor was made from, or nil.
func (c Cursor) keys(list string, n int) ([]int64, error) {
	if c == "" {
		return nil, nil
	}
	parts := strings.Split(strings.TrimPrefix(string(c), list), "_")
	keys := make([]int64, len(parts))
	for i, part := range parts {
		var err error
		if keys[i], err = strconv.ParseInt(part, 36, 64); err != nil {
			keys = nil
			break
		}
	}
	// Only the canonical spelling of a cursor is valid.
	if len(keys) != n || keys[n-1] <= 0 || cursor(list, keys...) != c {
		return nil, invalid("cursor", string(c), "not one of this list", "give a cursor that the Cursor method of a row of the same list returned")
	}
	return keys, nil
}

// moment is the time that a key stands for.
func moment(key int64) time.Time { return time.UnixMicro(key).UTC() }

// Cursor is the run's place in [Tracker.Runs].
func (i RunInfo) Cursor() Cursor { return cursor(runCursor, i.Number, i.ID) }

// Cursor is the error's place in [Tracker.Errors].
func (e RunError) Cursor() Cursor { return cursor(errorCursor, e.ID) }

// Cursor is the extract's place in [Tracker.Extracts].
func (e Extract) Cursor() Cursor { return cursor(extractCursor, e.RegisteredAt.UnixMicro(), e.ID) }

// Cursor is the change's place in [Tracker.History].
func (c Change) Cursor() Cursor { return cursor(changeCursor, c.At.UnixMicro(), c.ID) }

// Cursor is the refusal's place in [Tracker.Refusals].
func (r Refusal) Cursor() Cursor { return cursor(refusalCursor, r.First.UnixMicro(), r.ID) }

// Cursor is the process's place in [Registry.Processes].
func (p ProcessInfo) Cursor() Cursor { return cursor(processCursor, p.ID) }

// Cursor is the system's place in [Registry.Systems].
func (s System) Cursor() Cursor { return cursor(systemCursor, s.ID) }

// Cursor is the object's place in [Registry.Objects].
func (o Object) Cursor() Cursor { return cursor(objectCursor, o.ID) }

// Cursor is the actor's place in [Registry.Actors].
func (a Actor) Cursor() Cursor { return cursor(actorCursor, a.ID) }

// Cursor is the cluster's place in [Registry.Clusters].
func (c ClusterInfo) Cursor() Cursor { return cursor(clusterCursor, c.ID) }

// Cursor is the contact's place in [Registry.AllContacts].
func (c KnownContact) Cursor() Cursor { return cursor(contactCursor, c.ID) }

// Cursor is the location's place in [Registry.Locations].
func (l Location) Cursor() Cursor { return cursor(placeCursor, l.ID) }
