package suite

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractStatusCases() []Case {
	return []Case{
		{"S5.3 S3.8 a change of status is on the extract, on its link to the run, and in the history", changeStatus},
		{"S5.3 S3.8 each change is recorded with the run and the actor that made it", changedByOthers},
		{"S5.3 a status of your own works like a preloaded one, and an unknown one is refused", ownExtractStatus},
		{"S5.3 setting the status that an extract already has changes nothing", sameExtractStatus},
		{"S5.5 S8.1 if one extract does not exist, none is changed", oneMissing},
		{"S5.5 a change of many extracts is all or nothing", changeAllOrNothing},
		{"S5.5 S3.8 concurrent changes of the same extracts take turns", changeAtOnce},
	}
}

// linked returns the status of the link between a run and an extract.
func linked(ctx context.Context, t testing.TB, b dialect.Backend, run *tracker.Run, extract tracker.Extract) []string {
	t.Helper()
	return column[string](ctx, t, b, `SELECT s.name FROM {run_extract} AS l JOIN {extract_status} AS s ON s.id = l.status_id
		WHERE l.run_id = ? AND l.extract_id = ?`, run.ID(), extract.ID)
}

// reread returns the current state of the extract.
func reread(ctx context.Context, t testing.TB, tr *tracker.Tracker, extract tracker.Extract) tracker.Extract {
	t.Helper()
	all := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{ID: extract.ID}))
	if len(all) != 1 {
		t.Fatalf("there are %d extracts of id %d", len(all), extract.ID)
	}
	return all[0]
}

func changeStatus(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, run, files("/landing", "teams.csv")...)[0]
	want := []string{"initializing by tester"}
	before := string(tracker.Initializing)
	at := noon
	for _, status := range []tracker.ExtractStatus{
		tracker.Ready, tracker.Loading, tracker.Loaded, tracker.Archived, tracker.Deleted, tracker.InError, tracker.Initializing,
	} {
		at = at.Add(time.Second)
		c.set(t, at)
		must(t, run.SetExtractStatus(ctx, status, extract))
		now := reread(ctx, t, tr, extract)
		if now.Status != status || !now.StatusChangedAt.Equal(at) || !now.RegisteredAt.Equal(noon) {
			t.Errorf("%s at %v: %+v", status, at, now)
		}
		if got := linked(ctx, t, c, run, extract); !slices.Equal(got, []string{string(status)}) {
			t.Errorf("%s: the link says %q", status, got)
		}
		want = append(want, before+" > "+string(status)+" by tester")
		before = string(status)
	}
	if got := extractHistory(ctx, t, c, extract.ID); !slices.Equal(got, want) {
		t.Errorf("history:\n%q, want\n%q", got, want)
	}
	last := single[dialect.Time](ctx, t, c, "SELECT max(changed_at) FROM {status_history} WHERE extract_id = ?", extract.ID)
	if !last.Equal(at) {
		t.Errorf("the last change was at %v, the history says %v", at, last)
	}
}

func changedByOthers(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	writer := start(ctx, t, trackerOn(ctx, t, b, nil), tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, writer, tracker.File{Location: "/landing", Name: "teams.csv", Status: tracker.Ready})[0]
	loader := trackerOn(ctx, t, b, &tracker.Config{Actor: "the loader"})
	reader := start(ctx, t, loader, tracker.Process{Name: "Teams Load"})
	must(t, reader.SetExtractStatus(ctx, tracker.Loading, extract))
	must(t, reader.SetExtractStatus(ctx, tracker.Loaded, extract))

	want := []string{"ready by tester", "ready > loading by the loader", "loading > loaded by the loader"}
	if got := extractHistory(ctx, t, b, extract.ID); !slices.Equal(got, want) {
		t.Errorf("history: %q", got)
	}
	runs := column[int64](ctx, t, b, "SELECT run_id FROM {status_history} WHERE extract_id = ? ORDER BY id", extract.ID)
	if !slices.Equal(runs, []int64{writer.ID(), reader.ID(), reader.ID()}) {
		t.Errorf("runs in the history: %v, want %d, %d, %[3]d", runs, writer.ID(), reader.ID())
	}
	for run, status := range map[*tracker.Run]string{writer: "ready", reader: "loaded"} {
		if got := linked(ctx, t, b, run, extract); !slices.Equal(got, []string{status}) {
			t.Errorf("the run of %q is linked with %q, want %q", run.Process(), got, status)
		}
	}
	if now := reread(ctx, t, loader, extract); now.Process != "Teams Extract" || now.RunNumber != 1 || now.Status != tracker.Loaded {
		t.Errorf("the extract: %+v", now)
	}
}

func ownExtractStatus(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, run, files("/landing", "teams.csv")...)[0]
	rows := content(ctx, t, b)
	for _, status := range []tracker.ExtractStatus{"quarantined", "Ready", "lòaded"} {
		_, registering := run.RegisterExtracts(ctx, tracker.File{Location: "/elsewhere", Name: "x"}, tracker.File{Location: "/landing", Name: "y", Status: status})
		for what, err := range map[string]error{"set": run.SetExtractStatus(ctx, status, extract), "register": registering} {
			var missing *tracker.NotFoundError
			if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.Name != string(status) || missing.What != "extract status" {
				t.Errorf("%s %q: %v", what, status, err)
			}
		}
	}
	wantContent(ctx, t, b, rows)
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, " quarantined "))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "quarantined"))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "ready"))
	must(t, run.SetExtractStatus(ctx, "quarantined", extract))
	must(t, run.SetExtractStatus(ctx, tracker.Ready, extract))
	want := []string{"initializing by tester", "initializing > quarantined by tester", "quarantined > ready by tester"}
	if got := extractHistory(ctx, t, b, extract.ID); !slices.Equal(got, want) {
		t.Errorf("history: %q", got)
	}
}

