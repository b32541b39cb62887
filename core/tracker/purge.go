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
	// OlderThan is how long ago, by the database's clock, a run has to have ended
	// to go. Give either OlderThan, which has to be positive, or Before.
	OlderThan time.Duration

	// Before is the time before which a run has to have ended to go. A dry run's
	// [Purged].Before, given here, makes a purge that removes no more than was counted.
	Before time.Time

	// NamedRuns has completed runs with a name go, too: the names can then be done
	// again.
	NamedRuns bool

	// Extracts are statuses whose extracts go, too, if they have had them for
	// longer than OlderThan, are not claimed, and no other extract waits for them.
	// An extract that went is new when it is registered again: leave out those
	// whose files are still there.
	Extracts []ExtractStatus

	// BatchSize is how many runs or extracts go at a time, at most [MaxPurgeBatch]; 0
	// is 100. Each batch is a transaction of its own. After one that took longer than
	// 50 ms, the next is smaller.
	BatchSize int

	// Unpaced has each batch follow the one before at once. Otherwise there is a pause
	// of four times as long as that took, so that starts and ends lose little speed
	// while a purge goes on.
	Unpaced bool

	// DryRun has nothing removed, and all counted that would be: of runs, as far as
	// no extract that would go first keeps them.
	DryRun bool

	// OnBatch, if set, is called after each batch with what went so far.
	OnBatch func(Purged)
}

// MaxPurgeBatch is the greatest [PurgeOptions].BatchSize.
const MaxPurgeBatch = 1000

// Purged is how much a purge has removed.
type Purged struct {
	Runs     int64
	Errors   int64
	Changes  int64 // of the history
	Links    int64 // of runs to extracts
	Extracts int64
	Refusals int64 // of starts; see [Tracker.Refusals]

	// Before is the limit that was used: what ended, or was last changed, before then
	// could go. Give it as [PurgeOptions].Before to use it again.
	Before time.Time
}

// Empty reports whether there was nothing to remove.
func (p Purged) Empty() bool {
	p.Before = time.Time{}
	return p == Purged{}
}

// Purge removes runs that ended long ago, with their errors, history and links to
// extracts, and refusals of starts as old as that. What is left says the same as before: a process keeps its latest run,
// its watermark and its totals, and a run stays as long as an extract that it
// registered or claimed, or, unless [PurgeOptions].NamedRuns, as its name has to be
// known to be done.
//
// It goes in batches, the oldest first, holds no lock longer than one takes, and
// leaves most of the time between them to others.
// Where it breaks off, what it returns is gone, and the next purge goes on. It
// needs the right to delete, which nothing else that runs every day does.
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

// purgeLimit is the time before which a run has to have ended to go.
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

// checkPurgeLimit refuses options without a limit, and with two.
func checkPurgeLimit(options PurgeOptions) error {
	switch {
	case options.Before.IsZero() && options.OlderThan <= 0:
		return invalid("age of what is purged", options.OlderThan.String(), "not positive", "give how old a run has to be, such as 2160h, or the time before which it ended")
	case !options.Before.IsZero() && options.OlderThan != 0:
		return invalid("age of what is purged", options.OlderThan.String(), "given beside the time "+options.Before.UTC().Format(time.RFC3339), "give one of them")
	default:
		return storable("time before which runs ended", options.Before)
	}
}

// purgeable checks the options, and looks up the statuses of extracts that may go.
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

// purge removes batch after batch, until there is no more.
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

// nextBatch is how many go after a batch of so many took that long: others wait at most
// 100 ms for what one locks, unless even ten take longer.
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

// pause waits four times as long as a batch took. What took longer than a second has
// waited for others itself.
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
