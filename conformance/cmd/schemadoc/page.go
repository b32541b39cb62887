package main

import (
	"fmt"
	"slices"
	"strings"
)

// heading is what the page says before its tables.
const heading = `# Tables

<!-- Written by ` + "`make schema-doc`" + ` from databases that were set up; the words are in conformance/cmd/schemadoc/meanings.md. -->

What ` + "`processtracker setup`" + ` makes. In PostgreSQL the tables lie in a schema, ` + "`processtracker`" + ` unless you choose
another; in MySQL and SQLite their names begin with a prefix, ` + "`pt_`" + ` unless you choose another, and so do those of
SQLite's indexes. What is said of MySQL holds for MariaDB. The tables are the tracker's own and change with its versions;
reports read the [views](views.md), which do not.

An arrow (→) is a reference to the id of a table. Where the default is *now*, it is the database's clock. Times in
MySQL and SQLite are in UTC; in SQLite they are texts, such as ` + "`2026-11-22 17:00:00.123456`" + `. Truth values are 0 and 1
in both. Texts have the collation C in PostgreSQL and utf8mb4_bin in MySQL, so that no two names are taken for the same. The
indexes that MySQL makes for foreign keys are not shown.
`

const (
	commonHeading = "Columns of many tables"
	withoutKeys   = " the references are no foreign keys."
)

// render writes the page. It is an error if the meanings and the schema do not go together.
func render(m Meanings, s Schema) (string, error) {
	if wrong := m.check(s); len(wrong) > 0 {
		return "", fmt.Errorf("the words and the tables do not go together; edit conformance/cmd/schemadoc/meanings.md:\n  %s",
			strings.Join(wrong, "\n  "))
	}
	var p strings.Builder
	p.WriteString(heading)
	common, err := commonColumns(m, s)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&p, "\n## %s\n\nThey are not repeated below, but for primary keys.\n\n", commonHeading)
	columnTable(&p, s, common, func(c Column) string { return m.meaning(TableMeaning{}, c.Name) })
	for _, g := range m.Groups {
		fmt.Fprintf(&p, "\n## %s\n", g.Name)
		if g.Text != "" {
			fmt.Fprintf(&p, "\n%s\n", g.Text)
		}
		picture(&p, m, s, g)
		for _, meant := range g.Tables {
			table, _ := s.table(meant.Name)
			section(&p, m, s, meant, table)
		}
	}
	return p.String(), nil
}

// commonColumns are those that mean the same everywhere. They also have to look the same, as the page shows them once.
func commonColumns(m Meanings, s Schema) ([]Column, error) {
	var all []Column
	for _, meant := range m.Common {
		first := len(all)
		for _, table := range s.Tables {
			c, ok := table.column(meant.Column)
			_, own := find(m.table(table.Name).Columns, meant.Column)
			switch {
			case !ok || own:
			case len(all) == first:
				all = append(all, c)
			case !alike(all[first], c) || !slices.Equal(all[first].Types, c.Types) || !slices.Equal(all[first].Defaults, c.Defaults):
				return nil, fmt.Errorf("column %s.%s is not like those of the same name: %+v, %+v", table.Name, c.Name, c, all[first])
			}
		}
	}
	return all, nil
}

// section describes a table.
func section(p *strings.Builder, m Meanings, s Schema, meant TableMeaning, table Table) {
	fmt.Fprintf(p, "\n### %s\n\n%s\n\n", table.Name, meant.Text)
	var own []Column
	var common []string
	for _, c := range table.Columns {
		if _, ok := find(meant.Columns, c.Name); ok || c.Key {
			own = append(own, c)
		} else {
			common = append(common, c.Name)
		}
	}
	columnTable(p, s, own, func(c Column) string { return m.meaning(meant, c.Name) })
	var notes []string
	for _, columns := range table.Unique {
		notes = append(notes, "Unique: "+code(columns...)+".")
	}
	for _, index := range table.Indexes {
		notes = append(notes, fmt.Sprintf("Index: `%s` on %s.", index.Name, code(index.Columns...)))
	}
	if len(table.Loose) > 0 {
		notes = append(notes, fmt.Sprintf("In %s%s", strings.Join(table.Loose, " and "), withoutKeys))
	}
	if len(common) > 0 {
		notes = append(notes, fmt.Sprintf("Also %s, as in [all tables](#%s).", code(common...), anchor(commonHeading)))
	}
	if len(notes) > 0 {
		p.WriteString("\n" + strings.Join(notes, "\n") + "\n")
	}
}

func columnTable(p *strings.Builder, s Schema, columns []Column, meaning func(Column) string) {
	fmt.Fprintf(p, "| column | %s | null | default | key | meaning |\n|%s\n",
		strings.Join(s.Databases, " | "), strings.Repeat(" --- |", len(s.Databases)+5))
	for _, c := range columns {
		null := ""
		if c.Null {
			null = "null"
		}
		cells := append([]string{code(c.Name)}, c.Types...)
		cells = append(cells, null, c.defaults(), c.key(), strings.ReplaceAll(meaning(c), "|", `\|`))
		fmt.Fprintf(p, "| %s |\n", strings.Join(cells, " | "))
	}
}

// defaults are said once if the databases say the same.
func (c Column) defaults() string {
	different := slices.Compact(slices.Clone(c.Defaults))
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

func (c Column) key() string {
	var is []string
	if c.Key {
		is = append(is, "primary")
	}
	if c.References != "" {
		is = append(is, fmt.Sprintf("→ [%s](#%s)", c.References, anchor(c.References)))
	}
	return strings.Join(is, ", ")
}

// picture draws the tables of a group, and those of others that they refer to. Who made and changed a row is left out.
func picture(p *strings.Builder, m Meanings, s Schema, g Group) {
	var lines []string
	for _, meant := range g.Tables {
		table, _ := s.table(meant.Name)
		for _, c := range table.Columns {
			if _, common := find(m.Common, c.Name); !common && c.References != "" {
				lines = append(lines, fmt.Sprintf("    %s %s %s : %s", c.References, ends(table, c), table.Name, c.Name))
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(p, "\n```mermaid\nerDiagram\n%s\n```\n", strings.Join(lines, "\n"))
	}
}

// ends says how many rows there are for each other at both ends of a reference.
func ends(table Table, c Column) string {
	one, many := "||", "o{"
	if c.Null {
		one = "|o"
	}
	keys := 0
	for _, other := range table.Columns {
		if other.Key {
			keys++
		}
	}
	if c.Key && keys == 1 || slices.ContainsFunc(table.Unique, func(u []string) bool { return slices.Equal(u, []string{c.Name}) }) {
		many = "o|"
	}
	return one + "--" + many
}

// anchor is how a heading is linked to.
func anchor(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }

func code(names ...string) string { return "`" + strings.Join(names, "`, `") + "`" }
