package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Large lists the cases with data that a server cannot accept in one piece. A backend
// may run them again with servers and drivers that accept less.
func Large() []Case {
	return []Case{
		{"S8.7 S3.2 the end of a run is recorded, however long its error is", longError},
		{"S8.7 a text that is too long for a statement is cut, with a mark that says how much is left", cutTexts},
		{"S8.7 S5.5 many extracts are read the same when their statements are divided", dividedExtracts},
		{"S8.7 S5.5 statements that are divided change all of their rows or none", dividedOrNothing},
		{"S8.7 S5.4 S5.6 parents and claims are found in rows that are divided", dividedClaims},
		{"S8.7 S1.4 S1.5 a definition whose statements are divided is read back completely", dividedDefinition},
		{"S8.7 S8.1 a value that can neither be divided nor cut is refused as too large", tooLarge},
	}
}

// longError is longer than MariaDB accepts by default.
func longError(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	long := strings.Repeat("'\\\n☃", 3<<20)
	var id int64
	err := tr.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(_ context.Context, run *tracker.Run) error {
		id = run.ID()
		return errors.New(long)
	})
	if err == nil || err.Error() != long {
		t.Fatalf("Do returns more than its function did, or less: %.200v", err)
	}
	info, err := tr.RunByID(ctx, id)
	must(t, err)
	if info.Status != tracker.Failed {
		t.Errorf("the run is %s", info.Status)
	}
	problems := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: id}))
	if len(problems) != 1 {
		t.Fatalf("%d errors are recorded", len(problems))
	}
	wantBeginning(t, problems[0].Description, long)
	start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
}

// wantBeginning checks that a text equals another, or its beginning with a mark.
func wantBeginning(t *testing.T, got, given string) {
	t.Helper()
	if got == given {
		return
	}
	text, mark, _ := strings.Cut(got, "\n[cut: ")
	if want := fmt.Sprintf("the first %d of %d bytes]", len(text), len(given)); mark != want || text == "" || !strings.HasPrefix(given, text) {
		t.Errorf("of %d bytes it keeps %d, and says %q, want %q", len(given), len(text), mark, want)
	}
}

// narrow is a backend whose statements hold little.
type narrow struct{ dialect.Backend }

const narrowBytes = 4 << 10

// MostBytes implements [dialect.Backend].
func (narrow) MostBytes() int { return narrowBytes }

func (e *Env) narrow(t *testing.T) *tracker.Tracker {
	t.Helper()
	return trackerOn(e.context(t), t, narrow{e.setUp(t)}, nil)
}

func cutTexts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.narrow(t)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	long := strings.Repeat("ä", narrowBytes)
	must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: long}, tracker.ErrorRecord{Description: "x" + long}, tracker.ErrorRecord{Description: "short"}))
	for i, p := range collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()})) { // the newest first
		want := []string{"short", "x" + long, long}[i]
		wantBeginning(t, p.Description, want)
		if len(p.Description) > narrowBytes {
			t.Errorf("%d bytes are kept of %d", len(p.Description), len(want))
		}
	}
	must(t, run.Hold(ctx, long, nil))
	_, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	var blocked *tracker.BlockedError
	ok := errors.As(err, &blocked)
	if !ok || blocked.Hold == nil {
		t.Fatalf("want it on hold, got: %v", err)
	}
	wantBeginning(t, blocked.Hold.Reason, long)
	must(t, tr.Admin().Release(ctx, "Teams Load", long))
}

// wide names n files whose names are long.
func wide(n int) []tracker.File {
	all := make([]tracker.File, n)
	for i := range all {
		all[i] = tracker.File{
			Location: "/landing", Name: fmt.Sprintf("%s-%04d.csv", strings.Repeat("x", 200), (i*7)%n), Status: tracker.Ready, Size: pointer(int64(i)),
		}
	}
	return all
}

func dividedExtracts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.narrow(t)
	run := start(ctx, t, tr, tracker.Process{Name: "Load", Sources: tracker.SystemRefs("Lahman")})
	files := wide(200)
	for range 2 { // the second time, all of them are known
		extracts := register(ctx, t, run, files...)
		for i, extract := range extracts {
			if extract.Name != files[i].Name || *extract.Size != int64(i) {
				t.Fatalf("extract %d is %+v", i, extract)
			}
		}
		for i := range extracts {
			extracts[i].Checksum = fmt.Sprintf("md5:%d", i)
		}
		must(t, run.UpdateExtracts(ctx, extracts...))
	}
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{}))...))
	loaded := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Loaded, RunID: run.ID()}))
	if len(loaded) != len(files) {
		t.Errorf("%d are loaded", len(loaded))
	}
	if all := names(loaded); !slices.IsSorted(all) {
		t.Errorf("they are in the order %q", all)
	}
	for _, extract := range loaded {
		if extract.Checksum == "" {
			t.Fatalf("its checksum is missing: %+v", extract)
		}
	}
	changes := collect(t, tr.History(ctx, tracker.HistoryFilter{RunID: run.ID()}))
	if want := 1 + 2*len(files); len(changes) != want {
		t.Errorf("%d changes, want %d", len(changes), want)
	}
}

