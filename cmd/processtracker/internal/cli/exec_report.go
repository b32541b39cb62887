package cli

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// execReport is the result of an exec, as JSON.
type execReport struct {
	Process   string       `json:"process"`
	RunID     *int64       `json:"run_id"` // null: no run was started
	RunNumber *int64       `json:"run_number"`
	Status    *string      `json:"status"` // how the run ended; null: that could not be recorded
	ExitCode  int          `json:"exit_code"`
	Tries     int64        `json:"tries"` // how many runs were started
	Refusal   *refusalJSON `json:"refusal"`
	Error     *string      `json:"error"`

	last    int    // the exit code of the latest run
	failure string // how it failed
}

type refusalJSON struct {
	Reason  string       `json:"reason"` // already_running, already_done, on_hold, dependency, no_capacity
	Run     any          `json:"run"`
	Hold    *holdJSON    `json:"hold"`
	Parents []parentJSON `json:"parents"`
}

type holdJSON struct {
	Since  moment `json:"since"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type parentJSON struct {
	Process   string `json:"process"`
	Kind      string `json:"kind"`
	RunNumber int64  `json:"run_number"` // 0: it never ran
	Status    string `json:"status"`
	Since     moment `json:"since"`
	Actor     string `json:"actor"`
	// True if the run is active but its lease has expired: it is dead.
	LeaseExpired bool `json:"lease_expired"`
}

func (r *execReport) started(run *tracker.Run) {
	id, n := run.ID(), run.Number()
	r.Process, r.RunID, r.RunNumber, r.Status = run.Process(), &id, &n, nil
	r.Tries++
}

// ended records the end of the run in the report, and returns the exit code as an
// error. err is set if the end could not be recorded in the database.
func (r *execReport) ended(out outcome, recording error) error {
	status := string(tracker.Completed)
	r.last, r.failure = out.code, fmt.Sprintf("run %d failed with exit code %d", *r.RunNumber, out.code)
	if out.failure != "" {
		status = string(tracker.Failed)
	}
	if recording == nil {
		r.Status = &status
		return exit(out.code, nil)
	}
	if errors.Is(recording, tracker.ErrLeaseLost) {
		failed := string(tracker.Failed) // by the start that took over the run
		r.Status = &failed
		return exit(cmp.Or(out.code, CodeNotRecorded), fmt.Errorf("NOT RECORDED: the command %s, but the run has been ended as failed: %w; to see what has run since: processtracker runs --process %q", status, recording, r.Process))
	}
	err := fmt.Errorf("NOT RECORDED: run %d of process %q %s, but in the database it still counts as running: %w; the next start ends the run once its lease has expired; to end it earlier, or if it has no lease, run: processtracker reap --run-id %d --force --reason TEXT",
		*r.RunNumber, r.Process, status, recording, *r.RunID)
	return exit(cmp.Or(out.code, CodeNotRecorded), err)
}

// endedItself reports a run that its own command has ended.
func (r *execReport) endedItself(a *app, out outcome, ended *tracker.EndedError) error {
	status := string(ended.Status)
	r.Status = &status
	a.sayf("the command has ended run %d of process %q itself: it is %s", ended.Number, ended.Process, ended.Status)
	return exit(out.code, nil)
}

// conclude gives a refusal its exit code and finishes the report.
func (a *app) conclude(r execReport, err error) error {
	if refused, code := refusal(err); refused != nil {
		r.Refusal, err = refused, exit(code, err)
	}
	if !a.json {
		return err
	}
	if err != nil && !isSilent(err) {
		text := err.Error()
		r.Error = &text
		a.sayf("%v", err)
	}
	r.ExitCode = a.execCode(err)
	if writing := writeJSON(a.env.Stderr, r); writing != nil && err == nil {
		return writing
	}
	return exit(r.ExitCode, nil)
}

func (a *app) execCode(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return CodeOK
	case errors.As(err, &e):
		return e.code
	default:
		return CodeExecError
	}
}

// refusal returns the refusal in the error of a start, with its exit code; nil if it is
// another error.
func refusal(err error) (*refusalJSON, int) {
	var done *tracker.DoneError
	if errors.As(err, &done) {
		return &refusalJSON{Reason: "already_done", Run: newRunJSON(done.Run), Parents: []parentJSON{}}, CodeAlreadyDone
	}
	var e *tracker.BlockedError
	ok := errors.As(err, &e)
	if !ok {
		return nil, 0
	}
	r := &refusalJSON{Reason: "dependency", Parents: []parentJSON{}}
	code := CodeDependency
	switch {
	case errors.Is(e, tracker.ErrAlreadyRunning):
		r.Reason, r.Run, code = "already_running", newRunJSON(*e.Run), CodeAlreadyRunning
	case errors.Is(e, tracker.ErrOnHold):
		r.Reason, code = "on_hold", CodeOnHold
		r.Hold = &holdJSON{Since: moment(e.Hold.Since), By: e.Hold.By, Reason: e.Hold.Reason}
	case errors.Is(e, tracker.ErrNoCapacity):
		r.Reason, code = "no_capacity", CodeNoCapacity
	}
	for _, p := range e.Parents {
		r.Parents = append(r.Parents, parentJSON{
			Process: p.Process, Kind: string(p.Kind), RunNumber: p.RunNumber, Status: string(p.Status),
			Since: moment(p.Since), Actor: p.Actor, LeaseExpired: p.LeaseExpired,
		})
	}
	return r, code
}
