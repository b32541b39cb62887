package suite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func concurrencyCases() []Case {
	return []Case{
		{"S2.7 S2.8 among 64 callers, exactly one gets the run, each time", oneOfManyCallers},
		{"S2.7 S2.8 among 8 operating-system processes with 8 callers each, exactly one gets the run, each time", oneOfManyProcesses},
		{"S2.7 S2.8 S1.1 if many callers start a new process, exactly one gets the run", oneOfManyFirst},
		{"S2.8 run numbers have no gaps even if starts are cancelled", brokenOff},
	}
}

// callers is the number of callers that start a process concurrently.
const callers = 64

// RoundsVar names the environment variable with the number of times that a race is run.
const RoundsVar = "PROCESSTRACKER_ROUNDS"

// rounds returns how often a race is run: often enough for rare events.
func (e *Env) rounds(t *testing.T) int {
	t.Helper()
	if text := os.Getenv(RoundsVar); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s is %q; give a number from 1", RoundsVar, text)
		}
		return n
	}
	switch {
	case AtLevel() == Short:
		return 5
	case len(e.Backend.Only) > 0:
		return 10
	case AtLevel() == Nightly:
		return sized(e, 200, 20)
	default:
		return sized(e, 50, 20)
	}
}

// atOnce calls fn n times concurrently and returns the results.
func atOnce[T any](n int, fn func(i int) T) []T {
	results := make([]T, n)
	gate := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-gate
			results[i] = fn(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	return results
}

// attempt is the result of a start.
type attempt struct {
	run *tracker.Run
	err error
}

func try(ctx context.Context, tr *tracker.Tracker, p tracker.Process) attempt {
	run, err := tr.Start(ctx, p, nil)
	return attempt{run, err}
}

// started returns the runs among the attempts.
func started(attempts []attempt) []*tracker.Run {
	var runs []*tracker.Run
	for _, a := range attempts {
		if a.run != nil {
			runs = append(runs, a.run)
		}
	}
	return runs
}

// outcome is the result of many concurrent calls. It can be sent from one
// operating-system process to another.
type outcome struct { //nolint:recvcheck // read as a value, filled by fail
	Started []int64       // the numbers of the runs that were started
	Handles []handle      // of those runs
	Refused map[int64]int // number of refused starts, by the number of the active run
	Claimed []string      // the names of the extracts that were claimed
	Grown   int64         // by how many bytes a listing's heap grew with each chunk after its first
	Steps   int           // of a load
	SetUp   bool          // whether a setup came to its end
	Errors  []string      // all other errors
}

func (o *outcome) fail(err error) {
	if err != nil {
		o.Errors = append(o.Errors, err.Error())
	}
}

func outcomeOf(attempts []attempt) outcome {
	o := outcome{Refused: map[int64]int{}}
	for _, a := range attempts {
		var blocked *tracker.BlockedError
		switch {
		case a.err == nil:
			o.Started = append(o.Started, a.run.Number())
		case errors.Is(a.err, tracker.ErrAlreadyRunning) && errors.As(a.err, &blocked) && blocked.Run != nil:
			o.Refused[blocked.Run.Number]++
		default:
			o.fail(a.err)
		}
	}
	return o
}

// together adds up outcomes.
func together(outcomes []outcome) outcome {
	sum := outcome{Refused: map[int64]int{}}
	for _, o := range outcomes {
		sum.Started = append(sum.Started, o.Started...)
		sum.Claimed = append(sum.Claimed, o.Claimed...)
		sum.Errors = append(sum.Errors, o.Errors...)
		for run, n := range o.Refused {
			sum.Refused[run] += n
		}
	}
	return sum
}

// wantOne fails the test unless one start got the run with that number and the errors
// of all others name that run.
func (o outcome) wantOne(t *testing.T, number int64) {
	t.Helper()
	if !slices.Equal(o.Started, []int64{number}) || o.Refused[number] != callers-1 || len(o.Errors) > 0 {
		t.Fatalf("of %d callers, want run %d once and the rest refused because of it:\n%+v", callers, number, o)
	}
}

func oneOfManyCallers(t *testing.T, e *Env) {
	ctx := e.context(t)
	trackers := []*tracker.Tracker{e.tracker(t, nil), e.tracker(t, nil), e.tracker(t, nil), e.tracker(t, nil)}
	process := tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Sources: tracker.SystemRefs("Lahman")}
	n := e.rounds(t)
	for round := range n {
		attempts := atOnce(callers, func(i int) attempt { return try(ctx, trackers[i%len(trackers)], process) })
		outcomeOf(attempts).wantOne(t, int64(round+1))
		must(t, started(attempts)[0].Complete(ctx, nil))
	}
	wantRuns(ctx, t, trackers[0], process.Name, n)
}

