package suite

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// workerVar holds the task of a test binary that runs as a worker.
const workerVar = "PROCESSTRACKER_SUITE_WORKER"

// task is the task of a worker.
type task struct {
	DSN     string
	Process string
	Actor   string
	Callers int // goroutines that execute orders concurrently
	Resume  handle
	Files   int // how many files to list
	Day     int64
	Lease   time.Duration // of the runs; 0 for a calm one
	Kill    int           // the step of a load before which the worker kills itself; 0 for none
	KillAt  int           // if set, the worker sets up instead, to be killed at this statement
}

// handle is the data for resuming a run in another process.
type handle struct {
	ID    int64
	Token string
}

// The orders for a worker, one per line. It answers each order with an outcome, also
// one line, and sends one at the beginning to report that it is ready. It ends when its
// input does, so it cannot outlive the test that started it.
const (
	orderStart    = "start"    // start the process, all callers at once
	orderComplete = "complete" // complete the runs that were started
	orderResume   = "resume"   // resume the task's run and work on it
	orderClaim    = "claim"    // start a run for each caller, and claim extracts until there are none
	orderList     = "list"     // list the task's number of files
	orderLoad     = "load"     // load the task's day, in a transaction, and die at the task's step
)

// work is the main function of a worker.
func work(text string, p Program, in io.Reader, out io.Writer) (err error) {
	var do task
	if err := json.Unmarshal([]byte(text), &do); err != nil {
		return fmt.Errorf("task: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	orders := make(chan string)
	go func() {
		defer close(orders)
		defer cancel() // work in progress ends with the test, too
		for lines := bufio.NewScanner(in); lines.Scan(); {
			orders <- lines.Text()
		}
	}()

	b, err := p.Open(ctx, do.DSN)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	answers := json.NewEncoder(out)
	if do.KillAt > 0 {
		if err := setUpToKill(ctx, b, do.KillAt, answers); err != nil {
			return err // the test has no answer yet: it would wait for one for as long as this program waits for an order
		}
		for range orders { // until the test has what it wants
		}
		return nil
	}
	tr, err := tracker.New(ctx, b, &tracker.Config{Actor: do.Actor, Lease: cmp.Or(do.Lease, calm)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tr.Close()) }()
	load := func() outcome { return mortalLoad(ctx, p.Begin, b, do) }
	return errors.Join(answers.Encode(outcome{}), obey(ctx, tr, do, orders, answers, load))
}

// obey executes one order after the other.
func obey(ctx context.Context, tr *tracker.Tracker, do task, orders <-chan string, answers *json.Encoder, load func() outcome) error {
	var runs []*tracker.Run
	for order := range orders {
		var o outcome
		switch order {
		case orderStart:
			attempts := atOnce(do.Callers, func(int) attempt { return try(ctx, tr, tracker.Process{Name: do.Process}) })
			o = outcomeOf(attempts)
			for _, run := range started(attempts) {
				runs = append(runs, run)
				o.Handles = append(o.Handles, handle{run.ID(), run.Token()})
			}
		case orderResume:
			run, err := workOn(ctx, tr, do.Resume)
			if o.fail(err); err == nil {
				runs = append(runs, run)
			}
		case orderComplete:
			for _, run := range runs {
				o.fail(run.Complete(ctx, nil))
			}
			runs = nil
		case orderClaim:
			o = together(atOnce(do.Callers, func(i int) (o outcome) {
				var err error
				o.Claimed, err = claimUntilNone(ctx, tr, fmt.Sprintf("%s.%d", do.Process, i))
				o.fail(err)
				return o
			}))
		case orderList:
			var err error
			o.Grown, err = listSynthetic(ctx, tr, do.Process, do.Files)
			o.fail(err)
		case orderLoad:
			o = load()
		default:
			o.fail(fmt.Errorf("no such order: %q", order))
		}
		if err := answers.Encode(o); err != nil {
			return err
		}
	}
	return nil
}

// worker is another operating-system process, controlled by the test.
type worker struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
	stderr  bytes.Buffer
}

// hire starts workers and returns when all of them are ready.
func hire(ctx context.Context, t *testing.T, tasks []task) []*worker {
	t.Helper()
	all := make([]*worker, len(tasks))
	for i, do := range tasks {
		all[i] = engage(ctx, t, do)
	}
	for _, w := range all {
		w.answer(t)
	}
	return all
}

// hireOne starts a worker and returns it with its first answer.
func hireOne(ctx context.Context, t *testing.T, do task) (*worker, outcome) {
	t.Helper()
	w := engage(ctx, t, do)
	return w, w.answer(t)
}

// engage starts a worker.
func engage(ctx context.Context, t *testing.T, do task) *worker {
	t.Helper()
	binary, err := os.Executable()
	must(t, err)
	text, err := json.Marshal(do)
	must(t, err)
	w := &worker{cmd: exec.CommandContext(ctx, binary)}
	w.cmd.Env = append(os.Environ(), workerVar+"="+string(text))
	w.cmd.Stderr = &w.stderr
	w.orders, err = w.cmd.StdinPipe()
	must(t, err)
	out, err := w.cmd.StdoutPipe()
	must(t, err)
	w.answers = json.NewDecoder(out)
	must(t, w.cmd.Start())
	t.Cleanup(func() { w.dismiss(t) })
	return w
}

func (w *worker) order(t *testing.T, order string) {
	t.Helper()
	if _, err := fmt.Fprintln(w.orders, order); err != nil {
		t.Fatalf("worker: order %s: %v", order, err)
	}
}

// answer waits for the outcome of an order.
func (w *worker) answer(t *testing.T) outcome {
	t.Helper()
	var o outcome
	if err := w.answers.Decode(&o); err != nil {
		t.Fatalf("worker: no answer: %v", err)
	}
	return o
}

// dismiss ends the worker, which has to exit without an error.
func (w *worker) dismiss(t *testing.T) {
	if w.cmd.ProcessState != nil {
		return // it has ended
	}
	if err := errors.Join(w.orders.Close(), w.cmd.Wait()); err != nil {
		t.Errorf("worker: %v\n%s", err, &w.stderr)
	}
}

// all sends an order to all workers before it waits for the first answer. It returns
// their answers in the order of the workers.
func all(t *testing.T, workers []*worker, order string) []outcome {
	t.Helper()
	for _, w := range workers {
		w.order(t, order)
	}
	answers := make([]outcome, len(workers))
	for i, w := range workers {
		answers[i] = w.answer(t)
	}
	return answers
}
