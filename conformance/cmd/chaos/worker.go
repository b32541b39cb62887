package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// workerVar holds the task of a program that is started as a worker.
const workerVar = "PROCESSTRACKER_CHAOS_WORKER"

// task is the task of a worker.
type task struct {
	Name  string
	DSN   string
	Lease time.Duration
	// Kill and Stop are the probabilities that the worker kills or freezes itself at a step.
	Kill, Stop float64
	At         string // the only step at which it may freeze; any, if empty
}

// event is a line from a worker to its supervisor.
type event struct {
	What string // one of the constants
	Step string // the step; of an error, its kind
	Run  int64  // that the worker has left
	At   time.Time
}

const (
	loaded  = "loaded"  // a load was committed
	killing = "killing" // the worker kills itself at the step
	frozen  = "frozen"  // the worker freezes itself there, until it is continued
	refused = "refused" // a write to a lost run was rejected
	failed  = "failed"  // something else went wrong, as it may while faults strike
	waits   = "waits"   // a function that Do called waits for a fault
	left    = "left"    // the worker has no handle of the run any more, whatever its status
	unsaid  = "unsaid"  // Do returned, and could not record the end of its run
)

// The steps of a load. The steps from begun to completed are in the worker's own
// transaction. From marked on, the transaction has written to the run.
const (
	stepStarted   = "started"
	stepClaimed   = "claimed"
	stepBegun     = "begun"
	stepInserted  = "inserted"
	stepMarked    = "marked"
	stepCompleted = "completed"
	stepCommitted = "committed"
)

func steps() []string {
	return []string{stepStarted, stepClaimed, stepBegun, stepInserted, stepMarked, stepCompleted, stepCommitted}
}

// processes is the number of processes that the workers compete for.
const processes = 4

func process(n int) tracker.Process { return tracker.Process{Name: fmt.Sprintf("Load %d", 1+n)} }

// worker loads files until its input ends.
type worker struct {
	task

	tracker *tracker.Tracker
	hasty   *tracker.Tracker // soon gives up recording an end that a fault prevents
	place   dialect.Backend
	pool    *sql.DB
	join    func(*sql.Tx) dialect.Tx
	events  *json.Encoder
}

func beWorker(text string) int {
	w := &worker{events: json.NewEncoder(os.Stdout)}
	if err := json.Unmarshal([]byte(text), &w.task); err != nil {
		fmt.Fprintln(os.Stderr, "chaos worker: task:", err)
		return 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the end of the input is the order to stop
		close(over)
	}()
	if err := w.open(ctx, over); err != nil {
		fmt.Fprintln(os.Stderr, "chaos worker:", err)
		return 1
	}
	for {
		select {
		case <-over:
			return 0
		case <-time.After(rand.N(20 * time.Millisecond)):
		}
		w.once(ctx)
	}
}

