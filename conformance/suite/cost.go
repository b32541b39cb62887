package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func costCases() []Case {
	return []Case{
		{"S2.10 a start costs no more after many runs than after few", startCost},
	}
}

// course is a place in which a process is started again and again, and how long
// each call took.
type course struct {
	tracker *tracker.Tracker
	last    int64
	took    map[string][]time.Duration
}

// lap starts a run, has a second start refused, and completes the run.
func (c *course) lap(ctx context.Context, t *testing.T) {
	t.Helper()
	var run *tracker.Run
	c.time("start", func() { run = start(ctx, t, c.tracker, tracker.Process{Name: "Teams Load"}) })
	c.time("refused start", func() { wantRefused(ctx, t, c.tracker, "Teams Load", tracker.ErrAlreadyRunning) })
	c.time("completion", func() { must(t, run.Complete(ctx)) })
	if c.last++; run.Number() != c.last {
		t.Fatalf("run %d is number %d", c.last, run.Number())
	}
}

func (c *course) time(call string, fn func()) {
	began := time.Now()
	fn()
	c.took[call] = append(c.took[call], time.Since(began))
}

// usual is what a call takes when nothing else is in the way: what the machine
// does besides only ever adds.
func (c *course) usual(call string) time.Duration {
	slices.Sort(c.took[call])
	return c.took[call][len(c.took[call])/4]
}

// startCost compares a place with very many runs with one that has only a few.
// A statement that looks at every run takes many times as long in the first.
func startCost(t *testing.T, e *Env) {
	const most = 3
	past, laps := sized(e, int64(40_000), 8_000), sized(e, 60, 30)
	ctx, b := e.context(t), e.setUp(t)
	many := &course{trackerOn(ctx, t, b), past, map[string][]time.Duration{}}
	few := &course{e.another(t).tracker(t), 0, map[string][]time.Duration{}}

	must(t, start(ctx, t, many.tracker, tracker.Process{Name: "Teams Load"}).Complete(ctx))
	multiply(ctx, t, b, past)
	for range laps { // by turns, so that both have the same of what else the machine does
		many.lap(ctx, t)
		few.lap(ctx, t)
	}
	for call := range many.took {
		slow, fast := many.usual(call), few.usual(call)
		t.Logf("%s: %v after %d runs, %v after few", call, slow, past, fast)
		if slow > most*fast {
			t.Errorf("a %s takes %v after %d runs, and %v after few", call, slow, past, fast)
		}
	}
}

// multiply copies the only run until there are n, with its history.
func multiply(ctx context.Context, t *testing.T, b dialect.Backend, n int64) {
	t.Helper()
	type copied struct {
		No     int64  `json:"n"`
		Digest string `json:"digest"`
	}
	columns := []dialect.Column{{Name: "n", Type: dialect.Integer}, {Name: "digest"}}
	const chunk = 10_000
	for first := int64(2); first <= n; first += chunk {
		var copies []copied
		for no := first; no < first+chunk && no <= n; no++ {
			copies = append(copies, copied{no, fmt.Sprint("copy ", no)})
		}
		text, err := json.Marshal(copies)
		must(t, err)
		copied := squirrel.Select("x.process_id", "r.n", "x.status_id", "r.digest", "x.actor_id", "x.started_at", "x.ended_at")
		query, args, err := b.Dialect().Rows(copied, string(text), columns...).Join("{run} AS x ON x.run_no = 1").ToSql()
		must(t, err)
		change(ctx, t, b, `INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, started_at, ended_at) `+query, args...)
	}
	change(ctx, t, b, `INSERT INTO {status_history} (process_id, run_id, to_status, actor_id, changed_at)
		SELECT x.process_id, x.id, 'running', x.actor_id, x.started_at FROM {run} AS x WHERE x.run_no > 1`)
	if changed := change(ctx, t, b, "UPDATE {process} SET latest_run_no = ?", n); changed != 1 {
		t.Fatalf("%d processes, want one", changed)
	}
}