func sameExtractStatus(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, writer, numbered("/landing", 3)...)
	must(t, writer.SetExtractStatus(ctx, tracker.Ready, all[0]))
	must(t, writer.SetExtractStatus(ctx, tracker.Ready))
	c.set(t, noon.Add(time.Second))
	must(t, writer.SetExtractStatus(ctx, tracker.Ready, all[0], all[1], all[0], all[1]))
	reader := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, reader.SetExtractStatus(ctx, tracker.Ready, all[0]))
	for i, changes := range []int{2, 2, 1} {
		if got := extractHistory(ctx, t, c, all[i].ID); len(got) != changes {
			t.Errorf("extract %d has the history %q", i, got)
		}
	}
	if now := reread(ctx, t, tr, all[0]); !now.StatusChangedAt.Equal(noon) {
		t.Errorf("it is ready since %v, and says %v", noon, now.StatusChangedAt)
	}
	if got := linked(ctx, t, c, reader, all[0]); !slices.Equal(got, []string{"ready"}) {
		t.Errorf("who found it ready is linked with %q", got)
	}
}

func oneMissing(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, run, numbered("/landing", 3)...)
	rows := content(ctx, t, b)
	for _, made := range [][]tracker.Extract{
		{{ID: all[2].ID + 1000}},
		{{}, {ID: -1}},
		{all[0], {ID: 1 << 60}, all[1]},
	} {
		var missing *tracker.NotFoundError
		err := run.SetExtractStatus(ctx, tracker.Loaded, made...)
		if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.What != "extract" {
			t.Errorf("%v: %v", made, err)
		}
	}
	for _, extract := range all {
		if now := reread(ctx, t, tr, extract); now != extract {
			t.Errorf("changed to %+v", now)
		}
	}
	wantContent(ctx, t, b, rows)
}

func changeAllOrNothing(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	s := &spy{Backend: b}
	tr := trackerOn(ctx, t, s, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, writer, numbered("/landing", 20)...)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	s.forget()
	must(t, run.SetExtractStatus(ctx, tracker.Ready, all[:2]...)) // of one, some databases make one statement
	steps, rows := s.names(), content(ctx, t, b)
	if len(steps) < 4 {
		t.Fatalf("a change sent %q", steps)
	}
	for _, name := range steps {
		s.meddle(broken(name))
		if err := run.SetExtractStatus(ctx, tracker.Loaded, all...); err == nil {
			t.Errorf("%s was refused, and the change was not", name)
		}
		wantContent(ctx, t, b, rows)
		if changed := column[int64](ctx, t, b, "SELECT e.id FROM {extract} AS e JOIN {extract_status} AS s ON s.id = e.status_id WHERE s.name = 'loaded'"); len(changed) > 0 {
			t.Fatalf("%s was refused, and %d extracts are loaded", name, len(changed))
		}
	}
	s.meddle(nil)
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, all...))
}

// changeAtOnce makes runs change overlapping sets of extracts, in opposite orders, each
// to its own status. The history of each extract must then be one chain.
func changeAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), trackerOn(ctx, t, e.open(t), nil)}
	writer := start(ctx, t, trackers[0], tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, writer, numbered("/landing", 60)...)
	statuses := []tracker.ExtractStatus{tracker.Ready, tracker.Loading, tracker.Loaded, tracker.Archived, tracker.Deleted, tracker.InError}
	runs := make([]*tracker.Run, len(statuses))
	for i := range runs {
		runs[i] = start(ctx, t, trackers[i%2], tracker.Process{Name: "becomes " + string(statuses[i])})
	}
	for _, err := range atOnce(len(runs), func(i int) error {
		mine := slices.Clone(all[5*i : 5*i+35])
		if i%2 == 1 {
			slices.Reverse(mine)
		}
		return runs[i].SetExtractStatus(ctx, statuses[i], mine...)
	}) {
		must(t, err)
	}
	for _, extract := range all {
		type link struct{ from, to string }
		var chain []link
		must(t, past(b).Query(ctx, statement(t, b, `SELECT coalesce(from_status, ''), to_status FROM {status_history}
			WHERE extract_id = ? ORDER BY id`, extract.ID), func(r dialect.Row) error {
			var l link
			err := r.Scan(&l.from, &l.to)
			chain = append(chain, l)
			return err
		}))
		last := ""
		for _, l := range chain {
			if l.from != last {
				t.Errorf("the history of %s is no chain: %v", extract.Name, chain)
			}
			last = l.to
		}
		if now := reread(ctx, t, trackers[0], extract); string(now.Status) != last {
			t.Errorf("%s is %s, the history ends with %s", extract.Name, now.Status, last)
		}
	}
}
