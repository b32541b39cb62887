package tracker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// facts checks the file's fields.
func (f File) facts() (store.File, error) {
	return fileFacts(f.FileType, f.Compression, f.Size, f.Checksum)
}

func fileFacts(fileType, compression string, size *int64, checksum string) (f store.File, err error) {
	if err := checkFilter(0, field{"file type", fileType, &f.Type}, field{"compression type", compression, &f.Compression},
		field{"checksum", checksum, &f.Checksum}); err != nil {
		return f, err
	}
	if size != nil && *size < 0 {
		return f, invalid("file size", strconv.FormatInt(*size, 10), "negative", "give 0 or more, or nil if it is not known")
	}
	f.Size = size
	return f, nil
}

// derived adds to the given fields what the name says.
func derived(name string, given store.File) store.File {
	fileType, compression := fileTypeOf(name)
	given.Type, given.Compression = cmp.Or(given.Type, fileType), cmp.Or(given.Compression, compression)
	return given
}

// fileMismatch says what differs in the first ten files: there may be thousands.
func fileMismatch(differ []store.FileMismatch) error {
	const most = 10
	var all []error
	for _, m := range differ[:min(len(differ), most)] {
		all = append(all, &MismatchError{
			What: fmt.Sprintf("extract %q", extract(m.Extract).Path()), Field: m.Field, Stored: m.Stored, Given: m.Given,
			Remedy: "give the stored one or none, or change it with UpdateExtracts",
		})
	}
	if more := len(differ) - len(all); more > 0 {
		all = append(all, fmt.Errorf("and %d more", more))
	}
	return errors.Join(all...)
}

// UpdateExtracts replaces the stored file type, compression, size and checksum of the
// given extracts, all or none of them, and links the extracts to the run. Empty fields
// clear the stored ones. It writes no other fields. New types are registered. If an
// extract does not exist, the error is [ErrNotFound].
func (r *Run) UpdateExtracts(ctx context.Context, extracts ...Extract) error {
	r = r.made()
	var changes []store.FileChange
	places := map[int64]int{}
	for _, e := range extracts {
		f, err := fileFacts(e.FileType, e.Compression, e.Size, e.Checksum)
		if err != nil {
			return err
		}
		if i, twice := places[e.ID]; twice {
			changes[i].File = f // the last one wins
			continue
		}
		places[e.ID] = len(changes)
		changes = append(changes, store.FileChange{Extract: e.ID, File: f})
	}
	if len(changes) == 0 {
		return r.mayWrite(ctx)
	}
	missing, state, err := r.tracker.store.SetFiles(ctx, r.ref, r.tracker.actor, changes)
	if err != nil {
		return r.failed("update extracts", err)
	}
	return r.changedAll(ctx, state, missing, len(changes))
}

// changedAll turns the outcome of a bulk change into an error if there is one.
func (r *Run) changedAll(ctx context.Context, state store.RunState, absent, all int) error {
	if err := r.allowed(ctx, state); err != nil {
		return err
	}
	if absent > 0 {
		return missing("extract", absent, all)
	}
	return nil
}

// Measures are a number of records, and the lowest and the highest of their times. A nil
// Count and a zero time mean unknown.
type Measures struct {
	Count     *int64
	Low, High time.Time
}

func measures(m store.Measures) Measures {
	return Measures{Count: m.Count, Low: m.Low.Time, High: m.High.Time}
}

func (m Measures) row() (store.Measures, error) {
	if m.Count != nil && *m.Count < 0 {
		return store.Measures{}, invalid("count of records", strconv.FormatInt(*m.Count, 10), "negative", "give 0 or more, or nil to leave it")
	}
	if !m.Low.IsZero() && !m.High.IsZero() && m.High.Before(m.Low) {
		return store.Measures{}, invalid("high time", stamp(m.High), "before the low, "+stamp(m.Low), "exchange them")
	}
	for _, t := range []time.Time{m.Low, m.High} {
		if err := storable("data time", t); err != nil {
			return store.Measures{}, err
		}
	}
	return store.Measures{Count: m.Count, Low: dialect.Time{Time: m.Low}, High: dialect.Time{Time: m.High}}, nil
}

// ExtractMeasures are the measures of one extract.
type ExtractMeasures struct {
	Extract Extract
	Written Measures // of the records written to it
	Loaded  Measures // of the records loaded from it
}

// RecordWritten records the measures of the data written to an extract; see
// [Run.RecordMeasures].
func (r *Run) RecordWritten(ctx context.Context, e Extract, m Measures) error {
	return r.RecordMeasures(ctx, ExtractMeasures{Extract: e, Written: m})
}

// RecordLoaded records the measures of the data loaded from an extract; see
// [Run.RecordMeasures].
func (r *Run) RecordLoaded(ctx context.Context, e Extract, m Measures) error {
	return r.RecordMeasures(ctx, ExtractMeasures{Extract: e, Loaded: m})
}

// RecordMeasures records the measures of the data written to extracts and loaded from
// them, all or none, and links the extracts to the run. It works in batches, not with
// one statement per extract. You can call it repeatedly for an extract: the last count
// wins, and the extract keeps the lowest low and the highest high. If a count is
// negative or a high is before its low, the error is [ErrInvalid]; if an extract does
// not exist, [ErrNotFound].
func (r *Run) RecordMeasures(ctx context.Context, measured ...ExtractMeasures) error {
	r = r.made()
	var items []store.Measured
	places := map[int64]int{}
	for _, m := range measured {
		written, err := m.Written.row()
		if err != nil {
			return err
		}
		loaded, err := m.Loaded.row()
		if err != nil {
			return err
		}
		i, twice := places[m.Extract.ID]
		if !twice {
			i = len(items)
			places[m.Extract.ID] = i
			items = append(items, store.Measured{Extract: m.Extract.ID})
		}
		items[i].Written, items[i].Loaded = items[i].Written.With(written), items[i].Loaded.With(loaded)
	}
	if len(items) == 0 {
		return r.mayWrite(ctx)
	}
	missing, state, err := r.tracker.store.MeasureExtracts(ctx, r.ref, items)
	if err != nil {
		return r.failed("measure extracts", err)
	}
	return r.changedAll(ctx, state, missing, len(items))
}
