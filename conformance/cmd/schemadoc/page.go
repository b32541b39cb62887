package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// heading is the text before the tables.
const heading = `# Tables

<!-- Written by ` + "`make schema-doc`" + ` from dialects/*/migrations; the meaning of tables and columns is in PostgreSQL's. -->

The tables that ` + "`processtracker setup`" + ` creates. In PostgreSQL and SQL Server the tables lie in a schema, ` + "`processtracker`" + ` unless
you choose another; in MySQL and SQLite their names begin with a prefix, ` + "`pt_`" + ` unless you choose another, and so do those
of SQLite's indexes. Everything about MySQL also holds for MariaDB. The tables are the tracker's own and change with its versions;
reports read the [views](views.md), which do not.

An arrow (→) is a reference to the id of a table. Where the default is *now*, it is the database's clock. Times in MySQL,
SQLite and SQL Server are in UTC; in SQLite they are texts, such as ` + "`2026-11-22 17:00:00.123456`" + `. Truth values are 0 and 1
except in PostgreSQL. Texts have the collation C in PostgreSQL, utf8mb4_bin in MySQL and Latin1_General_100_BIN2 in SQL Server, so
that no two names are taken for the same. The indexes that MySQL makes for foreign keys are not shown.
`

const commonHeading = "Columns of many tables"

// A group is a set of tables that belong together.
type group struct {
	name, text string
	tables     []string
}

func groups() []group {
	return []group{
		{"Processes", "The jobs that run, the reasons for which starts are refused, and the people who answer for them.", []string{
			"process", "process_type", "tool", "schedule_frequency", "actor", "process_dependency", "dependency_lock", "cluster",
			"process_cluster", "contact", "process_contact", "system_contact",
		}},
		{"Data", "What processes read and write. Sources and targets are the same tables.", []string{
			"data_system", "source_type", "data_object", "data_attribute", "dataset_type", "process_system", "process_object",
			"process_attribute", "process_dataset_type", "process_filter",
		}},
		{"Runs", "What happened, when, and how it ended.", []string{
			"run", "run_status", "run_lease", "run_soft_dependency", "run_error", "error_type", "status_history", "refusal",
		}},
		{"Extracts", "The files that one process writes and others read.", []string{
			"extract", "extract_status", "extract_dependency", "run_extract", "location", "location_type", "file_type",
			"compression_type", "extract_system", "extract_object", "location_system", "location_object",
		}},
		{"The schema itself", "", []string{"schema_version"}},
	}
}

// page writes the page for schemas that belong together.
func page(all []schema) string {
	var p strings.Builder
	p.WriteString(heading)
	fmt.Fprintf(&p, "\n## %s\n\nThey are not repeated below, but for primary keys.\n\n", commonHeading)
	columnTable(&p, all, commonPlaces(all[0]))
	for _, g := range groups() {
		fmt.Fprintf(&p, "\n## %s\n", g.name)
		if g.text != "" {
			fmt.Fprintf(&p, "\n%s\n", g.text)
		}
		picture(&p, all[0], g)
		for _, name := range g.tables {
			section(&p, all, *all[0].table(name))
		}
	}
	return p.String()
}

// A place is the position of a column: a table's name, and the column's number there in
// each database.
type place struct {
	table  string
	column int
}

// commonPlaces are the first occurrences of the columns that mean the same in each table.
func commonPlaces(s schema) (all []place) {
	for _, common := range s.common {
		for _, t := range s.tables {
			i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == common.name && c.meaning == "" })
			if i >= 0 {
				all = append(all, place{t.name, i})
				break
			}
		}
	}
	return all
}

