package linearize

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/conformance/modeltest"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// The objects that the calls of a history use.
var (
	processes = []string{"A", "B"}
	files     = []model.File{{Location: "x", Name: "1"}, {Location: "x", Name: "2"}, {Location: "x", Name: "3"}, {Location: "x", Name: "4"}, {Location: "x", Name: "5"}}
)

// A scene is the set of objects that the clients of one history use.
type scene struct {
	history

	t        *testing.T
	database *modeltest.Database
	actors   []string

	mu   sync.Mutex
	runs []model.RunRef // runs that were started, newest last
}

// newScene registers the names that the clients use. No other test uses them.
func newScene(ctx context.Context, t *testing.T, clients []modeltest.Client, name string) *scene {
	t.Helper()
	d, err := modeltest.NewDatabase(ctx, clients, name)
	must(t, err)
	s := &scene{t: t, database: d}
	for _, c := range clients {
		s.actors = append(s.actors, c.Actor)
	}
	writer := model.RunRef{Process: "writer", Number: 1}
	for _, c := range []model.Call{
		model.Start{By: s.actors[0], Process: writer.Process},
		model.Register{Run: writer, Files: files, Status: tracker.Ready},
		model.SetStatus{Run: writer, To: tracker.Completed},
		know(processes[0]), know(processes[1]),
	} {
		_, err := d.Do(ctx, c)
		must(t, err)
	}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// play runs concurrent clients, then reads the state of all objects, and ends the active runs.
func (s *scene) play(ctx context.Context, seed uint64) {
	const clients, callsEach = 6, 8
	s.began = time.Now()
	var done sync.WaitGroup
	for client := range clients {
		done.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(client)))
			for range callsEach {
				s.act(ctx, client, r)
			}
		})
	}
	done.Wait()
	for _, process := range processes {
		s.do(ctx, clients, readRuns{s.actors[0], process})
	}
	s.do(ctx, clients, readExtracts{s.actors[0]})
	must(s.t, s.database.Close())
}

// act makes one call. One call in 25 is cancelled soon, wherever it is then.
func (s *scene) act(ctx context.Context, client int, r *rand.Rand) {
	c := s.draw(r)
	if r.IntN(25) == 0 {
		hasty, cancel := context.WithTimeout(ctx, time.Duration(r.Int64N(int64(4*time.Millisecond))))
		defer cancel()
		ctx = hasty
	}
	s.do(ctx, client, c)
}

// draw chooses a call at random. It chooses a start if there is no run yet for another call.
func (s *scene) draw(r *rand.Rand) model.Call {
	by, process := pick(r, s.actors...), pick(r, processes...)
	run, ok := s.someRun(r)
	begin := func() model.Call { return model.Start{By: by, Process: process} }
	ofRun := func(c model.Call) func() model.Call {
		if !ok {
			return begin
		}
		return func() model.Call { return c }
	}
	end := func(c model.SetStatus) func() model.Call { c.Run = run; return ofRun(c) }
	complete, fail := end(model.SetStatus{To: tracker.Completed}), end(model.SetStatus{To: tracker.Failed, Problem: "broken"})
	claim := ofRun(model.Claim{Run: run, Most: 1 + r.IntN(3), Location: "x", From: tracker.Ready, OnFailure: tracker.Ready})
	var some []model.File
	for _, i := range r.Perm(len(files))[:1+r.IntN(2)] {
		some = append(some, files[i])
	}
	move := ofRun(model.Move{Run: run, To: pick(r, tracker.Ready, tracker.Ready, tracker.Loading, tracker.Loaded), Files: some})
	hold := func() model.Call { return model.Hold{By: by, Process: process, Reason: "by an operator"} }
	release := func() model.Call { return model.Release{By: by, Process: process} }
	return pick(r, begin, begin, begin, begin, complete, complete, fail, fail, end(model.SetStatus{To: tracker.OnHold, Reason: "by its run"}),
		hold, release, release, func() model.Call { return readRuns{by, process} },
		claim, claim, claim, claim, move, move, move, func() model.Call { return readExtracts{by} })()
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// someRun returns one of the runs that were started, usually one of the newest.
func (s *scene) someRun(r *rand.Rand) (ref model.RunRef, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.runs)
	switch {
	case n == 0:
		return ref, false
	case r.IntN(4) == 0:
		return s.runs[r.IntN(n)], true
	default:
		return s.runs[n-1-r.IntN(min(n, 2))], true
	}
}

// do makes the call and records it. An error that no call of a history may return fails
// the test.
func (s *scene) do(ctx context.Context, client int, c model.Call) {
	s.record(client, c, func() (model.Outcome, bool) {
		outcome, err := s.read(ctx, c)
		switch {
		case err == nil:
		case errors.Is(err, tracker.ErrBusy), errors.Is(err, tracker.ErrDisconnected), errors.Is(err, context.DeadlineExceeded):
			return outcome, true
		default:
			s.t.Errorf("%v: %v", c, err)
			return outcome, true
		}
		if start, ok := c.(model.Start); ok && outcome.Refused == nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.runs = append(s.runs, model.RunRef{Process: start.Process, Number: outcome.Run})
		}
		return outcome, false
	})
}

// read makes a call, which may be one that reads.
func (s *scene) read(ctx context.Context, c model.Call) (o model.Outcome, err error) {
	switch c := c.(type) {
	case readRuns:
		all, err := s.database.Runs(ctx, c.by, c.process)
		for _, run := range slices.Backward(all) {
			o.Runs = append(o.Runs, run.Status)
		}
		return o, err
	case readExtracts:
		all, err := s.database.Extracts(ctx, c.by, "x")
		for _, e := range all {
			o.Files, o.Statuses = append(o.Files, model.File{Location: "x", Name: e.Name}), append(o.Statuses, e.Status)
		}
		return o, err
	default:
		return s.database.Do(ctx, c)
	}
}
