package web

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Each page of the lists in this file is read on its own, with the newest rows first,
// and continues at a cursor.

// rowList is a page of rows, and the cursor of the next page.
type rowList[T any] struct {
	rows []T
	next tracker.Cursor // empty at the end of the list
}

// hasCursor is a row that has a cursor.
type hasCursor interface{ Cursor() tracker.Cursor }

// listed reads up to most rows from a list that was asked for one more.
func listed[T hasCursor](ctx context.Context, q *request, key string, most int, read func(context.Context, source) iter.Seq2[T, error]) (rowList[T], error) {
	return shared(ctx, q, key, func(ctx context.Context, src source) (rowList[T], error) {
		rows, err := collect(read(ctx, src))
		list := rowList[T]{rows: rows}
		if len(rows) > most {
			list.rows, list.next = rows[:most], rows[most-1].Cursor()
		}
		return list, err
	})
}

// cursor returns the position at which the list continues.
func (v view) cursor() tracker.Cursor { return tracker.Cursor(v.query.Get("after")) }

// logPage is a page with one list and a form that filters it.
func (v view) logPage(name, title string, t *table, fields ...field) *page {
	return &page{
		Name: name, Title: title, Refresh: v.cursor() == "",
		Forms:    []filterForm{{Action: name, Submit: "Show", Fields: fields}},
		Sections: []section{{ID: name, Title: title + ", newest first", Table: t, Links: v.logs(v.query.Get("process"))}},
	}
}

// logs returns links to these lists, filtered by process if one is named.
func (v view) logs(process string) []link {
	to := func(text, name string) link { return link{Text: text, Href: v.address(name, "process", process)} }
	return []link{to("Runs", "runs"), to("Errors", "errors"), to("Refused starts", "refusals"), to("History", "history")}
}

func (v view) processField() field {
	return field{Name: "process", Label: "Process (exact name)", Type: "search", Value: v.query.Get("process")}
}

func (q *request) runsPage(ctx context.Context) (*page, error) {
	f := tracker.RunFilter{Process: q.query.Get("process"), Status: tracker.RunStatus(q.query.Get("status")), After: q.cursor(), Limit: q.most() + 1}
	list, err := listed(ctx, q, fmt.Sprintf("runs %+v", f), q.most(), func(ctx context.Context, src source) iter.Seq2[tracker.RunInfo, error] { return src.Runs(ctx, f) })
	if err != nil {
		return nil, err
	}
	t := &table{ID: "runs", Caption: "Runs", Columns: runColumns(true), Empty: "Nothing matches.", Next: q.after(list.next)}
	for _, run := range list.rows {
		t.add(q.runCells(run, true)...)
	}
	statuses := []option{{Text: "any"}}
	for _, s := range []tracker.RunStatus{tracker.Running, tracker.Completed, tracker.Failed, tracker.OnHold} {
		statuses = append(statuses, option{string(s), string(s), s == f.Status})
	}
	return q.logPage("runs", "Runs", t, q.processField(), field{Name: "status", Label: "Status", Type: "select", Options: statuses}), nil
}

func (q *request) errorsPage(ctx context.Context) (*page, error) {
	f := tracker.ErrorFilter{Process: q.query.Get("process"), After: q.cursor(), Limit: q.most() + 1}
	if run := q.query.Get("run"); run != "" {
		var err error
		if f.RunID, err = strconv.ParseInt(run, 10, 64); err != nil {
			return nil, &badRequestError{fmt.Sprintf("run %q is not an id; give a number", run)}
		}
	}
	list, err := listed(ctx, q, fmt.Sprintf("errors %+v", f), q.most(), func(ctx context.Context, src source) iter.Seq2[tracker.RunError, error] { return src.Errors(ctx, f) })
	if err != nil {
		return nil, err
	}
	t := &table{ID: "errors", Caption: "Errors", Columns: errorColumns(true), Empty: "No errors were recorded.", Next: q.after(list.next)}
	for _, e := range list.rows {
		t.add(q.errorCells(e, true)...)
	}
	return q.logPage("errors", "Errors", t, q.processField()), nil
}

func (q *request) refusalsPage(ctx context.Context) (*page, error) {
	f := tracker.RefusalFilter{Process: q.query.Get("process"), After: q.cursor(), Limit: q.most() + 1}
	list, err := listed(ctx, q, fmt.Sprintf("refusals %+v", f), q.most(), func(ctx context.Context, src source) iter.Seq2[tracker.Refusal, error] { return src.Refusals(ctx, f) })
	if err != nil {
		return nil, err
	}
	t := &table{ID: "refusals", Caption: "Refused starts", Columns: refusalColumns(true), Empty: "No start was refused.", Next: q.after(list.next)}
	for _, r := range list.rows {
		t.add(q.refusalCells(r, true)...)
	}
	return q.logPage("refusals", "Refused starts", t, q.processField()), nil
}

// historyPage shows changes: holds and releases with actor and reason, runs, files.
func (q *request) historyPage(ctx context.Context) (*page, error) {
	f := tracker.HistoryFilter{Process: q.query.Get("process"), Order: tracker.NewestFirst, After: q.cursor(), Limit: q.most() + 1}
	list, err := listed(ctx, q, fmt.Sprintf("history %+v", f), q.most(), func(ctx context.Context, src source) iter.Seq2[tracker.Change, error] { return src.History(ctx, f) })
	if err != nil {
		return nil, err
	}
	t := &table{ID: "history", Caption: "Changes", Empty: "Nothing has changed.", Next: q.after(list.next), Columns: []column{
		{Key: "changed_at", Title: "When"}, {Key: "process", Title: "Process"}, {Key: "run_number", Title: "Run"}, {Key: "extract_name", Title: "File"},
		{Key: "from_status", Title: "From"}, {Key: "to_status", Title: "To"}, {Key: "reason", Title: "Why"}, {Key: "actor", Title: "By"},
	}}
	for _, c := range list.rows {
		run, extract := nothing(), nothing()
		if c.RunID != 0 {
			run = cell{Value: c.RunNumber, Text: strconv.FormatInt(c.RunNumber, 10), Href: q.run(c.RunID)}
		}
		if c.ExtractID != 0 {
			extract = linkCell(c.Extract, q.file(c.ExtractID))
		}
		t.add(q.timeCell(c.At), q.processCell(c.Process), run, extract, textCell(c.From), textCell(c.To), longCell(c.Reason), textCell(c.Actor))
	}
	return q.logPage("history", "History", t, q.processField()), nil
}
