package conformance

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func meetings() []meeting {
	return []meeting{
		{"S2.7 S2.8 of two starts, each on a node, one gets the run", "start.run", twoStarts, tracker.ErrAlreadyRunning},
		{"S2.2 S3.3 a start that meets a hold on another node is refused", "start.run", startAndHold, tracker.ErrOnHold},
		{"S2.6 of two starts, each on a node, the one for which the cluster has room succeeds", "start.run", startsOfACluster, tracker.ErrNoCapacity},
		{"S2.11 of two dependencies, each added on a node, the one that closes a cycle is refused", "dependency.add", twoDependencies, tracker.ErrCycle},
		{"S3.2 S3.8 of two ends, each on a node, one decides", "end.history", twoEnds, tracker.ErrAlreadyEnded},
		{"S3.4 an error is not recorded on a run that ends on another node", "error.insert", errorAndEnd, tracker.ErrAlreadyEnded},
		{"S3.5 S6.1 a time range is not stored on a run that ends on another node", "run.widen_high", timeAndEnd, tracker.ErrAlreadyEnded},
		{"S3.6 counts that are added on two nodes add up", "count.process", twoCounts, nil},
		{"S5.1 an extract is not registered by a run that ends on another node", "extract.link_one", registerAndEnd, tracker.ErrAlreadyEnded},
		{"S5.3 S3.2 an extract does not change after its run ended on another node", "extract.move", moveAndEnd, tracker.ErrAlreadyEnded},
		{"S5.4 S5.11 an extract is not loading for a run that ended on another node", "extract.load_reserved", loadAndEnd, tracker.ErrAlreadyEnded},
		{"S5.6 of two claims, each on a node, one gets an extract", "claim.take", twoClaims, nil},
		{"S5.6 nothing is claimed for a run that fails on another node", "claim.take", claimAndFail, tracker.ErrAlreadyEnded},
		{"S5.6 extracts that are claimed on one node while the run fails on another go back", "end.history_failed", failAndClaim, nil},
	}
}

// calls are the slow and the quick one.
type calls = [2]func() error

// starting starts a process and forgets the run.
func starting(ctx context.Context, tr *tracker.Tracker, process string, options *tracker.StartOptions) func() error {
	return func() error {
		_, err := tr.Start(ctx, tracker.Process{Name: process}, options)
		return err
	}
}

// shared is a run that a tracker on each node has.
func shared(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) [2]*tracker.Run {
	t.Helper()
	first := startOn(ctx, t, quick, "Teams Load")
	second, err := slow.Resume(ctx, first.ID(), first.Token())
	must(t, err)
	return [2]*tracker.Run{second, first}
}

// wantRuns checks the statuses of a process's runs, the latest first.
func wantRuns(ctx context.Context, t *testing.T, tr *tracker.Tracker, want ...tracker.RunStatus) {
	t.Helper()
	var got []tracker.RunStatus
	for info, err := range tr.Runs(ctx, tracker.RunFilter{}) {
		must(t, err)
		if got = append(got, info.Status); info.Number != int64(len(want)-len(got)+1) {
			t.Errorf("a run has the number %d", info.Number)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the runs are %q, want %q", got, want)
	}
}

// wantExtracts checks the statuses of all extracts.
func wantExtracts(ctx context.Context, t *testing.T, tr *tracker.Tracker, want ...tracker.ExtractStatus) {
	t.Helper()
	var got []tracker.ExtractStatus
	for e, err := range tr.Extracts(ctx, tracker.ExtractFilter{}) {
		must(t, err)
		got = append(got, e.Status)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the extracts are %q, want %q", got, want)
	}
}

func twoStarts(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	must(t, startOn(ctx, t, quick, "Teams Load").Complete(ctx, nil))
	return calls{starting(ctx, slow, "Teams Load", nil), starting(ctx, quick, "Teams Load", nil)},
		func() { wantRuns(ctx, t, slow, tracker.Running, tracker.Completed) }
}

func startAndHold(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	must(t, startOn(ctx, t, quick, "Teams Load").Complete(ctx, nil))
	hold := func() error { return quick.Admin().Hold(ctx, "Teams Load", "the source is down") }
	return calls{starting(ctx, slow, "Teams Load", nil), hold}, func() { wantRuns(ctx, t, slow, tracker.Completed) }
}

func startsOfACluster(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	most := int64(10)
	err := quick.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &most})
	for _, process := range []string{"a", "b"} {
		err = errors.Join(err, quick.Registry().JoinCluster(ctx, process, "warehouse"), startOn(ctx, t, quick, process).Complete(ctx, nil))
	}
	must(t, err)
	needs := &tracker.StartOptions{Needs: tracker.Capacity{Memory: 6}}
	return calls{starting(ctx, slow, "a", needs), starting(ctx, quick, "b", needs)}, func() {}
}

func twoDependencies(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	for _, process := range []string{"a", "b"} {
		if err := quick.Registry().Register(ctx, tracker.Process{Name: process}); err != nil {
			t.Fatal(err)
		}
	}
	add := func(tr *tracker.Tracker, child, parent string) func() error {
		return func() error {
			return tr.Registry().AddDependency(ctx, child, parent, tracker.DependencyOptions{Kind: tracker.Normal})
		}
	}
	return calls{add(slow, "a", "b"), add(quick, "b", "a")}, func() {}
}

