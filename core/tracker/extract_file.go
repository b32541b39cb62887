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

// facts checks what the caller says of the file.
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

// derived adds what follows from the name to what is given.
func derived(name string, given store.File) store.File {
	fileType, compression := fileTypeOf(name)
	given.Type, given.Compression = cmp.Or(given.Type, fileType), cmp.Or(given.Compression, compression)
	return given
}

// fileMismatch says what differs, of the first ten: there may be thousands.
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

// UpdateExtracts stores the file type, compression, size and checksum that the
// extracts given have now, also where that is none, all or none of them, and
// links the extracts to the run. Nothing else of them is written. Types that are
// not known are registered. An extract that does not exist is [ErrNotFound].
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

// Measures are a number of records and the range of their times. A Count of nil
// and a zero time say nothing.
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
	Written Measures // of what was written to it
	Loaded  Measures // of what was loaded from it
}

// RecordWritten records what was written to an extract; see [Run.RecordMeasures].
func (r *Run) RecordWritten(ctx context.Context, e Extract, m Measures) error {
	return r.RecordMeasures(ctx, ExtractMeasures{Extract: e, Written: m})
}

// RecordLoaded records what was loaded from an extract; see [Run.RecordMeasures].
func (r *Run) RecordLoaded(ctx context.Context, e Extract, m Measures) error {
	return r.RecordMeasures(ctx, ExtractMeasures{Extract: e, Loaded: m})
}

// RecordMeasures records what was written to extracts and loaded from them, all or
// none, and links them to the run, in a number of statements that does not grow
// one by one with theirs. It may be said many times: of counts the last value
// wins; of times an extract keeps the lowest low and the highest high. A negative
// count, and a high before its low, is [ErrInvalid], an extract that does not
// exist [ErrNotFound].
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
