package sqldb

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

var errReadOnly = errors.New("read-only")

// primary is a Conn whose server may become a replica.
type primary struct {
	readOnly bool
	changes  int64 // rows that each statement changes
}

func (p *primary) Exec(context.Context, dialect.Stmt) (int64, error) {
	if p.readOnly {
		return 0, errReadOnly
	}
	return p.changes, nil
}

func (p *primary) Query(context.Context, dialect.Stmt, func(dialect.Row) error) error {
	if p.readOnly {
		return errReadOnly
	}
	return nil
}

func (p *primary) Atomic(_ context.Context, fn func(dialect.Conn) error) error { return fn(p) }

// pipelined is one that takes batches.
type pipelined struct{ *primary }

func (p pipelined) Atomic(_ context.Context, fn func(dialect.Conn) error) error { return fn(p) }

func (p pipelined) Batch(ctx context.Context, steps []*dialect.Step) (err error) {
	for _, s := range steps {
		if s.Affected, err = p.Exec(ctx, s.Stmt); err != nil {
			return err
		}
	}
	return nil
}

// Finish ends a transaction.
func (p pipelined) Finish(ctx context.Context, steps []*dialect.Step) error {
	return p.Batch(ctx, steps)
}

// TestUncountedStepsAreWrites has a server that takes what changes no row.
func TestUncountedStepsAreWrites(t *testing.T) {
	t.Parallel()
	server := &primary{}
	c := Failover(pipelined{server}, func(err error) bool { return errors.Is(err, errReadOnly) }, func() {})
	b, ok := c.(dialect.Batcher)
	if !ok {
		t.Fatal("takes no batch")
	}
	if err := b.Batch(t.Context(), []*dialect.Step{{Uncounted: true}}); err != nil {
		t.Fatal(err)
	}
	server.readOnly = true
	if err := b.Batch(t.Context(), []*dialect.Step{{}}); !errors.Is(err, dialect.ErrDemoted) {
		t.Errorf("%v", err)
	}
}

// TestADemotedServerIsRecognized has a server become read-only: it is distinguished from
// one that always was only if it was written to before.
func TestADemotedServerIsRecognized(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	exec := func(c dialect.Conn) error { _, err := c.Exec(ctx, dialect.Stmt{}); return err }
	batch := func(c dialect.Conn) error {
		b, ok := c.(dialect.Batcher)
		if !ok {
			return errors.New("takes no batch")
		}
		return b.Batch(ctx, []*dialect.Step{{}})
	}
	last := func(c dialect.Conn) error {
		f, ok := c.(dialect.Finisher)
		if !ok {
			return errors.New("cannot end with what is sent last")
		}
		return f.Finish(ctx, []*dialect.Step{{}})
	}
	within := func(call func(dialect.Conn) error) func(dialect.Conn) error {
		return func(c dialect.Conn) error { return c.Atomic(ctx, call) }
	}
	writing := map[string]func(dialect.Conn) error{
		"exec": exec, "batch": batch, "in a transaction": within(exec), "a batch in one": within(batch), "at the end of one": within(last), "in a savepoint": within(within(exec)),
	}
	for name, write := range writing {
		for _, changes := range []int64{0, 1} {
			server, renewed := &primary{changes: changes}, 0
			c := Failover(pipelined{server}, func(err error) bool { return errors.Is(err, errReadOnly) }, func() { renewed++ })
			if err := write(c); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			server.readOnly = true
			for again, call := range writing {
				renewed = 0
				err := call(c)
				if !errors.Is(err, errReadOnly) || errors.Is(err, dialect.ErrDemoted) != (changes > 0) || (renewed == 1) != (changes > 0) {
					t.Errorf("%s changed %d rows, then %s: %v, renewed %d times", name, changes, again, err, renewed)
				}
			}
		}
	}
	if _, ok := Failover(&primary{}, nil, nil).(dialect.Batcher); ok {
		t.Error("it accepts batches, but the inner connection does not")
	}
}

func TestPatiently(t *testing.T) {
	t.Parallel()
	full, other := errors.New("too many connections"), errors.New("another")
	again := func(err error) bool { return errors.Is(err, full) }
	for _, c := range []struct {
		limit time.Duration
		says  []error // one after the other
		want  error
	}{
		{time.Hour, []error{nil}, nil},
		{time.Hour, []error{full, full, nil}, nil},
		{time.Hour, []error{full, other}, other},
		{-1, []error{full}, full},
	} {
		left := slices.Clone(c.says)
		err := Patiently(t.Context(), c.limit, again, func() error {
			err := left[0]
			left = left[1:]
			return err
		})
		if !errors.Is(err, c.want) || len(left) != 0 {
			t.Errorf("%v: %v, %d not asked for", c.says, err, len(left))
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Patiently(ended, time.Hour, again, func() error { return full }); !errors.Is(err, context.Canceled) || !errors.Is(err, full) {
		t.Errorf("when its context has ended: %v", err)
	}
}
