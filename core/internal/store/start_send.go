package store

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Start starts a run if nothing blocks it, and returns what it found.
func (s *Store) Start(ctx context.Context, a Start) (out StartOutcome, err error) {
	v := s.startValues(a)
	t := s.refusing.enter(a.Process)
	if t == nil {
		out, err = s.tryStart(ctx, a, v)
		if err == nil && out.refusesAtOnce() {
			s.refusing.add(a.Process)
		}
		return out, err
	}
	defer func() { s.refusing.leave(a.Process, t, err == nil && out.Started) }()
	end, err := t.take(ctx)
	if err != nil {
		return out, err
	}
	defer end()
	if out, err = s.stillActive(ctx, a, v); err != nil || out.refusesAtOnce() {
		return out, err
	}
	return s.tryStart(ctx, a, v)
}

// tryStart sends the whole start. It asks for the cause of a refusal only afterwards.
//
// If the process had neither dependencies nor clusters before, it sends less, which does
// nothing if it has some now.
func (s *Store) tryStart(ctx context.Context, a Start, v startValues) (out StartOutcome, err error) {
	if s.startsAlone(v) {
		err = s.run(ctx, work{steps: s.aloneSteps(a, v, &out), settle: true})
		if err != nil || out.Started || !out.shares {
			return s.explained(ctx, a, v, out, err)
		}
	}
	err = s.run(ctx, work{steps: s.startSteps(a, v, &out), settle: true})
	if err == nil {
		s.alone.learn(a.Process, out.Known && !out.shares)
	}
	return s.explained(ctx, a, v, out, err)
}

// explained adds the rest of an attempt's outcome to it. If a run of the process came and
// went while the rest was read, some of that may have been its doing: it is read again.
func (s *Store) explained(ctx context.Context, a Start, v startValues, out StartOutcome, err error) (StartOutcome, error) {
	for err == nil {
		rest, latest := s.restOf(a, v, &out), out.latest()
		if len(rest) == 0 {
			break
		}
		err = s.run(ctx, work{forget: out.forget, steps: rest})
		if out.latest() == latest || out.refusesByItself() {
			break
		}
	}
	return out, err
}

// stillActive checks whether a process that refused the previous start is still active,
// so that callers that poll for it disturb the active run as little as possible.
func (s *Store) stillActive(ctx context.Context, a Start, v startValues) (out StartOutcome, err error) {
	steps := []*dialect.Step{read(s.startOutcome(v), func(r dialect.Row) error { return out.scan(r, a) })}
	if v.named() {
		steps = append(steps, read(s.startDone(v), out.scanDone))
	}
	err = s.run(ctx, work{forget: out.forget, steps: steps})
	return out, err
}

// refusesAtOnce reports whether the process's own state refuses the start, whatever else
// blocks it: because a run is active.
func (o *StartOutcome) refusesAtOnce() bool {
	return !o.Started && o.Latest != nil && o.Latest.EndedAt.IsZero() && o.Expired == nil
}

// refusesByItself reports whether the process's own state refuses the start, whatever else
// does: a run is active, it is on hold, or it has failed too often. Nothing else needs to
// be read then, and what is read later might not have been true at the same time.
func (o *StartOutcome) refusesByItself() bool {
	return o.refusesAtOnce() || o.Held != nil || o.Failing()
}

// Failing reports whether the process has failed as often in a row as it may.
func (o *StartOutcome) Failing() bool { return o.MaxFails > 0 && o.Failures >= o.MaxFails }

func (s *Store) startSteps(a Start, v startValues, out *StartOutcome) []*dialect.Step {
	first, second := s.startTurn(v), s.startLockClusters(v)
	if s.d.ReadersBlock() {
		first, second = second, first
	}
	steps := make([]*dialect.Step, 0, 10)
	steps = append(append(steps, act(first), act(second)), actAll(s.certifyClusters(v))...)
	steps = append(append(steps, s.claimSteps(a, v, false)...), act(s.startSoft(v)))
	return append(steps, read(s.startOutcome(v), func(r dialect.Row) error { return out.scan(r, a) }))
}

