package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// leastPart is the smallest part of an operation's time that a profile shows, in percent.
const leastPart = 4

// profileTables are the tables of `bench profile`: the parts of each operation's time, the largest first.
func profileTables(r results) string {
	var t table
	t.add("operation", "database", "parts of its time, in percent")
	for _, name := range r.order {
		if !strings.HasPrefix(name, "Profile/") {
			continue
		}
		for _, database := range databases() {
			if parts := r.parts(database, name); parts != "" {
				t.add(operationOf(name), titles()[database], parts)
			}
		}
	}
	return t.String()
}

// parts formats the units that end with %, which are parts.
func (r results) parts(database, benchmark string) string {
	type part struct {
		name string
		of   float64
	}
	var all []part
	var rest float64
	for unit, value := range r.values[key{database, benchmark}] {
		name, is := strings.CutSuffix(unit, "-%")
		switch {
		case is && value >= leastPart:
			all = append(all, part{strings.ReplaceAll(name, "-", " "), value})
		case is:
			rest += value
		}
	}
	slices.SortFunc(all, func(a, b part) int { return cmp.Or(cmp.Compare(b.of, a.of), cmp.Compare(a.name, b.name)) })
	var text []string
	for _, p := range all {
		text = append(text, fmt.Sprintf("%s %.0f", p.name, p.of))
	}
	if rest >= 1 {
		text = append(text, fmt.Sprintf("others %.0f", rest))
	}
	return strings.Join(text, ", ")
}
