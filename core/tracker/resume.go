package tracker

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Token returns the secret that lets another program resume the run with
// [Tracker.Resume]. A program that has the token may write to the run until the run has
// ended, so keep it secret. No error contains it, printing a Run does not show it, and
// the database stores only its digest.
func (r *Run) Token() string { return r.made().token }

// Resume continues an active run that another program started, perhaps on another machine: id is its
// [Run.ID], token its [Run.Token]. The error is [ErrNotFound] if the run does not exist,
// [ErrNotOwner] if the token is wrong, [ErrAlreadyEnded] if the run has ended, [ErrLeaseLost] if it
// lost its lease, and [ErrClosed] after [Tracker.Close]. To read the stored data of a run, you only
// need its id: [Tracker.RunByID].
//
// Changes to the run are recorded under the actor that started it. [Run.Close] fails
// the run, as it does after a start; to leave the run to another program, call
// [Run.Detach] instead. If the run has a lease, this tracker sends heartbeats for it,
// too.
func (t *Tracker) Resume(ctx context.Context, id int64, token string) (*Run, error) {
	if err := t.open(fmt.Sprintf("resume run with id %d", id)); err != nil {
		return nil, err
	}
	row, own, lease, err := t.made().store.Resume(ctx, id)
	if errors.Is(err, store.ErrUnknown) {
		return nil, noRun(id)
	} else if err != nil {
		return nil, t.failed(fmt.Sprintf("resume run with id %d", id), err)
	}
	onLost := t.events.leaseLost(runInfo(row), nil) //nolint:contextcheck // a lease may be lost after this call
	r := &Run{
		tracker: t, info: runInfo(row), token: token, lease: &runLease{lost: onLost}, length: lease,
		ref: store.RunRef{ID: row.ID, ProcessID: row.ProcessID, TokenDigest: tokenDigest(token)},
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(r.ref.TokenDigest), []byte(own)) != 1:
		return nil, r.notOwner()
	case !r.info.Active():
		if lost, err := r.lostLease(ctx, r.info.Status == Failed); lost || err != nil {
			return nil, err
		}
		return nil, &EndedError{Process: r.info.Process, Number: r.info.Number, Status: r.info.Status, EndedAt: r.info.EndedAt}
	}
	if r.soft, err = t.SoftDependencies(ctx, id); err != nil {
		return nil, err
	}
	if lease > 0 && t.heart != nil {
		if err := t.takeUpLease(ctx, r, lease); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// takeUpLease renews a lease at once, because it may be about to expire, and regularly
// from then on.
func (t *Tracker) takeUpLease(ctx context.Context, r *Run, lease time.Duration) error {
	asked := time.Now()
	taken, err := t.made().store.RenewLeases(ctx, []int64{r.ref.ID})
	switch {
	case err != nil:
		return r.failed("renew its lease", err)
	case len(taken) > 0:
		return r.taken(taken[0])
	}
	if !t.heart.add(r, lease, asked) { //nolint:contextcheck // renewing goes on after this call
		return t.open("resume " + r.String())
	}
	return nil
}

// RunByID returns the stored data of the run with the given id. If it does not exist,
// the error is [ErrNotFound].
func (t *Tracker) RunByID(ctx context.Context, id int64) (RunInfo, error) {
	if id > 0 { // 0 would not restrict the list
		for info, err := range t.Runs(ctx, RunFilter{ID: id, Limit: 1}) {
			return info, err
		}
	}
	return RunInfo{}, noRun(id)
}

func noRun(id int64) error {
	return &NotFoundError{What: "run with id", Name: strconv.FormatInt(id, 10)}
}

func (r *Run) notOwner() error {
	return fmt.Errorf("run %d of process %q: %w; give the one that its start returned", r.info.Number, r.info.Process, ErrNotOwner)
}

// String returns the run's process and number.
func (r *Run) String() string {
	r = r.made()
	return fmt.Sprintf("run %d of process %q", r.info.Number, r.info.Process)
}

// Format implements [fmt.Formatter]: whatever the verb, the token is not shown.
func (r *Run) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, r.String()) }
