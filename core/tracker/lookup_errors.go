package tracker

import (
	"fmt"
	"strings"
)

// PreloadedError says that a name belongs to every database. It matches
// [ErrPreloaded].
type PreloadedError struct{ What, Name string }

func (e *PreloadedError) Error() string {
	return fmt.Sprintf("%s %q is %v: it can be neither renamed nor deleted; add one of your own with AddLookup", e.What, e.Name, ErrPreloaded)
}

// Unwrap returns [ErrPreloaded].
func (e *PreloadedError) Unwrap() error { return ErrPreloaded }

// ExistsError says which name is already taken. It matches [ErrExists].
type ExistsError struct{ What, Name string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("%s %q %v; choose another name", e.What, e.Name, ErrExists)
}

// Unwrap returns [ErrExists].
func (e *ExistsError) Unwrap() error { return ErrExists }

// InUseError says what refers to a name. It matches [ErrInUse].
type InUseError struct {
	What, Name string
	Uses       []Use // empty if only a table outside the tracker refers to it
}

// Use is one kind of thing that refers to a name.
type Use struct {
	What  string   // such as "process"
	Count int64    // how many
	Names []string // the first few, by name
}

// String says how many things refer to the name, and which.
func (u Use) String() string {
	var names []string
	for _, n := range u.Names {
		names = append(names, fmt.Sprintf("%q", n))
	}
	if u.Count > int64(len(names)) {
		names = append(names, "…")
	}
	return fmt.Sprintf("%d × %s (%s)", u.Count, u.What, strings.Join(names, ", "))
}

func (e *InUseError) Error() string {
	if len(e.Uses) == 0 && e.What == "actor" {
		return fmt.Sprintf("actor %q is %v: it created or changed rows; keep it, or rename it", e.Name, ErrInUse)
	}
	if len(e.Uses) == 0 {
		return fmt.Sprintf("%s %q is %v: a table outside the tracker refers to it; look for a table of yours with a foreign key to it", e.What, e.Name, ErrInUse)
	}
	return fmt.Sprintf("%s %q is %v: %s; give these another one first, or keep the name", e.What, e.Name, ErrInUse, sentence(e.Uses))
}

// Unwrap returns [ErrInUse].
func (e *InUseError) Unwrap() error { return ErrInUse }
