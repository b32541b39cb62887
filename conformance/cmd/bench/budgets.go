package main

import (
	"fmt"
	"math"
)

// A budget is a limit on an operation's cost.
type budget struct {
	what      string // the operation, and what it is compared with
	benchmark string
	unit      string
	limit     float64
	least     bool    // the limit is a minimum, not a maximum
	scale     float64 // of the value, for people; 1 if zero
	suffix    string  // of the value, such as µs
	why       string  // why it cannot be met, if that is known
}

// ok reports whether a value keeps the budget.
func (b budget) ok(value float64) bool {
	if b.least {
		return value >= b.limit
	}
	return value <= b.limit
}

// show prints a value as people read it.
func (b budget) show(value float64) string {
	if b.scale != 0 {
		value *= b.scale
	}
	switch {
	case b.suffix != "":
		return fmt.Sprintf("%.0f%s", value, b.suffix)
	case value >= 100, value == math.Trunc(value):
		return fmt.Sprintf("%.0f", value)
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	default:
		return fmt.Sprintf("%.2f", value)
	}
}

// bound prints the limit.
func (b budget) bound() string {
	limit := b
	limit.scale = 0
	bound := b.limit
	if b.scale != 0 {
		bound *= b.scale
	}
	word := "at most "
	if b.least {
		word = "at least "
	}
	if b.suffix == "" {
		return word + fmt.Sprintf("%g", bound)
	}
	return word + limit.show(bound)
}

// budgets are the budgets of single operations.
func budgets() []budget {
	var all []budget
	for _, o := range []struct{ name, why string }{
		{"start", "on MySQL and MariaDB a statement changes one table; the outcome, which names the reason of a refusal, is one more everywhere"},
		{"register one", "it locks the run's row and returns what is stored, and on all but PostgreSQL a statement changes one table"},
		{"loading", "it locks the run's row and reads the extract's parents, and on all but PostgreSQL a statement changes one table"},
		{"loaded", "it locks the run's row and the extract, and on all but PostgreSQL a statement changes one table"},
		{"complete", "it reads the outcome, and on all but PostgreSQL changes the process's row twice, as the watermark needs the run's row as it is after the wait"},
	} {
		all = append(all, budget{what: o.name + " / its facts by hand", benchmark: "Operations/" + o.name, unit: "x/facts", limit: 1.3, why: o.why})
	}
	const micro = 1e-3
	all = append(all,
		budget{what: "refused start / one SELECT by key", benchmark: "Operations/refused start", unit: "x/floor", limit: 1.5,
			why: "it also writes down that it was refused (rule S2.12)"},
		budget{what: "claim 1,000 / its facts by hand", benchmark: "Operations/claim 1,000", unit: "x/facts", limit: 1.5,
			why: "it returns the extracts with their locations, runs and processes, which the facts by hand do not"},
		budget{what: "register 100,000: speed / loading by hand", benchmark: "Bulk/100,000 files", unit: "register-speed/load", limit: 0.5, least: true,
			why: "it looks for existing rows, and its statements read each batch from JSON anew"},
		budget{what: "list 100,000 new files: speed / loading by hand", benchmark: "Bulk/100,000 files", unit: "new-listing-speed/load", limit: 0.4, least: true,
			why: "it also writes when each file was listed, and looks for those that are gone"},
		budget{what: "list them again: speed / loading by hand", benchmark: "Bulk/100,000 files", unit: "repeated-listing-speed/load", limit: 0.8, least: true},
		budget{what: "64 connections, 1,000 processes: speed / facts by hand", benchmark: "Load/1,000 processes", unit: "speed/facts", limit: 0.7, least: true,
			why: "an operation is more statements than the facts by hand, as on one connection"},
		budget{what: "64 connections, one process: speed / one alone", benchmark: "Load/one process", unit: "speed/alone", limit: 0.5, least: true,
			why: "63 callers that are refused share two cores with the server and with the one that works"},
	)
	for _, name := range []string{"start", "complete"} {
		all = append(all,
			budget{what: name + " without a database: time", benchmark: "Alone/" + name, unit: "ns/op", limit: 30_000, scale: micro, suffix: " µs"},
			budget{what: name + " without a database: allocations", benchmark: "Alone/" + name, unit: "allocs/op", limit: 100})
	}
	return append(all,
		budget{what: "life cycle: round trips", benchmark: "Operations/life cycle", unit: "roundtrips/op", limit: 5},
		budget{what: "claim: round trips", benchmark: "Operations/claim 1,000", unit: "roundtrips/op", limit: 2})
}

// historyLimit is the maximum ratio of a time among many rows to the time among few.
const historyLimit = 1.2

// historyBudgets are the budgets of operations that a long history must not slow down.
func historyBudgets(r results) []budget {
	var all []budget
	for _, name := range r.order {
		all = append(all, budget{what: operationOf(name), benchmark: name, unit: "x/few", limit: historyLimit})
	}
	return append(all,
		budget{what: "claim 1,000 / its facts by hand", benchmark: "History/claim 1,000", unit: "x/facts", limit: 1.5},
		budget{what: "purge: longest batch", benchmark: "History/purge while starts go on", unit: "ns/op", limit: 100e6, scale: 1e-6, suffix: " ms"},
		budget{what: "starts while a purge goes on: speed / without", benchmark: "History/purge while starts go on", unit: "speed/alone", limit: 0.8, least: true})
}
