package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed meanings.md
var meaningsPage string

// everywhere is the heading of columns that mean the same in each table.
const everywhere = "Everywhere"

// Meanings says what the tables and columns are.
type Meanings struct {
	Groups []Group
	Common []Meaning // of columns, in each table that has them
}

// Group is some tables that are looked at together.
type Group struct {
	Name, Text string
	Tables     []TableMeaning
}

// TableMeaning says what a table and its columns are.
type TableMeaning struct {
	Name, Text string
	Columns    []Meaning
}

// Meaning is what a column is.
type Meaning struct{ Column, Text string }

// parseMeanings reads the page: groups, tables in them, columns in those.
func parseMeanings(page string) (Meanings, error) {
	var m Meanings
	for i, line := range strings.Split(page, "\n") {
		if err := m.add(strings.TrimSpace(line)); err != nil {
			return Meanings{}, fmt.Errorf("meanings.md:%d: %w", i+1, err)
		}
	}
	if len(m.Groups) == 0 || m.Groups[0].Name != everywhere || len(m.Groups[0].Tables) != 1 {
		return Meanings{}, fmt.Errorf("meanings.md: the first group has to be %q, with columns only", everywhere)
	}
	m.Common, m.Groups = m.Groups[0].Tables[0].Columns, m.Groups[1:]
	return m, nil
}

// add reads a line. What stands before the first heading is for who edits the page.
func (m *Meanings) add(line string) error {
	group, table := m.last()
	switch {
	case strings.HasPrefix(line, "## "):
		m.Groups = append(m.Groups, Group{Name: line[3:]})
		if line[3:] == everywhere {
			m.Groups[0].Tables = []TableMeaning{{}}
		}
	case group == nil || line == "":
	case strings.HasPrefix(line, "### "):
		group.Tables = append(group.Tables, TableMeaning{Name: line[4:]})
	case strings.HasPrefix(line, "- "):
		column, text, ok := strings.Cut(line[2:], ": ")
		if !ok || table == nil {
			return fmt.Errorf("want %q under a table, have %q", "- column: meaning", line)
		}
		table.Columns = append(table.Columns, Meaning{column, text})
	case table != nil:
		table.Text = joined(table.Text, line)
	default:
		group.Text = joined(group.Text, line)
	}
	return nil
}

// last returns the group and the table that a line belongs to.
func (m *Meanings) last() (group *Group, table *TableMeaning) {
	if len(m.Groups) > 0 {
		group = &m.Groups[len(m.Groups)-1]
		if len(group.Tables) > 0 {
			table = &group.Tables[len(group.Tables)-1]
		}
	}
	return group, table
}

func joined(text, line string) string { return strings.TrimSpace(text + " " + line) }

// check returns what the meanings and a schema do not have in common.
func (m *Meanings) check(s Schema) []string {
	var wrong []string
	commonUsed, told := map[string]bool{}, map[string]bool{}
	for _, g := range m.Groups {
		for _, meant := range g.Tables {
			if told[meant.Name] {
				wrong = append(wrong, fmt.Sprintf("table %s has two meanings", meant.Name))
			}
			told[meant.Name] = true
			table, ok := s.table(meant.Name)
			if !ok {
				wrong = append(wrong, fmt.Sprintf("table %s has a meaning and does not exist", meant.Name))
				continue
			}
			if meant.Text == "" {
				wrong = append(wrong, fmt.Sprintf("table %s has no meaning", meant.Name))
			}
			wrong = append(wrong, m.checkColumns(meant, table, commonUsed)...)
		}
	}
	for _, table := range s.Tables {
		if !told[table.Name] {
			wrong = append(wrong, fmt.Sprintf("table %s has no meaning", table.Name))
		}
	}
	for _, c := range m.Common {
		if !commonUsed[c.Column] {
			wrong = append(wrong, fmt.Sprintf("column %s has a meaning for all tables and none has it", c.Column))
		}
	}
	return wrong
}

func (m *Meanings) checkColumns(meant TableMeaning, table Table, commonUsed map[string]bool) []string {
	var wrong []string
	seen := map[string]bool{}
	for _, c := range meant.Columns {
		if _, ok := table.column(c.Column); !ok {
			wrong = append(wrong, fmt.Sprintf("column %s.%s has a meaning and does not exist", table.Name, c.Column))
		}
		if seen[c.Column] {
			wrong = append(wrong, fmt.Sprintf("column %s.%s has two meanings", table.Name, c.Column))
		}
		seen[c.Column] = true
	}
	for _, c := range table.Columns {
		if _, ok := find(meant.Columns, c.Name); ok {
			continue
		}
		if _, ok := find(m.Common, c.Name); !ok {
			wrong = append(wrong, fmt.Sprintf("column %s.%s has no meaning", table.Name, c.Name))
		}
		commonUsed[c.Name] = true
	}
	return wrong
}

func (m *Meanings) table(name string) TableMeaning {
	for _, g := range m.Groups {
		for _, t := range g.Tables {
			if t.Name == name {
				return t
			}
		}
	}
	return TableMeaning{}
}

// meaning is what a column of a table is.
func (m *Meanings) meaning(table TableMeaning, column string) string {
	text, ok := find(table.Columns, column)
	if !ok {
		text, _ = find(m.Common, column)
	}
	return text
}

func find(all []Meaning, column string) (string, bool) {
	for _, c := range all {
		if c.Column == column {
			return c.Text, true
		}
	}
	return "", false
}
