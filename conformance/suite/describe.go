package suite

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func describeCases() []Case {
	return []Case{
		{"S1.5 attributes keep their descriptions, which are read back", attributesDescribed},
		{"S1.5 a field that a description leaves out stays, and a new description clears it", attributesKept},
		{"S1.5 concurrent descriptions are all kept", describedAtOnce},
		{"S1.5 many attributes are registered with few statements", manyAttributes},
		{"S1.5 S8.1 an invalid description is refused before any SQL is sent", badDescriptions},
		{"S1.9 systems carry a type and a character set, objects a character set", systemsDescribed},
		{"S1.9 S1.2 similar names of systems, objects and attributes are different ones", describedApart},
	}
}

// plain returns attributes without the values that the database adds.
func plain(all []tracker.Attribute) []tracker.Attribute {
	for i := range all {
		all[i].ID, all[i].Audit = 0, tracker.Audit{}
	}
	return all
}

func wantAttributes(ctx context.Context, t *testing.T, tr *tracker.Tracker, system, object string, want ...tracker.Attribute) {
	t.Helper()
	got := plain(collect(t, tr.Registry().Attributes(ctx, system, object)))
	byName := func(a, b tracker.Attribute) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(got, byName)
	slices.SortFunc(want, byName)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s/%s has the attributes\n%s, want\n%s", system, object, show(got), show(want))
	}
}

// show formats attributes with the values of their pointers.
func show(all []tracker.Attribute) string {
	var b strings.Builder
	for _, a := range all {
		fmt.Fprintf(&b, "  %.40q %q", a.Name, a.DataType)
		for _, n := range []*int64{a.Length, a.Decimals} {
			if n != nil {
				fmt.Fprintf(&b, " %d", *n)
			}
		}
		if a.Default != nil {
			fmt.Fprintf(&b, " default %.40q", *a.Default)
		}
		fmt.Fprintf(&b, " path %.40q %t %t %t %t\n", a.Path, a.Key, a.Filter, a.Partition, a.PII)
	}
	return b.String()
}

func described() []tracker.Attribute {
	return []tracker.Attribute{
		{Name: "id", DataType: "integer", Key: true},
		{Name: "name", DataType: "varchar", Length: pointer(int64(250)), Default: pointer("")},
		{Name: "salary", DataType: "numeric", Length: pointer(int64(0)), Decimals: pointer(int64(-2)), Default: pointer(" 0 "), PII: true},
		{Name: "year", DataType: "smallint", Filter: true, Partition: true},
		{Name: "all", DataType: "Zeichen 字", Length: pointer(int64(1) << 62), Decimals: pointer(int64(9)), Path: `$.a[0]["b c"]`,
			Default: pointer("a\n'\\?$1{}"), Key: true, Filter: true, Partition: true, PII: true},
		{Name: "bare"},
	}
}

func attributesDescribed(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "p", Sources: tracker.AttributeRefs("Lahman", "Teams", "name", "bare", "other")}))
	must(t, tr.Registry().DescribeAttributes(ctx, " Lahman ", "Teams", described()...))
	want := append(described(), tracker.Attribute{Name: "other"})
	wantAttributes(ctx, t, tr, "Lahman", "Teams", want...)
	for flag, names := range map[string][]string{
		"is_key": {"all", "id"}, "is_filter": {"all", "year"}, "is_partition": {"all", "year"}, "is_pii": {"all", "salary"},
	} {
		if got := column[string](ctx, t, b, "SELECT name FROM {data_attribute} WHERE "+flag+" = ? ORDER BY name", true); !slices.Equal(got, names) {
			t.Errorf("%s is set for %q, want %q", flag, got, names)
		}
	}
	rows := content(ctx, t, b)
	must(t, tr.Registry().DescribeAttributes(ctx, "Lahman", "Teams", described()...))
	must(t, tr.Registry().RedescribeAttributes(ctx, "Lahman", "Teams", described()...))
	must(t, tr.Registry().DescribeAttributes(ctx, "Lahman", "Teams"))
	wantContent(ctx, t, b, rows)
	wantAttributes(ctx, t, tr, "Lahman", "Teams", want...)
	wantAttributes(ctx, t, tr, "Lahman", "teams")
	wantLinks(ctx, t, b, "p", "source attribute Lahman/Teams/name", "source attribute Lahman/Teams/bare", "source attribute Lahman/Teams/other")
}

