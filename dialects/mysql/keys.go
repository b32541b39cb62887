package mysql

import (
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A key is a table's primary key, a unique key or an index. Any statement may name a key that
// is unique: a missing one breaks the tracker anyway, while a missing index mostly costs time.
type key struct {
	table, name string
	columns     []string
	unique      bool
}

// keys returns the keys of the tables that setup creates, the primary ones first.
func keys(parts []dialect.Part) []key {
	var primary, others []key
	for _, p := range parts {
		k := key{table: p.Table, name: p.Name, columns: strings.Split(p.Is, ","), unique: p.Kind != dialect.KindIndex}
		switch p.Kind {
		case dialect.KindKey:
			k.name = "PRIMARY"
			primary = append(primary, k)
		case dialect.KindUnique, dialect.KindIndex:
			others = append(others, k)
		}
	}
	return append(primary, others...)
}

// Along implements [dialect.Dialect]. MariaDB finds the rows of a process or a location by
// equality alone, and then goes through all of them up to the place where the list goes on,
// unless a cheaper plan begins in that same index. MySQL begins at the place by itself, and
// does not read the hint: without the index it is only slower.
func (d Dialect) Along(table, from string, columns ...string) string {
	if hint := d.inOrderOf(table, columns); hint != "" {
		return from + " /*M!" + hint + " */"
	}
	return from
}

// inOrderOf is the hint that makes the database take a table's rows from the index with
// these columns. It is empty if there is none.
func (d Dialect) inOrderOf(table string, columns []string) string {
	for _, k := range d.keys {
		if k.table == table && slices.Equal(k.columns, columns) {
			return " FORCE INDEX (" + identifier(k.name) + ")"
		}
	}
	return ""
}

// by is the hint that makes the database find a table's rows by the unique key that begins
// with the columns, or has them all. It is empty if the table has no such key.
//
// Otherwise MariaDB scans a small table, and so waits for rows that it does not change;
// or it compares each row with each other. Since version 11, it also takes an index that
// has only one of the columns, if its statistics say that the table is empty.
func (d Dialect) by(table string, columns ...string) string {
	for _, k := range d.keys {
		leading := k.columns[:min(len(k.columns), len(columns))]
		other := func(column string) bool { return !slices.Contains(columns, column) }
		if k.unique && k.table == table && !slices.ContainsFunc(leading, other) {
			return " FORCE INDEX (" + identifier(k.name) + ")"
		}
	}
	return ""
}
