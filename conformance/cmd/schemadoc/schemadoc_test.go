package main

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestThePageIsCurrent sets databases up, and compares them with the page. Where one of them cannot be had, what the page
// says of the others is compared.
func TestThePageIsCurrent(t *testing.T) {
	t.Parallel()
	read, all, missing := readAll(t)
	want, err := page(read)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../../docs/schema.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(have), "\r\n", "\n")
	if len(missing) > 0 {
		present := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(missing, name) })
		text, want = without(missing, all, text), without(nil, present, want)
	}
	if text != want {
		t.Errorf("docs/schema.md does not show the present tables. Run `make schema-doc` and read the difference. Line %d is the first:\n%s",
			different(text, want), strings.SplitAfter(want+"\n", "\n")[different(text, want)-1])
	}
}

// readAll reads the databases that can be had, says which of all are missing, and fails the test where databases that
// have one column on the page are not the same.
func readAll(t *testing.T) (read []Schema, all, missing []string) {
	t.Helper()
	for _, d := range databases() {
		all = append(all, d.name)
		var found []Schema
		for _, from := range d.read {
			s, err := from(t.Context())
			if unavailable, ok := errors.AsType[*servers.Unavailable](err); ok {
				t.Run(unavailable.Backend, func(t *testing.T) {
					t.Parallel()
					suite.Skip(t, unavailable.Backend, unavailable)
				})
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", d.name, err)
			}
			if found = append(found, s); !reflect.DeepEqual(s, found[0]) {
				t.Errorf("%s is not everywhere the same:\n%+v\n%+v", d.name, found[0], s)
			}
		}
		if len(found) == 0 {
			missing = append(missing, d.name)
			continue
		}
		read = append(read, d.mark(found[0]))
	}
	return read, all, missing
}

// without takes out of a page what rests on the databases that are missing: their types, and what is said of several
// databases together. Of defaults it leaves whether there is one.
func without(missing, all []string, page string) string {
	var left []string
	for line := range strings.Lines(page) {
		if strings.HasSuffix(line, withoutKeys+"\n") {
			continue
		}
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| ") {
			if value := &cells[len(all)+2]; *value != "" {
				*value = "some"
			}
			for i, name := range slices.Backward(all) {
				if slices.Contains(missing, name) {
					cells = slices.Delete(cells, i+1, i+2)
				}
			}
			line = strings.Join(cells, " | ")
		}
		left = append(left, line)
	}
	return strings.Join(left, "")
}

// different is the number of the first line that is.
func different(a, b string) int {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1
		}
	}
	return min(len(x), len(y))
}

func column(name string) Column {
	return Column{Name: name, Types: []string{"bigint"}, Defaults: []string{""}}
}

func small() Schema {
	id := column("id")
	id.Key, id.Defaults = true, []string{generated}
	parent := column("parent_id")
	parent.Null, parent.References = true, "a"
	at := column("created_at")
	return Schema{Databases: []string{"X"}, Tables: []Table{
		{Name: "a", Columns: []Column{id, at}},
		{Name: "b", Columns: []Column{id, parent, at}, Unique: [][]string{{"parent_id"}}, Indexes: []Index{{"b_by_time", []string{"created_at", "id"}}}},
	}}
}

const smallPage = `
Not shown.

## Everywhere

- id: the row
- created_at: when made

## Things

What there is.

### a

The first.

### b

The second,
in two lines.

- parent_id: one | the other
`

func TestRender(t *testing.T) {
	t.Parallel()
	m, err := parseMeanings(smallPage)
	if err != nil {
		t.Fatal(err)
	}
	page, err := render(m, small())
	if err != nil {
		t.Fatal(err)
	}
	const want = `
## Columns of many tables

They are not repeated below, but for primary keys.

| column | X | null | default | key | meaning |
| --- | --- | --- | --- | --- | --- |
| ¶id¶ | bigint |  | *generated* | primary | the row |
| ¶created_at¶ | bigint |  |  |  | when made |

## Things

What there is.

¶¶¶mermaid
erDiagram
    a |o--o| b : parent_id
¶¶¶

### a

The first.

| column | X | null | default | key | meaning |
| --- | --- | --- | --- | --- | --- |
| ¶id¶ | bigint |  | *generated* | primary | the row |

Also ¶created_at¶, as in [all tables](#columns-of-many-tables).

### b

The second, in two lines.

| column | X | null | default | key | meaning |
| --- | --- | --- | --- | --- | --- |
| ¶id¶ | bigint |  | *generated* | primary | the row |
| ¶parent_id¶ | bigint | null |  | → [a](#a) | one \| the other |

Unique: ¶parent_id¶.
Index: ¶b_by_time¶ on ¶created_at¶, ¶id¶.
Also ¶created_at¶, as in [all tables](#columns-of-many-tables).
`
	if got := strings.TrimPrefix(page, heading); got != strings.ReplaceAll(want, "¶", "`") {
		t.Errorf("got:\n%s", got)
	}
}

