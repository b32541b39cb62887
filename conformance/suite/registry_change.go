package suite

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func registryChangeCases() []Case {
	return []Case{
		{"S1.7 S1.11 a name in use can be renamed, and everything that refers to it has the new name", renamedInUse},
		{"S1.7 a row in use cannot be deleted, and the error says what refers to it; an unused row can", deletedUnused},
		{"S1.6 S1.7 contacts are listed with their owners, changed for all of them at once, and deleted when they have none", contactsChanged},
		{"S1.8 actors, clusters, contacts and locations are listed, found by name, and paged by cursors", namesListed},
		{"S2.6 a cluster keeps the units of its maxima, and is listed with its use", clusterUnits},
		{"S1.5 S1.10 a process keeps an alias and an expression of an attribute that it reads or writes", attributeAliases},
		{"S5.8 a file type keeps the format of its files", fileFormats},
		{"S1.10 S1.4 sources and targets are removed from a process at the grain at which they were given", undefined},
		{"S2.4 S2.5 S2.12 a start that succeeds adds dependencies of a kind, and changes existing ones", startDependencies},
		{"S5.9 a listing with a glob registers and misses only what its glob matches", listingGlob},
	}
}

func renamedInUse(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	run := start(ctx, t, tr, tracker.Process{Name: "Load", Sources: tracker.ObjectRefs("old system", "teams")})
	must(t, run.Complete(ctx, nil))
	must(t, g.SetCluster(ctx, tracker.Cluster{Name: "old cluster"}))
	must(t, g.JoinCluster(ctx, "Load", "old cluster"))
	_, err := g.RegisterLocation(ctx, "/landing", "old location")
	must(t, err)
	actor := collect(t, tr.Runs(ctx, tracker.RunFilter{}))[0].Actor
	for what, rename := range map[string]func(from, to string) error{
		"process":  func(from, to string) error { return g.RenameProcess(ctx, from, to) },
		"system":   func(from, to string) error { return g.RenameSystem(ctx, from, to) },
		"cluster":  func(from, to string) error { return g.RenameCluster(ctx, from, to) },
		"actor":    func(from, to string) error { return g.RenameActor(ctx, from, to) },
		"location": func(from, to string) error { return g.RenameLocation(ctx, from, to) },
	} {
		from := map[string]string{"process": "Load", "actor": actor}[what]
		if from == "" {
			from = "old " + what
		}
		if err := rename("none", "x"); !only(err, tracker.ErrNotFound) {
			t.Errorf("%s that there is not: %v", what, err)
		}
		if err := rename(from, " "); !only(err, tracker.ErrInvalid) {
			t.Errorf("%s, to no name: %v", what, err)
		}
		must(t, rename(from, from))
		must(t, rename(from, "new "+what))
	}
	if runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "new process"})); len(runs) != 1 || runs[0].Actor != "new actor" {
		t.Errorf("runs: %+v", runs)
	}
	d, err := g.Definition(ctx, "new process")
	must(t, err)
	if want := tracker.ObjectRefs("new system", "teams"); !slices.Equal(d.Sources, want) {
		t.Errorf("sources %+v, want %+v", d.Sources, want)
	}
	if all := collect(t, g.Clusters(ctx, tracker.NameFilter{Name: "new cluster"})); len(all) != 1 || !slices.Equal(all[0].Processes, []string{"new process"}) {
		t.Errorf("clusters: %+v", all)
	}
	if l, err := g.Location(ctx, "/landing"); err != nil || l.Name != "new location" {
		t.Errorf("location %+v, %v", l, err)
	}

	// A program that still uses the old name registers it again, beside the new one.
	must(t, start(ctx, t, tr, tracker.Process{Name: "new process", Sources: tracker.ObjectRefs("old system", "teams")}).Complete(ctx, nil))
	d, err = g.Definition(ctx, "new process")
	must(t, err)
	if want := append(tracker.ObjectRefs("new system", "teams"), tracker.ObjectRefs("old system", "teams")...); !slices.Equal(d.Sources, want) {
		t.Errorf("sources %+v, want %+v", d.Sources, want)
	}
	var exists *tracker.ExistsError
	if err := g.RenameSystem(ctx, "old system", "new system"); !only(err, tracker.ErrExists) || !errors.As(err, &exists) || exists.Name != "new system" {
		t.Errorf("a name that is there: %v", err)
	}
}

