package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func retryCases() []Case {
	return []Case{
		{"S8.2 tries are bounded, with growing random waits in between", growingWaits},
		{"S8.2 the end of the context ends a wait at once", endInAWait},
		{"S8.2 a call that could take effect twice is not retried after a lost connection", notRepeated},
		{"S8.2 S2.9 a call whose reply was lost is retried, and takes effect once", lostAnswers},
		{"S8.2 S9.1 opening a tracker, setting up and looking at a schema are retried after a lost connection", openedAgain},
	}
}

// A dead backend answers everything with an error. Nothing waits for real events, so
// that only the time in a bubble of synctest passes.
type dead struct {
	dialect.Backend

	class dialect.Class
	mu    sync.Mutex
	tries []time.Time
}

func (d *dead) Classify(error) dialect.Class { return d.class }

func (d *dead) Conn() dialect.Conn { return deadConn{d} }

// try notes that something was sent.
func (d *dead) try() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tries = append(d.tries, time.Now())
	return errLost
}

type deadConn struct{ dead *dead }

func (c deadConn) Exec(context.Context, dialect.Stmt) (int64, error) { return 0, c.dead.try() }

func (c deadConn) Query(context.Context, dialect.Stmt, func(dialect.Row) error) error {
	return c.dead.try()
}

func (c deadConn) Atomic(context.Context, func(dialect.Conn) error) error { return c.dead.try() }

// A switched backend goes dead on command.
type switched struct {
	dialect.Backend

	off atomic.Pointer[dead] // nil while it works
}

func (s *switched) Conn() dialect.Conn {
	if off := s.off.Load(); off != nil {
		return off.Conn()
	}
	return s.Backend.Conn()
}

func (s *switched) Classify(err error) dialect.Class {
	if off := s.off.Load(); off != nil && errors.Is(err, errLost) {
		return off.class
	}
	return s.Backend.Classify(err)
}

// calls are some that read, some that write, and some that take effect twice if they
// are repeated.
func calls(tr *tracker.Tracker, run *tracker.Run) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"start": func(ctx context.Context) error {
			return ignore(tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil))
		},
		"complete": func(ctx context.Context) error { return run.Complete(ctx, nil) },
		"register an extract": func(ctx context.Context) error {
			return ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "x"}))
		},
		"resume":  func(ctx context.Context) error { return ignore(tr.Resume(ctx, run.ID(), run.Token())) },
		"hold":    func(ctx context.Context) error { return tr.Admin().Hold(ctx, "Teams Load", "") },
		"history": func(ctx context.Context) error { return firstError(tr.History(ctx, tracker.HistoryFilter{})) },
	}
}

// additions take effect twice if they are repeated.
func additions(run *tracker.Run) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"record an error": func(ctx context.Context) error { return run.RecordError(ctx, tracker.ErrorRecord{}) },
		"add counts":      func(ctx context.Context) error { return run.AddCounts(ctx, tracker.Counts{Records: 1}) },
	}
}