// open retries until it is connected, because the server may be down.
func (w *worker) open(ctx context.Context, over <-chan struct{}) error {
	for {
		err := w.connect(ctx)
		if err == nil {
			return nil
		}
		w.say(failed, "connecting")
		select {
		case <-over:
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (w *worker) connect(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*w.Lease)
	defer cancel()
	if w.place, err = openBackend(ctx, w.DSN); err != nil {
		return err
	}
	if w.pool, w.join, err = openPool(w.DSN); err != nil {
		return errors.Join(err, w.place.Close())
	}
	config := tracker.Config{Actor: w.Name, Lease: w.Lease, MaxFailures: tracker.NeverHold}
	w.tracker, err = tracker.New(ctx, w.place, &config)
	if err == nil {
		config.Retry.Tries = 2
		w.hasty, err = tracker.New(ctx, w.place, &config)
	}
	if err != nil {
		return errors.Join(err, w.pool.Close(), w.place.Close())
	}
	return nil
}

// once does one load, if it can start a run.
func (w *worker) once(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*w.Lease)
	defer cancel()
	process := process(rand.IntN(processes))
	how := w.started
	if rand.IntN(2) == 0 {
		how = w.done
	}
	switch err := how(ctx, process); {
	case err == nil, errors.Is(err, tracker.ErrAlreadyRunning), errors.Is(err, errChanged), errors.Is(err, errStruck):
	case errors.Is(err, tracker.ErrLeaseLost):
		w.say(refused, "")
	default:
		w.say(failed, kind(err))
	}
}

// started does a load in a run that it starts and closes.
func (w *worker) started(ctx context.Context, p tracker.Process) error {
	run, err := w.tracker.Start(ctx, p, nil)
	if err != nil {
		return err
	}
	defer w.leave(run)
	return errors.Join(w.load(ctx, run), run.Close())
}

// done does a load in a run of Do's, or makes its function fail just as a fault
// strikes, which then keeps the end of the run from being recorded.
func (w *worker) done(ctx context.Context, p tracker.Process) error {
	var run *tracker.Run
	err := w.hasty.Do(ctx, p, nil, func(ctx context.Context, r *tracker.Run) error {
		run = r
		if rand.IntN(2) == 0 {
			return w.load(ctx, r)
		}
		return w.untilStruck(ctx)
	})
	if run == nil {
		return err
	}
	defer w.leave(run)
	if errors.Is(err, errStruck) && (errors.Is(err, tracker.ErrDisconnected) || errors.Is(err, tracker.ErrBusy) || errors.Is(err, context.DeadlineExceeded)) {
		w.say(unsaid, "")
	}
	return err
}

// leave records that the worker is done with a run.
func (w *worker) leave(run *tracker.Run) {
	_ = w.events.Encode(event{What: left, Run: run.ID(), At: time.Now()}) //nolint:errchkjson // as in say
}

// errStruck is the error of a function that has noticed the loss of the database.
var errStruck = errors.New("the database is away")

// untilStruck queries the database until a query fails, for one lease at most.
func (w *worker) untilStruck(ctx context.Context) error {
	w.say(waits, "")
	for deadline := time.Now().Add(w.Lease); time.Now().Before(deadline); {
		limit, cancel := context.WithTimeout(ctx, w.Lease/10)
		err := w.pool.PingContext(limit)
		cancel()
		if err != nil {
			return errStruck
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(w.Lease / 200):
		}
	}
	return errChanged
}

// kind names an error as precisely as the report distinguishes errors.
func kind(err error) string {
	for name, sentinel := range map[string]error{
		"busy": tracker.ErrBusy, "disconnected": tracker.ErrDisconnected, "deadline": context.DeadlineExceeded, "ended": tracker.ErrAlreadyEnded,
		"transaction": tracker.ErrTransaction,
	} {
		if errors.Is(err, sentinel) {
			return name
		}
	}
	return "other"
}

// errChanged makes a worker give up a load now and then, which returns its files, too.
var errChanged = errors.New("given up")

func (w *worker) load(ctx context.Context, run *tracker.Run) error {
	w.step(stepStarted)
	files, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 1 + rand.IntN(5), Process: extractProcess})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return run.Complete(ctx, nil)
	}
	w.step(stepClaimed)
	if rand.IntN(20) == 0 {
		return errChanged
	}
	tx, err := w.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	w.step(stepBegun)
	if err := w.write(ctx, tx, run, files); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	w.say(loaded, "")
	w.step(stepCommitted)
	return nil
}

// write loads the files into the table, and ends the run in the same transaction.
func (w *worker) write(ctx context.Context, tx *sql.Tx, run *tracker.Run, files []tracker.Extract) error {
	insert, err := sqlFor(w.place, "INSERT INTO {chaos_target} (file_name, run_id, worker) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	for _, file := range files {
		if _, err := tx.ExecContext(ctx, insert, file.Name, run.ID(), w.Name); err != nil {
			return err
		}
		w.step(stepInserted)
	}
	r := run.In(w.join(tx))
	if err := r.SetExtractStatus(ctx, tracker.Loaded, files...); err != nil {
		return err
	}
	w.step(stepMarked)
	if err := r.AddCounts(ctx, tracker.Counts{Inserts: int64(len(files))}); err != nil {
		return err
	}
	if err := r.Complete(ctx, nil); err != nil {
		return err
	}
	w.step(stepCompleted)
	return nil
}

// step is a point at which the worker may die, or freeze and return as a zombie.
func (w *worker) step(name string) {
	chance := rand.Float64()
	switch {
	case chance < w.Kill:
		w.say(killing, name)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case chance < w.Kill+w.Stop && (w.At == "" || w.At == name):
		w.say(frozen, name)
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	}
}

func (w *worker) say(what, step string) {
	_ = w.events.Encode(event{What: what, Step: step}) //nolint:errchkjson // there is no other listener
}
