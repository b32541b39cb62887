package tracker

import (
	"iter"
	"strconv"
	"time"
)

// page is the number of rows per query. Lists are read by keyset pagination, so that
// they stay stable under concurrent writes.
const page = 500

// field is a filter's name field, and where its checked value goes.
type field struct {
	what, name string
	to         *string
}

// checkFilter refuses a name that could not be registered, and so cannot be found. A
// name of spaces does not count as missing, because it would then find everything.
func checkFilter(limit int, fields ...field) (err error) {
	if limit < 0 {
		return invalid("limit", strconv.Itoa(limit), "negative", "give 0 for all")
	}
	for _, f := range fields {
		if *f.to, err = optionalName(f.what, f.name); err != nil {
			return err
		}
	}
	return nil
}

// checkIDs refuses ids that no row can have, instead of finding nothing: they come from
// mistakes. The first is a run's, the second an extract's; 0 means any.
func checkIDs(run, extract int64) error {
	if run < 0 {
		return invalid("run id", strconv.FormatInt(run, 10), "negative", "give the id of a run, or 0 for all")
	}
	if extract < 0 {
		return invalid("extract id", strconv.FormatInt(extract, 10), "negative", "give the id of an extract, or 0 for all")
	}
	return nil
}

func onlyError[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// list holds what is specific to one list.
type list[R, T any] struct {
	doing   string
	limit   int
	after   []int64         // where to begin; nil for the beginning
	keys    func(R) []int64 // the row's sort key
	convert func(R) T
	read    func(limit int64, after []int64) ([]R, error)
}

// pages yields the rows of a list, page by page, up to its limit.
func pages[R, T any](t *Tracker, l list[R, T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		after := l.after
		for left := l.limit; l.limit == 0 || left > 0; {
			size := page
			if l.limit > 0 {
				size = min(page, left)
			}
			rows, err := l.read(int64(size), after)
			if err != nil {
				var none T
				yield(none, t.failed(l.doing, err))
				return
			}
			for _, row := range rows {
				if !yield(l.convert(row), nil) {
					return
				}
			}
			if len(rows) < size {
				return
			}
			left -= len(rows)
			after = l.keys(rows[len(rows)-1])
		}
	}
}

// period checks the times of a filter.
func period(since, until time.Time) error {
	if err := storable("since", since); err != nil {
		return err
	}
	return storable("until", until)
}

// lastOf returns the id after which a page begins, for a list ordered by id.
func lastOf(after []int64) int64 {
	if after == nil {
		return 0
	}
	return after[0]
}
