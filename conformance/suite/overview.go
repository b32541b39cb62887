package suite

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func overviewCases() []Case {
	return []Case{
		{"S1.10 an overview has the dependencies, contacts and locations of all processes", overviewOfProcesses},
		{"S1.10 an overview has the runs of a time range, and the usual durations of the running processes", overviewOfRuns},
		{"S1.10 an overview counts the waiting extracts by location, and names the run that holds one", overviewOfExtracts},
		{"S9.4 a reader may read every overview", overviewForReaders},
		{"S3.8 a tracker with another actor's name records that name in the history", actsAs},
	}
}

func overviewOfProcesses(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	ada, ben := tracker.Contact{Name: "Ada", Email: "ada@example.org"}, tracker.Contact{Name: "Ben"}
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load", Sources: tracker.ObjectRefs("Lahman", "teams", "parks")}))
	must(t, tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Hard, Freshness: tracker.Fresh}))
	must(t, tr.Registry().AddDependency(ctx, "Report", "Load", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().AddProcessContact(ctx, "Report", ben))
	must(t, tr.Registry().AddSystemContact(ctx, "Lahman", ada))

	var got []string
	dependencies, err := tr.Overview().Dependencies(ctx)
	must(t, err)
	for _, d := range dependencies {
		got = append(got, fmt.Sprintf("%s on %s: %s, %v", d.Child, d.Parent, d.Kind, d.Fresh))
	}
	slices.Sort(got)
	if want := []string{"Load on Extract: hard, true", "Report on Load: soft, false"}; !slices.Equal(got, want) {
		t.Errorf("dependencies: %q, want %q", got, want)
	}
	if all := collect(t, tr.Registry().AllDependencies(ctx)); !slices.Equal(all, dependencies) {
		t.Errorf("the registry lists the dependencies %v, want %v", all, dependencies)
	}
	contacts, err := tr.Overview().Contacts(ctx)
	must(t, err)
	want := []tracker.ContactOf{{Process: "Report", Contact: ben}, {Process: "Load", Contact: ada, System: "Lahman"}}
	if !slices.Equal(contacts, want) {
		t.Errorf("contacts: %v, want %v", contacts, want)
	}

	first, err := tr.Registry().RegisterLocation(ctx, "/landing/a", "a")
	must(t, err)
	second, err := tr.Registry().RegisterLocation(ctx, "/landing/b", "b")
	must(t, err)
	all, err := tr.Overview().Locations(ctx, 0)
	must(t, err)
	if !slices.Equal(all, []tracker.Location{first, second}) {
		t.Errorf("locations: %v", all)
	}
	rest, err := tr.Overview().Locations(ctx, first.ID)
	must(t, err)
	if !slices.Equal(rest, []tracker.Location{second}) {
		t.Errorf("locations after the first: %v", rest)
	}
}

func overviewOfRuns(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	var ended []tracker.RunInfo
	for number := range 3 {
		run := start(ctx, t, tr, tracker.Process{Name: "Load"})
		took := time.Duration(number+1) * time.Hour
		must(t, run.Complete(ctx, &tracker.EndOptions{EndedAt: run.StartedAt().Add(took)}))
		info, err := tr.RunByID(ctx, run.ID())
		must(t, err)
		ended = append(ended, info)
	}
	active := start(ctx, t, tr, tracker.Process{Name: "Load"})
	defer func() { must(t, active.Close()) }()

	usual, err := tr.Overview().UsualDurations(ctx)
	must(t, err)
	if len(usual) != 1 || usual["Load"] != 2*time.Hour {
		t.Errorf("usual durations: %v, want 2h", usual)
	}

	began := ended[0].StartedAt
	for name, c := range map[string]struct {
		since, until time.Duration
		limit        int
		want         []int64
	}{
		"all":                                  {-time.Hour, 10 * time.Hour, 0, []int64{3, 2, 1}},
		"the last two":                         {-time.Hour, 10 * time.Hour, 2, []int64{3, 2}},
		"a run that ended before is left out":  {90 * time.Minute, 10 * time.Hour, 0, []int64{3, 2}},
		"a run that ended after is listed":     {30 * time.Minute, 40 * time.Minute, 0, []int64{3, 2, 1}},
		"a run that started after is left out": {-2 * time.Hour, -time.Hour, 0, nil},
		"a span in which nothing went on":      {5 * time.Hour, 6 * time.Hour, 0, nil},
	} {
		runs, err := tr.Overview().RunsDuring(ctx, began.Add(c.since), began.Add(c.until), c.limit)
		must(t, err)
		var got []int64
		for _, run := range runs {
			got = append(got, run.Number)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: runs %v, want %v", name, got, c.want)
		}
	}
	_, err = tr.Overview().RunsDuring(ctx, began, began, -1)
	if !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("error: %v, want %v", err, tracker.ErrInvalid)
	}
}

