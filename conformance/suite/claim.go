package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func claimCases() []Case {
	return []Case{
		{"S5.4 an extract is not loading before its parents are loaded, unless all move at once", parentsFirst},
		{"S5.6 a claim takes matching extracts, oldest first, up to its limit", claimOldest},
		{"S5.6 two runs never claim the same extract, and leave none", claimedOnce},
		{"S5.6 the extracts that a failed run had claimed go back, once", claimGoesBack},
	}
}

// ready registers extracts that are ready.
func ready(ctx context.Context, t *testing.T, run *tracker.Run, location string, names ...string) []tracker.Extract {
	t.Helper()
	files := make([]tracker.File, len(names))
	for i, n := range names {
		files[i] = tracker.File{Location: location, Name: n, Status: tracker.Ready}
	}
	all, err := run.RegisterExtracts(ctx, files...)
	must(t, err)
	return all
}

func names(extracts []tracker.Extract) []string {
	all := make([]string, len(extracts))
	for i, e := range extracts {
		all[i] = e.Name
	}
	return all
}

func wantClaim(ctx context.Context, t *testing.T, run *tracker.Run, c tracker.ClaimOptions, want ...string) []tracker.Extract {
	t.Helper()
	got, err := run.Claim(ctx, c)
	if err != nil || !slices.Equal(names(got), want) {
		t.Fatalf("claimed %q, %v, want %q", names(got), err, want)
	}
	for _, e := range got {
		if e.Status != tracker.Loading {
			t.Errorf("%s is %s", e.Name, e.Status)
		}
	}
	return got
}

func parentsFirst(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	files := ready(ctx, t, run, "/landing", "orders", "customers", "regions")
	must(t, tr.AddExtractParents(ctx, files[0], files[1:]...))
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, files[2]))

	err := run.SetExtractStatus(ctx, tracker.Loading, files[0])
	var waits *tracker.UnloadedError
	if !errors.Is(err, tracker.ErrDependency) || !errors.As(err, &waits) || !slices.Equal(names(waits.Parents), []string{"customers"}) {
		t.Fatalf("loading before its parent: %v", err)
	}
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 10}, "customers") // skips the extract that waits
	must(t, run.SetExtractStatus(ctx, tracker.Ready, files[1]))
	must(t, run.SetExtractStatus(ctx, tracker.Loading, files[:2]...)) // both at once
	must(t, run.SetExtractStatus(ctx, tracker.Ready, files[0]))
	must(t, run.SetExtractStatus(ctx, tracker.Archived, files[1])) // it had been loaded
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 10}, "orders")
	if err := tr.AddExtractParents(ctx, files[0], files[0]); !errors.Is(err, tracker.ErrCycle) {
		t.Errorf("its own parent: %v", err)
	}
	if err := tr.AddExtractParents(ctx, files[0], tracker.Extract{ID: 1 << 40}); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an unknown parent: %v", err)
	}
}

func claimOldest(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	for _, name := range []string{"3.csv", "1.csv", "2.csv", "4.txt"} {
		ready(ctx, t, writer, "/landing", name)
	}
	ready(ctx, t, writer, "/elsewhere", "0.csv")
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	csv := tracker.ClaimOptions{Limit: 2, Location: "/landing", NameGlob: "*.csv", Process: "Extract"}
	wantClaim(ctx, t, run, csv, "3.csv", "1.csv")
	wantClaim(ctx, t, run, csv, "2.csv")
	wantClaim(ctx, t, run, csv)
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 2, NameContains: ".txt"}, "4.txt")
	for _, most := range []int{0, -1, 10_001} {
		csv.Limit = most
		if _, err := run.Claim(ctx, csv); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("claim %d: %v", most, err)
		}
	}
	must(t, run.Complete(ctx, nil))
	if _, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 1}); !errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("after the end: %v", err)
	}
}

func claimedOnce(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const files, workers = 400, 16
	all := make([]string, files)
	for i := range all {
		all[i] = fmt.Sprintf("%03d.csv", i)
	}
	ready(ctx, t, start(ctx, t, tr, tracker.Process{Name: "Extract"}), "/landing", all...)
	claims := atOnce(workers, func(i int) []string {
		run, err := tr.Start(ctx, tracker.Process{Name: fmt.Sprintf("Load %d", i)}, nil)
		if err != nil {
			t.Error(err)
			return nil
		}
		var mine []string
		for {
			got, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 7})
			if err != nil {
				t.Error(err)
			}
			if len(got) == 0 {
				return mine
			}
			mine = append(mine, names(got)...)
		}
	})
	claimed := slices.Concat(claims...)
	slices.Sort(claimed)
	if !slices.Equal(claimed, all) {
		t.Errorf("%d claims of %d extracts", len(claimed), files)
	}
	if left := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Ready})); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}

func claimGoesBack(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	files := ready(ctx, t, start(ctx, t, tr, tracker.Process{Name: "Extract"}), "/landing", "a", "b", "c")
	first := start(ctx, t, tr, tracker.Process{Name: "Load"})
	got := wantClaim(ctx, t, first, tracker.ClaimOptions{Limit: 2}, "a", "b")
	must(t, first.SetExtractStatus(ctx, tracker.Loaded, got[0]))
	must(t, first.Fail(ctx))
	must(t, first.Fail(ctx)) // the same end again is no error

	second := start(ctx, t, tr, tracker.Process{Name: "Load"})
	wantClaim(ctx, t, second, tracker.ClaimOptions{Limit: 5, OnFailure: tracker.InError}, "b", "c")
	must(t, second.Fail(ctx))
	third := start(ctx, t, tr, tracker.Process{Name: "Load"})
	wantClaim(ctx, t, third, tracker.ClaimOptions{Limit: 5})
	b := e.open(t)
	for i, want := range [][]string{
		{"ready", "loading", "loaded"},
		{"ready", "loading", "ready", "loading", "error"},
		{"ready", "loading", "error"},
	} {
		history := column[string](ctx, t, b, "SELECT to_status FROM {status_history} WHERE extract_id = ? ORDER BY id", files[i].ID)
		if !slices.Equal(history, want) {
			t.Errorf("%s was %v, want %v", files[i].Name, history, want)
		}
	}
	links := column[string](ctx, t, b, "SELECT s.name FROM {run_extract} l JOIN {extract_status} s ON s.id = l.status_id"+
		" WHERE l.run_id = ? ORDER BY l.extract_id", first.ID())
	if !slices.Equal(links, []string{"loaded", "ready"}) {
		t.Errorf("links of the first run: %v", links)
	}
}
