package tracker

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// PurgeOptions says what [Admin.Purge] removes, and how.
type PurgeOptions struct {
	// OlderThan is the age, by the database's clock, from which ended runs are removed.
	// Set either OlderThan, which has to be positive, or Before.
	OlderThan time.Duration

	// Before is the time before which a run must have ended to be removed. If you set
	// it to a dry run's [Purged].Before, the purge removes no more than the dry run
	// counted.
	Before time.Time

	// NamedRuns also removes completed runs with a name, so that these names can run
	// again.
	NamedRuns bool

	// Extracts are statuses whose extracts are removed, too, if they have had the
	// status for longer than OlderThan, are not claimed, and no other extract waits for
	// them. Registering a purged extract creates a new one, so leave out statuses whose
	// files still exist.
	Extracts []ExtractStatus

	// BatchSize is how many runs or extracts one batch removes, at most
	// [MaxPurgeBatch]; 0 means 100. Each batch is a transaction of its own. If one
	// takes longer than 50 ms, the next is smaller.
	BatchSize int

	// Unpaced runs the batches without pauses. Otherwise each batch is followed by a
	// pause four times as long as the batch took, so that a purge slows starts and ends
	// only a little.
	Unpaced bool

	// DryRun removes nothing and counts what would be removed. It does not count runs
	// that only become removable because the purge removes their extracts first.
	DryRun bool

	// OnBatch, if set, is called after each batch with the totals so far.
	OnBatch func(Purged)
}

// MaxPurgeBatch is the greatest [PurgeOptions].BatchSize.
const MaxPurgeBatch = 1000

// Purged is how much a purge has removed.
type Purged struct {
	Runs     int64
	Errors   int64
	Changes  int64 // changes in the history
	Links    int64 // links of runs to extracts
	Extracts int64
	Refusals int64 // refused starts; see [Tracker.Refusals]

	// Before is the limit that the purge used: it removed rows that ended, or last
	// changed, before then. To use the limit again, set [PurgeOptions].Before to it.
	Before time.Time
}

// Empty reports whether there was nothing to remove.
func (p Purged) Empty() bool {
	p.Before = time.Time{}
	return p == Purged{}
}

// Purge removes runs that ended long ago, with their errors, history and links to extracts, and
// refusals of the same age. Purging does not change the meaning of the rows that stay: a process
// keeps its latest run, its watermark and its totals. A run stays as long as an extract that it
// registered or claimed. A completed run with a name stays, too, unless [PurgeOptions].NamedRuns is
// set.
//
// Purge works in batches, oldest first. It holds no lock longer than one batch takes,
// and pauses between batches so that others can work. If it stops early, it returns
// what it has removed, and the next purge goes on. It needs the privilege to delete,
// which no other everyday operation needs.
func (a *Admin) Purge(ctx context.Context, options PurgeOptions) (Purged, error) {
	t := a.of()
	var all Purged
	statuses, err := t.purgeable(ctx, &options)
	if err != nil {
		return all, err
	}
	if all.Before, err = t.purgeLimit(ctx, options); err != nil {
		return all, err
	}
	batch := store.Purge{Before: all.Before, Named: options.NamedRuns, Limit: int64(options.BatchSize), Dry: options.DryRun}
	for _, status := range statuses {
		err := t.purge(ctx, options, batch, &all, func(p store.Purge) (store.Purged, store.Place, error) {
			return t.made().store.PurgeExtracts(ctx, p, status)
		})
		if err != nil {
			return all, err
		}
	}
	err = t.purge(ctx, options, batch, &all, func(p store.Purge) (store.Purged, store.Place, error) { return t.made().store.PurgeRuns(ctx, p) })
	if err != nil {
		return all, err
	}
	return all, t.purge(ctx, options, batch, &all, func(p store.Purge) (store.Purged, store.Place, error) {
		return t.made().store.PurgeRefusals(ctx, p)
	})
}