// lifeless returns calls on a backend that no longer works. The backend has to be given
// a way to fail before they are made.
func lifeless(t *testing.T, e *Env) (*switched, map[string]func(context.Context) error, map[string]func(context.Context) error) {
	t.Helper()
	ctx, s := e.context(t), &switched{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	return s, calls(tr, run), additions(run)
}

func growingWaits(t *testing.T, e *Env) {
	s, safe, adds := lifeless(t, e)
	// work that the database aborted has had no effect
	maps.Copy(safe, adds)
	var first []time.Duration
	same := 0
	for name, call := range safe {
		s.off.Store(&dead{Backend: s.Backend, class: dialect.Conflict})
		synctest.Test(t, func(t *testing.T) {
			if err := call(t.Context()); !only(err, tracker.ErrBusy) || !errors.Is(err, errLost) {
				t.Errorf("%s: %v", name, err)
			}
		})
		tries := s.off.Load().tries
		if len(tries) < 5 || len(tries) > 50 {
			t.Fatalf("%s was tried %d times", name, len(tries))
		}
		var waits []time.Duration
		for i := 1; i < len(tries); i++ {
			waits = append(waits, tries[i].Sub(tries[i-1]))
		}
		half := len(waits) / 2
		if early, late := slices.Max(waits[:2]), slices.Max(waits[half:]); late <= 2*early || late > 2*time.Second || early > 100*time.Millisecond {
			t.Errorf("%s: the waits are %v", name, waits)
		}
		if total := tries[len(tries)-1].Sub(tries[0]); total < time.Second || total > time.Minute {
			t.Errorf("%s is given up after %v", name, total)
		}
		if slices.Equal(waits, first) {
			same++
		}
		first = waits
	}
	if same > 0 {
		t.Errorf("%d calls waited as long as another", same)
	}
}

// endInAWait ends the context while nothing but a wait is in progress.
func endInAWait(t *testing.T, e *Env) {
	s, safe, _ := lifeless(t, e)
	for class, sentinel := range map[dialect.Class]error{dialect.Conflict: tracker.ErrBusy, dialect.Disconnected: tracker.ErrDisconnected} {
		for name, call := range safe {
			s.off.Store(&dead{Backend: s.Backend, class: class})
			synctest.Test(t, func(t *testing.T) {
				const until = 777 * time.Millisecond
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), until)
				defer cancel()
				err := call(ctx)
				if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errLost) || !only(err, sentinel) {
					t.Errorf("%s: %v", name, err)
				}
				if took := time.Since(began); took != until {
					t.Errorf("%s went on for %v, want %v", name, took, until)
				}
				why := errors.New("the caller's reason")
				over, stop := context.WithCancelCause(t.Context())
				time.AfterFunc(until, func() { stop(why) })
				if err := call(over); !errors.Is(err, why) || time.Since(began) != 2*until {
					t.Errorf("%s, cancelled after %v: %v", name, time.Since(began), err)
				}
			})
		}
	}
}

func notRepeated(t *testing.T, e *Env) {
	s, safe, adds := lifeless(t, e)
	tries := func(name string, call func(context.Context) error) int {
		s.off.Store(&dead{Backend: s.Backend, class: dialect.Disconnected})
		synctest.Test(t, func(t *testing.T) {
			if err := call(t.Context()); !only(err, tracker.ErrDisconnected) || !errors.Is(err, errLost) {
				t.Errorf("%s: %v", name, err)
			}
		})
		return len(s.off.Load().tries)
	}
	for name, call := range adds {
		if n := tries(name, call); n != 1 {
			t.Errorf("%s was tried %d times", name, n)
		}
	}
	for name, call := range safe {
		if n := tries(name, call); n < 5 {
			t.Errorf("%s was tried %d times", name, n)
		}
	}
}

// A forgetful line executes everything, and loses each answer once.
type forgetfulLine struct {
	dialect.Backend

	on   bool
	lost map[string]int
}

func (f *forgetfulLine) Classify(err error) dialect.Class {
	if errors.Is(err, errLost) {
		return dialect.Disconnected
	}
	return f.Backend.Classify(err)
}

func (f *forgetfulLine) Conn() dialect.Conn { return tap.Conn(f.Backend.Conn(), f) }

// Send implements [tap.Tap].
func (f *forgetfulLine) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	return f.answer(steps[0].Name, real(ctx, steps))
}

// Atomic implements [tap.Tap].
func (f *forgetfulLine) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	return f.answer("transaction", c.Atomic(ctx, fn))
}

// answer loses the first answer to the call with that name.
func (f *forgetfulLine) answer(name string, err error) error {
	if err != nil || !f.on {
		return err
	}
	if f.lost[name]++; f.lost[name] == 1 {
		return errLost
	}
	return nil
}