// restOf returns the steps that read the rest of an attempt's outcome: what refused the
// start, or which soft dependencies would have blocked it.
func (s *Store) restOf(a Start, v startValues, out *StartOutcome) []*dialect.Step {
	if out.Started {
		if out.soft {
			return []*dialect.Step{read(s.startParents(v), out.scanParent)}
		}
		return nil
	}
	if !out.Known {
		return nil
	}
	if out.refusesByItself() {
		if v.named() {
			return []*dialect.Step{read(s.startDone(v), out.scanDone)}
		}
		return nil
	}
	return s.outcomeSteps(a, v, out)
}

// startIn is Start within a transaction.
func (s *Store) startIn(ctx context.Context, c dialect.Conn, a Start, out *StartOutcome) error {
	v := s.startValues(a)
	if err := inOrder(ctx, c, s.startSteps(a, v, out)); err != nil {
		return err
	}
	if rest := s.restOf(a, v, out); len(rest) > 0 {
		return inOrder(ctx, c, rest)
	}
	return nil
}

// outcomeSteps read the outcome that a start would have, and what blocks it. The state of
// the process itself comes last: where each statement sees the database anew, a run that
// starts meanwhile takes capacity, and then it must be seen that the process is active.
func (s *Store) outcomeSteps(a Start, v startValues, out *StartOutcome) []*dialect.Step {
	var steps []*dialect.Step
	if v.named() {
		steps = append(steps, read(s.startDone(v), out.scanDone))
	}
	return append(steps, read(s.startParents(v), out.scanParent), read(s.startClusters(v), out.scanCluster),
		read(s.startOutcome(v), func(r dialect.Row) error { return out.scan(r, a) }))
}

// forget is called before the causes of a refusal are read again.
func (o *StartOutcome) forget() { o.Done, o.Parents, o.Clusters = nil, nil, nil }

// latest is the id of the process's latest run.
func (o *StartOutcome) latest() int64 {
	if o.Latest == nil {
		return 0
	}
	return o.Latest.ID
}

// scan reads the row of startOutcome. It sets every field but those that forget does,
// because the batch may be retried.
func (o *StartOutcome) scan(r dialect.Row, a Start) error {
	var row struct { // one piece of memory for all columns
		run                                Run
		definition, holder, reason, digest *string
		actor, mine                        *int64
		failures, most, soft, shares       int64
		// The schema's version. MariaDB returns NULL without an error for a cancelled subquery,
		// and goes on to commit: the run must not be lost because of that.
		version *int
		held    dialect.Time
	}
	run := &row.run
	if err := run.scanLeased(r, &row.definition, &row.actor, &row.held, &row.holder, &row.reason, &row.digest,
		&row.failures, &row.most, &row.mine, &row.version, &row.soft, &row.shares); err != nil {
		return err
	}
	*o = StartOutcome{
		ProcessID: run.ProcessID, Known: true, Failures: row.failures, MaxFails: row.most, soft: row.soft == 1, shares: row.shares == 1,
		Done: o.Done, Parents: o.Parents, Clusters: o.Clusters,
	}
	if row.version != nil {
		o.Schema = *row.version
	}
	digest := text(row.digest)
	o.Registered = row.actor != nil && (a.Definition == "" || text(row.definition) == a.Definition)
	o.Started = digest == a.TokenDigest && run.EndedAt.IsZero()
	o.Spent = row.mine != nil && !o.Started
	if run.ID != 0 {
		o.Latest = run
	}
	if run.LeaseExpired {
		o.Expired = &RunRef{ID: run.ID, ProcessID: run.ProcessID, TokenDigest: digest}
	}
	if !row.held.IsZero() {
		o.Held = &Hold{Since: row.held, Actor: text(row.holder), Note: text(row.reason)}
	}
	return nil
}
