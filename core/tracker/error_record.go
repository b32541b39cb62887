package tracker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// The types of errors that every database has; [Registry.AddLookupName] makes more.
const (
	FileError    = "File Error"
	DataError    = "Data Error"
	ProcessError = "Process Error"
)

// An ErrorRecord is an error to record on a run. It is an error itself: the function
// that [Tracker.Do] calls can return one, or an error that wraps one.
type ErrorRecord struct { //nolint:errname // an error that was recorded is a RunError; this is its input
	Type        string    // ProcessError if empty
	Description string    // of any length
	At          time.Time // now if zero
}

// Error is the description, or the type if there is none.
func (p ErrorRecord) Error() string { return cmp.Or(p.Description, p.Type, ProcessError) }

// RecordError records an error on the run, which goes on. If the type does not exist,
// the error is [ErrNotFound]; if the run has ended, [ErrAlreadyEnded].
func (r *Run) RecordError(ctx context.Context, records ...ErrorRecord) error {
	r = r.made()
	if len(records) == 0 {
		return r.mayWrite(ctx)
	}
	list, err := r.tracker.errorRecords(ctx, records)
	if err != nil {
		return err
	}
	state, err := r.tracker.store.RecordErrors(ctx, r.ref, list...)
	if err != nil {
		return r.failed("record error", err)
	}
	return r.allowed(ctx, state)
}

// errorRecords checks everything before it sends anything, and looks up every type
// before it writes anything.
func (t *Tracker) errorRecords(ctx context.Context, records []ErrorRecord) ([]store.NewError, error) {
	preloaded := map[string]int64{FileError: 1, DataError: 2, ProcessError: 3, "": 3}
	for _, p := range records {
		if _, err := optionalName("error type", p.Type); err != nil {
			return nil, err
		}
		if err := storable("error time", p.At); err != nil {
			return nil, err
		}
	}
	var all []store.NewError
	for _, p := range records {
		id, ok := preloaded[p.Type]
		if !ok {
			var err error
			if id, err = t.errorType(ctx, p.Type); err != nil {
				return nil, err
			}
		}
		all = append(all, store.NewError{Type: id, Description: t.prose(p.Description), At: p.At})
	}
	return all, nil
}

func (t *Tracker) errorType(ctx context.Context, kind string) (int64, error) {
	kind, err := name("error type", kind)
	if err != nil {
		return 0, err
	}
	id, err := t.made().store.ErrorType(ctx, kind)
	if errors.Is(err, store.ErrUnknown) {
		return 0, &NotFoundError{What: "error type", Name: kind}
	} else if err != nil {
		return 0, t.failed("look up error type", err)
	}
	return id, nil
}
