package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
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

// course is a place in which a process is started repeatedly.
type course struct {
	tracker *tracker.Tracker
	last    int64
	took    quickest
}

// lap starts a run, has a second start refused, and completes the run.
func (c *course) lap(ctx context.Context, t *testing.T) {
	t.Helper()
	var run *tracker.Run
	c.took.time("start", func() { run = start(ctx, t, c.tracker, tracker.Process{Name: "Teams Load"}) })
	c.took.time("refused start", func() { wantRefused(ctx, t, c.tracker, "Teams Load", tracker.ErrAlreadyRunning) })
	c.took.time("completion", func() { must(t, run.Complete(ctx, nil)) })
	if c.last++; run.Number() != c.last {
		t.Fatalf("run %d is number %d", c.last, run.Number())
	}
}

// quickest are the shortest durations of each call, because other load on the machine
// only adds to them.
type quickest map[string]time.Duration

func (q quickest) time(call string, fn func()) {
	began := time.Now()
	fn()
	if took, done := time.Since(began), q[call]; done == 0 || took < done {
		q[call] = took
	}
}

// wantAsQuick does laps until no call takes more than most times as long among many
// rows as among few. A statement that reads every row never passes, however often it is
// tried. A call that was only slow because the machine was busy is fast in one of very
// many laps. So is a call whose plan was made for few rows, once the server has
// gathered new statistics.
func wantAsQuick(t *testing.T, most time.Duration, laps int, lap func(), many, few quickest) {
	t.Helper()
	slower := func(call string) bool { return many[call] > most*few[call] } //nolint:durationcheck // most is a factor
	for n := 1; n <= laps || n <= 200*laps && slices.ContainsFunc(slices.Collect(maps.Keys(many)), slower); n++ {
		lap()
	}
	for call := range many {
		t.Logf("%s: %v among many rows, %v among few", call, many[call], few[call])
		if slower(call) {
			t.Errorf("%s takes %v among many rows, and %v among few", call, many[call], few[call])
		}
	}
}

// startCost compares a place with very many runs with a place with only a few. A
// statement that reads every run takes many times as long in the first.
func startCost(t *testing.T, e *Env) {
	past, laps := sized(e, int64(40_000), 8_000), sized(e, 60, 30)
	ctx, b := e.context(t), e.setUp(t)
	many := &course{trackerOn(ctx, t, b, nil), past, quickest{}}
	few := &course{e.another(t).tracker(t, nil), 0, quickest{}}

	must(t, start(ctx, t, many.tracker, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
	multiply(ctx, t, b, past)
	wantAsQuick(t, 3, laps, func() { // in turns, so that other load affects both equally
		many.lap(ctx, t)
		few.lap(ctx, t)
	}, many.took, few.took)
}

// multiply copies the only run, with its history, until there are n.
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
