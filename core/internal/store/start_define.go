package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Defining says what a start changes in its process's definition, if the run starts.
type Defining struct {
	Definition Definition
	Change     bool         // the type, tool and frequency may replace those that are stored
	Parents    []Dependency // on what it depends from now on
}

// Undefined says why a start's definition cannot be stored; it is the zero value if it
// can.
type Undefined struct {
	Mismatches []Mismatch
	Cycle      string // the parent that depends on the process already
}

func (u Undefined) empty() bool { return len(u.Mismatches) == 0 && u.Cycle == "" }

// Look returns what a start would find, and starts nothing.
func (s *Store) Look(ctx context.Context, a Start) (out StartOutcome, err error) {
	err = s.run(ctx, work{forget: out.forget, steps: s.outcomeSteps(a, s.startValues(a), &out)})
	return out, err
}

// StartDefined is Start for a process whose definition is not fully stored: it stores
// the rest and starts the run, in one transaction. If the run does not start, all of
// that is undone (rule S2.12), except for names that may refuse the next start, too,
// and the end of an expired run that blocked this one; see StartAfterExpired. dead is
// nil if there is no such run.
func (s *Store) StartDefined(ctx context.Context, a Start, d Defining, dead *RunRef, z Expiry) (out StartOutcome, err error) {
	a.Definition = "" // it is stored in the same transaction
	ended := false
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		out, ended = StartOutcome{}, false
		isNew, err := s.beforeDefined(ctx, c, a, d)
		if err != nil {
			return err
		}
		if dead != nil {
			if ended, err = s.endExpired(ctx, c, *dead, z); err != nil {
				return err
			}
		}
		within := func(c dialect.Conn) error { return s.defineAndStart(ctx, c, a, d, isNew, &out) }
		if dead == nil && len(d.Parents) == 0 {
			return within(c) // what refused it has come since it was looked at, and with it the names
		}
		err = c.Atomic(ctx, within)
		if errors.Is(err, errUndo) && out.Undefined.empty() {
			return nil
		}
		return err
	}, settle: true})
	if errors.Is(err, errUndo) {
		err, ended = nil, false
	}
	out.Ended = ended
	return out, err
}

// defineAndStart returns errUndo if the definition is wrong, or the start is refused.
func (s *Store) defineAndStart(ctx context.Context, c dialect.Conn, a Start, d Defining, isNew bool, out *StartOutcome) error {
	no, err := s.defineAll(ctx, c, d, a.Actor, isNew)
	if err != nil || !no.empty() {
		out.Undefined = no
		return cmp.Or(err, errUndo)
	}
	if err := s.startIn(ctx, c, a, out); err != nil || out.Started {
		return err
	}
	return errUndo
}

// beforeDefined takes the locks that come before that of the process's row, in the
// order in which others do, and registers names. It reports whether the process is
// new.
func (s *Store) beforeDefined(ctx context.Context, c dialect.Conn, a Start, d Defining) (isNew bool, err error) {
	steps := []*dialect.Step{s.known()}
	if len(d.Parents) > 0 {
		steps = append(append(steps, exec(s.lockDependencies())), execAll(s.certifyDependencies())...)
	}
	if s.d.ReadersBlock() { // as in Start: a start that holds a process must not wait for a cluster
		steps = append(steps, exec(s.startLockClusters(s.startValues(a))))
	}
	steps = append(steps, s.registerNames(d.Definition, a.Actor)...)
	process := steps[len(steps)-1]
	if len(d.Parents) > 0 {
		steps = append(steps, exec(s.names(tProcess, a.Actor, parentNames(d.Parents)...)))
	}
	err = inOrder(ctx, c, steps)
	return process.Affected > 0, err
}

// defineAll stores what a start says of its process.
func (s *Store) defineAll(ctx context.Context, c dialect.Conn, d Defining, actor string, isNew bool) (no Undefined, err error) {
	process := d.Definition.Process
	if d.Definition.Fingerprint != "" || len(d.Parents) > 0 {
		no.Mismatches, err = s.defineIn(ctx, c, d.Definition, actor, defining{change: d.Change, isNew: isNew})
	}
	if err != nil || !no.empty() {
		return no, err
	}
	for _, dep := range d.Parents {
		cycle, err := s.closesCycle(ctx, c, process, dep.Parent)
		if err != nil {
			return no, err
		}
		if cycle {
			return Undefined{Cycle: dep.Parent}, nil
		}
		dep.Child = process
		if err := s.storeDependency(ctx, c, dep, actor); err != nil {
			return no, err
		}
	}
	return no, nil
}
