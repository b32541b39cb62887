// Command schemadoc writes docs/schema.md, the reference of the tracker's tables.
//
//	schemadoc DIALECTS FILE
//
// DIALECTS is the folder of the dialects, whose migrations it reads. In PostgreSQL's migrations, a comment above each table
// and beside each column describes it. schemadoc ends with status 1 if a description is missing, or if the databases differ
// in more than types and defaults.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: schemadoc DIALECTS FILE")
		return 2
	}
	text, err := generate(args[0])
	if err == nil {
		err = os.WriteFile(args[1], []byte(text), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemadoc:", err)
		return 1
	}
	return 0
}

// database is a database, which has a column on the page.
type database struct {
	name, folder string
	loose        []string            // the tables without foreign keys, on purpose
	indexes      map[string][]string // those on other columns there, as keys have a length
}

// databases lists the databases. The migrations of the first one contain the descriptions.
func databases() []database {
	return []database{
		{name: "PostgreSQL", folder: "postgres"},
		{name: "MySQL", folder: "mysql", loose: []string{"status_history"}, // docs/decisions/0012
			indexes: map[string][]string{"extract_by_name": {"name(250)"}}},
		{name: "SQLite", folder: "sqlite"},
		{name: "SQL Server", folder: "sqlserver", indexes: map[string][]string{"extract_by_name": {"name_key"}}},
	}
}

// generate reads the migrations and returns the page.
func generate(dialects string) (string, error) {
	var all []schema
	for _, d := range databases() {
		s, err := read(filepath.Join(dialects, d.folder, "migrations"))
		if err != nil {
			return "", err
		}
		all = append(all, s)
	}
	var wrong []error
	for i, s := range all[1:] {
		wrong = append(wrong, compare(all[0], s, databases()[i+1])...)
	}
	for _, s := range all {
		wrong = append(wrong, uniform(all[0], s)...)
	}
	if wrong = append(wrong, missing(all[0], groups())...); len(wrong) > 0 {
		return "", errors.Join(wrong...)
	}
	return page(all), nil
}

// missing reports missing descriptions.
func missing(s schema, groups []group) (wrong []error) {
	used, grouped := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		for _, name := range g.tables {
			if grouped[name] || s.table(name).name == "" {
				wrong = append(wrong, fmt.Errorf("page.go: table %s has two groups, or does not exist", name))
			}
			grouped[name] = true
		}
	}
	for _, t := range s.tables {
		if t.text == "" || !grouped[t.name] {
			wrong = append(wrong, fmt.Errorf("table %s has no meaning, or no group; write what it is above its CREATE TABLE in PostgreSQL's migration, and name it in page.go", t.name))
		}
		for _, c := range t.columns {
			used[c.name] = used[c.name] || c.meaning == ""
			if c.meaning == "" && named(s.common, c.name).meaning == "" {
				wrong = append(wrong, fmt.Errorf("column %s.%s has no meaning; write it beside the column in PostgreSQL's migration, after two spaces and --", t.name, c.name))
			}
		}
	}
	for _, c := range s.common {
		if !used[c.name] {
			wrong = append(wrong, fmt.Errorf("column %s has a meaning for all tables, and none has it", c.name))
		}
	}
	return wrong
}

// uniform reports common columns that differ between tables: the page shows them once.
func uniform(first, s schema) (wrong []error) {
	shown := map[string]column{}
	for _, t := range first.tables {
		for i, c := range t.columns {
			here := s.table(t.name).columns[i:]
			if c.meaning != "" || len(here) == 0 {
				continue
			}
			if common, ok := shown[c.name]; ok && common != here[0] {
				wrong = append(wrong, fmt.Errorf("column %s.%s is not like those of the same name: %+v, %+v", t.name, c.name, here[0], common))
			}
			shown[c.name] = here[0]
		}
	}
	return wrong
}

// compare reports the differences between a database and the first one, except for
// types and defaults.
func compare(first, other schema, d database) (wrong []error) {
	differ := func(what string, a, b any) {
		wrong = append(wrong, fmt.Errorf("%s has other %s: %+v, not %+v", d.name, what, b, a))
	}
	names := func(s schema) (all []string) {
		for _, t := range s.tables {
			all = append(all, t.name)
		}
		return slices.Sorted(slices.Values(all))
	}
	if a, b := names(first), names(other); !slices.Equal(a, b) {
		differ("tables", a, b)
		return wrong
	}
	for _, t := range first.tables {
		o := *other.table(t.name)
		alike := func(a, b column) bool {
			if slices.Contains(d.loose, t.name) {
				a.references = ""
			}
			return a.name == b.name && a.null == b.null && a.key == b.key && a.references == b.references && (a.value == "") == (b.value == "")
		}
		if !slices.EqualFunc(t.columns, o.columns, alike) {
			differ("columns of "+t.name, t.columns, o.columns)
		}
		for i, x := range o.indexes {
			if columns, ok := d.indexes[x.name]; ok && slices.Equal(x.columns, columns) && i < len(t.indexes) {
				o.indexes[i].columns = t.indexes[i].columns // the page mentions this
			}
		}
		for what, pair := range map[string][2]any{"words about ": {t.text, o.text}, "keys of ": {t.unique, o.unique}, "indexes of ": {t.indexes, o.indexes}} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				differ(what+t.name, pair[0], pair[1])
			}
		}
	}
	return wrong
}
