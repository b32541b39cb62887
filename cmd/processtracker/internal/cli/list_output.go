package cli

import (
	"encoding/csv"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
)

// names returns the names of the fields in the list's documents.
func (l listing[T]) names(nested bool) (names []string, err error) {
	var zero T
	all, err := fields(l.document(zero))
	for _, f := range all {
		if nested || !f.isNested() {
			names = append(names, f.name)
		}
	}
	return names, err
}

// check rejects unknown field names before anything is read.
func (l listing[T]) check(a *app) error {
	if len(a.output.columns) == 0 {
		return nil
	}
	all, err := l.names(true)
	if err != nil {
		return err
	}
	if a.output.form == outputTable || a.output.form == outputWide {
		for _, c := range l.columns {
			if !slices.Contains(all, key(c)) {
				all = append(all, key(c))
			}
		}
	}
	for _, name := range a.output.columns {
		if nearest, missing := (known{names: each(all)}).nearest(name); missing {
			return exit(CodeUsage, fmt.Errorf("--%s %q: %s have no such field%s; they have %s", columnsFlag, name, l.things, didYouMean(nearest), strings.Join(all, ", ")))
		}
	}
	return nil
}

// documents yields the list's documents, with the named fields or with all fields.
func (l listing[T]) documents(names []string) func(T) any {
	if len(names) == 0 {
		return l.document
	}
	return func(item T) any {
		all, err := fields(l.document(item))
		if err != nil {
			return err // no document of ours contains it
		}
		return selected(all, names)
	}
}

// printCSV prints the documents' fields as in RFC 4180, but with line feeds.
func printCSV[T any](a *app, l listing[T], list iter.Seq2[T, error]) error {
	names, w := a.output.columns, csv.NewWriter(a.env.Stdout)
	if len(names) == 0 {
		var err error
		if names, err = l.names(false); err != nil {
			return err
		}
	}
	if !a.output.noHeaders {
		if err := w.Write(names); err != nil {
			return err
		}
	}
	for item, err := range list {
		if err != nil {
			w.Flush() // keep the rows read so far
			return err
		}
		all, err := fields(l.document(item))
		if err != nil {
			return err
		}
		row := make([]string, len(names))
		for i, name := range names {
			if f, ok := find(all, name); ok {
				row[i] = f.text()
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// column is a column of a table: one of the list's own, or a field of its documents.
type column struct {
	table.Column

	own   int // its index in the list's row; -1 for a field
	field string
}

// chosen returns the columns of a table: the ones that the user named, or else the
// list's own and, in wide output, all other fields.
func (l listing[T]) chosen(o output) ([]column, error) {
	own := func(i int) column {
		c := l.columns[i]
		if o.form == outputWide {
			c.Longest = 0
		}
		return column{Column: c, own: i}
	}
	byKey := func(name string) int {
		return slices.IndexFunc(l.columns, func(c table.Column) bool { return key(c) == name })
	}
	var all []column
	names := o.columns
	if len(names) == 0 {
		for i := range l.columns {
			all = append(all, own(i))
		}
		if o.form != outputWide {
			return all, nil
		}
		fields, err := l.names(false)
		if err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(fields, func(name string) bool { return byKey(name) >= 0 })
	}
	for _, name := range names {
		if i := byKey(name); i >= 0 {
			all = append(all, own(i))
			continue
		}
		all = append(all, column{own: -1, field: name, Column: table.Column{
			Title: title(name), Key: name, Least: 8, Wrap: true, Time: strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_until"),
		}})
	}
	return all, nil
}

func printTable[T any](a *app, l listing[T], list iter.Seq2[T, error]) error {
	chosen, err := l.chosen(a.output)
	if err != nil {
		return err
	}
	var rows [][]string
	for item, err := range list {
		if err != nil {
			return err
		}
		row, err := l.cells(chosen, item)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil
	}
	if len(a.output.columns) == 0 {
		chosen, rows = withoutOptional(chosen, rows)
	}
	columns := make([]table.Column, len(chosen))
	for i, c := range chosen {
		columns[i] = c.Column
	}
	format := table.Format{Width: a.env.Width, NoHeaders: a.output.noHeaders}
	if a.output.form == outputWide {
		format.Width = 0
	}
	titles, whens := slices.Clone(columns), clone(rows)
	clock := a.clock()
	if clock.Apply(titles, whens); !clock.Ages && !format.Fits(titles, whens) {
		clock.Ages = true // ages are shorter than times
		titles, whens = columns, rows
		clock.Apply(titles, whens)
	}
	return format.Write(a.env.Stdout, titles, whens)
}

// withoutOptional removes the optional columns that are empty in all rows.
func withoutOptional(columns []column, rows [][]string) ([]column, [][]string) {
	shown := func(i int) bool {
		return !columns[i].Optional || slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" })
	}
	var kept []column
	cells := make([][]string, len(rows))
	for i, c := range columns {
		if !shown(i) {
			continue
		}
		kept = append(kept, c)
		for j, row := range rows {
			cells[j] = append(cells[j], row[i])
		}
	}
	return kept, cells
}

// clone copies rows and their cells.
func clone(rows [][]string) [][]string {
	all := make([][]string, len(rows))
	for i, row := range rows {
		all[i] = slices.Clone(row)
	}
	return all
}

// cells is a row of the table.
func (l listing[T]) cells(chosen []column, item T) ([]string, error) {
	own := l.row(item)
	row := make([]string, len(chosen))
	var all []field
	for i, c := range chosen {
		if c.own >= 0 {
			row[i] = own[c.own]
			continue
		}
		if all == nil {
			var err error
			if all, err = fields(l.document(item)); err != nil {
				return nil, err
			}
		}
		if f, ok := find(all, c.field); ok {
			row[i] = f.cell()
		}
	}
	return row, nil
}
