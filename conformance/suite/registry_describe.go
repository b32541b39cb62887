package suite

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func clusterUnits(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	most := int64(64)
	given := tracker.Cluster{Name: "Spark", MaxMemory: &most, MemoryUnit: "GB", ProcessingUnit: "cores"}
	must(t, g.SetCluster(ctx, given))
	must(t, g.JoinCluster(ctx, "Load", "Spark"))
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 48, Processing: 4}})
	must(t, err)
	read := func() tracker.ClusterInfo {
		t.Helper()
		all := collect(t, g.Clusters(ctx, tracker.NameFilter{}))
		if len(all) != 1 {
			t.Fatalf("clusters: %+v", all)
		}
		return all[0]
	}
	if got := read(); !reflect.DeepEqual(got.Cluster, given) || got.Used != (tracker.Capacity{Memory: 48, Processing: 4}) {
		t.Errorf("listed %+v", got)
	}
	must(t, run.Complete(ctx, nil))
	before := read().Audit
	must(t, g.SetCluster(ctx, given))
	if got := read(); got.Used != (tracker.Capacity{}) || got.Audit != before {
		t.Errorf("set again: %+v, was %+v", got, before)
	}
	given.MemoryUnit, given.ProcessingUnit = "", "vCPU"
	must(t, g.SetCluster(ctx, given))
	if got := read(); !reflect.DeepEqual(got.Cluster, given) {
		t.Errorf("listed %+v", got)
	}
	before = read().Audit
	must(t, g.ChangeCluster(ctx, " Spark ", func(c *tracker.Cluster) {
		if !reflect.DeepEqual(*c, given) {
			t.Errorf("a change gets %+v, want %+v", *c, given)
		}
		c.Name = "ignored"
	}))
	if got := read(); !reflect.DeepEqual(got.Cluster, given) || got.Audit != before {
		t.Errorf("changed in nothing: %+v, was %+v", got, before)
	}
	must(t, g.ChangeCluster(ctx, "Spark", func(c *tracker.Cluster) { *c.MaxMemory++; c.ProcessingUnit = "cores" }))
	*given.MaxMemory, given.ProcessingUnit = 65, "cores"
	if got := read(); !reflect.DeepEqual(got.Cluster, given) {
		t.Errorf("changed in parts: %+v", got)
	}
	wantOnly(t, map[error]error{
		g.ChangeCluster(ctx, "none", func(*tracker.Cluster) { t.Error("called with no cluster") }): tracker.ErrNotFound,
		g.ChangeCluster(ctx, "Spark", func(c *tracker.Cluster) { *c.MaxMemory = -1 }):              tracker.ErrInvalid,
	})
}

