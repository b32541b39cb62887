package linearize

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A scene is what the clients of one history work on.
type scene struct {
	history

	t         *testing.T
	trackers  []*tracker.Tracker
	processes []string
	location  string
	names     []string // of the extracts, which are ready at first

	mu   sync.Mutex
	runs []*tracker.Run // that were started; the newest last
}

// newScene registers what the clients work on, which nobody else does.
func newScene(ctx context.Context, t *testing.T, trackers []*tracker.Tracker, name string) *scene {
	t.Helper()
	s := &scene{
		t: t, trackers: trackers, location: "/" + name,
		processes: []string{name + " a", name + " b"},
		names:     []string{"1", "2", "3", "4", "5"},
	}
	for _, process := range s.processes {
		must(t, trackers[0].Register(ctx, tracker.Process{Name: process}))
	}
	writer, err := trackers[0].Start(ctx, tracker.Process{Name: name + " writer"})
	must(t, err)
	files := make([]tracker.File, len(s.names))
	for i, n := range s.names {
		files[i] = tracker.File{Location: s.location, Name: n, Status: tracker.Ready}
	}
	_, err = writer.RegisterExtracts(ctx, files...)
	must(t, errors.Join(err, writer.Complete(ctx)))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// play has clients make calls at the same time, then looks at what has become of
// everything, and ends what is left.
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
	for _, process := range s.processes {
		s.do(ctx, clients, s.trackers[0], call{kind: runs, process: process}, nil)
	}
	s.do(ctx, clients, s.trackers[0], call{kind: extracts}, nil)
	for _, run := range s.runs {
		if err := run.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	}
}

// act makes one call. One of 25 is broken off soon, wherever it is then.
func (s *scene) act(ctx context.Context, client int, r *rand.Rand) {
	tr := s.trackers[r.IntN(len(s.trackers))]
	c := call{kind: choose(r), process: s.processes[r.IntN(len(s.processes))]}
	run := s.someRun(r)
	switch c.kind {
	case start, hold, release, runs:
	case extracts:
		c.process = ""
	default:
		if run == nil {
			c = call{kind: start, process: c.process}
			break
		}
		c = call{kind: c.kind, run: runKey{run.Process(), run.Number()}}
	}
	if c.kind == claim {
		c.most = 1 + r.IntN(3)
	}
	if c.kind == set {
		some := r.Perm(len(s.names))[:1+r.IntN(2)]
		for _, i := range some {
			c.names = append(c.names, s.names[i])
		}
		c.status = pick(r, tracker.Ready, tracker.Ready, tracker.Loading, tracker.Loaded)
	}
	if r.IntN(25) == 0 {
		hasty, cancel := context.WithTimeout(ctx, time.Duration(r.Int64N(int64(4*time.Millisecond))))
		defer cancel()
		ctx = hasty
	}
	s.do(ctx, client, tr, c, run)
}

func choose(r *rand.Rand) kind {
	return pick(r, start, start, start, start, complete, complete, fail, fail, stop, hold, release, release, runs,
		claim, claim, claim, claim, set, set, set, extracts)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// someRun is one of the runs that were started, most often one of the newest.
func (s *scene) someRun(r *rand.Rand) *tracker.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.runs)
	switch {
	case n == 0:
		return nil
	case r.IntN(4) == 0:
		return s.runs[r.IntN(n)]
	default:
		return s.runs[n-1-r.IntN(min(n, 2))]
	}
}

// do makes the call and records it.
func (s *scene) do(ctx context.Context, client int, tr *tracker.Tracker, c call, run *tracker.Run) {
	files := s.extracts(ctx, tr, c)
	s.record(client, c, func() result {
		switch c.kind {
		case start:
			return s.start(ctx, tr, c)
		case complete:
			return s.result(c, run.Complete(ctx))
		case fail:
			return s.result(c, run.Fail(ctx))
		case stop:
			return s.result(c, run.Hold(ctx, "by its run"))
		case hold:
			return s.result(c, tr.Hold(ctx, c.process, "by an operator"))
		case release:
			return s.result(c, tr.Release(ctx, c.process, "by an operator"))
		case runs:
			all, err := collect(tr.Runs(ctx, tracker.RunFilter{Process: c.process}))
			slices.Reverse(all)
			out := s.result(c, err)
			for _, info := range all {
				out.runs = append(out.runs, info.Status)
			}
			return out
		case claim:
			got, err := run.Claim(ctx, c.most, tracker.Claim{Location: s.location})
			return s.found(c, got, err)
		case set:
			return s.result(c, run.SetExtractStatus(ctx, c.status, files...))
		default:
			all, err := collect(tr.Extracts(ctx, tracker.ExtractFilter{Location: s.location}))
			return s.found(c, all, err)
		}
	})
}

// extracts reads those whose status the call sets, by whatever else they are
// known; that is no part of the call.
func (s *scene) extracts(ctx context.Context, tr *tracker.Tracker, c call) []tracker.Extract {
	if c.kind != set {
		return nil
	}
	all, err := collect(tr.Extracts(context.WithoutCancel(ctx), tracker.ExtractFilter{Location: s.location}))
	if err != nil {
		s.t.Errorf("find extracts: %v", err)
	}
	return slices.DeleteFunc(all, func(e tracker.Extract) bool { return !slices.Contains(c.names, e.Name) })
}

func (s *scene) start(ctx context.Context, tr *tracker.Tracker, c call) result {
	run, err := tr.Start(ctx, tracker.Process{Name: c.process})
	out := s.result(c, err)
	if run != nil {
		out.number = run.Number()
		s.mu.Lock()
		s.runs = append(s.runs, run)
		s.mu.Unlock()
	}
	return out
}

func (s *scene) found(c call, all []tracker.Extract, err error) result {
	out := s.result(c, err)
	out.found = map[string]tracker.ExtractStatus{}
	for _, e := range all {
		out.found[e.Name] = e.Status
	}
	return out
}

// result says what an error means. Any that the calls of a history cannot have
// fails the test.
func (s *scene) result(c call, err error) result {
	var blocked *tracker.BlockedError
	var ended *tracker.EndedError
	switch {
	case err == nil:
		return result{}
	case errors.Is(err, tracker.ErrBusy), errors.Is(err, tracker.ErrDisconnected), errors.Is(err, context.DeadlineExceeded):
		return result{unknown: true}
	case errors.As(err, &blocked) && blocked.Run != nil:
		return result{refused: tracker.ErrAlreadyRunning, number: blocked.Run.Number}
	case errors.As(err, &blocked) && blocked.Hold != nil:
		return result{refused: tracker.ErrOnHold}
	case errors.As(err, &ended):
		return result{refused: tracker.ErrAlreadyEnded, status: ended.Status}
	default:
		s.t.Errorf("%v: %v", c, err)
		return result{unknown: true}
	}
}

func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for item, err := range list {
		if err != nil {
			return all, err
		}
		all = append(all, item)
	}
	return all, nil
}

// name is what all that belongs to one history is named after.
func name(i int) string { return fmt.Sprintf("history %d", i) }
