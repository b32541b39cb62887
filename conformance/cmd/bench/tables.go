package main

import (
	"fmt"
	"strings"
)

// A table is a Markdown table, whose columns are aligned so that its text is readable, too.
type table struct{ rows [][]string }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String returns the table; its first row is the head.
func (t *table) String() string {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	line := func(row []string) {
		for i, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-len([]rune(cell))) + " ")
		}
		b.WriteString("|\n")
	}
	line(t.rows[0])
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
	}
	line(rule)
	for _, row := range t.rows[1:] {
		line(row)
	}
	return b.String()
}

// head is the first row: some titles and the databases'.
func head(first ...string) []string {
	for _, database := range databases() {
		first = append(first, titles()[database])
	}
	return first
}

// notMeasured is the text of a cell without a measurement.
const notMeasured = "–"

// missedMark ends the cell of a missed budget.
const missedMark = " missed**"

// operationOf extracts the operation from a benchmark's name.
func operationOf(benchmark string) string {
	_, name, _ := strings.Cut(benchmark, "/")
	return name
}

// budgetTable has a row for each budget that was measured on any database, and says how
// many are met.
func budgetTable(r results, all []budget) string {
	var t table
	t.add(head("operation", "budget")...)
	met, missed, reasons := 0, 0, ""
	for _, b := range all {
		row, measured := []string{b.what, b.bound()}, false
		for _, database := range databases() {
			value, ok := r.get(database, b.benchmark, b.unit)
			switch {
			case !ok:
				row = append(row, notMeasured)
				continue
			case b.ok(value):
				row = append(row, b.show(value)+" met")
				met++
			default:
				row = append(row, "**"+b.show(value)+missedMark)
				missed++
			}
			measured = true
		}
		if measured {
			t.add(row...)
		}
		if measured && b.why != "" && strings.Contains(strings.Join(row, " "), missedMark) {
			reasons += "- " + b.what + ": " + b.why + "\n"
		}
	}
	if reasons != "" {
		reasons = "\nWhy they are missed, where it is known:\n\n" + reasons
	}
	return fmt.Sprintf("%s\n%d met, %d missed.\n%s", t.String(), met, missed, reasons)
}

// operationTables are the tables of `bench operations`.
func operationTables(r results) string {
	var costs table
	costs.add(head("operation")...)
	for _, name := range r.order {
		if !strings.HasPrefix(name, "Operations/") {
			continue
		}
		row := []string{operationOf(name)}
		for _, database := range databases() {
			row = append(row, r.ratios(database, name))
		}
		costs.add(row...)
	}
	var alone table
	alone.add(head("operation")...)
	for _, name := range r.order {
		if !strings.HasPrefix(name, "Alone/") {
			continue
		}
		row := []string{operationOf(name)}
		for _, database := range databases() {
			time, ok := r.get(database, name, "ns/op")
			allocations, _ := r.get(database, name, "allocs/op")
			cell := notMeasured
			if ok {
				cell = fmt.Sprintf("%.0f µs, %.0f", time/1000, allocations)
			}
			row = append(row, cell)
		}
		alone.add(row...)
	}
	return budgetTable(r, budgets()) +
		"\nEach operation on one connection: how many times as long as its facts by hand (as its floor).\n\n" + costs.String() +
		"\nThe tracker alone, without a driver and a database: time and allocations.\n\n" + alone.String()
}

// ratios formats an operation's costs in relation to its floors.
func (r results) ratios(database, benchmark string) string {
	facts, hasFacts := r.get(database, benchmark, "x/facts")
	floor, hasFloor := r.get(database, benchmark, "x/floor")
	switch {
	case hasFacts && hasFloor:
		return fmt.Sprintf("%.1f (%.1f)", facts, floor)
	case hasFacts:
		return fmt.Sprintf("%.1f", facts)
	case hasFloor:
		return fmt.Sprintf("(%.1f)", floor)
	default:
		return notMeasured
	}
}

// historyTables are the tables of `bench history`.
func historyTables(r results) string { return budgetTable(r, historyBudgets(r)) }

// otherTables are the tables of `bench others`: each compares another tracker's
// operation with the equivalent one of this tracker.
func otherTables(r results) string {
	var t table
	t.add("operation", "River", "this tracker", "ratio")
	for _, name := range r.order {
		river, _ := r.get("postgres", name, "river-ns/op")
		own, _ := r.get("postgres", name, "ns/op")
		if river == 0 {
			continue
		}
		t.add(operationOf(name), milliseconds(river), milliseconds(own), fmt.Sprintf("%.2f", own/river))
	}
	return t.String()
}

func milliseconds(ns float64) string { return fmt.Sprintf("%.2f ms", ns/1e6) }
