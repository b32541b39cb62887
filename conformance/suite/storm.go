package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func stormCases() []Case {
	return []Case{
		{"S5.6 S8.2 in a storm of starts, registrations, claims and completions nothing fails and nothing is lost", storm},
	}
}

// stormVar is the duration of the storm, such as 60s.
const stormVar = "PROCESSTRACKER_STORM"

func stormTime(t *testing.T, e *Env) time.Duration {
	t.Helper()
	text := os.Getenv(stormVar)
	switch {
	case text != "":
		d, err := time.ParseDuration(text)
		must(t, err)
		return d
	default:
		return sized(e, 10*time.Second, time.Second)
	}
}

// storm has 32 workers on four pools that run 8 processes: each run registers extracts,
// claims some of any run, and completes.
func storm(t *testing.T, e *Env) {
	ctx := e.context(t)
	const workers, pools, processes, files = 32, 4, 8, 5
	trackers := make([]*tracker.Tracker, pools)
	var retries atomic.Int64
	b := e.setUp(t)
	for i := range trackers {
		trackers[i] = trackerOn(ctx, t, &tally{e.open(t), &retries}, nil)
	}
	lasts := stormTime(t, e)
	type share struct{ runs, registered, claimed int }
	shares := atOnce(workers, func(i int) (s share) {
		tr, process := trackers[i%pools], fmt.Sprintf("process %d", i%processes)
		until := time.Now().Add(lasts) // from when the worker began, however late that is
		for n := 0; time.Now().Before(until) && !t.Failed(); n++ {
			run, err := tr.Start(ctx, tracker.Process{Name: process, Sources: tracker.SystemRefs("source")}, nil)
			if errors.Is(err, tracker.ErrAlreadyRunning) {
				continue
			}
			if err != nil {
				t.Errorf("start: %v", err)
				return s
			}
			s.runs++
			claimed, err := stormRun(ctx, run, fmt.Sprintf("%d of worker %d", n, i), files)
			if err != nil {
				t.Errorf("run %d of %q: %v", run.Number(), process, err)
				return s
			}
			s.registered, s.claimed = s.registered+files, s.claimed+claimed
		}
		return s
	})
	var all share
	for _, s := range shares {
		all = share{all.runs + s.runs, all.registered + s.registered, all.claimed + s.claimed}
	}
	t.Logf("%d runs, %d extracts registered, %d claimed; the database gave up %d times because of others", all.runs, all.registered, all.claimed, retries.Load())

	if n := single[int](ctx, t, b, "SELECT count(*) FROM {run} WHERE status_id = 2"); n != all.runs || n == 0 {
		t.Errorf("%d completed runs, want %d", n, all.runs)
	}
	if n := single[int](ctx, t, b, "SELECT count(*) FROM {process} AS p WHERE p.latest_run_no <> (SELECT count(*) FROM {run} AS r WHERE r.process_id = p.id)"); n != 0 {
		t.Errorf("%d processes have a gap in their runs' numbers", n)
	}
	if n := single[int](ctx, t, b, "SELECT count(*) FROM {extract}"); n != all.registered {
		t.Errorf("%d extracts, want %d", n, all.registered)
	}
	if n := single[int](ctx, t, b, "SELECT count(*) FROM {extract} WHERE status_id = 4"); n != all.claimed {
		t.Errorf("%d loaded extracts, want %d", n, all.claimed)
	}
	if n := single[int](ctx, t, b, "SELECT count(*) FROM {status_history} WHERE from_status = 'ready' AND to_status = 'loading'"); n != all.claimed {
		t.Errorf("%d claims in the history, want %d", n, all.claimed)
	}
}

// stormRun is the life of a run. It returns how many extracts it claimed.
func stormRun(ctx context.Context, run *tracker.Run, name string, n int) (int, error) {
	files := make([]tracker.File, n)
	for i := range files {
		files[i] = tracker.File{Location: "/landing", Name: fmt.Sprintf("%s, file %d", name, i), Status: tracker.Ready}
	}
	if _, err := run.RegisterExtracts(ctx, files...); err != nil {
		return 0, fmt.Errorf("register: %w", err)
	}
	claimed, err := run.Claim(ctx, tracker.ClaimOptions{Limit: n})
	if err != nil {
		return 0, fmt.Errorf("claim: %w", err)
	}
	if err := run.SetExtractStatus(ctx, tracker.Loaded, claimed...); err != nil {
		return 0, fmt.Errorf("loaded: %w", err)
	}
	return len(claimed), run.Complete(ctx, nil)
}

// tally counts the statements that the database gave up because of others.
type tally struct {
	dialect.Backend

	conflicts *atomic.Int64
}

// Classify implements [dialect.Backend].
func (b *tally) Classify(err error) dialect.Class {
	class := b.Backend.Classify(err)
	if class == dialect.Conflict {
		b.conflicts.Add(1)
	}
	return class
}