// purgeLimit returns the time before which a run must have ended to be removed.
func (t *Tracker) purgeLimit(ctx context.Context, options PurgeOptions) (time.Time, error) {
	if !options.Before.IsZero() {
		return options.Before.UTC(), nil
	}
	now, err := t.made().store.Clock(ctx)
	if err != nil {
		return time.Time{}, t.failed("purge", err)
	}
	return now.Add(-options.OlderThan), nil
}

// checkPurgeLimit refuses options with no limit or with two.
func checkPurgeLimit(options PurgeOptions) error {
	switch {
	case options.Before.IsZero() && options.OlderThan <= 0:
		return invalid("age of what is purged", options.OlderThan.String(), "not positive", "give the lowest age of the runs to purge, such as 2160h, or the time before which they ended")
	case !options.Before.IsZero() && options.OlderThan != 0:
		return invalid("age of what is purged", options.OlderThan.String(), "given together with the time "+options.Before.UTC().Format(time.RFC3339), "give one of them")
	default:
		return storable("time before which runs ended", options.Before)
	}
}

// purgeable checks the options, and looks up the statuses of extracts that may be removed.
func (t *Tracker) purgeable(ctx context.Context, options *PurgeOptions) ([]store.ExtractStatus, error) {
	if err := checkPurgeLimit(*options); err != nil {
		return nil, err
	}
	if options.BatchSize < 0 || options.BatchSize > MaxPurgeBatch {
		return nil, invalid("batch of a purge", strconv.Itoa(options.BatchSize), "not from 0 to "+strconv.Itoa(MaxPurgeBatch), "give 0 for the default")
	}
	if options.BatchSize == 0 {
		options.BatchSize = 100
	}
	var ids []store.ExtractStatus
	for _, status := range options.Extracts {
		given, err := name("extract status", string(status))
		if err != nil {
			return nil, err
		}
		id, err := t.made().store.ExtractStatus(ctx, given)
		if errors.Is(err, store.ErrUnknown) {
			return nil, &NotFoundError{What: "extract status", Name: given}
		} else if err != nil {
			return nil, t.failed("look up extract status", err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// purge removes batches until nothing is left to remove.
func (t *Tracker) purge(
	ctx context.Context, options PurgeOptions, batch store.Purge, all *Purged, remove func(store.Purge) (store.Purged, store.Place, error),
) error {
	for {
		began := time.Now()
		gone, last, err := remove(batch)
		if err != nil {
			return t.failed("purge", err)
		}
		if last.ID == 0 {
			return nil
		}
		all.add(gone)
		if options.OnBatch != nil {
			options.OnBatch(*all)
		}
		batch.AfterTime, batch.AfterID = last.At.Time, last.ID
		if options.DryRun {
			continue
		}
		took := time.Since(began)
		batch.Limit = nextBatch(batch.Limit, int64(options.BatchSize), took)
		if err := pause(ctx, options, took); err != nil {
			return t.failed("purge", err)
		}
	}
}

// nextBatch returns the size of the next batch from the size and duration of the last
// one. Others wait at most 100 ms for a batch's locks, unless even a batch of ten takes
// longer.
func nextBatch(size, most int64, took time.Duration) int64 {
	const slow, least = 50 * time.Millisecond, 10
	switch {
	case took > slow:
		return max(size/2, min(most, least))
	case took < slow/4:
		return min(size*2, most)
	default:
		return size
	}
}

// pause waits four times as long as a batch took. A batch that took longer than a
// second has itself waited for others.
func pause(ctx context.Context, options PurgeOptions, took time.Duration) error {
	if options.Unpaced {
		return ctx.Err()
	}
	timer := time.NewTimer(4 * min(took, time.Second))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *Purged) add(gone store.Purged) {
	p.Runs += gone["run"]
	p.Errors += gone["run_error"]
	p.Changes += gone["status_history"]
	p.Links += gone["run_extract"]
	p.Extracts += gone["extract"]
	p.Refusals += gone["refusal"]
}
