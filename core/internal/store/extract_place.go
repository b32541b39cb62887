package store

import (
	"context"
	"errors"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Nothing is remembered of locations: the statements that register extracts, or those that
// travel with the look at the run, find them by their paths. What another program renames,
// deletes or makes anew is noticed, and a transaction that is rolled back leaves nothing to
// forget.

// locate returns the steps that read the locations of the extracts, and what they fill: the
// locations by the keys of their paths.
func (s *Store) locate(items []NewExtract) (known map[string]Location, steps []*dialect.Step) {
	known = map[string]Location{}
	asked := map[string]bool{}
	for _, item := range items {
		if asked[item.PathKey] {
			continue
		}
		asked[item.PathKey] = true
		steps = append(steps, read(s.location(LocationFilter{Key: item.PathKey}), func(r dialect.Row) error {
			var l Location
			err := l.scan(r)
			known[l.Key] = l
			return err
		}))
	}
	return known, steps
}

// place sets the locations of the extracts, and returns those whose location is not known
// or has another name than is given.
func place(items []NewExtract, known map[string]Location) (unplaced []int) {
	for i := range items {
		l, ok := known[items[i].PathKey]
		if !ok || !items[i].lies(l) {
			unplaced = append(unplaced, i)
		}
		items[i].Location = l.ID
	}
	return unplaced
}

// lies reports whether a location, which has the path, has the name that is given.
func (n NewExtract) lies(in Location) bool { return n.Named == "" || n.Named == in.Name }

// looksFirst reports whether the location of a single extract has to be looked up before:
// because its name decides whether anything is written, and may change between two
// statements; or because in a caller's transaction with a stricter isolation level, an
// insert may lock the place of a location that it does not find, and two of them deadlock
// when they register it.
func (s *Store) looksFirst(item NewExtract) bool { return item.Named != "" || s.joined != nil }

// isPlaced reports whether the location of an extract is registered as given.
func (s *Store) isPlaced(ctx context.Context, item NewExtract) (bool, error) {
	l, err := s.FindLocation(ctx, LocationFilter{Key: item.PathKey})
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	return err == nil && item.lies(l), err
}
