package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Summary is what a test run amounts to.
type Summary struct {
	Rows     []Row    // a row for each server that something ran on, or that was missing
	Skips    []Skip   // why something was skipped, each reason once a backend
	Failures []Record // the records that failed
	Passed   int
	Failed   int
	Skipped  int
}

// Row counts the cases on one server. Server and Provider are empty where there was none.
type Row struct {
	Backend, Server, Provider string
	Passed, Failed, Skipped   int
}

// Skip is one reason for skips on one backend.
type Skip struct {
	Backend, Why string
	Cases        []string // the cases' names; none where the backend as a whole was skipped
	Whole        bool     // the backend as a whole was skipped, by at least one test binary
}

// Summarise counts records, in an order that does not depend on theirs.
func Summarise(records []Record) *Summary {
	type server struct{ backend, version, provider string }
	type reason struct{ backend, why string }
	sum := &Summary{}
	rows := map[server]*Row{}
	skips := map[reason]*Skip{}
	for _, r := range records {
		row := entry(rows, server{r.Backend, r.Server, r.Provider},
			Row{Backend: r.Backend, Server: r.Server, Provider: r.Provider})
		switch r.Outcome {
		case Passed:
			row.Passed++
			sum.Passed++
		case Failed:
			row.Failed++
			sum.Failed++
			sum.Failures = append(sum.Failures, r)
		default:
			row.Skipped++
			sum.Skipped++
			skip := entry(skips, reason{r.Backend, r.Why}, Skip{Backend: r.Backend, Why: r.Why})
			if r.Case == "" {
				skip.Whole = true
			} else {
				skip.Cases = append(skip.Cases, r.Case)
			}
		}
	}
	for _, row := range rows {
		sum.Rows = append(sum.Rows, *row)
	}
	for _, skip := range skips {
		slices.Sort(skip.Cases)
		sum.Skips = append(sum.Skips, *skip)
	}
	sum.sort()
	return sum
}

// entry returns the map's value for the key, which is set to a first value where there is none.
func entry[K comparable, V any](m map[K]*V, key K, first V) *V {
	if m[key] == nil {
		m[key] = &first
	}
	return m[key]
}

func (s *Summary) sort() {
	slices.SortFunc(s.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Backend, b.Backend), cmp.Compare(a.Server, b.Server),
			cmp.Compare(a.Provider, b.Provider))
	})
	slices.SortFunc(s.Skips, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(a.Backend, b.Backend), cmp.Compare(a.Why, b.Why))
	})
	slices.SortStableFunc(s.Failures, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Backend, b.Backend), cmp.Compare(a.Server, b.Server), cmp.Compare(a.Case, b.Case))
	})
}

// Problems returns why the run must not count as a success, in whole sentences; none means that it may.
func (s *Summary) Problems(required []string) []string {
	var problems []string
	if len(s.Rows) == 0 {
		problems = append(problems, "nothing was recorded: no case ran, or the tests were not told where to write ("+DirVar+")")
	}
	if s.Failed > 0 {
		problems = append(problems, fmt.Sprintf("%d failed", s.Failed))
	}
	for _, backend := range required {
		if problem := s.missing(backend); problem != "" {
			problems = append(problems, problem)
		}
	}
	return problems
}

// missing tells why a required backend does not count as tested. One test binary that had to go without its server is
// enough for that, even when others had theirs.
func (s *Summary) missing(backend string) string {
	passed := 0
	for _, row := range s.Rows {
		if strings.EqualFold(row.Backend, backend) {
			passed += row.Passed
		}
	}
	for _, skip := range s.Skips {
		if skip.Whole && strings.EqualFold(skip.Backend, backend) {
			return fmt.Sprintf("%s is required, and was skipped: %s", backend, oneLine(skip.Why))
		}
	}
	if passed == 0 {
		return backend + " is required, and no case passed on it"
	}
	return ""
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
