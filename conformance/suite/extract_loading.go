package suite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractLoadingCases() []Case {
	return []Case{
		{"S5.11 S5.3 an extract that a run moved to loading by name goes back to its former status when the run fails or dies, once", goesBack},
		{"S5.11 an extract that is registered as loading is ready when its run fails", registeredLoading},
		{"S5.11 an extract that a run has finished, or left when it completed, stays as it is", staysBehind},
		{"S5.11 S5.6 an extract that another active run is loading stays that run's", stays},
		{"S5.11 a run that names an extract that no run loads any more takes it over", takenOver},
		{"S5.11 S3.8 an operator releases extracts that are loading but that no active run holds, and no others", releasedByHand},
		{"S5.11 S7.1 after a rollback, no extract is loading and none goes back", loadingInTransaction},
	}
}

// statuses returns the statuses of the extracts in a location, by name.
func statuses(ctx context.Context, t testing.TB, tr *tracker.Tracker, location string) map[string]tracker.ExtractStatus {
	t.Helper()
	all := map[string]tracker.ExtractStatus{}
	for _, e := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: location})) {
		all[e.Name] = e.Status
	}
	return all
}

// endings are the ways in which a run ends without completing.
func endings(ctx context.Context, t *testing.T, e *Env, tr *tracker.Tracker) map[string]func(*tracker.Run) error {
	t.Helper()
	b := e.open(t)
	return map[string]func(*tracker.Run) error{
		"fails":                    func(r *tracker.Run) error { return r.Fail(ctx) },
		"puts its process on hold": func(r *tracker.Run) error { return r.Hold(ctx, "a look is needed", nil) },
		"is closed":                (*tracker.Run).Close,
		"is reaped": func(r *tracker.Run) error {
			return ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: r.ID(), Force: true}))
		},
		"ends with a status of ours": func(r *tracker.Run) error { return r.SetStatus(ctx, "skipped", nil) },
		"fails in a transaction": func(r *tracker.Run) error {
			l := e.begin(t, b)
			err := r.In(l.Tx).Fail(ctx)
			l.end(err == nil)
			return err
		},
		"dies, and the next starts": func(r *tracker.Run) error {
			expire(ctx, t, b, r.ID())
			return start(ctx, t, tr, tracker.Process{Name: r.Process()}).Complete(ctx, nil)
		},
	}
}

func goesBack(t *testing.T, e *Env) {
	ctx := e.context(t)
	tr := trackerOn(ctx, t, catalogued(t, e.setUp(t)), &tracker.Config{MaxFailures: tracker.NeverHold})
	must(t, errors.Join(tr.Registry().AddRunStatus(ctx, "skipped", false), tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "quarantined")))
	was := []tracker.ExtractStatus{tracker.Initializing, tracker.Ready, tracker.InError, tracker.Loaded, "quarantined"}
	for what, end := range endings(ctx, t, e, tr) {
		run := start(ctx, t, tr, tracker.Process{Name: "a run that " + what})
		location := "/" + strings.ReplaceAll(what, " ", "-")
		want, history := map[string]tracker.ExtractStatus{}, map[string][]string{}
		var files []tracker.File
		for _, status := range was {
			want[string(status)] = status
			history[string(status)] = []string{string(status) + " > loading", "loading > " + string(status)}
			files = append(files, tracker.File{Location: location, Name: string(status), Status: status})
		}
		extracts := register(ctx, t, run, files...)
		must(t, run.SetExtractStatus(ctx, tracker.Loading, extracts[:2]...))
		must(t, run.SetExtractStatus(ctx, tracker.Loading, extracts...)) // two of them again
		must(t, end(run))
		for name, status := range statuses(ctx, t, tr, location) {
			if status != want[name] {
				t.Errorf("the run %s, and what was %s is %s", what, name, status)
			}
		}
		for _, x := range extracts {
			var changes []string
			for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{ExtractID: x.ID}))[1:] {
				changes = append(changes, c.From+" > "+c.To)
			}
			wantLines(t, "the run "+what+", and the history of what was "+x.Name, changes, history[x.Name])
		}
	}
}

func registeredLoading(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	register(ctx, t, run, tracker.File{Location: "/landing", Name: "a", Status: tracker.Loading}, tracker.File{Location: "/landing", Name: "b", Status: tracker.Loading})
	b := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: "b"}))[0]
	must(t, errors.Join(run.SetExtractStatus(ctx, tracker.Loaded, b), run.Fail(ctx)))
	if got := statuses(ctx, t, tr, "/landing"); got["a"] != tracker.Ready || got["b"] != tracker.Loaded {
		t.Errorf("after the failure they are %v", got)
	}
}

func staysBehind(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extracts := ready(ctx, t, run, "/landing", "loaded", "in error", "loading")
	must(t, run.SetExtractStatus(ctx, tracker.Loading, extracts...))
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extracts[0]))
	must(t, run.SetExtractStatus(ctx, tracker.InError, extracts[1]))
	must(t, run.Complete(ctx, nil))
	want := map[string]tracker.ExtractStatus{"loaded": tracker.Loaded, "in error": tracker.InError, "loading": tracker.Loading}
	for name, status := range statuses(ctx, t, tr, "/landing") {
		if status != want[name] {
			t.Errorf("%s is %s", name, status)
		}
	}
	failed := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, failed.SetExtractStatus(ctx, tracker.Loading, extracts[0]))
	must(t, failed.SetExtractStatus(ctx, tracker.Archived, extracts[0]))
	must(t, failed.Fail(ctx))
	if status := statuses(ctx, t, tr, "/landing")["loaded"]; status != tracker.Archived {
		t.Errorf("the extract that a failed run had finished is %s", status)
	}
}