func TestWordsAndTablesGoTogether(t *testing.T) {
	t.Parallel()
	for says, page := range map[string]string{
		"table a has no meaning":                   strings.Replace(smallPage, "The first.", "", 1),
		"table b has no meaning":                   strings.Split(smallPage, "### b")[0],
		"column b.parent_id has no meaning":        strings.Replace(smallPage, "- parent_id: one | the other", "", 1),
		"column created_at has a meaning for all":  strings.Replace(smallPage, "The first.", "The first.\n- created_at: x\n", 1) + "- created_at: y\n",
		"column b.more has a meaning and does not": smallPage + "- more: x\n",
		"column b.parent_id has two meanings":      smallPage + "- parent_id: x\n",
		"table c has a meaning and does not":       smallPage + "### c\n\nx\n",
		"table a has two meanings":                 smallPage + "### a\n\nx\n",
		`want "- column: meaning" under a table`:   smallPage + "- parent_id\n",
		`the first group has to be "Everywhere"`:   "## Things\n",
	} {
		m, err := parseMeanings(page)
		if err == nil {
			_, err = render(m, small())
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	merged, err := merge(small(), small())
	if err != nil || len(merged.Databases) != 2 || len(merged.Tables[1].Columns[0].Types) != 2 {
		t.Errorf("%+v, %v", merged, err)
	}
	for says, change := range map[string]func(*Schema){
		"table b":             func(s *Schema) { s.Tables = s.Tables[:1] },
		"table c":             func(s *Schema) { s.Tables = append(s.Tables, Table{Name: "c"}) },
		"the columns of a":    func(s *Schema) { s.Tables[0].Columns[1].Null = true },
		"the columns of b":    func(s *Schema) { s.Tables[1].Columns[1].References = "b" },
		"the columns of b: [": func(s *Schema) { s.Tables[1].Columns[1].Defaults = []string{"1"} },
		"the keys of b":       func(s *Schema) { s.Tables[1].Unique = nil },
		"the indexes of b":    func(s *Schema) { s.Tables[1].Indexes[0].Name = "x" },
	} {
		other := small()
		change(&other)
		if _, err := merge(small(), other); err == nil || !strings.Contains(err.Error(), "differ in "+says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// A table that has no foreign keys on purpose is compared in all else, wherever its database stands, and gets the references
// of the others.
func TestMergeLoose(t *testing.T) {
	t.Parallel()
	loose := small()
	loose.Tables[1].Columns[1].References = ""
	loose = database{name: "Y", loose: []string{"a", "b"}}.mark(loose)
	for _, order := range [][]Schema{{small(), loose, small()}, {loose, small(), small()}, {small(), small(), loose}} {
		merged, err := merge(order[0], order[1])
		if err == nil {
			merged, err = merge(merged, order[2])
		}
		if err != nil || merged.Tables[1].Columns[1].References != "a" || !slices.Equal(merged.Tables[1].Loose, []string{"Y"}) {
			t.Errorf("%+v, %v", merged, err)
		}
		other := small()
		other.Tables[1].Columns[1].References = "b"
		if _, err := merge(merged, other); err == nil {
			t.Error("other references go together")
		}
	}
	if kept := (database{name: "Y", loose: []string{"b"}}).mark(small()); len(kept.Tables[1].Loose) > 0 {
		t.Error("a table with foreign keys is said to have none")
	}
	loose.Tables[1].Columns[1].Null = false
	if _, err := merge(small(), loose); err == nil {
		t.Error("other columns go together")
	}
}