func attributesKept(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for _, all := range [][]tracker.Attribute{
		{{Name: "a", DataType: "text", PII: true}},
		{{Name: "a", Length: pointer(int64(9)), Key: true}},
		{{Name: "a", Path: "$.x", Default: pointer("d"), Decimals: pointer(int64(2))}},
		{{Name: "a", DataType: "varchar"}, {Name: "b", DataType: "date"}},
		{{Name: "a"}},
	} {
		must(t, tr.Registry().DescribeAttributes(ctx, "S", "O", all...))
	}
	b := tracker.Attribute{Name: "b", DataType: "date"}
	wantAttributes(ctx, t, tr, "S", "O", b, tracker.Attribute{
		Name: "a", DataType: "varchar", Length: pointer(int64(9)), Decimals: pointer(int64(2)), Path: "$.x", Default: pointer("d"), Key: true, PII: true,
	})
	must(t, tr.Registry().RedescribeAttributes(ctx, "S", "O", tracker.Attribute{Name: "a", Length: pointer(int64(10)), PII: true}))
	wantAttributes(ctx, t, tr, "S", "O", b, tracker.Attribute{Name: "a", Length: pointer(int64(10)), PII: true})
	must(t, tr.Registry().RedescribeAttributes(ctx, "S", "O", tracker.Attribute{Name: "a"}))
	wantAttributes(ctx, t, tr, "S", "O", b, tracker.Attribute{Name: "a"})
}

// describedAtOnce makes each caller describe one property of each new attribute, while
// other callers register only the names.
func describedAtOnce(t *testing.T, e *Env) {
	ctx, tr, other := e.context(t), e.tracker(t, nil), e.tracker(t, nil)
	says := []func(*tracker.Attribute){
		func(a *tracker.Attribute) { a.DataType = "text" }, func(a *tracker.Attribute) { a.Length = pointer(int64(1)) },
		func(a *tracker.Attribute) { a.Decimals = pointer(int64(2)) }, func(a *tracker.Attribute) { a.Path = "$.p" },
		func(a *tracker.Attribute) { a.Default = pointer("d") }, func(a *tracker.Attribute) { a.Key = true },
		func(a *tracker.Attribute) { a.Filter = true }, func(a *tracker.Attribute) { a.Partition = true },
		func(a *tracker.Attribute) { a.PII = true },
	}
	names := []string{"a", "b", "c", "d"}
	for round := range 5 {
		object := fmt.Sprint("O", round)
		for i, err := range atOnce(3*len(says), func(i int) error {
			if i >= 2*len(says) {
				return other.Registry().Register(ctx, tracker.Process{Name: fmt.Sprint(object, i), Sources: tracker.AttributeRefs("S", object, names...)})
			}
			all := make([]tracker.Attribute, len(names))
			for j, name := range names {
				all[j].Name = name
				says[i%len(says)](&all[j])
			}
			if i%2 == 0 {
				slices.Reverse(all)
				return tr.Registry().DescribeAttributes(ctx, "S", object, all...)
			}
			return other.Registry().DescribeAttributes(ctx, "S", object, all...)
		}) {
			if err != nil {
				t.Errorf("caller %d: %v", i, err)
			}
		}
		var want []tracker.Attribute
		for _, name := range names {
			a := tracker.Attribute{Name: name}
			for _, say := range says {
				say(&a)
			}
			want = append(want, a)
		}
		wantAttributes(ctx, t, tr, "S", object, want...)
	}
}

func manyAttributes(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	all := make([]tracker.Attribute, 2000)
	for i := range all {
		all[i] = tracker.Attribute{Name: fmt.Sprintf("column %04d", i), DataType: "text", Key: i%2 == 0, PII: i%3 == 0}
	}
	s.forget()
	must(t, tr.Registry().DescribeAttributes(ctx, "S", "O", all...))
	if n := len(s.names()); n > 12 {
		t.Errorf("%d statements for %d attributes: %q", n, len(all), s.names())
	}
	wantAttributes(ctx, t, tr, "S", "O", all...)
}

