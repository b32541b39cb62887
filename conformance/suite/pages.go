package suite

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func pageCases() []Case {
	return []Case{
		{"S1.8 lists miss and repeat no row while other callers insert and delete", listsWhileOthersWrite},
		{"S1.8 a list that ends early, or has a limit, reads no more rows than it needs", listsLeftEarly},
	}
}

// A list of names, with a way to insert its rows without the tracker.
type nameList struct {
	read   func(context.Context, *tracker.Tracker) iter.Seq2[string, error]
	table  string
	parent string // the column of what the names are within, and a query for it
	within string
}

func listed[T any](list iter.Seq2[T, error], name func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range list {
			if !yield(name(item), err) {
				return
			}
		}
	}
}

func nameLists() map[string]nameList {
	all := map[string]nameList{
		"processes": {table: "process", read: func(ctx context.Context, tr *tracker.Tracker) iter.Seq2[string, error] {
			return listed(tr.Registry().Processes(ctx, tracker.ProcessFilter{}), func(p tracker.ProcessInfo) string { return p.Name })
		}},
		"systems": {table: "data_system", read: func(ctx context.Context, tr *tracker.Tracker) iter.Seq2[string, error] {
			return listed(tr.Registry().Systems(ctx, tracker.SystemFilter{}), func(s tracker.System) string { return s.Name })
		}},
		"objects": {
			table: "data_object", parent: "system_id", within: "(SELECT id FROM {data_system} WHERE name = 'S')",
			read: func(ctx context.Context, tr *tracker.Tracker) iter.Seq2[string, error] {
				return listed(tr.Registry().Objects(ctx, tracker.ObjectFilter{System: "S"}), func(o tracker.Object) string { return o.Name })
			},
		},
		"attributes": {
			table: "data_attribute", parent: "object_id", within: "(SELECT id FROM {data_object} WHERE name = 'O')",
			read: func(ctx context.Context, tr *tracker.Tracker) iter.Seq2[string, error] {
				return listed(tr.Registry().Attributes(ctx, "S", "O"), func(a tracker.Attribute) string { return a.Name })
			},
		},
	}
	for l, table := range map[tracker.Lookup]string{tracker.ProcessTypes: "process_type", tracker.DatasetTypes: "dataset_type"} {
		all[string(l)] = nameList{table: table, read: func(ctx context.Context, tr *tracker.Tracker) iter.Seq2[string, error] {
			return listed(tr.Registry().LookupNames(ctx, l), func(n tracker.LookupName) string { return n.Name })
		}}
	}
	return all
}

// add adds n names with the prefix.
func (l nameList) add(ctx context.Context, t *testing.T, b dialect.Backend, prefix string, n int) {
	t.Helper()
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(`{"name":"%s %04d"}`, prefix, i)
	}
	columns, values := "name", squirrel.Select("r.name")
	if l.parent != "" {
		columns, values = "name, "+l.parent, values.Column(l.within)
	}
	query, args, err := b.Dialect().Rows(values, "["+strings.Join(items, ",")+"]", dialect.Column{Name: "name"}).ToSql()
	must(t, err)
	change(ctx, t, b, "INSERT INTO {"+l.table+"} ("+columns+") "+query, args...)
}

// listsWhileOthersWrite repeatedly inserts and deletes rows before and after the
// current position of the list.
func listsWhileOthersWrite(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "S", Name: "O"}))
	for what, l := range nameLists() {
		const stays, goes = 600, 700
		l.add(ctx, t, b, "early", 200)
		l.add(ctx, t, b, "stay a", stays)
		l.add(ctx, t, b, "go", goes)
		l.add(ctx, t, b, "stay b", stays)
		seen, n := map[string]int{}, 0
		for name, err := range l.read(ctx, tr) {
			must(t, err)
			seen[name]++
			if n++; n%100 != 0 || n > 1500 {
				continue
			}
			l.add(ctx, t, b, fmt.Sprint("late ", n), 7)
			change(ctx, t, b, "DELETE FROM {"+l.table+"} WHERE name LIKE ?", fmt.Sprintf("early %02d%%", n/100-1))
			change(ctx, t, b, "DELETE FROM {"+l.table+"} WHERE name LIKE ?", fmt.Sprintf("go %02d%%", n/100-1))
		}
		for _, name := range slices.Sorted(maps.Keys(seen)) {
			if seen[name] > 1 {
				t.Errorf("%s: %q was listed %d times", what, name, seen[name])
			}
		}
		for _, half := range []string{"stay a", "stay b"} {
			for i := range stays {
				if name := fmt.Sprintf("%s %04d", half, i); seen[name] != 1 {
					t.Errorf("%s: %q was listed %d times", what, name, seen[name])
				}
			}
		}
	}
}

func listsLeftEarly(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	nameLists()["processes"].add(ctx, t, s, "p", 1700)
	for limit, pages := range map[int]int{1: 1, 500: 1, 501: 2, 1700: 4, 1800: 4, 0: 4} {
		s.forget()
		want := limit
		if limit == 0 || limit > 1700 {
			want = 1700
		}
		if n := len(collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{Limit: limit}))); n != want {
			t.Errorf("limited to %d, the list has %d", limit, n)
		}
		if n := len(s.names()); n != pages {
			t.Errorf("limited to %d, the list was read in %d pages, want %d", limit, n, pages)
		}
	}
	s.forget()
	list := tr.Registry().Processes(ctx, tracker.ProcessFilter{})
	for range 2 { // a list can be read again
		for _, err := range list {
			must(t, err)
			break
		}
	}
	if n := len(s.names()); n != 2 {
		t.Errorf("left at once, twice, it was read in %d pages", n)
	}
	if n := len(collect(t, list)); n != 1700 {
		t.Errorf("after that, it has %d", n)
	}
}