func oneOfManyProcesses(t *testing.T, e *Env) {
	const processes = 8
	ctx, tr := e.context(t), e.tracker(t, nil)
	tasks := make([]task, processes)
	for i := range tasks {
		tasks[i] = task{DSN: e.DSN, Process: "Teams Load", Actor: fmt.Sprintf("worker %d", i), Callers: callers / processes}
	}
	workers := hire(ctx, t, tasks)
	n := e.rounds(t)
	for round := range n {
		outcomes := all(t, workers, orderStart)
		together(outcomes).wantOne(t, int64(round+1))
		winner := slices.IndexFunc(outcomes, func(o outcome) bool { return len(o.Started) == 1 })
		if o := all(t, workers[winner:winner+1], orderComplete)[0]; len(o.Errors) > 0 {
			t.Fatalf("round %d: complete: %v", round, o.Errors)
		}
	}
	wantRuns(ctx, t, tr, "Teams Load", n)
}

// oneOfManyFirst makes all callers register the process, its actor and all other names, too.
func oneOfManyFirst(t *testing.T, e *Env) {
	ctx := e.context(t)
	for round := range max(e.rounds(t)/40, 1) {
		trackers := make([]*tracker.Tracker, 4)
		for i := range trackers {
			trackers[i] = e.tracker(t, &tracker.Config{Actor: fmt.Sprintf("actor %d of round %d", i, round)})
		}
		process := tracker.Process{
			Name: fmt.Sprintf("Load %d", round), Type: fmt.Sprintf("type %d", round), Tool: fmt.Sprintf("tool %d", round),
			Sources: tracker.AttributeRefs(fmt.Sprintf("system %d", round), "Teams", "id", "name"),
		}
		attempts := atOnce(callers, func(i int) attempt { return try(ctx, trackers[i%len(trackers)], process) })
		outcomeOf(attempts).wantOne(t, 1)
	}
}

// wantRuns fails the test unless the process has the runs 1 to n, all of them
// completed.
func wantRuns(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string, n int) {
	t.Helper()
	runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: process}))
	if len(runs) != n {
		t.Errorf("process %q has %d runs, want %d", process, len(runs), n)
	}
	for i, run := range runs { // newest first
		if run.Number != int64(len(runs)-i) || run.Status != tracker.Completed || run.Active() {
			t.Fatalf("run %d of %d is number %d and %s, want all numbers once, completed", len(runs)-i, len(runs), run.Number, run.Status)
		}
	}
}

// brokenOff makes callers start and complete runs of one process as fast as they can,
// while their contexts end at any moment of a start. A cancelled start has either not
// happened, or returns its run.
func brokenOff(t *testing.T, e *Env) {
	ctx := e.context(t)
	trackers := []*tracker.Tracker{e.tracker(t, nil), e.tracker(t, nil)}
	process := tracker.Process{Name: "Teams Load"}
	must(t, trackers[0].Registry().Register(ctx, process))
	began := time.Now()
	must(t, start(ctx, t, trackers[0], process).Complete(ctx, nil))
	took := time.Since(began)

	const hasty, tries = 16, 50
	completed := atOnce(hasty, func(i int) int {
		n := 0
		for range tries {
			if hastyStart(ctx, t, trackers[i%len(trackers)], process, rand.N(2*took)) {
				n++
			}
		}
		return n
	})
	want := 1
	for _, n := range completed {
		want += n
	}
	wantRuns(ctx, t, trackers[0], process.Name, want)
	if last := start(ctx, t, trackers[0], process); last.Number() != int64(want+1) {
		t.Errorf("the next run is number %d, want %d", last.Number(), want+1)
	}
}

// hastyStart starts a run with a context that ends after patience, and completes it
// with a context that does not end. It reports whether there was a run.
func hastyStart(ctx context.Context, t *testing.T, tr *tracker.Tracker, p tracker.Process, patience time.Duration) bool {
	hasty, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	run, err := tr.Start(hasty, p, nil)
	switch {
	case err == nil:
		if err := run.Complete(ctx, nil); err != nil {
			t.Errorf("complete: %v", err)
		}
		return true
	case errors.Is(err, tracker.ErrAlreadyRunning), errors.Is(err, context.DeadlineExceeded):
	default:
		t.Errorf("a start with a context that ends: %v", err)
	}
	return false
}