func twoEnds(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	runs := shared(ctx, t, slow, quick)
	return calls{
		func() error { return runs[0].Complete(ctx, nil) },
		func() error { return runs[1].Fail(ctx) },
	}, func() { wantRuns(ctx, t, slow, tracker.Failed) }
}

func errorAndEnd(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	runs := shared(ctx, t, slow, quick)
	return calls{
			func() error {
				return runs[0].RecordError(ctx, tracker.ErrorRecord{Type: tracker.DataError, Description: "late"})
			},
			func() error { return runs[1].Complete(ctx, nil) },
		}, func() {
			for problem, err := range slow.Errors(ctx, tracker.ErrorFilter{}) {
				t.Errorf("recorded: %+v, %v", problem, err)
			}
		}
}

func timeAndEnd(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	runs := shared(ctx, t, slow, quick)
	return calls{
			func() error { return runs[0].ExtendRange(ctx, time.Time{}, time.Now()) },
			func() error { return runs[1].Complete(ctx, nil) },
		}, func() {
			if totals, err := slow.Registry().Totals(ctx, "Teams Load"); err != nil || !totals.Watermark.IsZero() {
				t.Errorf("the watermark is %v, %v", totals.Watermark, err)
			}
		}
}

func twoCounts(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	runs := shared(ctx, t, slow, quick)
	n := tracker.Counts{Records: 1, Inserts: 10, Updates: 100, Deletes: 1000}
	return calls{
			func() error { return runs[0].AddCounts(ctx, n) },
			func() error { return runs[1].AddCounts(ctx, n) },
		}, func() {
			want := tracker.Counts{Records: 2, Inserts: 20, Updates: 200, Deletes: 2000}
			if totals, err := slow.Registry().Totals(ctx, "Teams Load"); err != nil || totals.Counts != want {
				t.Errorf("the totals are %+v (%v), want %+v", totals.Counts, err, want)
			}
		}
}

func registerAndEnd(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	runs := shared(ctx, t, slow, quick)
	return calls{
		func() error {
			_, err := runs[0].RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv"})
			return err
		},
		func() error { return runs[1].Complete(ctx, nil) },
	}, func() { wantExtracts(ctx, t, slow) }
}

// landed registers extracts as ready.
func landed(ctx context.Context, t *testing.T, tr *tracker.Tracker, names ...string) []tracker.Extract {
	t.Helper()
	run := startOn(ctx, t, tr, "Teams Extract")
	files := make([]tracker.File, len(names))
	for i, name := range names {
		files[i] = tracker.File{Location: "/landing", Name: name, Status: tracker.Ready}
	}
	all, err := run.RegisterExtracts(ctx, files...)
	must(t, errors.Join(err, run.Complete(ctx, nil)))
	return all
}

func moveAndEnd(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	extracts := landed(ctx, t, quick, "teams.csv")
	runs := shared(ctx, t, slow, quick)
	must(t, runs[1].SetExtractStatus(ctx, tracker.Loading, extracts...))
	return calls{
		func() error { return runs[0].SetExtractStatus(ctx, tracker.Loaded, extracts...) },
		func() error { return runs[1].Complete(ctx, nil) },
	}, func() { wantExtracts(ctx, t, slow, tracker.Loading) }
}

func loadAndEnd(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	extracts := landed(ctx, t, quick, "teams.csv")
	runs := shared(ctx, t, slow, quick)
	return calls{
		func() error { return runs[0].SetExtractStatus(ctx, tracker.Loading, extracts...) },
		func() error { return runs[1].Complete(ctx, nil) },
	}, func() { wantExtracts(ctx, t, slow, tracker.Ready) }
}

func twoClaims(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	landed(ctx, t, quick, "teams.csv", "players.csv")
	var claimed [2][]tracker.Extract
	claim := func(i int, run *tracker.Run) func() error {
		return func() (err error) {
			claimed[i], err = run.Claim(ctx, tracker.ClaimOptions{Limit: 10})
			return err
		}
	}
	return calls{
			claim(0, startOn(ctx, t, slow, "Slow Load")),
			claim(1, startOn(ctx, t, quick, "Quick Load")),
		}, func() {
			if len(claimed[0]) != 0 || len(claimed[1]) != 2 {
				t.Errorf("claimed: %v", claimed)
			}
		}
}

func claimAndFail(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	landed(ctx, t, quick, "teams.csv")
	runs := shared(ctx, t, slow, quick)
	return calls{
		func() error { _, err := runs[0].Claim(ctx, tracker.ClaimOptions{Limit: 1}); return err },
		func() error { return runs[1].Fail(ctx) },
	}, func() { wantExtracts(ctx, t, slow, tracker.Ready) }
}

func failAndClaim(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls, func()) {
	landed(ctx, t, quick, "teams.csv")
	runs := shared(ctx, t, slow, quick)
	return calls{
		func() error { return runs[0].Fail(ctx) },
		func() error {
			claimed, err := runs[1].Claim(ctx, tracker.ClaimOptions{Limit: 1})
			if len(claimed) != 1 {
				t.Errorf("claimed: %v", claimed)
			}
			return err
		},
	}, func() { wantExtracts(ctx, t, slow, tracker.Ready) }
}
