package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Schema is what stands in one database, or in several that were merged.
type Schema struct {
	Databases []string // such as "PostgreSQL"
	Tables    []Table  // by name
}

// Table is a table. Unique are the unique keys but the primary one, Loose the databases in which it has no foreign keys,
// on purpose.
type Table struct {
	Name    string
	Columns []Column
	Unique  [][]string
	Indexes []Index
	Loose   []string
}

// Index is an index that is not there for a key.
type Index struct {
	Name    string
	Columns []string
}

// Column is a column. Types and Defaults are in the order of the schema's databases.
type Column struct {
	Name       string
	Types      []string
	Defaults   []string // as the database has them, but for those below; empty for none
	Null       bool
	Key        bool   // part of the primary key
	References string // a table, by its id
}

// Defaults that every database spells in its own way.
const (
	generated = "generated" // by the database, in the order of insertion
	now       = "now"       // by the database's clock, in UTC
)

func (s Schema) table(name string) (Table, bool) {
	i := slices.IndexFunc(s.Tables, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return s.Tables[i], true
}

func (t Table) column(name string) (Column, bool) {
	i := t.index(name)
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

func (t Table) index(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// change changes a table that was read before.
func (s Schema) change(table string, change func(*Table) error) error {
	for i := range s.Tables {
		if s.Tables[i].Name == table {
			return change(&s.Tables[i])
		}
	}
	return fmt.Errorf("there is no table %s", table)
}

// withColumn adds a column to the table that was read last, or to a new one.
func withColumn(tables []Table, table string, c Column) []Table {
	if len(tables) == 0 || tables[len(tables)-1].Name != table {
		tables = append(tables, Table{Name: table})
	}
	t := &tables[len(tables)-1]
	t.Columns = append(t.Columns, c)
	return tables
}

func (s Schema) addUnique(table string, columns []string) error {
	return s.change(table, func(t *Table) error {
		t.Unique = append(t.Unique, columns)
		return nil
	})
}

func (s Schema) addIndex(table string, index Index) error {
	return s.change(table, func(t *Table) error {
		t.Indexes = append(t.Indexes, index)
		return nil
	})
}

// set changes a column that was read before.
func (s Schema) set(table, column string, set func(*Column)) error {
	return s.change(table, func(t *Table) error {
		i := t.index(column)
		if i < 0 {
			return fmt.Errorf("table %s has no column %s", table, column)
		}
		set(&t.Columns[i])
		return nil
	})
}

// sort puts the tables, their keys and indexes in order. Columns keep theirs.
func (s Schema) sort() {
	slices.SortFunc(s.Tables, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	for _, t := range s.Tables {
		slices.SortFunc(t.Unique, slices.Compare)
		slices.SortFunc(t.Indexes, func(a, b Index) int { return strings.Compare(a.Name, b.Name) })
	}
}

// merge makes one schema of two that have the same tables, and says where they are not the same.
func merge(a, b Schema) (Schema, error) {
	var wrong []error
	differ := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf(strings.Join(append(a.Databases, b.Databases...), " and ")+" differ in "+format, args...))
	}
	merged := Schema{Databases: slices.Concat(a.Databases, b.Databases), Tables: slices.Clone(a.Tables)}
	for _, t := range b.Tables {
		if _, ok := a.table(t.Name); !ok {
			differ("table %s", t.Name)
		}
	}
	for i, t := range merged.Tables {
		other, ok := b.table(t.Name)
		same := alike
		if len(t.Loose) == len(a.Databases) || len(other.Loose) == len(b.Databases) {
			same = alikeButReferences
		}
		switch {
		case !ok:
			differ("table %s", t.Name)
		case !slices.EqualFunc(t.Columns, other.Columns, same):
			differ("the columns of %s: %+v, %+v", t.Name, t.Columns, other.Columns)
		case !reflect.DeepEqual(t.Unique, other.Unique):
			differ("the keys of %s: %v, %v", t.Name, t.Unique, other.Unique)
		case !reflect.DeepEqual(t.Indexes, other.Indexes):
			differ("the indexes of %s: %v, %v", t.Name, t.Indexes, other.Indexes)
		default:
			merged.Tables[i].Columns = slices.Clone(t.Columns)
			merged.Tables[i].Loose = slices.Concat(t.Loose, other.Loose)
			for j, c := range other.Columns {
				column := &merged.Tables[i].Columns[j]
				column.Types = slices.Concat(column.Types, c.Types)
				column.Defaults = slices.Concat(column.Defaults, c.Defaults)
				column.References = cmp.Or(column.References, c.References)
			}
		}
	}
	return merged, errors.Join(wrong...)
}

// alike compares what has to be the same on each database.
func alike(a, b Column) bool {
	has := func(c Column) bool { return c.Defaults[0] != "" }
	return a.Name == b.Name && a.Null == b.Null && a.Key == b.Key && a.References == b.References && has(a) == has(b)
}

// alikeButReferences compares columns of which one is of a table without foreign keys.
func alikeButReferences(a, b Column) bool {
	b.References = a.References
	return alike(a, b)
}