// lostAnswers runs through a run's life twice, the second time over a line that loses
// each answer once: the tables must not show a difference.
func lostAnswers(t *testing.T, e *Env) {
	ctx := e.context(t)
	var stories [2][]string
	for i, on := range []bool{false, true} {
		b := e.another(t).setUp(t)
		line := &forgetfulLine{Backend: b, lost: map[string]int{}}
		tr := trackerOn(ctx, t, line, nil)
		story := func(format string, args ...any) { stories[i] = append(stories[i], fmt.Sprintf(format, args...)) }
		do := func(what string, call func() error) {
			t.Helper()
			line.on, line.lost = on, map[string]int{}
			if err := call(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			line.on = false
			story("%s: %v", what, content(ctx, t, b))
		}
		do("depend", func() error {
			return tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Soft})
		})
		do("depend again", func() error {
			return tr.Registry().AddDependency(ctx, "Load", "Players", tracker.DependencyOptions{Kind: tracker.Soft})
		})
		registryStory(ctx, tr, do)
		var run *tracker.Run
		do("start", func() (err error) {
			run, err = tr.Start(ctx, tracker.Process{Name: "Load", Type: "Load"}, nil)
			return err
		})
		story("%v, soft %v", run, run.SoftDependencies())
		do("resume", func() (err error) { run, err = tr.Resume(ctx, run.ID(), run.Token()); return err })
		story("%v, soft %v", run, run.SoftDependencies())
		do("read", func() error {
			for c, err := range tr.History(ctx, tracker.HistoryFilter{}) {
				if story("%v", told(c)); err != nil {
					return err
				}
			}
			return nil
		})
		var extracts []tracker.Extract
		do("register", func() (err error) {
			extracts, err = run.RegisterExtracts(ctx, files("/landing", "a", "b", "c")...)
			return err
		})
		story("%d extracts", len(extracts))
		do("set status", func() error { return run.SetExtractStatus(ctx, tracker.Ready, extracts...) })
		do("widen", func() error { return run.ExtendRange(ctx, noon, noon.Add(time.Hour)) })
		do("hold", func() error { return tr.Admin().Hold(ctx, "Load", "look") })
		do("release", func() error { return tr.Admin().Release(ctx, "Load", "looked") })
		do("fail", func() error { return run.Fail(ctx, tracker.ErrorRecord{Description: "no disk"}) })
		do("start again", func() (err error) {
			run, err = tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "n"})
			return err
		})
		story("%v", run)
		do("end as on hold", func() error { return run.Hold(ctx, "look", nil) })
		stories[i] = append(stories[i], historyOf(ctx, t, tr, tracker.HistoryFilter{})...)
	}
	wantLines(t, "with answers that are lost", stories[1], stories[0])
}

// registryStory creates, changes and removes objects that belong to no run.
func registryStory(ctx context.Context, tr *tracker.Tracker, do func(what string, call func() error)) {
	someone := tracker.Contact{Name: "Ann", Email: "ann@example.com"}
	do("make a cluster", func() error { return tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "c"}) })
	do("join it", func() error { return tr.Registry().JoinCluster(ctx, "Load", "c") })
	do("name a contact", func() error { return tr.Registry().AddProcessContact(ctx, "Load", someone) })
	do("name a tool", func() error { return tr.Registry().AddLookupName(ctx, tracker.Tools, "bash") })
	do("rename it", func() error { return tr.Registry().RenameLookupName(ctx, tracker.Tools, "bash", "zsh") })
	do("delete it", func() error { return tr.Registry().DeleteLookupName(ctx, tracker.Tools, "zsh") })
	do("drop the contact", func() error { return tr.Registry().RemoveProcessContact(ctx, "Load", someone) })
	do("leave the cluster", func() error { return tr.Registry().LeaveCluster(ctx, "Load", "c") })
	do("depend no more", func() error { return tr.Registry().RemoveDependency(ctx, "Load", "Players") })
}