// wantOnly looks at the sentinels of errors.
func wantOnly(t *testing.T, all map[error]error) {
	t.Helper()
	for err, want := range all {
		if !only(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func attributeAliases(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	must(t, g.Register(ctx, tracker.Process{
		Name: "Load", Sources: tracker.AttributeRefs("shop", "orders", "id", "total"), Targets: tracker.AttributeRefs("dwh", "f_orders", "amount"),
	}))
	must(t, g.DescribeAttributes(ctx, "shop", "orders", tracker.Attribute{Name: "id", Key: true}))
	describe := func(role tracker.Role, system, object, attribute, alias, expression string) error {
		return g.DescribeProcessAttribute(ctx, "Load", tracker.ProcessAttribute{
			Role: role, System: system, Object: object, Attribute: tracker.Attribute{Name: attribute}, Alias: alias, Expression: expression,
		})
	}
	for range 2 {
		must(t, describe(tracker.Source, "shop", "orders", "id", " order_id ", ""))
		must(t, describe(tracker.Target, "dwh", "f_orders", "amount", "", "total * 100 -- 'cents'\n"))
	}
	all, err := g.ProcessAttributes(ctx, "Load")
	must(t, err)
	var got []string
	for _, a := range all {
		got = append(got, string(a.Role)+" "+a.System+"."+a.Object+"."+a.Attribute.Name+" as "+a.Alias+" = "+a.Expression)
	}
	want := []string{"source shop.orders.id as order_id = ", "source shop.orders.total as  = ", "target dwh.f_orders.amount as  = total * 100 -- 'cents'\n"}
	if !slices.Equal(got, want) || !all[0].Attribute.Key || all[1].Attribute.Key {
		t.Errorf("attributes %q, want %q: %+v", got, want, all)
	}
	must(t, describe(tracker.Source, "shop", "orders", "id", "", ""))
	if all, err = g.ProcessAttributes(ctx, "Load"); err != nil || all[0].Alias != "" {
		t.Errorf("cleared: %+v, %v", all, err)
	}
	amount := tracker.ProcessAttribute{Role: tracker.Target, System: "dwh", Object: "f_orders", Attribute: tracker.Attribute{Name: "amount"}}
	must(t, g.ChangeProcessAttribute(ctx, "Load", amount, func(a *tracker.ProcessAttribute) { a.Alias = "sum" }))
	if all, err = g.ProcessAttributes(ctx, "Load"); err != nil || all[2].Alias != "sum" || all[2].Expression != "total * 100 -- 'cents'\n" {
		t.Errorf("changed in a part: %+v, %v", all, err)
	}
	wantOnly(t, map[error]error{
		describe(tracker.Target, "shop", "orders", "id", "x", ""):                                             tracker.ErrNotFound,
		describe(tracker.Source, "shop", "orders", "none", "x", ""):                                           tracker.ErrNotFound,
		describe("both", "shop", "orders", "id", "x", ""):                                                     tracker.ErrInvalid,
		describe(tracker.Source, "shop", "orders", "id", "", "a\x00"):                                         tracker.ErrInvalid,
		g.ChangeProcessAttribute(ctx, "None", amount, func(*tracker.ProcessAttribute) {}):                     tracker.ErrNotFound,
		g.ChangeProcessAttribute(ctx, "Load", tracker.ProcessAttribute{}, nil):                                tracker.ErrInvalid,
		g.ChangeProcessAttribute(ctx, "Load", amount, func(a *tracker.ProcessAttribute) { a.Alias = "\x00" }): tracker.ErrInvalid,
	})
	if _, err := g.ProcessAttributes(ctx, "none"); !only(err, tracker.ErrNotFound) {
		t.Errorf("of no process: %v", err)
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "Other"}).Complete(ctx, nil))
	if all, err := g.ProcessAttributes(ctx, "Other"); err != nil || len(all) > 0 {
		t.Errorf("of a process without any: %+v, %v", all, err)
	}
}

func fileFormats(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	must(t, g.AddLookupName(ctx, tracker.FileTypes, "ebcdic"))
	formats := map[string]tracker.FileFormat{"csv": {Delimiter: ";", Quote: `"`, Escape: `\`}, "ebcdic": {Delimiter: "\x01|é"}}
	for name, f := range formats {
		must(t, g.SetFileFormat(ctx, name, f))
	}
	for _, n := range collect(t, g.LookupNames(ctx, tracker.FileTypes)) {
		if n.Format != formats[n.Name] {
			t.Errorf("%s: %q, want %q", n.Name, n.Format, formats[n.Name])
		}
	}
	must(t, g.SetFileFormat(ctx, "csv", tracker.FileFormat{Delimiter: ";"}))
	must(t, g.ChangeFileFormat(ctx, "csv", func(f *tracker.FileFormat) { f.Quote = "'" }))
	for _, n := range collect(t, g.LookupNames(ctx, tracker.FileTypes)) {
		if n.Name == "csv" && n.Format != (tracker.FileFormat{Delimiter: ";", Quote: "'"}) {
			t.Errorf("changed in a part: %q", n.Format)
		}
	}
	must(t, g.SetFileFormat(ctx, "csv", tracker.FileFormat{}))
	wantOnly(t, map[error]error{
		g.SetFileFormat(ctx, "none", tracker.FileFormat{}):                                tracker.ErrNotFound,
		g.SetFileFormat(ctx, "csv", tracker.FileFormat{Quote: "elevencharac"}):            tracker.ErrInvalid,
		g.SetFileFormat(ctx, "csv", tracker.FileFormat{Delimiter: "\x00"}):                tracker.ErrInvalid,
		g.ChangeFileFormat(ctx, "none", func(*tracker.FileFormat) {}):                     tracker.ErrNotFound,
		g.ChangeFileFormat(ctx, "csv", func(f *tracker.FileFormat) { f.Escape = "\x00" }): tracker.ErrInvalid,
	})
}

func undefined(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	g := tr.Registry()
	filter := tracker.RowFilter{Attribute: tracker.DataRef{System: "s", Object: "o", Attribute: "a"}, Operator: tracker.OpIn, Values: []string{"1", "2"}}
	whole := tracker.Process{
		Name: "Load", Sources: []tracker.DataRef{{System: "s"}, {System: "s", Object: "o"}, {System: "s", Object: "o", Attribute: "a"}},
		Targets: tracker.SystemRefs("s"), DatasetTypes: []string{"customers", "orders"}, Filters: []tracker.RowFilter{filter},
	}
	must(t, start(ctx, t, tr, whole).Complete(ctx, nil))
	must(t, g.Undefine(ctx, tracker.Process{
		Name: "Load", Sources: []tracker.DataRef{{System: "s"}, {System: "s", Object: "o", Attribute: "a"}, {System: "none"}},
		DatasetTypes: []string{"orders"}, Filters: []tracker.RowFilter{filter},
	}))
	d, err := g.Definition(ctx, "Load")
	must(t, err)
	if want := (tracker.Process{
		Name: "Load", Frequency: d.Frequency, Sources: tracker.ObjectRefs("s", "o"), Targets: tracker.SystemRefs("s"), DatasetTypes: []string{"customers"},
	}); !reflect.DeepEqual(d, want) {
		t.Errorf("left is %+v, want %+v", d, want)
	}
	must(t, g.Undefine(ctx, tracker.Process{Name: "Load", Sources: tracker.ObjectRefs("s", "o")}))
	must(t, start(ctx, t, tr, whole).Complete(ctx, nil)) // its fingerprint was the stored one
	if d, err = g.Definition(ctx, "Load"); err != nil || len(d.Sources) != 3 || len(d.DatasetTypes) != 2 || len(d.Filters) != 1 {
		t.Errorf("after a start that says it: %+v, %v", d, err)
	}
	if err := g.Undefine(ctx, tracker.Process{Name: "none"}); !only(err, tracker.ErrNotFound) {
		t.Errorf("of no process: %v", err)
	}
}

func startDependencies(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	on := func(parent string, kind tracker.DependencyKind, fresh tracker.Freshness) tracker.DependencyOn {
		return tracker.DependencyOn{Parent: parent, DependencyOptions: tracker.DependencyOptions{Kind: kind, Freshness: fresh}}
	}
	stored := func() (all []string) {
		t.Helper()
		d, err := tr.Registry().Dependencies(ctx, "Load")
		must(t, err)
		for _, p := range d.Parents {
			text := string(p.Kind) + " " + p.Parent
			if p.Fresh {
				text += " fresh"
			}
			all = append(all, text)
		}
		return all
	}
	try := func(dependencies ...tracker.DependencyOn) error {
		run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Dependencies: dependencies})
		if err != nil {
			return err
		}
		return run.Complete(ctx, nil)
	}
	if err := try(on("Extract", tracker.Hard, "")); !errors.Is(err, tracker.ErrDependency) {
		t.Errorf("a parent that never ran: %v", err)
	}
	if got := stored(); len(got) > 0 {
		t.Errorf("a refused start stored %q", got)
	}
	must(t, try(on("Extract", tracker.Soft, ""), on("Dim", "", "")))
	if got, want := stored(), []string{"normal Dim", "soft Extract"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "Extract"}).Complete(ctx, nil))
	for range 2 {
		clockMoves(ctx, t, b)
		must(t, start(ctx, t, tr, tracker.Process{Name: "Extract"}).Complete(ctx, nil))
		must(t, try(on("Extract", tracker.Hard, tracker.Fresh), on("Dim", "", "")))
		if got, want := stored(), []string{"normal Dim", "hard Extract fresh"}; !slices.Equal(got, want) {
			t.Errorf("stored %q, want %q", got, want)
		}
	}
	if err := try(on("Extract", tracker.Hard, tracker.Fresh)); !errors.Is(err, tracker.ErrDependency) {
		t.Errorf("data that it has seen: %v", err)
	}
	if err := try(on("Extract", "", tracker.AnyAge)); !errors.Is(err, tracker.ErrDependency) { // the stored one applies until then
		t.Errorf("a start that would loosen what blocks it: %v", err)
	}
	if err := try(on("Extract", "strict", "")); !only(err, tracker.ErrInvalid) {
		t.Errorf("no kind: %v", err)
	}
	if err := try(on("Load", "", "")); !errors.Is(err, tracker.ErrCycle) {
		t.Errorf("itself: %v", err)
	}
}

func listingGlob(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	list := func(glob string, files ...string) tracker.Listing {
		t.Helper()
		found, err := run.ListLocation(ctx, &store{objects: objects(files...)}, "/landing", &tracker.ListOptions{NameGlob: glob, MissingAs: tracker.Deleted})
		must(t, err)
		return found
	}
	want := func(got tracker.Listing, added, known, missing, files int64) {
		t.Helper()
		if got.New != added || got.Known != known || got.Missing != missing || *got.Location.FileCount != files {
			t.Errorf("%+v, want %d new, %d known, %d missing, %d files", got, added, known, missing, files)
		}
	}
	want(list("", "a.csv", "b.txt"), 2, 0, 0, 2)
	clockMoves(ctx, t, b)
	want(list("*.csv", "c.csv", "d.txt"), 1, 0, 1, 2)
	var deleted []string
	for _, x := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Deleted})) {
		deleted = append(deleted, x.Name)
	}
	if !slices.Equal(deleted, []string{"a.csv"}) {
		t.Errorf("deleted are %q, want a.csv: b.txt was not listed", deleted)
	}
	if _, err := run.ListLocation(ctx, &store{}, "/landing", &tracker.ListOptions{NameGlob: "\x00"}); !only(err, tracker.ErrInvalid) {
		t.Errorf("a glob with a NUL: %v", err)
	}
}
