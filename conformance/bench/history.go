package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// History measures operations, lists and claims in a place with as many runs and
// extracts as [RowsVar] says, compared with a place with 1,000 of each, for the same
// number of results. Without the variable it does nothing, because filling a place
// takes minutes.
func History(b *testing.B, backend Backend) {
	ctx, rows := b.Context(), historyRows(b)
	long := newHistory(ctx, b, backend, rows, many)
	short := newHistory(ctx, b, backend, leastRows, many)
	for _, o := range historyOperations(many) {
		b.Run(o.name, func(b *testing.B) { o.measureBeside(b, long, short) })
	}
	b.Run("purge while starts go on", func(b *testing.B) { long.purgeMeanwhile(b) })
}

// TryHistory does each operation once in a place with a short history, to check that
// the benchmark works.
func TryHistory(t *testing.T, backend Backend) {
	ctx := t.Context()
	p := newHistory(ctx, t, backend, leastRows, few)
	for _, o := range historyOperations(few) {
		t.Run(o.name, func(t *testing.T) {
			for _, w := range o.ways() {
				if _, err := o.do(ctx, p, p.newSubject(w, 0, 1, p.landing)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if _, _, _, err := p.purgeUntil(ctx)(); err != nil {
		t.Error(err)
	}
}

// neverUsed is a status that no run has.
const neverUsed = "never used"

// newHistory returns a place with a number of runs and extracts, followed by the ones
// that are ready to be claimed.
func newHistory(ctx context.Context, tb testing.TB, backend Backend, rows, claims int) *place {
	tb.Helper()
	p := newPlace(ctx, tb, backend, Options{Connections: 2}, nil) // one of them purges in the end
	p.fillHistory(ctx, tb, backend, rows, claims, false)
	return p
}

func (p *place) fillHistory(ctx context.Context, tb testing.TB, backend Backend, rows, claims int, stale bool) {
	tb.Helper()
	if err := p.seedProcesses(ctx, 1); err != nil {
		tb.Fatal(err)
	}
	if err := p.tracker.Registry().Register(ctx, tracker.Process{Name: smallProcess, DatasetTypes: []string{"rare"}}); err != nil {
		tb.Fatal(err)
	}
	if err := errors.Join(p.tracker.Registry().AddRunStatus(ctx, neverUsed, false), p.findIDs(ctx)); err != nil {
		tb.Fatal(err)
	}
	filling, err := backend.Open(ctx, p.dsn, Options{Connections: 1})
	if err != nil {
		tb.Fatal(err)
	}
	began := time.Now()
	err = p.fill(ctx, filling.Hand, rows, stale)
	if err == nil && !stale {
		err = p.analyze(ctx, filling.Hand)
	}
	if closing := filling.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = p.seedClaims(ctx, claims)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Logf("%s: %d runs and extracts, filled in %v", backend.Name, rows, time.Since(began).Round(time.Second))
}

// measureBeside reports the ratio of the operation's time among many rows to that among
// few and, for an operation with a facts floor, also the ratio to the floor among many
// rows.
func (o operation) measureBeside(b *testing.B, long, short *place) {
	ctx := b.Context()
	took := map[*place]times{long: {}, short: {}}
	do := func(p *place, w way, n int) {
		d, err := o.do(ctx, p, p.newSubject(w, n, 1, p.landing))
		if err != nil {
			b.Fatal(err)
		}
		took[p][w] = append(took[p][w], d)
	}
	n := 0
	round := func() {
		do(short, ours, n)
		do(long, ours, n)
		if o.facts != nil {
			do(long, facts, n)
		}
		n++
	}
	// A prepared statement may get a generic plan after it was used five times.
	began := time.Now()
	for n < 7 && time.Since(began) < 2*time.Second {
		round()
	}
	took[long], took[short] = times{}, times{}
	for b.Loop() {
		round()
	}
	own, small := took[long].median(ours), took[short].median(ours)
	b.ReportMetric(float64(own.Nanoseconds()), "ns/op")
	b.ReportMetric(float64(small.Nanoseconds()), "few-ns/op")
	b.ReportMetric(float64(own)/float64(small), "x/few")
	if other := took[long].median(facts); other > 0 {
		b.ReportMetric(float64(other.Nanoseconds()), "facts-ns/op")
		b.ReportMetric(float64(own)/float64(other), "x/facts")
	}
}

// historyOperations are measured in places with a history.
func historyOperations(claims int) []operation {
	return slices.Concat(
		lifeOperations(), claimOperations(claims), claimsOf(), runLists(), extractLists(), otherLists(), continuedLists(), listingOperations(100),
	)
}

// claimsOf claims by a filter: one with matches and one without.
func claimsOf() []operation {
	claim := func(name string, want int, c tracker.ClaimOptions) operation {
		return operation{
			name: name, prepare: begin, done: giveBack,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				all, err := s.run.Claim(ctx, c)
				if err == nil && len(all) != want {
					err = fmt.Errorf("claimed %d instead of %d", len(all), want)
				}
				return err
			},
		}
	}
	return []operation{
		claim("claim 100 of a big location", 100, tracker.ClaimOptions{Limit: 100, Location: landing}),
		claim("claim of a process", 100, tracker.ClaimOptions{Limit: 100, Process: processOf(ours, 0)}),
		claim("claim by a glob", 10, tracker.ClaimOptions{Limit: 10, NameGlob: "claim ours 009*"}),
		claim("claim by a part", 10, tracker.ClaimOptions{Limit: 10, NameContains: "ours 009"}),
		claim("claim nothing of a status", 0, tracker.ClaimOptions{Limit: 100, From: tracker.Archived}),
		claim("claim nothing of a small location", 0, tracker.ClaimOptions{Limit: 100, Location: smallLocation}),
		claim("claim nothing of a small process", 0, tracker.ClaimOptions{Limit: 100, Process: smallProcess}),
		claim("claim nothing by a glob", 0, tracker.ClaimOptions{Limit: 100, NameGlob: "none*"}),
	}
}

// anyNumber allows any number of results, because it depends on earlier operations.
const anyNumber = -1

// reads is a list that has to return a given number of rows.
func reads[T any](name string, want int, list func(ctx context.Context, t *tracker.Tracker) iter.Seq2[T, error]) operation {
	o := listOperation(name, func(ctx context.Context, p *place) iter.Seq2[T, error] { return list(ctx, p.tracker) }, nil)
	o.facts = nil
	o.done = func(_ context.Context, _ *place, s *subject) error {
		if s.found != want && want != anyNumber {
			return fmt.Errorf("found %d rows instead of %d", s.found, want)
		}
		return nil
	}
	return o
}

func runLists() []operation {
	runs := func(name string, want int, f tracker.RunFilter) operation {
		return reads(name, want, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.RunInfo, error] { return t.Runs(ctx, f) })
	}
	return []operation{
		runs("newest runs", 100, tracker.RunFilter{Limit: 100}),
		runs("runs of a big process", 100, tracker.RunFilter{Process: processOf(ours, 0), Limit: 100}),
		runs("oldest runs", 100, tracker.RunFilter{Order: tracker.OldestFirst, Limit: 100}),
		runs("oldest runs of a big process", 100, tracker.RunFilter{Process: processOf(ours, 0), Order: tracker.OldestFirst, Limit: 100}),
		runs("runs of a small process", smallRuns, tracker.RunFilter{Process: smallProcess, Limit: 100}),
		runs("runs of a rare status", rareRuns, tracker.RunFilter{Status: tracker.OnHold, Limit: 100}),
		runs("runs of no status", 0, tracker.RunFilter{Status: neverUsed, Limit: 100}),
		runs("runs of no process", 0, tracker.RunFilter{Process: "none", Limit: 100}),
		runs("runs of a rare status of a big process", rareRuns/2, tracker.RunFilter{Process: processOf(ours, 0), Status: tracker.OnHold, Limit: 100}),
		runs("runs of no status of a big process", 0, tracker.RunFilter{Process: processOf(ours, 0), Status: neverUsed, Limit: 100}),
		runs("active runs", anyNumber, tracker.RunFilter{Active: true, Limit: 100}),
		runs("active runs of a big process", anyNumber, tracker.RunFilter{Process: processOf(ours, 0), Active: true, Limit: 100}),
	}
}

func extractLists() []operation {
	find := func(name string, want int, f tracker.ExtractFilter) operation {
		return reads(name, want, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.Extract, error] {
			return t.Extracts(ctx, f)
		})
	}
	return []operation{
		find("oldest extracts", 100, tracker.ExtractFilter{Limit: 100}),
		find("newest extracts", 100, tracker.ExtractFilter{Order: tracker.NewestFirst, Limit: 100}),
		find("newest extracts of a big process", 100, tracker.ExtractFilter{Process: processOf(ours, 0), Order: tracker.NewestFirst, Limit: 100}),
		find("extracts of a big location", 100, tracker.ExtractFilter{Location: landing, Limit: 100}),
		find("extracts of a small location", smallFiles, tracker.ExtractFilter{Location: smallLocation, Limit: 200}),
		find("extracts of a big process", 100, tracker.ExtractFilter{Process: processOf(ours, 0), Limit: 100}),
		find("extracts of a small process", smallRuns, tracker.ExtractFilter{Process: smallProcess, Limit: 100}),
		find("extracts of a dataset type", smallRuns, tracker.ExtractFilter{DatasetType: "rare", Limit: 100}),
		find("extracts of a rare status", rareExtracts, tracker.ExtractFilter{Status: tracker.InError, Limit: 100}),
		find("extracts of no status", 0, tracker.ExtractFilter{Status: tracker.Archived, Limit: 100}),
		find("ready extracts", 100, tracker.ExtractFilter{Status: tracker.Ready, Limit: 100}),
		find("ready extracts of a big location", 100, tracker.ExtractFilter{Status: tracker.Ready, Location: landing, Limit: 100}),
		find("ready extracts of a big process", 100, tracker.ExtractFilter{Status: tracker.Ready, Process: processOf(ours, 0), Limit: 100}),
		find("ready extracts of a small location", 0, tracker.ExtractFilter{Status: tracker.Ready, Location: smallLocation, Limit: 100}),
		find("ready extracts of a small process", 0, tracker.ExtractFilter{Status: tracker.Ready, Process: smallProcess, Limit: 100}),
		find("extracts that no run holds", anyNumber, tracker.ExtractFilter{Unheld: true, Limit: 100}),
		find("an extract by its name", 1, tracker.ExtractFilter{Name: knownName}),
		find("an extract by no name", 0, tracker.ExtractFilter{Name: "none"}),
		find("extracts by a glob", special, tracker.ExtractFilter{NameGlob: "special*", Limit: 100}),
		find("extracts by a part", special, tracker.ExtractFilter{NameContains: "special", Limit: 100}),
		find("extracts of a time", 100, tracker.ExtractFilter{Since: since(), Limit: 100}),
		find("extracts of a time and a big location", 100, tracker.ExtractFilter{Location: landing, Since: since(), Limit: 100}),
		find("extracts of a time and a big process", 100, tracker.ExtractFilter{Process: processOf(ours, 0), Since: since(), Limit: 100}),
	}
}

// since is a time after the rows that fill a place, and before the rows that are claimed.
func since() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

func otherLists() []operation {
	history := func(name string, want int, f tracker.HistoryFilter) operation {
		return reads(name, want, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.Change, error] {
			return t.History(ctx, f)
		})
	}
	problems := func(name string, want int, f tracker.ErrorFilter) operation {
		return reads(name, want, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.RunError, error] {
			return t.Errors(ctx, f)
		})
	}
	processes := func(name string, want int, f tracker.ProcessFilter) operation {
		return reads(name, want, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.ProcessInfo, error] {
			return t.Registry().Processes(ctx, f)
		})
	}
	return []operation{
		history("oldest changes", 100, tracker.HistoryFilter{Limit: 100}),
		history("newest changes", 100, tracker.HistoryFilter{Order: tracker.NewestFirst, Limit: 100}),
		history("newest changes of a big process", 100, tracker.HistoryFilter{Process: processOf(ours, 0), Order: tracker.NewestFirst, Limit: 100}),
		history("changes of a big process", 100, tracker.HistoryFilter{Process: processOf(ours, 0), Limit: 100}),
		history("changes of a small process", 3*smallRuns, tracker.HistoryFilter{Process: smallProcess, Limit: 200}),
		history("changes of a time and a big process", 100, tracker.HistoryFilter{Process: processOf(ours, 0), Since: since(), Limit: 100}),
		history("changes of a time", 100, tracker.HistoryFilter{Since: since(), Limit: 100}),
		problems("newest errors", 10, tracker.ErrorFilter{Limit: 10}),
		problems("oldest errors", 10, tracker.ErrorFilter{Order: tracker.OldestFirst, Limit: 10}),
		problems("errors of a small process", 1, tracker.ErrorFilter{Process: smallProcess, Limit: 100}),
		processes("processes", 100, tracker.ProcessFilter{Limit: 100}),
		processes("processes of no status", 0, tracker.ProcessFilter{Status: neverUsed, Limit: 100}),
		{
			name: "reap nothing", prepare: nothing, done: nothing,
			ours: func(ctx context.Context, p *place, _ *subject) error {
				_, err := p.tracker.Admin().Reap(ctx, tracker.ReapOptions{})
				return err
			},
		},
		{
			name: "purge nothing", prepare: nothing, done: nothing,
			ours: func(ctx context.Context, p *place, _ *subject) error {
				gone, err := p.tracker.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: 50 * 365 * 24 * time.Hour, Extracts: []tracker.ExtractStatus{tracker.Loaded}})
				if err == nil && !gone.Empty() {
					err = fmt.Errorf("purged %+v instead of nothing", gone)
				}
				return err
			},
		},
	}
}

// RowsVar names the environment variable with the number of runs and extracts in the
// long history.
const RowsVar = "PROCESSTRACKER_BENCH_ROWS"

func historyRows(b *testing.B) int {
	b.Helper()
	text := os.Getenv(RowsVar)
	if text == "" {
		b.Skipf("%s does not say how many rows to fill a place with; run make bench-history", RowsVar)
	}
	rows, err := strconv.Atoi(text)
	if err != nil || rows < leastRows {
		b.Fatalf("%s=%q is no number from %d on; give one, such as 1000000", RowsVar, text, leastRows)
	}
	return rows
}
