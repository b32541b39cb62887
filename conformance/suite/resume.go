package suite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func resumeCases() []Case {
	return []Case{
		{"S3.9 one operating-system process starts a run, another works on it, and a third completes it", resumedElsewhere},
		{"S3.9 a resumed run works like the one that was started", resumedInFull},
		{"S3.9 S8.1 resuming a run needs its token, and an active run", notResumed},
		{"S3.9 S8.4 printing a run does not show its token", tokenHidden},
	}
}

// workOn is the work that a worker does on a run which another program started.
func workOn(ctx context.Context, tr *tracker.Tracker, h handle) (*tracker.Run, error) {
	run, err := tr.Resume(ctx, h.ID, h.Token)
	if err != nil {
		return nil, err
	}
	return run, errors.Join(
		second(ctx, run, tracker.File{Location: "/landing", Name: fmt.Sprintf("teams by run %d.csv", run.Number())}),
		run.AddCounts(ctx, tracker.Counts{Records: 7}),
		run.ExtendRange(ctx, noon, noon.Add(time.Hour)),
		run.RecordError(ctx, tracker.ErrorRecord{Description: "a line was skipped"}))
}

func resumedElsewhere(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "mine"))
	// each does one order and ends, before the next one begins
	do := func(actor string, h handle, orders ...string) (o outcome) {
		t.Helper()
		w := hire(ctx, t, []task{{DSN: e.DSN, Process: "Teams Load", Actor: actor, Callers: 1, Resume: h}})[0]
		for _, order := range orders {
			w.order(t, order)
			answer := w.answer(t)
			if len(answer.Errors) > 0 {
				t.Fatalf("%s by %s: %q", order, actor, answer.Errors)
			}
			o.Handles = append(o.Handles, answer.Handles...)
		}
		w.dismiss(t)
		return o
	}
	h := do("scheduler", handle{}, orderStart).Handles[0]
	do("worker", h, orderResume)
	info, err := tr.RunByID(ctx, h.ID)
	if err != nil || !info.Active() || info.Counts.Records != 7 || !info.High.Equal(noon.Add(time.Hour)) || info.Actor != "scheduler" {
		t.Errorf("while it is worked on: %+v, %v", info, err)
	}
	wantRefused(ctx, t, tr, "Teams Load", tracker.ErrAlreadyRunning)
	do("closer", h, orderResume, orderComplete)
	info, err = tr.RunByID(ctx, h.ID)
	if err != nil || info.Status != tracker.Completed || info.Counts.Records != 14 {
		t.Errorf("in the end: %+v, %v", info, err)
	}
	if totals, err := tr.Registry().Totals(ctx, "Teams Load"); err != nil || totals.Counts.Records != 14 || !totals.Watermark.Equal(info.High) {
		t.Errorf("totals: %+v, %v", totals, err)
	}
	if got := runHistory(ctx, t, b, h.ID); !slices.Equal(got, []string{"running by scheduler", "running > completed by scheduler"}) {
		t.Errorf("history: %q", got)
	}
	if next := start(ctx, t, tr, tracker.Process{Name: "Teams Load"}); next.Number() != 2 {
		t.Errorf("the next run is number %d", next.Number())
	}
}

