package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// known describes the values of a filter flag: the names of one kind, and the word for
// one of them.
type known struct {
	flag, what string
	names      iter.Seq2[string, error]
	exists     func(name string) (bool, error) // called if there are too many names to look at all of them; nil if there never are
}

// sayNone reports which filters match nothing in a list. If a filter names something
// that doesn't exist, it says so and suggests a name.
//
// An empty result is no error, but an unknown name in a filter is one: otherwise a
// script would take a typing error for good news.
func (a *app) sayNone(things string, all []known) error {
	var filters, hints []string
	a.flags.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "limit", "json", "dsn", "full", "output", "utc", "profile", "password-command", columnsFlag, noHeadersFlag, agesFlag:
			return // these flags are no filters
		}
		filter := "--" + f.Name
		if f.Value.Type() != "bool" {
			filter += fmt.Sprintf(" %q", f.Value.String())
		}
		filters = append(filters, filter)
		for _, k := range all {
			if k.flag == f.Name {
				hints = append(hints, k.hint(f.Value.String()))
			}
		}
	})
	if len(filters) == 0 {
		a.sayf("there are no %s", things)
		return nil
	}
	text := fmt.Sprintf("no %s match %s%s", things, strings.Join(filters, " "), strings.Join(hints, ""))
	if strings.Join(hints, "") != "" {
		return exit(CodeError, errors.New(text))
	}
	a.sayf("%s", text)
	return nil
}

// hint returns a sentence that the name doesn't exist, with the most similar name, if
// that is so.
func (k known) hint(given string) string {
	nearest, missing := k.nearest(given)
	if !missing {
		return ""
	}
	return fmt.Sprintf("; there is no %s %q", k.what, given) + didYouMean(nearest)
}

func didYouMean(nearest string) string {
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
}

// nearest reports whether a name is missing, and returns the most similar name, if any.
// It ignores errors of the lookup, because its callers already have something to
// report.
func (k known) nearest(given string) (nearest string, missing bool) {
	least, looked := min(3, 1+len([]rune(given))/3), 0 // every short name is like every other
	for name, err := range k.names {
		if looked++; err != nil || name == given {
			return "", false
		}
		if n := distance(strings.ToLower(given), strings.ToLower(name)); n < least {
			nearest, least = name, n
		}
	}
	if looked < mostNames {
		return nearest, true
	}
	if k.exists == nil {
		return nearest, false // it may be one of the rest
	}
	exists, err := k.exists(given)
	return nearest, err == nil && !exists
}

// withNearest adds the name that may have been meant to the error of a name that was
// not found.
func withNearest(ctx context.Context, t *tracker.Tracker, err error) error {
	var missing *tracker.NotFoundError
	ok := errors.As(err, &missing)
	if !ok {
		return err
	}
	var all known
	switch missing.What {
	case "process":
		all = processes(ctx, t)
	case "run status":
		all = statuses(ctx, t, tracker.RunStatuses)
	case "extract status":
		all = statuses(ctx, t, tracker.ExtractStatuses)
	default:
		return err
	}
	nearest, _ := all.nearest(missing.Name)
	if nearest == "" {
		return err
	}
	return fmt.Errorf("%w%s", err, didYouMean(nearest))
}

// distance returns the Levenshtein distance of two texts: how many characters have to
// be added, removed or replaced to turn one into the other.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		before := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := before
			if x != y {
				replaced++
			}
			before = row[j+1]
			row[j+1] = min(replaced, before+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// mostNames limits how many names are compared to find the one that may have been meant.
const mostNames = 10_000

// processes returns the names that --process accepts.
func processes(ctx context.Context, t *tracker.Tracker) known {
	names := func(yield func(string, error) bool) {
		for p, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{Limit: mostNames}) {
			if !yield(p.Name, err) {
				return
			}
		}
	}
	exists := func(name string) (bool, error) {
		for _, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{Name: name, Limit: 1}) {
			return err == nil, err
		}
		return false, nil
	}
	return known{"process", "process", names, exists}
}

// statuses returns the names that --status accepts.
func statuses(ctx context.Context, t *tracker.Tracker, l tracker.Lookup) known {
	return known{flag: "status", what: "status", names: func(yield func(string, error) bool) {
		for s, err := range t.Registry().LookupNames(ctx, l) {
			if !yield(s.Name, err) {
				return
			}
		}
	}}
}

// among returns the listing with the values that its filters accept.
func (l listing[T]) among(all ...known) listing[T] {
	l.known = all
	return l
}
