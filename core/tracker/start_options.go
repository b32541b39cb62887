package tracker

import (
	"context"
	"fmt"
	"strconv"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A StartOption changes how a run starts.
type StartOption func(*startOptions) error

// startOptions are a start with what its caller chose.
type startOptions struct {
	store.Start

	token    string      // of the run
	redefine bool        // the type, tool and frequency may replace those that are stored
	after    []string    // processes that it depends on
	holdDead bool        // a dead run found in the way puts the process on hold
	lost     func(error) // called when the lease is lost
}

// drawToken gives the run a token that no other run has.
func (s *startOptions) drawToken() {
	s.token = newToken()
	s.TokenDigest = tokenDigest(s.token)
}

// Named names the run by its business key, such as the day that it loads: 1 to
// 250 characters. Within a process at most one run of a name is active or
// completed: another start of it is [ErrAlreadyRunning] or [ErrAlreadyDone],
// which makes a scheduler's retry harmless. After a failed one, another attempt
// may follow.
func Named(business string) StartOption {
	return func(s *startOptions) (err error) {
		s.Name, err = name("run name", business)
		return err
	}
}

// FromWatermark sets the low of the run's data to the process's watermark, the
// highest high of its completed runs: [Run.Low] is where to go on. It is zero if
// there is none yet.
func FromWatermark() StartOption {
	return func(s *startOptions) error {
		s.FromWatermark = true
		return nil
	}
}

// Needs says what the run takes of the clusters of its process while it is
// active, in the units in which their maxima are given.
func Needs(c Capacity) StartOption {
	return func(s *startOptions) error {
		for _, f := range []struct {
			field string
			n     int64
		}{{"memory", c.Memory}, {"processing", c.Processing}} {
			if f.n < 0 {
				return invalid(f.field, strconv.FormatInt(f.n, 10), "negative", "give 0 or more")
			}
		}
		s.Memory, s.Processing = c.Memory, c.Processing
		return nil
	}
}

// Redefining gives the process the type, tool and frequency named even if others are
// stored, as [Tracker.Redefine] does, if the run starts. A start that is refused leaves
// them as they are.
func Redefining() StartOption {
	return func(s *startOptions) error {
		s.redefine = true
		return nil
	}
}

// After makes the process depend on others, as [Tracker.AddDependency] does without a
// kind, if the run starts: this start waits for them, too, and one that is refused
// leaves the dependencies as they are. Processes that are not known are registered.
func After(parents ...string) StartOption {
	return func(s *startOptions) error {
		for _, parent := range parents {
			child, parent, err := pair(s.Process, parent)
			if err != nil {
				return err
			}
			if child == parent {
				return dependsOnItself(child)
			}
			s.after = append(s.after, parent)
		}
		return nil
	}
}

// DefaultMaxFailures is how many failed runs in a row put a process on hold,
// unless the tracker or the process says otherwise.
const DefaultMaxFailures = 3

// MaxFailures sets how many failed runs in a row put a process on hold, for
// processes that say nothing themselves; 0 for never. See
// [Tracker.SetMaxFailures].
func MaxFailures(n int) Option { return func(t *Tracker) { t.maxFailures = int64(n) } }

// SetMaxFailures sets how many failed runs in a row put this process on hold,
// whatever its trackers say: 0 for never, -1 to leave it to them again. A process
// that does not exist is [ErrNotFound].
func (t *Tracker) SetMaxFailures(ctx context.Context, process string, n int) error {
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	if n < -1 {
		return invalid("maximum of failures", strconv.Itoa(n), "negative", "give 0 for never, or -1 for the tracker's setting")
	}
	value := int64(n)
	limit := &value
	if n == -1 {
		limit = nil
	}
	changed, err := t.made().store.SetMaxFailures(ctx, process, t.made().actor, limit)
	if err != nil {
		return t.failed(fmt.Sprintf("set maximum of failures of process %q", process), err)
	}
	if changed {
		return nil
	}
	return t.mustExist(ctx, process)
}

// holdFailing puts a process on hold whose latest runs all failed.
func (t *Tracker) holdFailing(ctx context.Context, process string, failures int64) error {
	reason := fmt.Sprintf("its latest %d runs failed", failures)
	if _, err := t.made().store.HoldFailing(ctx, process, t.made().actor, reason, failures); err != nil {
		return t.failed(fmt.Sprintf("hold process %q", process), err)
	}
	return nil
}
