package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func historyCases() []Case {
	return []Case{
		{"S3.8 every change of a run's, an extract's or a process's status is in the history, oldest first", wholeHistory},
		{"S3.8 the history says why a run failed, was reaped or put its process on hold", whyFailed},
		{"S3.8 S1.8 the history is found by process, run, extract and time", findHistory},
		{"S3.8 only a purge changes or deletes rows of the history", appendOnly},
		{"S3.8 S1.8 a change that was committed before the history is read is in it once, even if others write", historyWhileWritten},
		{"S3.8 S3.3 a run that ends as on hold is in the history of its process once, and leaves an earlier hold as it is", holdHistory},
		{"S3.8 reading one run's history costs the same in a long history as in a short one", historyCost},
	}
}

// told formats a change as one line.
func told(c tracker.Change) string {
	what := "process"
	switch {
	case c.ExtractID != 0:
		what = c.Location + " " + c.Extract + " in run " + fmt.Sprint(c.RunNumber)
	case c.RunID != 0:
		what = "run " + fmt.Sprint(c.RunNumber)
	}
	line := fmt.Sprintf("%s, %s: %s > %s by %s", c.Process, what, c.From, c.To, c.Actor)
	if c.Reason != "" {
		line += ", " + c.Reason
	}
	return line
}

func historyOf(ctx context.Context, t testing.TB, tr *tracker.Tracker, f tracker.HistoryFilter) []string {
	t.Helper()
	var lines []string
	for _, c := range collect(t, tr.History(ctx, f)) {
		lines = append(lines, told(c))
	}
	return lines
}

// wantLines compares lists of lines, and shows the differences.
func wantLines(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wholeHistory(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	at := noon
	tick := func() {
		at = at.Add(time.Minute)
		c.set(t, at)
	}
	tick()
	tr, operator := trackerOn(ctx, t, c, nil), trackerOn(ctx, t, c, &tracker.Config{Actor: "operator"})
	must(t, tr.Registry().AddRunStatus(ctx, "checking", true))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "odd"))
	run := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	tick()
	extracts, err := run.RegisterExtracts(ctx, files("/landing", "a.csv", "b.csv")...)
	must(t, err)
	tick()
	must(t, run.SetStatus(ctx, "checking", nil))
	must(t, run.SetExtractStatus(ctx, tracker.Ready, extracts...))
	must(t, run.SetExtractStatus(ctx, tracker.Ready, extracts...)) // no change
	must(t, operator.Admin().Hold(ctx, "Extract", "look"))
	must(t, operator.Admin().Hold(ctx, "Extract", "look again")) // no change
	tick()
	must(t, run.Complete(ctx, nil))
	must(t, run.Complete(ctx, nil)) // no change
	must(t, operator.Admin().Release(ctx, "Extract", "looked"))
	load := start(ctx, t, tr, tracker.Process{Name: "Load"})
	tick()
	if claimed, err := load.Claim(ctx, tracker.ClaimOptions{Limit: 1}); err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	must(t, load.SetExtractStatus(ctx, "odd", extracts[1]))
	tick()
	must(t, load.Fail(ctx, tracker.ErrorRecord{Description: "no disk"}))

	changes := collect(t, tr.History(ctx, tracker.HistoryFilter{}))
	var lines []string
	for i, c := range changes {
		lines = append(lines, fmt.Sprintf("%d %s", c.At.Sub(noon)/time.Minute, told(c)))
		if c.At.Location() != time.UTC || i > 0 && c.ID <= changes[i-1].ID {
			t.Errorf("change %d is of %v, after change %d", c.ID, c.At, changes[max(i-1, 0)].ID)
		}
	}
	wantLines(t, "history", lines, []string{
		"1 Extract, run 1:  > running by tester",
		"2 Extract, /landing a.csv in run 1:  > initializing by tester",
		"2 Extract, /landing b.csv in run 1:  > initializing by tester",
		"3 Extract, run 1: running > checking by tester",
		"3 Extract, /landing a.csv in run 1: initializing > ready by tester",
		"3 Extract, /landing b.csv in run 1: initializing > ready by tester",
		"3 Extract, process: released > held by operator, look",
		"4 Extract, run 1: checking > completed by tester",
		"4 Extract, process: held > released by operator, looked",
		"4 Load, run 1:  > running by tester",
		"5 Load, /landing a.csv in run 1: ready > loading by tester",
		"5 Load, /landing b.csv in run 1: ready > odd by tester",
		"6 Load, /landing a.csv in run 1: loading > ready by tester",
		"6 Load, run 1: running > failed by tester, no disk",
	})
	first := changes[1]
	if first.RunID != run.ID() || first.ExtractID != extracts[0].ID || changes[6].RunID != 0 || changes[6].ExtractID != 0 {
		t.Errorf("ids: %+v, %+v", first, changes[6])
	}
}