func stays(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	holder := start(ctx, t, tr, tracker.Process{Name: "Load"})
	other := start(ctx, t, tr, tracker.Process{Name: "Another"})
	extracts := ready(ctx, t, holder, "/landing", "claimed", "named")
	wantClaim(ctx, t, holder, tracker.ClaimOptions{Limit: 1, OnFailure: tracker.InError}, "claimed")
	must(t, holder.SetExtractStatus(ctx, tracker.Loading, extracts...))
	must(t, other.SetExtractStatus(ctx, tracker.Loading, extracts...))
	must(t, other.Fail(ctx))
	if got := statuses(ctx, t, tr, "/landing"); got["claimed"] != tracker.Loading || got["named"] != tracker.Loading {
		t.Errorf("another run failed, and they are %v", got)
	}
	must(t, holder.Fail(ctx))
	if got := statuses(ctx, t, tr, "/landing"); got["claimed"] != tracker.InError || got["named"] != tracker.Ready {
		t.Errorf("the run that held them failed, and they are %v", got)
	}
}

func takenOver(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold})
	left := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extracts := ready(ctx, t, left, "/landing", "claimed", "named", "failed before")
	must(t, left.SetExtractStatus(ctx, tracker.InError, extracts[2]))
	wantClaim(ctx, t, left, tracker.ClaimOptions{Limit: 1, OnFailure: tracker.InError}, "claimed")
	must(t, errors.Join(left.SetExtractStatus(ctx, tracker.Loading, extracts[1:]...), left.Complete(ctx, nil)))
	next := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, errors.Join(next.SetExtractStatus(ctx, tracker.Loading, extracts...), next.Fail(ctx)))
	want := map[string]tracker.ExtractStatus{"claimed": tracker.InError, "named": tracker.Ready, "failed before": tracker.InError}
	for name, status := range statuses(ctx, t, tr, "/landing") {
		if status != want[name] {
			t.Errorf("%s is %s", name, status)
		}
	}
}

func releasedByHand(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	left := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extracts := ready(ctx, t, left, "/landing", "a", "b", "loaded", "held")
	must(t, errors.Join(left.SetExtractStatus(ctx, tracker.Loading, extracts[:3]...), left.SetExtractStatus(ctx, tracker.Loaded, extracts[2])))
	unheld := func(want ...string) []tracker.Extract {
		t.Helper()
		all := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Unheld: true}))
		var names []string
		for _, x := range all {
			names = append(names, x.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("loading and held by no run are %q, want %q", names, want)
		}
		return all
	}
	unheld()
	must(t, left.Complete(ctx, nil))
	holder := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, holder.SetExtractStatus(ctx, tracker.Loading, extracts[3]))
	unheld("a", "b")
	operator := e.tracker(t, &tracker.Config{Actor: "operator"})
	released, err := operator.Admin().ReleaseExtracts(ctx, "the load is given up", "", slices.Concat(extracts, extracts)...)
	if err != nil || len(released) != 2 || released[0].Status != tracker.Ready {
		t.Errorf("released %+v, %v", released, err)
	}
	unheld()
	want := map[string]tracker.ExtractStatus{"a": tracker.Ready, "b": tracker.Ready, "loaded": tracker.Loaded, "held": tracker.Loading}
	for name, status := range statuses(ctx, t, tr, "/landing") {
		if status != want[name] {
			t.Errorf("%s is %s", name, status)
		}
	}
	changes := historyOf(ctx, t, tr, tracker.HistoryFilter{ExtractID: extracts[0].ID})
	wantLines(t, "the history", changes[len(changes)-1:], []string{"Load, /landing a in run 1: loading > ready by operator, the load is given up"})
	for _, f := range []tracker.ExtractStatus{tracker.Loading, "unheard of"} {
		if _, err := operator.Admin().ReleaseExtracts(ctx, "", f, extracts...); !errors.Is(err, tracker.ErrInvalid) && !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("release to %q: %v", f, err)
		}
	}
	again := start(ctx, t, tr, tracker.Process{Name: "Again"})
	must(t, errors.Join(again.SetExtractStatus(ctx, tracker.Loading, extracts[0]), again.Complete(ctx, nil)))
	if released, err = operator.Admin().ReleaseExtracts(ctx, "", tracker.InError, extracts[0]); err != nil || len(released) != 1 || released[0].Status != tracker.InError {
		t.Errorf("released as in error: %+v, %v", released, err)
	}
	must(t, holder.Fail(ctx))
}

func loadingInTransaction(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	before := statuses(ctx, t, tr, extract.Location.Path)
	l := e.begin(t, b)
	must(t, run.In(l.Tx).SetExtractStatus(ctx, tracker.Loading, extract))
	l.end(false)
	must(t, run.Fail(ctx))
	if after := statuses(ctx, t, tr, extract.Location.Path); after[extract.Name] != before[extract.Name] {
		t.Errorf("it was %s and is %s", before[extract.Name], after[extract.Name])
	}
}
