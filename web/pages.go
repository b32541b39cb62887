package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// request is the context in which a page is built. Everything that a page reads goes
// through the cache.
type request struct {
	*dashboard
	view

	read  time.Time // when the oldest data on the page was read
	stale error     // why the page shows old data
}

// pages maps names to pages; the empty name is the first page.
func pages() map[string]func(*request, context.Context) (*page, error) {
	return map[string]func(*request, context.Context) (*page, error){
		"": (*request).nowPage, "now": (*request).nowPage, "night": (*request).nightPage, "process": (*request).processPage,
		"graph": (*request).graphPage, "files": (*request).filesPage, "file": (*request).filePage, "run": (*request).runPage,
		"processes": (*request).processesPage, "search": (*request).searchPage,
		"runs": (*request).runsPage, "errors": (*request).errorsPage, "refusals": (*request).refusalsPage, "history": (*request).historyPage,
	}
}

// shared reads through the cache, and records the age of the data. If reading fails, it
// uses the data of an earlier read.
func shared[T any](ctx context.Context, q *request, key string, load func(context.Context, source) (T, error)) (T, error) {
	value, at, err := get(ctx, q.cache, key, func(ctx context.Context) (T, error) {
		var none T
		src, err := q.open(ctx)
		if err != nil {
			return none, err
		}
		return load(ctx, src)
	})
	if q.read.IsZero() || at.Before(q.read) {
		q.read = at
	}
	if err != nil && ctx.Err() == nil && !at.IsZero() && hasValue(value) {
		q.stale = err
		return value, nil
	}
	return value, err
}

// hasValue returns false for a nil pointer.
func hasValue[T any](value T) bool {
	switch v := any(value).(type) {
	case *snapshot:
		return v != nil
	case *night:
		return v != nil
	case *process:
		return v != nil
	case *runDetail:
		return v != nil
	case *files:
		return v != nil
	default:
		return false
	}
}

func (q *request) snapshot(ctx context.Context) (*snapshot, error) {
	return shared(ctx, q, "snapshot", readSnapshot)
}

func (q *request) nowPage(ctx context.Context) (*page, error) {
	s, err := q.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return nowPage(q.view, s), nil
}

func (q *request) nightPage(ctx context.Context) (*page, error) {
	w, err := q.window()
	if err != nil {
		return nil, err
	}
	n, err := shared(ctx, q, w.key(), func(ctx context.Context, src source) (*night, error) { return readNight(ctx, src, w) })
	if err != nil {
		return nil, err
	}
	return nightPage(q.view, n, w), nil
}

func (q *request) processPage(ctx context.Context) (*page, error) {
	name := q.query.Get("name")
	s, err := q.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	d, err := shared(ctx, q, "process "+name, func(ctx context.Context, src source) (*process, error) { return readProcess(ctx, src, name) })
	if err != nil {
		return nil, err
	}
	return processPage(q.view, s, name, d), nil
}

func (q *request) graphPage(ctx context.Context) (*page, error) {
	s, err := q.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return graphPage(q.view, s), nil
}

func (q *request) processesPage(ctx context.Context) (*page, error) {
	s, err := q.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return processesPage(q.view, s), nil
}

func (q *request) filesPage(ctx context.Context) (*page, error) {
	filter, asked, err := q.extractFilter()
	if err != nil {
		return nil, err
	}
	f, err := shared(ctx, q, "files", readFiles)
	if err != nil {
		return nil, err
	}
	var list *extractList
	if asked {
		key := fmt.Sprintf("extracts %+v", filter)
		list, err = shared(ctx, q, key, func(ctx context.Context, src source) (*extractList, error) {
			return readExtracts(ctx, src, filter)
		})
		if err != nil {
			return nil, err
		}
	}
	return filesPage(q.view, f, list), nil
}

// id parses a number that the query must contain.
func (q *request) id() (int64, error) {
	text := q.query.Get("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, &badRequestError{fmt.Sprintf("id %q is not a number; give one greater than 0", text)}
	}
	return id, nil
}

func (q *request) filePage(ctx context.Context) (*page, error) {
	id, err := q.id()
	if err != nil {
		return nil, err
	}
	f, err := shared(ctx, q, fmt.Sprint("file ", id), func(ctx context.Context, src source) (*file, error) { return readFile(ctx, src, id) })
	if err != nil {
		return nil, err
	}
	return filePage(q.view, f), nil
}

func (q *request) runPage(ctx context.Context) (*page, error) {
	var id int64
	var err error
	if q.query.Get("id") == "" {
		name, number := q.query.Get("process"), q.query.Get("number")
		id, err = shared(ctx, q, "run "+number+" of "+name, func(ctx context.Context, src source) (int64, error) { return findRun(ctx, src, name, number) })
	} else {
		id, err = q.id()
	}
	if err != nil {
		return nil, err
	}
	r, err := shared(ctx, q, fmt.Sprint("run ", id), func(ctx context.Context, src source) (*runDetail, error) { return readRun(ctx, src, id) })
	if err != nil {
		return nil, err
	}
	return runPage(q.view, r), nil
}

// found is the data that a search reads in addition to the snapshot.
type found struct {
	extracts []tracker.Extract
	run      *tracker.RunInfo
}

func (q *request) searchPage(ctx context.Context) (*page, error) {
	s, err := q.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	f, err := shared(ctx, q, "files", readFiles)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(q.query.Get("q"))
	if text == "" {
		return searchPage(q.view, s, f, nil, nil), nil
	}
	result, err := shared(ctx, q, "search "+text, func(ctx context.Context, src source) (found, error) { return search(ctx, src, text) })
	if err != nil {
		return nil, err
	}
	return searchPage(q.view, s, f, result.extracts, result.run), nil
}

// search finds files by the beginning of their names, which an index supports, and a
// run by its ID.
func search(ctx context.Context, src source, text string) (found, error) {
	var result found
	var err error
	if len(text) < tracker.MaxFileName && !strings.ContainsAny(text, "*?") {
		result.extracts, err = src.Overview().ExtractsNamed(ctx, text)
		if err != nil {
			return result, err
		}
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return result, nil //nolint:nilerr // not an ID
	}
	runs, err := collect(src.Runs(ctx, tracker.RunFilter{ID: id, Limit: 1}))
	if len(runs) > 0 {
		result.run = &runs[0]
	}
	return result, err
}
