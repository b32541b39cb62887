package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func purgeCases() []Case {
	return []Case{
		{"S9.5 a purge removes runs that ended long ago, and everything that belongs to them", purgeOld},
		{"S9.5 S6.1 S3.6 a process keeps its latest run, its watermark and its totals", purgeKeepsState},
		{"S9.5 S2.9 S5.7 a run stays if its name is completed, or if its extracts are registered", purgeKeepsNeeded},
		{"S9.5 a purge removes extracts with the given statuses, unless another extract waits for them", purgeExtracts},
		{"S9.5 a dry run counts the rows that a purge then removes, and removes nothing", purgeDry},
		{"S9.5 a purge with the limit of a dry run removes no more than the dry run counted", purgeCounted},
		{"S9.5 a purge works in batches, reports its progress, and continues where it was interrupted", purgeBatches},
		{"S9.5 S8.2 a purge and concurrent callers do not disturb each other", purgeMeanwhile},
		{"S9.5 S8.1 invalid options are refused", purgeRefused},
	}
}

const (
	month = 30 * 24 * time.Hour
	year  = 365 * 24 * time.Hour
)

// age makes everything that has ended or changed so far look as if it was a year ago.
func age(ctx context.Context, t testing.TB, b dialect.Backend) {
	t.Helper()
	then := b.Dialect().Time(time.Now().Add(-year))
	change(ctx, t, b, "UPDATE {run} SET started_at = ?", then)
	change(ctx, t, b, "UPDATE {run} SET ended_at = ? WHERE ended_at IS NOT NULL", then)
	change(ctx, t, b, "UPDATE {extract} SET registered_at = ?, status_changed_at = ?", then, then)
}

// worked makes runs of a process work on the extracts, and complete or fail.
func worked(ctx context.Context, t testing.TB, tr *tracker.Tracker, process string, n int, extracts ...tracker.Extract) {
	t.Helper()
	for i := range n {
		run := start(ctx, t, tr, tracker.Process{Name: process})
		must(t, run.SetCounts(ctx, tracker.Counts{Records: 10}))
		if len(extracts) > 0 {
			must(t, run.SetExtractStatus(ctx, tracker.Loading, extracts...))
			must(t, run.SetExtractStatus(ctx, tracker.Loaded, extracts...))
		}
		if i%2 == 0 {
			must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: "slow"}))
		}
		must(t, run.Complete(ctx, nil))
	}
}

func purge(ctx context.Context, t testing.TB, tr *tracker.Tracker, o tracker.PurgeOptions) tracker.Purged {
	t.Helper()
	if o.Before.IsZero() {
		o.OlderThan = month
	}
	gone, err := tr.Admin().Purge(ctx, o)
	must(t, err)
	return gone
}

func purgeOld(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, catalogued(t, b), nil)
	extractor := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extracts, err := extractor.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: "1"}, tracker.File{Location: "/landing", Name: "2"})
	must(t, err)
	worked(ctx, t, tr, "Teams Load", 4, extracts...)
	age(ctx, t, b)
	worked(ctx, t, tr, "Teams Load", 2)
	before := content(ctx, t, b)

	// The history has the first and the last status of each run, and two statuses of
	// each extract.
	want := tracker.Purged{Runs: 4, Errors: 2, Changes: 4 * (2 + 2*2), Links: 4 * 2}
	got := purge(ctx, t, tr, tracker.PurgeOptions{})
	if want.Before = got.Before; got != want {
		t.Errorf("purged %+v, want %+v", got, want)
	}
	before["run"] -= want.Runs
	before["run_error"] -= want.Errors
	before["status_history"] -= want.Changes
	before["run_extract"] -= want.Links
	wantContent(ctx, t, b, before)
	var left []int64
	for _, run := range collect(t, tr.Runs(ctx, tracker.RunFilter{})) {
		left = append(left, run.Number)
	}
	if !slices.Equal(left, []int64{6, 5, 1}) { // the last one is active, however long ago it began
		t.Errorf("runs %v are left, want 6 and 5 of the load, and the extract's", left)
	}
	if got := purge(ctx, t, tr, tracker.PurgeOptions{}); !got.Empty() {
		t.Errorf("a second purge removed %+v", got)
	}
}

