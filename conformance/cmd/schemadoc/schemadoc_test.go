package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestThePageIsCurrent sets databases up, and compares them with the page.
func TestThePageIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := generate(t.Context())
	if unavailable, ok := errors.AsType[*servers.Unavailable](err); ok {
		suite.Skip(t, "postgres", unavailable)
	} else if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../../docs/schema.md")
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.ReplaceAll(string(have), "\r\n", "\n"); text != want {
		t.Errorf("docs/schema.md does not show the present tables. Run `make schema-doc` and read the difference. Line %d is the first:\n%s",
			different(text, want), strings.SplitAfter(want+"\n", "\n")[different(text, want)-1])
	}
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