func dividedOrNothing(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, narrow{b}, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extracts := register(ctx, t, run, numbered("/landing", 1000)...)
	missing := append(slices.Clone(extracts), tracker.Extract{ID: 1 << 40})
	if err := run.SetExtractStatus(ctx, tracker.Loaded, missing...); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("one does not exist: %v", err)
	}
	if err := run.UpdateExtracts(ctx, missing...); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("one does not exist: %v", err)
	}
	if got := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Loaded})); len(got) != 0 {
		t.Errorf("%d are loaded", len(got))
	}
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extracts...))
	must(t, run.SetExtractStatus(ctx, tracker.Deleted, extracts...))
	clockMoves(ctx, t, b)
	purged, err := tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: 1, BatchSize: 700, Extracts: []tracker.ExtractStatus{tracker.Deleted}, DryRun: true})
	must(t, err)
	if purged.Extracts != 1000 || purged.Links != 1000 {
		t.Errorf("a dry run counts %+v", purged)
	}
}

func dividedClaims(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.narrow(t)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extracts := ready(ctx, t, run, "/landing", names(numberedExtracts(800))...)
	last := extracts[len(extracts)-1]
	must(t, tr.AddExtractParents(ctx, extracts[0], extracts[1:]...))
	err := run.SetExtractStatus(ctx, tracker.Loading, extracts[:len(extracts)-1]...)
	var unloaded *tracker.UnloadedError
	ok := errors.As(err, &unloaded)
	if !ok || len(unloaded.Parents) != 1 || unloaded.Parents[0].ID != last.ID {
		t.Fatalf("want only the last parent that blocks it, got: %v", err)
	}
	must(t, run.SetExtractStatus(ctx, tracker.Loading, extracts...)) // all at once
	must(t, run.SetExtractStatus(ctx, tracker.Ready, extracts...))
	claimed, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 10_000})
	must(t, err)
	if want := names(extracts[1:]); !slices.Equal(names(claimed), want) {
		t.Errorf("%d are claimed, or in another order; want %d", len(claimed), len(want))
	}
}

// numberedExtracts are extracts whose names alone matter.
func numberedExtracts(n int) []tracker.Extract {
	all := make([]tracker.Extract, n)
	for i, file := range numbered("", n) {
		all[i].Name = file.Name
	}
	return all
}

func dividedDefinition(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.narrow(t)
	p := tracker.Process{Name: "Load", Type: "Load"}
	for i := range 150 {
		at := tracker.DataRef{System: fmt.Sprintf("system %03d", i%10), Object: "object", Attribute: fmt.Sprintf("attribute %03d", i)}
		p.Sources = append(p.Sources, at)
		p.DatasetTypes = append(p.DatasetTypes, fmt.Sprintf("dataset type %03d", i))
		p.Filters = append(p.Filters, tracker.RowFilter{Attribute: at, Operator: tracker.OpEqual, Values: []string{strings.Repeat("v", 100)}})
	}
	start(ctx, t, tr, p)
	got, err := tr.Registry().Definition(ctx, p.Name)
	must(t, err)
	if len(got.Sources) != 150 || len(got.DatasetTypes) != 150 || len(got.Filters) != 150 {
		t.Errorf("%d sources, %d dataset types, %d filters", len(got.Sources), len(got.DatasetTypes), len(got.Filters))
	}
}

func tooLarge(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.narrow(t)
	p := tracker.Process{Name: "Load", Filters: []tracker.RowFilter{{
		Attribute: tracker.DataRef{System: "s", Object: "o", Attribute: "a"}, Operator: tracker.OpEqual, Values: []string{strings.Repeat("v", narrowBytes)},
	}}}
	if _, err := tr.Start(ctx, p, nil); !errors.Is(err, tracker.ErrTooLarge) || errors.Is(err, tracker.ErrDisconnected) {
		t.Errorf("want it too large, got: %v", err)
	}
	p.Filters[0].Values[0] = "short"
	start(ctx, t, tr, p)
}