func overviewOfExtracts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	defer func() { must(t, run.Close()) }()
	register := func(location, name string, status tracker.ExtractStatus) tracker.Extract {
		x, err := run.RegisterExtract(ctx, tracker.File{Location: location, Name: name, Status: status})
		must(t, err)
		return x
	}
	first := register("/landing/a", "1.csv", tracker.Ready)
	second := register("/landing/a", "2.csv", tracker.Ready)
	register("/landing/b", "3.csv", tracker.Loaded)
	held := register("/landing/b", "4.csv", tracker.Loading)

	waiting, err := tr.Overview().WaitingExtracts(ctx)
	must(t, err)
	want := []tracker.WaitingExtracts{
		{Location: first.Location.Name, Status: tracker.Ready, Count: 2, Oldest: first.RegisteredAt},
		{Location: held.Location.Name, Status: tracker.Loading, Count: 1, Oldest: held.RegisteredAt},
	}
	if !slices.Equal(waiting, want) {
		t.Errorf("waiting: %v, want %v", waiting, want)
	}

	claimed, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 1})
	must(t, err)
	if len(claimed) != 1 || claimed[0].ID != first.ID {
		t.Fatalf("claimed %v, want %v", claimed, first)
	}
	holders, err := tr.Overview().Claimants(ctx, first, second)
	must(t, err)
	wantHolder := tracker.Claimant{ExtractID: first.ID, RunID: run.ID(), Process: "Extract", RunNumber: 1}
	if len(holders) != 1 || holders[first.ID] != wantHolder {
		t.Errorf("held by %v, want %v", holders, wantHolder)
	}
	register("/landing/c", "[1]_%.csv", tracker.Ready)
	for beginning, want := range map[string][]string{"2": {"2.csv"}, "[1]_%": {"[1]_%.csv"}, "_": nil, "x": nil} {
		found, err := tr.Overview().ExtractsNamed(ctx, beginning)
		must(t, err)
		var got []string
		for _, x := range found {
			got = append(got, x.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("names that begin with %q: %q, want %q", beginning, got, want)
		}
	}
	if _, err := tr.Overview().ExtractsNamed(ctx, "a*"); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("a beginning with a *: %v, want %v", err, tracker.ErrInvalid)
	}
	if none, err := tr.Overview().Claimants(ctx); err != nil || len(none) != 0 {
		t.Errorf("the holders of no extracts: %v, %v", none, err)
	}
}

func actsAs(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{Actor: "dashboard"})
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load"}))
	ada, err := tr.As(" Ada ")
	must(t, err)
	must(t, ada.Admin().Hold(ctx, "Load", "looking into it"))
	must(t, tr.Admin().Release(ctx, "Load", "found"))
	var got []string
	for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{Process: "Load"})) {
		got = append(got, c.To+" by "+c.Actor+": "+c.Reason)
	}
	if want := []string{"held by Ada: looking into it", "released by dashboard: found"}; !slices.Equal(got, want) {
		t.Errorf("history: %q, want %q", got, want)
	}
	_, err = tr.As("two\nlines")
	if !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("error: %v, want %v", err, tracker.ErrInvalid)
	}
	var none *tracker.Tracker
	_, err = none.As("Ada")
	if !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("error: %v, want %v", err, tracker.ErrInvalid)
	}
}

func overviewForReaders(t *testing.T, e *Env) {
	ctx := e.context(t)
	whole(ctx, t, e.setUp(t))
	o := trackerOn(ctx, t, e.as(t, setup.Reader).open(t), nil).Overview()
	now := time.Now()
	for name, read := range map[string]func() error{
		"dependencies": func() error { _, err := o.Dependencies(ctx); return err },
		"contacts":     func() error { _, err := o.Contacts(ctx); return err },
		"locations":    func() error { _, err := o.Locations(ctx, 0); return err },
		"runs":         func() error { _, err := o.RunsDuring(ctx, now.Add(-time.Hour), now, 0); return err },
		"durations":    func() error { _, err := o.UsualDurations(ctx); return err },
		"waiting":      func() error { _, err := o.WaitingExtracts(ctx); return err },
		"named":        func() error { _, err := o.ExtractsNamed(ctx, "a"); return err },
		"claimants":    func() error { _, err := o.Claimants(ctx, tracker.Extract{ID: 1}); return err },
	} {
		if err := read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
