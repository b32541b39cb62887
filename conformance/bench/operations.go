package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// lifeOperations are the operations in the life of a run.
func lifeOperations() []operation {
	return []operation{
		{
			name: "start", prepare: nothing, ours: startOurs, done: endStarted,
			floor: insertRun,
			facts: func(p *place, s *subject) work { return p.do(p.startByHand(s)...) },
		},
		{
			name: "refused start", prepare: begin, ours: refusedOurs, done: end,
			floor: func(p *place, s *subject) work {
				return p.look(stateByName, s.process)
			},
			facts: refuseByHand,
		},
		{
			name: "register one", prepare: begin, ours: registerOurs, done: end,
			floor: insertExtract,
			facts: func(p *place, s *subject) work { return p.do(p.registerByHand(s)...) },
		},
		{
			name: "loading", prepare: beginAndRegister, ours: moveOurs(tracker.Loading), done: end,
			floor: updateExtract,
			facts: func(p *place, s *subject) work { return p.do(p.moveByHand(s, "ready", "loading", loadingID)...) },
		},
		{
			name: "loaded", prepare: prepareLoaded, ours: moveOurs(tracker.Loaded), done: end,
			floor: updateExtract,
			facts: func(p *place, s *subject) work { return p.do(p.moveByHand(s, "loading", "loaded", loadedID)...) },
		},
		{
			name: "record error", prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				return s.run.RecordError(ctx, tracker.ErrorRecord{Description: s.file})
			},
			floor: func(p *place, s *subject) work {
				return p.do(p.statement("INSERT INTO {run_error} (run_id, process_id, error_type_id, description, recorded_at) VALUES (?, ?, 3, ?, {now})", s.runID, s.processID, s.file))
			},
			facts: func(p *place, s *subject) work { return p.do(p.recordByHand(s)...) },
		},
		{
			name: "complete", prepare: begin, ours: completeOurs, done: endByHand,
			floor: func(p *place, s *subject) work {
				return p.do(p.statement("UPDATE {run} SET status_id = 2, ended_at = {now} WHERE id = ?", s.runID))
			},
			facts: func(p *place, s *subject) work { return p.do(p.completeByHand(s)...) },
		},
		{name: "life cycle", prepare: nothing, ours: lifeOurs, facts: lifeByHand, done: nothing},
	}
}

// stateByName is the SQL that finds out whether a process is active.
const stateByName = "SELECT id, active, latest_run_no FROM {process} WHERE name = ?"

// refuseByHand checks whether the process is active, and records the refused start.
func refuseByHand(p *place, s *subject) work {
	look := p.look(stateByName, s.process)
	keep := p.do(p.statement(`INSERT INTO {refusal} (process_id, slot, refusal_key, reason, actor, detail, times, first_at, last_at)
		SELECT ?, coalesce(max(slot), 0) + 1, ?, 'already running', ?, ?, 1, {now}, {now} FROM {refusal} WHERE process_id = ?`,
		s.processID, s.digest, actor, s.file, s.processID))
	return func(ctx context.Context, s *subject) error {
		err := look(ctx, s)
		s.found = 0 // the tracker does not return these rows
		if err == nil {
			err = keep(ctx, s)
		}
		return err
	}
}

// insertRun is the floor of a start. No other way uses its process, so any new number will do.
func insertRun(p *place, s *subject) work {
	return p.do(p.statement("INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, started_at) VALUES (?, ?, 2, ?, ?, {now})",
		s.processID, -p.next(), s.digest, p.actor))
}

// endStarted ends the run of a start, if it has made one.
func endStarted(ctx context.Context, p *place, s *subject) error {
	if s.way == floor {
		return nil
	}
	return end(ctx, p, s)
}

// endByHand ends the run that the floor of a completion has left.
func endByHand(ctx context.Context, p *place, s *subject) error {
	if s.way != floor {
		return nil
	}
	return end(ctx, p, s)
}

func refusedOurs(ctx context.Context, p *place, s *subject) error {
	_, err := p.tracker.Start(ctx, tracker.Process{Name: s.process}, nil)
	if !errors.Is(err, tracker.ErrAlreadyRunning) {
		return fmt.Errorf("the start was not refused as one of an active process: %w", err)
	}
	return nil
}

func insertExtract(p *place, s *subject) work {
	return p.do(p.statement(`INSERT INTO {extract} (location_id, name, name_key, status_id, file_type_id, registered_by, process_id, registered_at, status_changed_at)
		VALUES (?, ?, ?, 2, 1, ?, ?, {now}, {now})`, s.location, s.file, key(s.file), s.runID, s.processID))
}

func updateExtract(p *place, s *subject) work {
	return p.do(p.statement("UPDATE {extract} SET status_id = 3, status_changed_at = {now} WHERE id = ?", s.extract))
}

func prepareLoaded(ctx context.Context, p *place, s *subject) error {
	if err := beginAndRegister(ctx, p, s); err != nil {
		return err
	}
	if s.way == ours {
		return moveOurs(tracker.Loading)(ctx, p, s)
	}
	return p.Hand.Run(ctx, p.moveByHand(s, "ready", "loading", loadingID)...)
}

// lifeOurs is a run that registers an extract, loads it and completes.
func lifeOurs(ctx context.Context, p *place, s *subject) error {
	for _, call := range []func(context.Context, *place, *subject) error{
		startOurs, registerOurs, moveOurs(tracker.Loading), moveOurs(tracker.Loaded), completeOurs,
	} {
		if err := call(ctx, p, s); err != nil {
			return err
		}
	}
	return nil
}

// lifeByHand is the same in five transactions. Querying the IDs, which the tracker
// returns, does not count.
func lifeByHand(p *place, _ *subject) work {
	return func(ctx context.Context, s *subject) error {
		for i, build := range []func(*subject) []Statement{
			p.startByHand, p.registerByHand,
			func(s *subject) []Statement { return p.moveByHand(s, "ready", "loading", loadingID) },
			func(s *subject) []Statement { return p.moveByHand(s, "loading", "loaded", loadedID) },
			p.completeByHand,
		} {
			var statements []Statement
			err := s.aside(func() (err error) {
				if i == 2 {
					err = errors.Join(p.findRun(ctx, s), p.findExtract(ctx, s))
				}
				statements = build(s)
				return err
			})
			if err == nil {
				err = p.Hand.Run(ctx, statements...)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}
