package suite

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func filterCases() []Case {
	return []Case{
		{"S1.5 filters of a process are kept and read back, with every operator", filtersKept},
		{"S1.5 a filter registers its attribute, but does not make it a source", filterAttributes},
		{"S1.5 S1.1 each filter is added once, in any order and by any number of callers", filtersAdded},
		{"S1.5 similar and long values of filters are kept apart, and exactly", filterValues},
		{"S1.5 S8.1 an invalid filter is refused before any SQL is sent", badFilters},
	}
}

// on returns a filter on the attribute that most cases use.
func on(operator tracker.Operator, values ...string) tracker.RowFilter {
	return tracker.RowFilter{Attribute: tracker.DataRef{System: "Lahman", Object: "Teams", Attribute: "yearID"}, Operator: operator, Values: values}
}

func wantFilters(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string, want ...tracker.RowFilter) {
	t.Helper()
	p, err := tr.Registry().Definition(ctx, process)
	must(t, err)
	if !reflect.DeepEqual(p.Filters, want) {
		t.Errorf("process %q has the filters\n%+v, want\n%+v", process, p.Filters, want)
	}
}

func filtersKept(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	all := []tracker.RowFilter{ // in the order of the operators' names
		on(tracker.OpEqual, "1871"), on(tracker.OpGreater, "0"), on(tracker.OpGreaterOrEqual, "1871"), on(tracker.OpIn, "1871", "1872", "<&>\"'"),
		on(tracker.OpLike, "18%"), on(tracker.OpLess, "2000"), on(tracker.OpLessOrEqual, "1999"), on(tracker.OpNot, ""),
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Filters: all})
	wantFilters(ctx, t, tr, "Teams Load", all...)
	must(t, run.Complete(ctx, nil))
	if in := single[string](ctx, t, b, "SELECT value FROM {process_filter} WHERE operator = 'in'"); in != `["1871","1872","<&>\"'"]` {
		t.Errorf("in is stored as %s", in)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {process_filter} AS f JOIN {actor} AS a ON a.id = f.created_by WHERE a.name = 'tester'"); n != 8 {
		t.Errorf("%d filters say who made them, want 8", n)
	}
}

func filterAttributes(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{
		Name: "Teams Load", Sources: tracker.ObjectRefs("Lahman", "Parks"), Filters: []tracker.RowFilter{on(tracker.OpEqual, "1")},
	}))
	wantRegistered(ctx, t, b, before, map[string][]string{
		"actor": {"tester"}, "process": {"Teams Load"}, "data_system": {"Lahman"}, "data_object": {"Parks", "Teams"}, "data_attribute": {"yearID"},
	})
	wantLinks(ctx, t, b, "Teams Load", "source object Lahman/Parks")
}

func filtersAdded(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), e.tracker(t, nil), e.tracker(t, nil)}
	must(t, trackers[0].Registry().Register(ctx, tracker.Process{Name: "Teams Load", Filters: []tracker.RowFilter{on(tracker.OpEqual, "1")}}))
	for i, err := range atOnce(24, func(i int) error {
		set, number := []string{"a", "b", "a"}, strconv.Itoa(2+i%3)
		if i%2 == 0 {
			slices.Reverse(set[:2])
		}
		return trackers[i%len(trackers)].Registry().Register(ctx, tracker.Process{Name: "Teams Load", Filters: []tracker.RowFilter{
			on(tracker.OpIn, set...), on(tracker.OpEqual, "1"), on(tracker.OpEqual, number), on(tracker.OpEqual, number),
		}})
	}) {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	wantFilters(ctx, t, trackers[0], "Teams Load",
		on(tracker.OpEqual, "1"), on(tracker.OpEqual, "2"), on(tracker.OpEqual, "3"), on(tracker.OpEqual, "4"), on(tracker.OpIn, "a", "b"))
	rows := content(ctx, t, b)
	must(t, trackers[0].Registry().Register(ctx, tracker.Process{Name: "Teams Load", Filters: []tracker.RowFilter{on(tracker.OpIn, "b", "a")}}))
	must(t, trackers[0].Registry().Redefine(ctx, tracker.Process{Name: "Teams Load"}))
	wantContent(ctx, t, b, rows)
}

func filterValues(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	values := append(lookalikes(), "", " ", "  ", "a\nb", " a ", strings.Repeat("x", 100_000), strings.Repeat("x", 100_000)+"y")
	slices.Sort(values)
	var single []tracker.RowFilter
	for _, v := range values {
		single = append(single, on(tracker.OpEqual, v))
	}
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "one by one", Filters: single}))
	wantFilters(ctx, t, tr, "one by one", single...)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "together", Filters: []tracker.RowFilter{on(tracker.OpIn, values...)}}))
	wantFilters(ctx, t, tr, "together", on(tracker.OpIn, values...))
	// An array that one value is, is another filter than the set that it shows.
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "alike", Filters: []tracker.RowFilter{on(tracker.OpEqual, `["a"]`), on(tracker.OpIn, "a")}}))
	wantFilters(ctx, t, tr, "alike", on(tracker.OpEqual, `["a"]`), on(tracker.OpIn, "a"))
}

func badFilters(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	s.forget()
	for _, c := range []struct {
		field string
		bad   tracker.RowFilter
	}{
		{"filter operator", on("")},
		{"filter operator", on("EQ", "1")},
		{"filter operator", on("=", "1")},
		{"filter values", on(tracker.OpEqual)},
		{"filter values", on(tracker.OpEqual, "1", "2")},
		{"filter values", on(tracker.OpIn)},
		{"filter value", on(tracker.OpEqual, "a\x00b")},
		{"filter value", on(tracker.OpIn, "fine", "a\xffb")},
		{"filter attribute", tracker.RowFilter{Attribute: tracker.DataRef{System: "s", Object: "o"}, Operator: tracker.OpEqual, Values: []string{"1"}}},
		{"filter object", tracker.RowFilter{Attribute: tracker.DataRef{System: "s", Attribute: "a"}, Operator: tracker.OpEqual, Values: []string{"1"}}},
	} {
		p := tracker.Process{Name: "Teams Load", Filters: []tracker.RowFilter{on(tracker.OpEqual, "1"), c.bad}}
		for _, err := range []error{tr.Registry().Register(ctx, p), tr.Registry().Redefine(ctx, p), ignore(tr.Start(ctx, p, nil))} {
			var invalid *tracker.InvalidError
			if !errors.As(err, &invalid) || invalid.Field != c.field || invalid.Remedy == "" {
				t.Errorf("%+v: %v, want the field %q to be refused", c.bad, err, c.field)
			}
		}
	}
	if sent := s.names(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}