func findHistory(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	c.set(t, minute(0))
	tr := trackerOn(ctx, t, c, nil)
	runs := map[string]*tracker.Run{}
	var shared tracker.Extract
	for i, name := range []string{"a", "b", "A"} {
		c.set(t, minute(i))
		runs[name] = start(ctx, t, tr, tracker.Process{Name: name})
		var err error
		shared, err = runs[name].RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "shared.csv"})
		must(t, err)
		must(t, runs[name].SetExtractStatus(ctx, tracker.ExtractStatus([]string{"ready", "loading", "loaded"}[i]), shared))
		must(t, runs[name].Complete(ctx, nil))
	}
	must(t, tr.Admin().Hold(ctx, "a", ""))
	for _, f := range []struct {
		filter tracker.HistoryFilter
		want   string
	}{
		{tracker.HistoryFilter{}, "a running, a initializing, a ready, a completed, b running, b loading, b completed, A running, A loaded, A completed, a held"},
		{tracker.HistoryFilter{Limit: 2}, "a running, a initializing"},
		{tracker.HistoryFilter{Process: " a "}, "a running, a initializing, a ready, a completed, a held"},
		{tracker.HistoryFilter{Process: "none"}, ""},
		{tracker.HistoryFilter{RunID: runs["b"].ID()}, "b running, b loading, b completed"},
		{tracker.HistoryFilter{RunID: runs["b"].ID(), Process: "a"}, ""},
		{tracker.HistoryFilter{ExtractID: shared.ID}, "a initializing, a ready, b loading, A loaded"},
		{tracker.HistoryFilter{ExtractID: shared.ID, Process: "A"}, "A loaded"},
		{tracker.HistoryFilter{ExtractID: shared.ID, RunID: runs["a"].ID(), Limit: 1}, "a initializing"},
		{tracker.HistoryFilter{Since: minute(2)}, "A running, A loaded, A completed, a held"},
		{tracker.HistoryFilter{Since: minute(1).Add(time.Microsecond), Until: minute(2)}, ""},
		{tracker.HistoryFilter{Until: minute(1)}, "a running, a initializing, a ready, a completed"},
		{tracker.HistoryFilter{Since: minute(1).In(time.FixedZone("", 20700)), Until: minute(2), Limit: 2}, "b running, b loading"},
		{tracker.HistoryFilter{Process: "a", Since: minute(1)}, "a held"},
		{tracker.HistoryFilter{RunID: 1 << 60}, ""},
		{tracker.HistoryFilter{ExtractID: 1 << 40}, ""},
	} {
		var got []string
		for _, c := range collect(t, tr.History(ctx, f.filter)) {
			got = append(got, c.Process+" "+c.To)
		}
		if strings.Join(got, ", ") != f.want {
			t.Errorf("%+v finds %q, want %q", f.filter, got, f.want)
		}
	}
	for what, f := range map[string]tracker.HistoryFilter{
		"limit": {Limit: -1}, "process name": {Process: " "}, "since": {Since: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"until": {Until: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		var invalid *tracker.InvalidError
		if err := firstError(tr.History(ctx, f)); !errors.As(err, &invalid) || invalid.Field != what {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// appendOnly checks every statement that exists.
func appendOnly(t *testing.T, e *Env) {
	b := e.open(t)
	table := b.Dialect().Table("status_history")
	changes := regexp.MustCompile(`(?i)\b(UPDATE|DELETE\s+FROM|TRUNCATE(\s+TABLE)?|REPLACE\s+INTO|MERGE(\s+INTO)?)\s+` + regexp.QuoteMeta(table))
	written := 0
	for _, s := range statements.All(b.Dialect()) {
		if changes.MatchString(s.SQL) && !strings.HasPrefix(s.Name, "purge.") {
			t.Errorf("%s changes the history:\n%s", s.Name, s.SQL)
		}
		if strings.Contains(s.SQL, "INSERT INTO "+table) {
			written++
		}
	}
	if written < 5 {
		t.Errorf("%d statements write to %s: that is not its name", written, table)
	}
}

// historyWhileWritten starts and ends runs while the history is read again and again. A
// change that a writer knows to be committed has to be in every later read.
func historyWhileWritten(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const writers, readers = 6, 3
	laps := sized(e, 60, 15) // in full, they make more than a page of changes
	var mu sync.Mutex
	committed := map[string]int{} // number of changes, by process
	done := make(chan struct{})
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			p := tracker.Process{Name: fmt.Sprint("Load ", w)}
			for n := range laps {
				run, err := tr.Start(ctx, p, nil)
				if err == nil {
					err = run.Complete(ctx, nil)
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				committed[p.Name] = 2 * (n + 1)
				mu.Unlock()
			}
		})
	}
	read := func() {
		mu.Lock()
		want := maps.Clone(committed)
		mu.Unlock()
		got, last := map[string]int{}, tracker.Change{}
		for c, err := range tr.History(ctx, tracker.HistoryFilter{}) {
			if err != nil {
				t.Error(err)
				return
			}
			if cmp.Or(c.At.Compare(last.At), cmp.Compare(c.ID, last.ID)) <= 0 {
				t.Errorf("change %d of %v comes after %d of %v", c.ID, c.At, last.ID, last.At)
			}
			got[c.Process]++
			last = c
		}
		for process, n := range want {
			if got[process] < n {
				t.Errorf("%d changes of %q were committed, %d are read", n, process, got[process])
			}
		}
	}
	for range readers {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					read()
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	read()
	if n := len(collect(t, tr.History(ctx, tracker.HistoryFilter{}))); n != 2*writers*laps {
		t.Errorf("%d changes, want %d", n, 2*writers*laps)
	}
}

func holdHistory(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, operator := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, &tracker.Config{Actor: "operator"})
	held := func(process string) []string {
		var lines []string
		for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{Process: process})) {
			if c.RunID == 0 {
				lines = append(lines, told(c))
			}
		}
		return lines
	}
	wantHold := func(process, by, reason string) {
		t.Helper()
		blocked := wantRefused(ctx, t, tr, process, tracker.ErrOnHold)
		if blocked.Hold == nil || blocked.Hold.By != by || blocked.Hold.Reason != reason {
			t.Errorf("%s is held by %+v, want %s, %s", process, blocked.Hold, by, reason)
		}
	}

	run := start(ctx, t, tr, tracker.Process{Name: "by itself"})
	for range 3 {
		must(t, run.Hold(ctx, "a look is needed", nil))
	}
	wantHold("by itself", "tester", "a look is needed")
	wantLines(t, "held by its run", held("by itself"), []string{"by itself, process: released > held by tester, a look is needed"})
	must(t, operator.Admin().Release(ctx, "by itself", "looked"))
	must(t, start(ctx, t, tr, tracker.Process{Name: "by itself"}).SetStatus(ctx, tracker.OnHold, nil))
	wantLines(t, "and again", held("by itself")[1:], []string{
		"by itself, process: held > released by operator, looked", "by itself, process: released > held by tester",
	})

	run = start(ctx, t, tr, tracker.Process{Name: "held before"})
	must(t, operator.Admin().Hold(ctx, "held before", "disk is full"))
	since := processTime(ctx, t, b, "held before", "held_at")
	must(t, run.Hold(ctx, "another reason", nil))
	wantHold("held before", "operator", "disk is full")
	if now := processTime(ctx, t, b, "held before", "held_at"); !now.Equal(since) {
		t.Errorf("held since %v, and then since %v", since, now)
	}
	wantLines(t, "held before", held("held before"), []string{"held before, process: released > held by operator, disk is full"})

	for round := range 10 { // the first one holds it
		p := fmt.Sprint("at once ", round)
		run := start(ctx, t, tr, tracker.Process{Name: p})
		atOnce(16, func(i int) bool {
			if i%2 == 0 {
				must(t, run.Hold(ctx, "run", nil))
			} else {
				must(t, operator.Admin().Hold(ctx, p, "operator"))
			}
			return true
		})
		hold := wantRefused(ctx, t, tr, p, tracker.ErrOnHold).Hold
		wantLines(t, p, held(p), []string{fmt.Sprintf("%s, process: released > held by %s, %s", p, hold.By, hold.Reason)})
	}
}