func purgeKeepsState(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	high := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	first := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, first.ExtendRange(ctx, time.Time{}, high))
	must(t, first.SetCounts(ctx, tracker.Counts{Records: 7}))
	must(t, first.Complete(ctx, nil))
	failed := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, failed.Fail(ctx))
	must(t, tr.Registry().AddDependency(ctx, "Teams Report", "Load", tracker.DependencyOptions{Kind: tracker.Hard}))
	age(ctx, t, b)

	if got := purge(ctx, t, tr, tracker.PurgeOptions{}); got.Runs != 1 {
		t.Errorf("purged %+v, want the first run", got)
	}
	wantRefused(ctx, t, tr, "Teams Report", tracker.ErrDependency) // its parent's latest run has failed
	if run := stored(ctx, t, tr, failed); run.Status != tracker.Failed {
		t.Errorf("the latest run is %s", run.Status)
	}
	wantTotals(t, e, tr, tracker.Counts{Records: 7})
	next, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{FromWatermark: true})
	must(t, err)
	if low := stored(ctx, t, tr, next).Low; next.Number() != 3 || !low.Equal(high) {
		t.Errorf("the next run is %d from %v, want 3 from %v", next.Number(), low, high)
	}
}

func purgeKeepsNeeded(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	extractor := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	_, err := extractor.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: "1", Status: tracker.Ready})
	must(t, err)
	must(t, extractor.Complete(ctx, nil))
	day := func() (*tracker.Run, error) {
		return tr.Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Name: "2026-01-02"})
	}
	named, err := day()
	must(t, err)
	must(t, named.Complete(ctx, nil))
	for _, process := range []string{"Teams Extract", "Teams Load"} {
		worked(ctx, t, tr, process, 1)
	}
	age(ctx, t, b)

	if got := purge(ctx, t, tr, tracker.PurgeOptions{}); got.Runs != 0 {
		t.Errorf("purged %+v, want nothing", got)
	}
	if _, err := day(); !errors.Is(err, tracker.ErrAlreadyDone) {
		t.Errorf("starting what is done: %v, want %v", err, tracker.ErrAlreadyDone)
	}
	if n := len(collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Process: "Teams Extract"}))); n != 1 {
		t.Errorf("%d extracts of the process are found, want 1", n)
	}
	if got := purge(ctx, t, tr, tracker.PurgeOptions{NamedRuns: true}); got.Runs != 1 {
		t.Errorf("purged %+v, want the run that was named", got)
	}
	again, err := day()
	must(t, err)
	must(t, again.Complete(ctx, nil))
}

func purgeExtracts(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, catalogued(t, b), nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract", Sources: tracker.ObjectRefs("db", "teams")})
	all, err := run.RegisterExtracts(ctx, files("/landing", "1", "2", "3", "4")...)
	must(t, err)
	must(t, tr.AddExtractParents(ctx, all[3], all[0])) // the 4th waits for the 1st
	must(t, run.SetExtractStatus(ctx, tracker.Deleted, all[0], all[1]))
	must(t, run.SetExtractStatus(ctx, tracker.Archived, all[2]))
	must(t, run.Complete(ctx, nil))
	worked(ctx, t, tr, "Teams Extract", 1)
	age(ctx, t, b)
	fresh := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	must(t, fresh.SetExtractStatus(ctx, tracker.Loaded, all[2]))
	must(t, fresh.SetExtractStatus(ctx, tracker.Archived, all[2]))

	got := purge(ctx, t, tr, tracker.PurgeOptions{Extracts: []tracker.ExtractStatus{tracker.Deleted, tracker.Archived}})
	if got.Extracts != 1 || got.Links != 1 {
		t.Errorf("purged %+v, want the second extract and its link", got)
	}
	var left []string
	for _, extract := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{})) {
		left = append(left, extract.Name)
	}
	if !slices.Equal(left, []string{"1", "3", "4"}) {
		t.Errorf("%q are left, want 1, for which another waits, 3, which changed lately, and 4", left)
	}
}

