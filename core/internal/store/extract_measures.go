package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Measures are a number of records and the range of their times. Unknown fields are nil, or the zero time.
type Measures struct {
	Count     *int64
	Low, High dialect.Time
}

// With adds later measures: the last count wins, and so do the lowest low and the highest high.
func (m Measures) With(later Measures) Measures {
	if later.Count != nil {
		m.Count = later.Count
	}
	if t := later.Low; m.Low.IsZero() || !t.IsZero() && t.Before(m.Low.Time) {
		m.Low = t
	}
	if later.High.After(m.High.Time) {
		m.High = later.High
	}
	return m
}

// Measured is an extract with the measures to add to it.
type Measured struct {
	Extract         int64
	Written, Loaded Measures
}

// measuresRow is a [Measured] as a row that is sent: the JSON names of its fields are columns.
type measuresRow struct {
	ID         int64  `json:"id"`
	WriteCount *int64 `json:"write_count,omitempty"`
	WriteLow   string `json:"write_low_at,omitempty"`
	WriteHigh  string `json:"write_high_at,omitempty"`
	LoadCount  *int64 `json:"load_count,omitempty"`
	LoadLow    string `json:"load_low_at,omitempty"`
	LoadHigh   string `json:"load_high_at,omitempty"`
}

func (m Measured) row() measuresRow {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(dialect.TextTime)
	}
	w, l := m.Written, m.Loaded
	return measuresRow{
		ID: m.Extract, WriteCount: w.Count, WriteLow: at(w.Low.Time), WriteHigh: at(w.High.Time),
		LoadCount: l.Count, LoadLow: at(l.Low.Time), LoadHigh: at(l.High.Time),
	}
}

// measureExtracts sets counts, and keeps the lowest low and the highest high that
// were ever given.
func (q sql) measureExtracts(json *rowSet) dialect.Stmt {
	row := []dialect.Column{{Name: "id", Type: dialect.Integer}}
	var set []dialect.Assignment
	for _, direction := range []string{"write", "load"} {
		count, low, high := direction+"_count", direction+"_low_at", direction+"_high_at"
		row = append(row, dialect.Column{Name: count, Type: dialect.Integer},
			dialect.Column{Name: low, Type: dialect.Timestamp}, dialect.Column{Name: high, Type: dialect.Timestamp})
		keep := func(column, order string) dialect.Assignment {
			return dialect.Assignment{Column: column, Expr: "CASE WHEN x." + column + " " + order + " r." + column + " THEN x." + column +
				" ELSE coalesce(r." + column + ", x." + column + ") END"}
		}
		set = append(set, dialect.Assignment{Column: count, Expr: "coalesce(r." + count + ", x." + count + ")"}, keep(low, "<="), keep(high, ">="))
	}
	return q.updateRows("extract.measure", tExtract, set, row, json)
}

// MeasureExtracts adds to the measures of extracts, each given once, all or none, and links
// them to the run. It returns how many do not exist; if any, nothing was written.
func (s *Store) MeasureExtracts(ctx context.Context, run RunRef, measured []Measured) (missing int, state RunState, err error) {
	items := make([]measuresRow, len(measured))
	for i, m := range measured {
		items[i] = m.row()
	}
	slices.SortFunc(items, func(a, b measuresRow) int { return cmp.Compare(a.ID, b.ID) }) // as idRows
	state, err = s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		missing, err = updateExtracts(ctx, s, c, run, items, s.measureExtracts)
		return err
	})
	return missing, state, err
}