func deletedUnused(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	run := start(ctx, t, tr, tracker.Process{Name: "Load", Sources: tracker.SystemRefs("used")})
	_, err := run.RegisterExtract(ctx, tracker.File{Location: "/used", LocationName: "used", Name: "a"})
	must(t, err)
	must(t, g.SetCluster(ctx, tracker.Cluster{Name: "used"}))
	must(t, g.JoinCluster(ctx, "Load", "used"))
	must(t, g.SetCluster(ctx, tracker.Cluster{Name: "unused"}))
	must(t, g.DescribeSystem(ctx, tracker.System{Name: "unused"}))
	_, err = g.RegisterLocation(ctx, "/unused", "unused")
	must(t, err)
	_, err = tr.As("unused")
	must(t, err)
	for what, remove := range map[string]func(name string) error{
		"system":   func(name string) error { return g.DeleteSystem(ctx, name) },
		"cluster":  func(name string) error { return g.DeleteCluster(ctx, name) },
		"location": func(name string) error { return g.DeleteLocation(ctx, name) },
	} {
		var inUse *tracker.InUseError
		if err := remove("used"); !only(err, tracker.ErrInUse) || !errors.As(err, &inUse) || inUse.What != what || len(inUse.Uses) == 0 {
			t.Errorf("%s in use: %v", what, err)
		}
		must(t, remove("unused"))
		if err := remove("unused"); !only(err, tracker.ErrNotFound) {
			t.Errorf("%s that is gone: %v", what, err)
		}
	}
	actor := collect(t, tr.Runs(ctx, tracker.RunFilter{}))[0].Actor
	if err := g.DeleteActor(ctx, actor); !only(err, tracker.ErrInUse) {
		t.Errorf("an actor with a run: %v", err)
	}
	must(t, run.Complete(ctx, nil))
}

func contactsChanged(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	ann, ann2 := tracker.Contact{Name: "Ann", Email: "ann@example.org"}, tracker.Contact{Name: "Ann Lee", Email: "lee@example.org"}
	must(t, g.AddProcessContact(ctx, "Load", ann))
	must(t, g.AddProcessContact(ctx, "Extract", ann))
	must(t, g.AddSystemContact(ctx, "Shop", ann))
	must(t, g.AddContact(ctx, tracker.Contact{Name: "Bob"}))
	must(t, g.AddContact(ctx, tracker.Contact{Name: "Bob"}))
	must(t, g.ChangeContact(ctx, ann, ann2))
	must(t, g.ChangeContact(ctx, ann2, ann2))
	all := collect(t, g.AllContacts(ctx, tracker.NameFilter{}))
	if len(all) != 2 || all[0].Contact != ann2 || !slices.Equal(all[0].Processes, []string{"Extract", "Load"}) || !slices.Equal(all[0].Systems, []string{"Shop"}) ||
		all[1].Name != "Bob" || len(all[1].Processes)+len(all[1].Systems) != 0 {
		t.Errorf("contacts: %+v", all)
	}
	for err, want := range map[error]error{
		g.ChangeContact(ctx, ann, ann2):                                    tracker.ErrNotFound,
		g.ChangeContact(ctx, ann2, tracker.Contact{Name: "Bob"}):           tracker.ErrExists,
		g.ChangeContact(ctx, ann2, tracker.Contact{Name: "B", Email: "b"}): tracker.ErrInvalid,
		g.DeleteContact(ctx, ann):                                          tracker.ErrNotFound,
		g.DeleteContact(ctx, ann2):                                         tracker.ErrInUse,
	} {
		if !only(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func namesListed(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	for _, name := range []string{"a", "b", "c"} {
		must(t, g.SetCluster(ctx, tracker.Cluster{Name: name}))
		must(t, g.AddContact(ctx, tracker.Contact{Name: name}))
		_, err := g.RegisterLocation(ctx, "/"+name, name)
		must(t, err)
		as, err := tr.As(name)
		must(t, err)
		must(t, as.Registry().AddLookupName(ctx, tracker.Tools, name))
	}
	first := map[string]tracker.Cursor{}
	names := func(f tracker.NameFilter, cursors map[string]tracker.Cursor) [][]string {
		all := make([][]string, 4)
		list := func(i int, kind, name string, at tracker.Cursor) {
			if all[i] = append(all[i], name); name == "a" {
				first[kind] = at
			}
		}
		f.After = cursors["actor"]
		for _, x := range collect(t, g.Actors(ctx, f)) {
			if slices.Contains([]string{"a", "b", "c"}, x.Name) { // the user who set up is an actor, too
				list(0, "actor", x.Name, x.Cursor())
			}
		}
		f.After = cursors["cluster"]
		for _, x := range collect(t, g.Clusters(ctx, f)) {
			list(1, "cluster", x.Name, x.Cursor())
		}
		f.After = cursors["contact"]
		for _, x := range collect(t, g.AllContacts(ctx, f)) {
			list(2, "contact", x.Name, x.Cursor())
		}
		f.After = cursors["location"]
		for _, x := range collect(t, g.Locations(ctx, f)) {
			list(3, "location", x.Name, x.Cursor())
		}
		return all
	}
	same := func(of ...string) [][]string { return [][]string{of, of, of, of} }
	if got, want := names(tracker.NameFilter{}, nil), same("a", "b", "c"); !reflect.DeepEqual(got, want) {
		t.Errorf("listed %q", got)
	}
	if got, want := names(tracker.NameFilter{Name: "b"}, nil), same("b"); !reflect.DeepEqual(got, want) {
		t.Errorf("found %q", got)
	}
	if got, want := names(tracker.NameFilter{Limit: 1}, first), same("b"); !reflect.DeepEqual(got, want) {
		t.Errorf("after the first %q", got)
	}
	for _, f := range []tracker.NameFilter{{Limit: -1}, {After: "x9"}, {Name: "\x00"}} {
		for _, err := range g.Actors(ctx, f) {
			if !only(err, tracker.ErrInvalid) {
				t.Errorf("%+v: %v", f, err)
			}
		}
	}
}