// section describes a table.
func section(p *strings.Builder, all []schema, t table) {
	fmt.Fprintf(p, "\n### %s\n\n%s\n\n", t.name, t.text)
	var own []place
	var common, notes []string
	for i, c := range t.columns {
		if c.meaning == "" && !c.key {
			common = append(common, c.name)
		} else {
			own = append(own, place{t.name, i})
		}
	}
	columnTable(p, all, own)
	for _, columns := range t.unique {
		notes = append(notes, "Unique: "+code(columns...)+".")
	}
	for _, i := range t.indexes {
		note := []string{fmt.Sprintf("Index: `%s` on %s", i.name, code(i.columns...))}
		for _, d := range databases() {
			if columns, ok := d.indexes[i.name]; ok {
				note = append(note, fmt.Sprintf("in %s on %s", d.name, code(columns...)))
			}
		}
		notes = append(notes, strings.Join(note, ", ")+".")
	}
	for _, d := range databases() {
		if slices.Contains(d.loose, t.name) {
			notes = append(notes, fmt.Sprintf("In %s the references are no foreign keys.", d.name))
		}
	}
	if len(common) > 0 {
		notes = append(notes, fmt.Sprintf("Also %s, as in [all tables](#%s).", code(common...), anchor(commonHeading)))
	}
	if len(notes) > 0 {
		p.WriteString("\n" + strings.Join(notes, "\n") + "\n")
	}
}

// columnTable shows columns as each database has them.
func columnTable(p *strings.Builder, all []schema, places []place) {
	p.WriteString("| column |")
	for _, d := range databases()[:len(all)] {
		fmt.Fprintf(p, " %s |", d.name)
	}
	fmt.Fprintf(p, " null | default | key | meaning |\n|%s\n", strings.Repeat(" --- |", len(all)+5))
	for _, at := range places {
		c := all[0].table(at.table).columns[at.column]
		cells, values, null := []string{code(c.name)}, []string{}, ""
		for _, s := range all {
			there := s.table(at.table).columns[at.column]
			cells, values = append(cells, there.kind), append(values, there.value)
		}
		if c.null {
			null = "null"
		}
		meaning := cmp.Or(c.meaning, named(all[0].common, c.name).meaning)
		cells = append(cells, null, defaults(values), keys(c), strings.ReplaceAll(meaning, "|", `\|`))
		fmt.Fprintf(p, "| %s |\n", strings.Join(cells, " | "))
	}
}

// defaults formats the default of a column once if it is the same in every database.
func defaults(values []string) string {
	different := slices.Compact(values)
	for i, value := range different {
		switch value {
		case "":
		case now, generated:
			different[i] = "*" + value + "*"
		default:
			different[i] = code(value)
		}
	}
	return strings.Join(different, ", ")
}

func keys(c column) string {
	var is []string
	if c.key {
		is = append(is, "primary")
	}
	if c.references != "" {
		is = append(is, fmt.Sprintf("→ [%s](#%s)", c.references, anchor(c.references)))
	}
	return strings.Join(is, ", ")
}

// picture draws the tables of a group and the tables of other groups that they
// reference, without the columns for who created and changed a row.
func picture(p *strings.Builder, s schema, g group) {
	var lines []string
	for _, name := range g.tables {
		t := *s.table(name)
		for _, c := range t.columns {
			if c.meaning != "" && c.references != "" {
				lines = append(lines, fmt.Sprintf("    %s %s %s : %s", c.references, ends(t, c), t.name, c.name))
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(p, "\n```mermaid\nerDiagram\n%s\n```\n", strings.Join(lines, "\n"))
	}
}

// ends describes how many rows correspond to each other at both ends of a reference.
func ends(t table, c column) string {
	one, many := "||", "o{"
	if c.null {
		one = "|o"
	}
	keys := 0
	for _, other := range t.columns {
		if other.key {
			keys++
		}
	}
	if c.key && keys == 1 || slices.ContainsFunc(t.unique, func(u []string) bool { return slices.Equal(u, []string{c.name}) }) {
		many = "o|"
	}
	return one + "--" + many
}

// anchor returns the link target of a heading.
func anchor(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }

func code(names ...string) string { return "`" + strings.Join(names, "`, `") + "`" }