// historyCost compares a place with a long history with a place with a short one.
func historyCost(t *testing.T, e *Env) {
	const laps = 30
	ctx, past := e.context(t), sized(e, int64(40_000), 8_000)
	took := [2]quickest{{}, {}}
	var filters [2]map[string]tracker.HistoryFilter
	var trackers [2]*tracker.Tracker
	for i, n := range []int64{past, 2} {
		place := e.another(t)
		b := place.setUp(t)
		trackers[i] = trackerOn(ctx, t, b, nil)
		must(t, start(ctx, t, trackers[i], tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
		multiply(ctx, t, b, n)
		other := start(ctx, t, trackers[i], tracker.Process{Name: "Players Load"})
		extract, err := other.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "players.csv"})
		must(t, err)
		must(t, other.Complete(ctx, nil))
		filters[i] = map[string]tracker.HistoryFilter{
			"by process": {Process: "Players Load"}, "by run": {RunID: other.ID()}, "by extract": {ExtractID: extract.ID},
		}
	}
	wantAsQuick(t, 4, laps, func() {
		for i, tr := range trackers {
			for what, filter := range filters[i] {
				took[i].time(what, func() {
					if n := len(collect(t, tr.History(ctx, filter))); n < 1 || n > 3 {
						t.Fatalf("%d changes %s", n, what)
					}
				})
			}
		}
	}, took[0], took[1])
}
