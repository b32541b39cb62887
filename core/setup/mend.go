package setup

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// made is a table or a view that the migrations create, with its statements.
type made struct {
	name       string
	view       bool
	statements []string
}

// making lists the tables and views of the migrations, in order, each with its statements,
// including those for its indexes and its initial rows.
func making(d dialect.Dialect, migrations []dialect.Migration) []made {
	var all []made
	for _, p := range dialect.ParseParts(d.Expected()) {
		if p.Kind == dialect.KindTable || p.Kind == dialect.KindView {
			all = append(all, made{name: p.Table, view: p.Kind == dialect.KindView})
		}
	}
	first := map[string]int{}
	n := 0
	for _, m := range migrations {
		for _, statement := range m.Statements {
			if i := about(d, all, statement); i >= 0 {
				if n++; len(all[i].statements) == 0 {
					first[all[i].name] = n
				}
				all[i].statements = append(all[i].statements, withoutComment(statement))
			}
		}
	}
	all = slices.DeleteFunc(all, func(m made) bool { return len(m.statements) == 0 })
	slices.SortFunc(all, func(a, b made) int { return cmp.Compare(first[a.name], first[b.name]) })
	return all
}

// about returns the table that a statement is about: the first one that it names.
func about(d dialect.Dialect, all []made, statement string) int {
	found, at := -1, len(statement)
	for i, m := range all {
		if place := strings.Index(statement, d.Table(m.name)); place >= 0 && place < at {
			found, at = i, place
		}
	}
	return found
}

var comment = regexp.MustCompile(`^(--[^\n]*\n)+`)

func withoutComment(statement string) string { return comment.ReplaceAllString(statement, "") }

// remark matches the comment in a line.
var remark = regexp.MustCompile(`\s+--\s.*`)

// line returns the line of a CREATE TABLE that defines a column.
func line(create, column string) string {
	for text := range strings.Lines(create) {
		text = remark.ReplaceAllString(text, "")
		if name, rest, _ := strings.Cut(strings.TrimSpace(text), " "); name == column {
			return name + " " + strings.TrimSuffix(strings.TrimSpace(rest), ",")
		}
	}
	return ""
}

var condition = regexp.MustCompile(`CHECK \((\w+) .*\)`)

// checkLike returns the check in a CREATE TABLE that is about the same column as the
// given check, which is in the database's form.
func checkLike(create, shown string) string {
	for text := range strings.Lines(create) {
		if m := condition.FindStringSubmatch(text); m != nil && slices.Contains(strings.FieldsFunc(shown, notOfName), m[1]) {
			return m[0]
		}
	}
	return ""
}

func notOfName(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }

// mend finds the statements that undo each drift, and returns the drifts in an order in
// which these can run.
func mend(d dialect.Dialect, drifts []Drift) []Drift {
	all := making(d, d.Migrations())
	place := func(drift Drift) int {
		return slices.IndexFunc(all, func(m made) bool { return m.name == drift.Table })
	}
	slices.SortStableFunc(drifts, func(a, b Drift) int {
		if a.Kind == dialect.KindTable && b.Kind == dialect.KindTable {
			return place(a) - place(b)
		}
		return cmp.Compare(rank(a.Kind), rank(b.Kind))
	})
	for i := range drifts {
		drift := &drifts[i]
		its := all[place(*drift)].statements
		switch {
		case drift.Added:
		case drift.Kind == dialect.KindView:
			drift.Mend = its
			if !strings.HasPrefix(its[0], "CREATE OR REPLACE") {
				drift.Mend = append([]string{"DROP VIEW IF EXISTS " + d.Table(drift.Table)}, its...)
			}
		case drift.Kind == dialect.KindTable && drift.Have == "":
			drift.Mend = its
		case drift.Kind == dialect.KindCheck:
			drift.Mend = d.Mend(drift.Part, drift.Have, checkLike(its[0], drift.Is))
		default:
			drift.Mend = d.Mend(drift.Part, drift.Have, line(its[0], drift.Name))
		}
	}
	return slices.DeleteFunc(drifts, func(foreign Drift) bool {
		return foreign.Kind == dialect.KindForeignKey && slices.ContainsFunc(drifts, func(column Drift) bool {
			return column.Kind == dialect.KindColumn && column.Table == foreign.Table && column.Name == foreign.Name &&
				len(column.Mend) > 0 && strings.Contains(column.Mend[0], " REFERENCES ")
		})
	})
}