// resumedInFull compares a resumed run with the one that was started.
func resumedInFull(t *testing.T, e *Env) {
	ctx, tr, other := e.context(t), e.tracker(t, nil), e.tracker(t, &tracker.Config{Actor: "somebody else"})
	first := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, first.ExtendRange(ctx, time.Time{}, noon))
	must(t, first.Complete(ctx, nil))
	must(t, tr.Registry().AddDependency(ctx, "Teams Load", "Teams Extract", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().AddDependency(ctx, "Teams Load", "Players Extract", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Extract"}).Fail(ctx))
	began, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Name: "2026-11-22", FromWatermark: true})
	must(t, err)
	resume := func() *tracker.Run {
		t.Helper()
		run, err := other.Resume(ctx, began.ID(), began.Token())
		must(t, err)
		return run
	}
	run := resume()
	for what, pair := range map[string][2]any{
		"id": {run.ID(), began.ID()}, "number": {run.Number(), began.Number()}, "process": {run.Process(), began.Process()},
		"start": {run.StartedAt(), began.StartedAt()}, "low": {run.Low(), began.Low()}, "token": {run.Token(), began.Token()},
		"soft dependencies": {run.SoftDependencies(), began.SoftDependencies()}, "text": {run.String(), began.String()},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: resumed %v, started %v", what, pair[0], pair[1])
		}
	}
	if len(run.SoftDependencies()) != 2 || !run.Low().Equal(noon) {
		t.Errorf("soft dependencies %v, low %v", run.SoftDependencies(), run.Low())
	}

	must(t, run.AddCounts(ctx, tracker.Counts{Records: 1}))
	must(t, began.AddCounts(ctx, tracker.Counts{Records: 2})) // the started run continues, too
	extract, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv", Status: tracker.Ready})
	must(t, err)
	if claimed, err := began.Claim(ctx, tracker.ClaimOptions{Limit: 5}); err != nil || len(claimed) != 1 || claimed[0].ID != extract.ID {
		t.Errorf("claimed %v, %v", claimed, err)
	}
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extract))
	must(t, resume().Complete(ctx, nil))
	must(t, run.Complete(ctx, nil)) // the same end again is no error
	must(t, run.Close())
	must(t, began.Close())
	if info := stored(ctx, t, tr, run); info.Status != tracker.Completed || info.Counts.Records != 3 || info.Name != "2026-11-22" {
		t.Errorf("in the end: %+v", info)
	}

	left := start(ctx, t, tr, tracker.Process{Name: "left"})
	run, err = other.Resume(ctx, left.ID(), left.Token())
	must(t, err)
	must(t, run.Close())
	if info := stored(ctx, t, tr, run); info.Status != tracker.Failed {
		t.Errorf("closed without an end: %+v", info)
	}
	if err := left.Complete(ctx, nil); !errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("completed after another closed it: %v", err)
	}
	must(t, left.Close())
}

func notResumed(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	active := start(ctx, t, tr, tracker.Process{Name: "active"})
	completed := start(ctx, t, tr, tracker.Process{Name: "completed"})
	must(t, completed.Complete(ctx, nil))
	rows := content(ctx, t, b)
	for _, c := range []struct {
		id    int64
		token string
		want  error
	}{
		{active.ID(), completed.Token(), tracker.ErrNotOwner},
		{active.ID(), "", tracker.ErrNotOwner},
		{active.ID(), strings.ToUpper(active.Token()) + " ", tracker.ErrNotOwner},
		{active.ID(), "\x00\xff", tracker.ErrNotOwner},
		{completed.ID(), active.Token(), tracker.ErrNotOwner},
		{completed.ID(), completed.Token(), tracker.ErrAlreadyEnded},
		{1 << 60, active.Token(), tracker.ErrNotFound},
		{0, active.Token(), tracker.ErrNotFound},
		{-1, "", tracker.ErrNotFound},
	} {
		run, err := tr.Resume(ctx, c.id, c.token)
		if run != nil || !only(err, c.want) {
			t.Errorf("%d with %q: %v, want %v", c.id, c.token, err, c.want)
		}
		if c.token != "" && strings.Contains(err.Error(), c.token) || strings.Contains(err.Error(), active.Token()) {
			t.Errorf("the token is in the error: %v", err)
		}
	}
	var ended *tracker.EndedError
	_, err := tr.Resume(ctx, completed.ID(), completed.Token())
	if info := stored(ctx, t, tr, completed); !errors.As(err, &ended) || ended.Status != tracker.Completed ||
		!ended.EndedAt.Equal(info.EndedAt) || ended.Process != "completed" || ended.Number != 1 {
		t.Errorf("the error says %+v, stored is %+v", ended, info)
	}
	wantContent(ctx, t, b, rows)
	if info, err := tr.RunByID(ctx, active.ID()); err != nil || info != stored(ctx, t, tr, active) {
		t.Errorf("read by its id alone: %+v, %v", info, err)
	}
	for _, id := range []int64{0, -1, 1 << 60} {
		if _, err := tr.RunByID(ctx, id); !only(err, tracker.ErrNotFound) {
			t.Errorf("run %d: %v", id, err)
		}
	}
}

func tokenHidden(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	if len(run.Token()) < 20 {
		t.Fatalf("the token is %q", run.Token())
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t"} {
		for _, value := range []any{run, []*tracker.Run{run}, map[string]any{"run": run}, struct{ R *tracker.Run }{run}} {
			if text := fmt.Sprintf(format, value); strings.Contains(text, run.Token()) || strings.Contains(text, fmt.Sprintf("%x", run.Token())) {
				t.Errorf("%s shows it: %s", format, text)
			}
		}
	}
	if text := fmt.Sprint(run); text != `run 1 of process "Teams Load"` {
		t.Errorf("a run prints as %s", text)
	}
	text, err := json.Marshal(run) //nolint:staticcheck // nothing of it is shown: that is the point
	if err != nil || strings.Contains(string(text), run.Token()) {
		t.Errorf("as JSON: %s, %v", text, err)
	}
}