func purgeDry(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, catalogued(t, b), nil)
	worked(ctx, t, tr, "Teams Load", 5)
	age(ctx, t, b)
	before := content(ctx, t, b)
	would := purge(ctx, t, tr, tracker.PurgeOptions{DryRun: true, BatchSize: 2})
	wantContent(ctx, t, b, before)
	if got := purge(ctx, t, tr, tracker.PurgeOptions{Before: would.Before}); got != would || got.Runs != 4 {
		t.Errorf("purged %+v, and would have %+v", got, would)
	}
}

func purgeBatches(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	worked(ctx, t, tr, "Teams Load", 11)
	age(ctx, t, b)
	short, stop := context.WithCancel(ctx)
	first, err := tr.Admin().Purge(short, tracker.PurgeOptions{OlderThan: month, BatchSize: 4, OnBatch: func(tracker.Purged) { stop() }})
	if !errors.Is(err, context.Canceled) || first.Runs != 4 {
		t.Errorf("cancelled: %+v, %v", first, err)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {run}"); n != 7 {
		t.Errorf("%d runs are left after the first batch, want 7", n)
	}
	var seen []int64
	purge(ctx, t, tr, tracker.PurgeOptions{BatchSize: 4, OnBatch: func(p tracker.Purged) { seen = append(seen, p.Runs) }})
	if !slices.Equal(seen, []int64{4, 6}) {
		t.Errorf("the batches: %v, want 4 and 6 in all", seen)
	}
}

// purgeCounted makes a run old enough between a count and the purge that uses its limit.
func purgeCounted(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	worked(ctx, t, tr, "Teams Load", 3)
	old := []tracker.Purged{purge(ctx, t, tr, tracker.PurgeOptions{DryRun: true})}
	change(ctx, t, b, "UPDATE {run} SET started_at = ?, ended_at = ? WHERE run_no = ?", b.Dialect().Time(noon), b.Dialect().Time(noon), int64(1))
	old = append(old, purge(ctx, t, tr, tracker.PurgeOptions{DryRun: true}))
	change(ctx, t, b, "UPDATE {run} SET started_at = ?, ended_at = ? WHERE run_no = ?",
		b.Dialect().Time(noon), b.Dialect().Time(old[1].Before), int64(2))
	for i, want := range []int64{0, 1} {
		if old[i].Runs != want {
			t.Errorf("count %d: %+v, want %d runs", i, old[i], want)
		}
	}
	got := purge(ctx, t, tr, tracker.PurgeOptions{Before: old[1].Before})
	if !got.Before.Equal(old[1].Before) || got.Runs != 1 {
		t.Errorf("purged %+v, want the one run that ended before %v", got, old[1].Before)
	}
}

// purgeMeanwhile purges while others start runs, register extracts and claim.
func purgeMeanwhile(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	worked(ctx, t, tr, "Teams Load 0", 30)
	age(ctx, t, b)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			process := tracker.Process{Name: fmt.Sprintf("Teams Load %d", i)}
			for n := range 10 {
				run, err := tr.Start(ctx, process, nil)
				if err == nil {
					_, err = run.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: fmt.Sprint(i, n), Status: tracker.Ready})
				}
				if err == nil {
					_, err = run.Claim(ctx, tracker.ClaimOptions{Limit: 1})
				}
				if err == nil {
					err = run.Complete(ctx, nil)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		all.Go(func() {
			if _, err := tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: month, BatchSize: 3}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {run}"); n < 40 || n > 41 {
		t.Errorf("%d runs are left, want the 40 new ones, and perhaps the latest old one", n)
	}
}

func purgeRefused(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for what, o := range map[string]tracker.PurgeOptions{
		"no age":           {},
		"negative age":     {OlderThan: -1},
		"two limits":       {OlderThan: 1, Before: noon},
		"no such year":     {Before: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"negative batch":   {OlderThan: 1, BatchSize: -1},
		"too large":        {OlderThan: 1, BatchSize: tracker.MaxPurgeBatch + 1},
		"a name that ends": {OlderThan: 1, Extracts: []tracker.ExtractStatus{"dele\x00ted"}},
	} {
		if _, err := tr.Admin().Purge(ctx, o); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, tracker.ErrInvalid)
		}
	}
	if _, err := tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: 1, Extracts: []tracker.ExtractStatus{"gone"}}); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an unknown status: %v, want %v", err, tracker.ErrNotFound)
	}
}
