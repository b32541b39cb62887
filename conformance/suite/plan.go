package suite

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A share is how much of a case is run.
type share int

const (
	inFull share = iota
	inSmall
	untouched // left to a later level
)

// raceRules are the rules, or chapters of rules, whose cases run with the race
// detector: the ones in which programs or the tracker's goroutines interact. It runs on
// PostgreSQL, which blocks least. SQLite is pure Go here, which the detector makes ten
// times slower: there it only watches the tracker's background work. On the other
// databases it would only see the same Go code again.
func raceRules(backend string) []string {
	switch backend {
	case "postgres":
		return []string{"S1.1", "S2.1", "S2.3", "S2.6", "S2.7", "S2.11", "S3.2", "S3.3", "S4.", "S5.6", "S8.2", "S9.1"}
	case "sqlite":
		return []string{"S2.7", "S4.1", "S4.3"}
	default:
		return nil
	}
}

// watched reports whether a case runs with the race detector.
func watched(c Case, backend string) bool {
	return slices.ContainsFunc(c.Rules(), func(rule string) bool {
		return slices.ContainsFunc(raceRules(backend), func(r string) bool {
			return r == rule || strings.HasSuffix(r, ".") && strings.HasPrefix(rule, r)
		})
	})
}

// shareOf decides how much of a case a backend runs at a level.
func shareOf(c Case, b Backend, level Level, turn int) share {
	about, isCostly := costOf(c)
	switch {
	case level == Nightly && (raced || testing.Short()):
		return inSmall
	case level == Nightly:
		return inFull
	case raced:
		if !watched(c, b.Name) || isCostly && about.short == untouched {
			return untouched
		}
		return inSmall
	case !isCostly:
		return inFull
	case level == Short:
		return about.short
	case len(b.Only) == 0 && b.Role == "" && about.home(turn) == b.Name:
		return inFull
	default:
		return about.elsewhere
	}
}

// plan is the selection of a group's cases at the level of the test run.
type plan struct {
	cases     []Case
	small     map[string]bool // by case name
	untouched []string
}

func planOf(t testing.TB, b Backend, cases []Case) plan {
	t.Helper()
	p := plan{small: map[string]bool{}}
	level, turn := AtLevel(), rotation(t)
	for _, c := range cases {
		if !b.wants(c) {
			continue
		}
		switch shareOf(c, b, level, turn) {
		case untouched:
			p.untouched = append(p.untouched, c.Name)
			continue
		case inSmall:
			p.small[c.Name] = true
		case inFull:
		}
		p.cases = append(p.cases, c)
	}
	return p
}

// tell reports the parts that a plan leaves to the nightly run.
func (p plan) tell(t *testing.T, b Backend) {
	t.Helper()
	var text []string
	if n := len(p.untouched); n > 0 && raced {
		text = append(text, fmt.Sprintf("%d cases with the race detector", n))
	} else if n > 0 {
		text = append(text, fmt.Sprintf("%d cases: %s", n, shortened(p.untouched)))
	}
	var smaller []string
	for _, c := range p.cases {
		if _, isCostly := costOf(c); isCostly && p.small[c.Name] {
			smaller = append(smaller, c.Name)
		}
	}
	if n := len(smaller); n > 0 && AtLevel() != Nightly {
		text = append(text, fmt.Sprintf("the full size of %d cases: %s", n, shortened(smaller)))
	}
	if b.Role != "" && AtLevel() == Commit {
		text = append(text, "the other rules with the rights of a "+string(b.Role))
	}
	if len(text) > 0 {
		Leave(t, b.Name+": "+strings.Join(text, "; "))
	}
}

// shortened lists cases, each by its rules and its first words.
func shortened(cases []string) string {
	const most = 60
	short := make([]string, len(cases))
	for i, name := range cases {
		short[i] = name
		if runes := []rune(name); len(runes) > most {
			short[i] = string(runes[:most]) + "…"
		}
	}
	return strings.Join(short, "; ")
}
