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

// known is what a flag can name: the names of one sort, and what one of them is called.
type known struct {
	flag, what string
	names      iter.Seq2[string, error]
	exists     func(name string) (bool, error) // asked where there are too many names to look at all; nil if there never are
}

// sayNone says which filters nothing in a list matches, and if one of them names what
// there is not, so and what may have been meant.
//
// That nothing matches is no error, but a filter that names what there is not is one: a
// script would take a typing error for good news.
func (a *app) sayNone(things string, all []known) error {
	var filters, hints []string
	a.flags.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "limit", "json", "dsn", "full", "output", "utc", "profile", "password-command", columnsFlag, noHeadersFlag, agesFlag:
			return // which filter nothing
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

// hint says that there is no such name, if that is so, and which one is like it.
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

// nearest reports whether a name is missing, and which one is like it, if any. That the
// names could not be looked up is no news: whoever asks has something to say already.
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

// withNearest adds to the error of a name that was not found which one may have been
// meant.
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

// distance is how many characters have to be added, removed or replaced to make one text
// of the other, as Levenshtein counts.
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

// mostNames is how many names are looked at for one that may have been meant.
const mostNames = 10_000

// processes are what --process can name.
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

// statuses are what --status can name.
func statuses(ctx context.Context, t *tracker.Tracker, l tracker.Lookup) known {
	return known{flag: "status", what: "status", names: func(yield func(string, error) bool) {
		for s, err := range t.Registry().LookupNames(ctx, l) {
			if !yield(s.Name, err) {
				return
			}
		}
	}}
}

// among is the listing with what its filters can name.
func (l listing[T]) among(all ...known) listing[T] {
	l.known = all
	return l
}
