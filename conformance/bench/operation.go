package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A way is a way to do an operation.
type way string

const (
	ours  way = "ours"
	floor way = "floor"
	facts way = "facts"
)

// An operation is an operation of the tracker, with the SQL to compare it with.
type operation struct {
	name string

	// prepare creates the data that the operation needs. It is not timed.
	prepare func(ctx context.Context, p *place, s *subject) error

	// ours does the operation with the tracker.
	ours func(ctx context.Context, p *place, s *subject) error

	// floor and facts build the hand-written SQL to compare with. They are nil if there is none.
	floor, facts func(p *place, s *subject) work

	// done prepares the place for the next time. It is not timed.
	done func(ctx context.Context, p *place, s *subject) error
}

// work is hand-written SQL, ready to be sent.
type work func(ctx context.Context, s *subject) error

// A subject is the data for doing an operation once.
type subject struct {
	way way
	n   int // 0, 1, 2 …, counted for each way

	process   string
	processID int64
	digest    string // of the run's token
	runID     int64
	run       *tracker.Run // only for ours
	file      string
	location  int64 // the ID of landing
	extract   int64
	extracts  []tracker.Extract // only for ours
	ids       []int64           // of extracts
	found     int               // rows that were read

	paused time.Duration // time between the parts of an operation, which does not count
}

// aside runs a function in the middle of an operation, without counting its time.
func (s *subject) aside(fn func() error) error {
	began := time.Now()
	err := fn()
	s.paused += time.Since(began)
	return err
}

// do sends statements in one transaction.
func (p *place) do(statements ...Statement) work {
	return func(ctx context.Context, _ *subject) error { return p.Hand.Run(ctx, statements...) }
}

// look runs a query.
func (p *place) look(query string, args ...any) work {
	st := p.statement(query, args...)
	return func(ctx context.Context, s *subject) error {
		_, rows, err := p.Hand.Read(ctx, st)
		s.found = len(rows)
		return err
	}
}

// landing is the location of the subjects' files.
const landing = "/landing"

// processOf returns the n-th process of a way. Each way has its own processes, so that
// it does not see the rows of another way's updates.
func processOf(w way, n int) string { return fmt.Sprintf("%s %04d", w, n) }

// newSubject returns the subject for doing an operation for the n-th time in a way. It
// uses the processes in turn, up to most of them.
func (p *place) newSubject(w way, n, most int, location int64) *subject {
	name := processOf(w, n%most)
	return &subject{
		way: w, n: n, process: name, processID: p.ids[name], location: location,
		digest: key(p.nextName("token")), file: p.nextName("file") + ".csv",
	}
}

// begin starts a run of the subject's process.
func begin(ctx context.Context, p *place, s *subject) error {
	if s.way == ours {
		return startOurs(ctx, p, s)
	}
	if err := p.Hand.Run(ctx, p.startByHand(s)...); err != nil {
		return err
	}
	return p.findRun(ctx, s)
}

func (p *place) findRun(ctx context.Context, s *subject) (err error) {
	s.runID, err = p.number(ctx, "SELECT id FROM {run} WHERE token_digest = ?", s.digest)
	return err
}

func (p *place) findExtract(ctx context.Context, s *subject) (err error) {
	s.extract, err = p.number(ctx, "SELECT id FROM {extract} WHERE location_id = ? AND name_key = ?", s.location, key(s.file))
	return err
}

// end completes the run, if it is active.
func end(ctx context.Context, p *place, s *subject) error {
	if s.way == ours {
		return s.run.Complete(ctx, nil)
	}
	return p.Hand.Run(ctx, p.completeByHand(s)...)
}

// beginAndRegister starts a run and registers an extract.
func beginAndRegister(ctx context.Context, p *place, s *subject) error {
	if err := begin(ctx, p, s); err != nil {
		return err
	}
	if s.way == ours {
		return registerOurs(ctx, p, s)
	}
	if err := p.Hand.Run(ctx, p.registerByHand(s)...); err != nil {
		return err
	}
	return p.findExtract(ctx, s)
}

func nothing(context.Context, *place, *subject) error { return nil }

func startOurs(ctx context.Context, p *place, s *subject) (err error) {
	s.run, err = p.tracker.Start(ctx, tracker.Process{Name: s.process}, nil)
	if err == nil {
		s.runID, s.digest = s.run.ID(), key(s.run.Token())
	}
	return err
}

func completeOurs(ctx context.Context, _ *place, s *subject) error { return s.run.Complete(ctx, nil) }

func registerOurs(ctx context.Context, _ *place, s *subject) error {
	all, err := s.run.RegisterExtracts(ctx, tracker.File{Location: landing, Name: s.file, Status: tracker.Ready})
	if err == nil {
		s.extracts, s.extract = all, all[0].ID
	}
	return err
}

func moveOurs(to tracker.ExtractStatus) func(context.Context, *place, *subject) error {
	return func(ctx context.Context, _ *place, s *subject) error {
		return s.run.SetExtractStatus(ctx, to, s.extracts...)
	}
}
