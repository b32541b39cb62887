package web

import (
	"context"
	"fmt"
	"strconv"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// runsPage lists runs, the newest first.
func (q *request) runsPage(ctx context.Context) (*page, error) {
	f := tracker.RunFilter{Process: q.query.Get("process"), Status: tracker.RunStatus(q.query.Get("status")), Limit: q.most()}
	runs, err := shared(ctx, q, fmt.Sprintf("runs %+v", f), func(ctx context.Context, src source) ([]tracker.RunInfo, error) {
		return collect(src.Runs(ctx, f))
	})
	if err != nil {
		return nil, err
	}
	t := &table{ID: "runs", Caption: "Runs, the newest first", Columns: runColumns(true), Empty: "There is none such."}
	for _, run := range runs {
		t.add(q.runCells(run, true)...)
	}
	p := &page{Name: "runs", Title: "Runs", Refresh: true}
	p.Forms = []filterForm{{Action: "runs", Submit: "Show", Fields: []field{
		{Name: "process", Label: "Process", Type: "search", Value: f.Process}, {Name: "status", Label: "Status", Type: "search", Value: string(f.Status)},
	}}}
	p.Sections = []section{{ID: "runs", Title: "Runs", Table: t}}
	return p, nil
}

// errorsPage lists errors, the newest first.
func (q *request) errorsPage(ctx context.Context) (*page, error) {
	f := tracker.ErrorFilter{Process: q.query.Get("process"), Limit: q.most()}
	if run := q.query.Get("run"); run != "" {
		f.RunID = int64(atoi(run))
	}
	all, err := shared(ctx, q, fmt.Sprintf("errors %+v", f), func(ctx context.Context, src source) ([]tracker.RunError, error) {
		return collect(src.Errors(ctx, f))
	})
	if err != nil {
		return nil, err
	}
	t := &table{ID: "errors", Caption: "Errors, the newest first", Columns: errorColumns(true), Empty: "None was recorded."}
	for _, e := range all {
		t.add(q.errorCells(e, true)...)
	}
	p := &page{Name: "errors", Title: "Errors", Refresh: true}
	p.Forms = []filterForm{{Action: "errors", Submit: "Show", Fields: []field{{Name: "process", Label: "Process", Type: "search", Value: f.Process}}}}
	p.Sections = []section{{ID: "errors", Title: "Errors", Table: t}}
	return p, nil
}

// refusalsPage lists refused starts, those that began last coming first.
func (q *request) refusalsPage(ctx context.Context) (*page, error) {
	f := tracker.RefusalFilter{Process: q.query.Get("process"), Limit: q.most()}
	all, err := shared(ctx, q, fmt.Sprintf("refusals %+v", f), func(ctx context.Context, src source) ([]tracker.Refusal, error) {
		return collect(src.Refusals(ctx, f))
	})
	if err != nil {
		return nil, err
	}
	t := &table{ID: "refusals", Caption: "Refused starts, the newest first", Columns: refusalColumns(true), Empty: "No start was refused."}
	for _, r := range all {
		t.add(q.refusalCells(r, true)...)
	}
	p := &page{Name: "refusals", Title: "Refused starts", Refresh: true}
	p.Forms = []filterForm{{Action: "refusals", Submit: "Show", Fields: []field{{Name: "process", Label: "Process", Type: "search", Value: f.Process}}}}
	p.Sections = []section{{ID: "refusals", Title: "Refused starts", Table: t}}
	return p, nil
}

// historyPage lists the changes of a process, of what its runs did, and of its files.
func (q *request) historyPage(ctx context.Context) (*page, error) {
	f := tracker.HistoryFilter{Process: q.query.Get("process"), Limit: q.most()}
	all, err := shared(ctx, q, fmt.Sprintf("history %+v", f), func(ctx context.Context, src source) ([]tracker.Change, error) {
		return collect(src.History(ctx, f))
	})
	if err != nil {
		return nil, err
	}
	t := &table{ID: "history", Caption: "Changes", Empty: "Nothing has changed.", Columns: []column{
		{Key: "changed_at", Title: "When"}, {Key: "process", Title: "Process"}, {Key: "run_number", Title: "Run"}, {Key: "extract_name", Title: "File"},
		{Key: "from_status", Title: "From"}, {Key: "to_status", Title: "To"}, {Key: "reason", Title: "Why"}, {Key: "actor", Title: "By"},
	}}
	for _, c := range all {
		run, extract := nothing(), nothing()
		if c.RunID != 0 {
			run = cell{Value: c.RunNumber, Text: strconv.FormatInt(c.RunNumber, 10), Href: q.run(c.RunID)}
		}
		if c.ExtractID != 0 {
			extract = linkCell(c.Extract, q.file(c.ExtractID))
		}
		t.add(q.timeCell(c.At), q.processCell(c.Process), run, extract, textCell(c.From), textCell(c.To), longCell(c.Reason), textCell(c.Actor))
	}
	p := &page{Name: "history", Title: "History", Refresh: true}
	p.Forms = []filterForm{{Action: "history", Submit: "Show", Fields: []field{{Name: "process", Label: "Process", Type: "search", Value: f.Process}}}}
	p.Sections = []section{{ID: "history", Title: "History", Table: t}}
	return p, nil
}

// cursorOf is where the page after this file begins.
func cursorOf(tracker.Extract) string { return "" }