func badDescriptions(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	s.forget()
	for field, bad := range map[string][]tracker.Attribute{
		"length":         {{Name: "a", Length: pointer(int64(-1))}},
		"attribute name": {{Name: "a"}, {Name: " a "}},
		"default value":  {{Name: "a", Default: pointer("a\x00")}},
		"attribute path": {{Name: "a", Path: "a\nb"}},
		"data type":      {{Name: "a", DataType: " "}},
	} {
		bad = append([]tracker.Attribute{{Name: "fine"}}, bad...)
		for _, err := range []error{tr.Registry().DescribeAttributes(ctx, "S", "O", bad...), tr.Registry().RedescribeAttributes(ctx, "S", "O", bad...)} {
			var invalid *tracker.InvalidError
			if !errors.As(err, &invalid) || invalid.Field != field || invalid.Reason == "" || invalid.Remedy == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
	if sent := s.names(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}

func systemsDescribed(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	want := func(kind, charset, object string) {
		t.Helper()
		systems := collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Name: "Lahman"}))
		if len(systems) != 1 || systems[0].Name != "Lahman" || systems[0].Type != kind || systems[0].Charset != charset {
			t.Errorf("systems: %+v, want %s, %s", systems, kind, charset)
		}
		objects := collect(t, tr.Registry().Objects(ctx, tracker.ObjectFilter{System: "Lahman", Name: "Teams"}))
		if len(objects) != 1 || objects[0].System != "Lahman" || objects[0].Charset != object {
			t.Errorf("objects: %+v, want the character set %q", objects, object)
		}
	}
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams"}))
	want("", "", "")
	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Type: "database"}))
	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Charset: "UTF-8"}))
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams", Charset: "ISO-8859-1"}))
	want("database", "UTF-8", "ISO-8859-1")
	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Type: "card index"}))
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams"}))
	want("card index", "UTF-8", "ISO-8859-1")
	must(t, tr.Registry().RedescribeSystem(ctx, tracker.System{Name: "Lahman", Charset: "UTF-16"}))
	want("", "UTF-16", "ISO-8859-1")
	must(t, tr.Registry().RedescribeSystem(ctx, tracker.System{Name: "Lahman", Type: "database"}))
	must(t, tr.Registry().RedescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams"}))
	want("database", "", "")
	must(t, tr.Registry().ChangeSystem(ctx, "Lahman", func(s *tracker.System) { s.Name, s.Charset = "ignored", "UTF-8" }))
	want("database", "UTF-8", "")
	must(t, tr.Registry().ChangeSystem(ctx, "Lahman", func(s *tracker.System) { s.Type = "" }))
	want("", "UTF-8", "")
	wantOnly(t, map[error]error{
		tr.Registry().ChangeSystem(ctx, "none", func(*tracker.System) {}):                       tracker.ErrNotFound,
		tr.Registry().ChangeSystem(ctx, "Lahman", func(s *tracker.System) { s.Type = "a\x00" }): tracker.ErrInvalid,
	})

	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Retrosheet", Type: "card index"}))
	if all := collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Type: "card index"})); len(all) != 1 || all[0].Name != "Retrosheet" {
		t.Errorf("card indices: %+v", all)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {source_type} WHERE name = 'card index'"); n != 1 {
		t.Errorf("%d types of the same name", n)
	}
}

func describedApart(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := lookalikes()
	attributes := make([]tracker.Attribute, len(all))
	for i, name := range all {
		attributes[i] = tracker.Attribute{Name: name, DataType: name, Path: name, Default: pointer(name)}
	}
	must(t, tr.Registry().DescribeAttributes(ctx, "S", "O", attributes...))
	wantAttributes(ctx, t, tr, "S", "O", attributes...)
	for _, name := range all {
		must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: name, Type: name, Charset: name}))
		must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "S", Name: name, Charset: name}))
	}
	for _, name := range all {
		systems := collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Type: name}))
		if len(systems) != 1 || systems[0].Name != name || systems[0].Type != name || systems[0].Charset != name {
			t.Errorf("systems of type %q: %+v", name, systems)
		}
		objects := collect(t, tr.Registry().Objects(ctx, tracker.ObjectFilter{System: "S", Name: name}))
		if len(objects) != 1 || objects[0].Name != name || objects[0].Charset != name {
			t.Errorf("objects %q: %+v", name, objects)
		}
	}
}

// pointer returns a pointer to the value, for a field that may be nil.
func pointer[T any](value T) *T { return &value }
