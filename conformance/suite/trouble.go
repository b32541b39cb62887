package suite

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func troubleCases() []Case {
	return []Case{
		{"S8.1 each kind of trouble with the database has its sentinel, and the driver's error stays reachable", sentinels},
		{"S8.1 S8.2 work that the database aborted because of concurrent transactions is retried silently", triedAgain},
		{"S8.1 S8.2 work that is aborted every time is ErrBusy or ErrDisconnected", givenUp},
		{"S8.1 the database's own error stays reachable", realError},
		{"S8.2 a context that has ended ends every call, and nothing is written", cancelled},
		{"S8.1 a closed backend returns errors", closed},
	}
}

// sentinelsOf returns the sentinels that an error matches.
func sentinelsOf(err error) []error {
	var all []error
	for _, sentinel := range []error{
		tracker.ErrAlreadyRunning, tracker.ErrAlreadyDone, tracker.ErrOnHold, tracker.ErrDependency, tracker.ErrNoCapacity, tracker.ErrAlreadyEnded, tracker.ErrLeaseLost, tracker.ErrNotOwner, tracker.ErrClosed, tracker.ErrMismatch,
		tracker.ErrNotFound, tracker.ErrCycle, tracker.ErrInvalid, tracker.ErrNotSetUp, tracker.ErrSchemaVersion, tracker.ErrDenied, tracker.ErrCredentials, tracker.ErrReadOnly,
		tracker.ErrBusy, tracker.ErrDisconnected, tracker.ErrTransaction, tracker.ErrExists, tracker.ErrPreloaded, tracker.ErrInUse, tracker.ErrDrift,
	} {
		if errors.Is(err, sentinel) {
			all = append(all, sentinel)
		}
	}
	return all
}

// only reports whether the error matches this sentinel and no other; nil stands for none.
func only(err, sentinel error) bool {
	all := sentinelsOf(err)
	return err != nil && (sentinel == nil && len(all) == 0 || len(all) == 1 && errors.Is(sentinel, all[0]))
}

func sentinels(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	calls := inputs(s, tr, run)
	s.meddle(allFail)
	for class, sentinel := range map[dialect.Class]error{dialect.Other: nil, dialect.Duplicate: tracker.ErrDrift, dialect.Denied: tracker.ErrDenied,
		dialect.ReadOnly: tracker.ErrReadOnly, dialect.Credentials: tracker.ErrCredentials, dialect.Unreachable: tracker.ErrDisconnected,
	} {
		s.failAs(class)
		for _, call := range calls {
			err := call.give(ctx, "any")
			if !only(err, sentinel) || !errors.Is(err, errLost) {
				t.Errorf("%s, as the database says %v: %v, which is %v", call.call, class, err, sentinelsOf(err))
			}
		}
	}
}

func triedAgain(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, &tracker.Config{Retry: tracker.RetryPolicy{MaxWait: time.Millisecond}}) // as often as ever
	must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "mine"))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "mine"))
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, tr.Registry().AddDependency(ctx, "a child", "any", tracker.DependencyOptions{Kind: tracker.Soft}))
	for _, class := range []dialect.Class{dialect.Conflict, dialect.Disconnected} {
		s.failAs(class)
		for _, call := range inputs(s, tr, run) {
			if call.call == "RecordError" && class == dialect.Disconnected {
				continue // it might be there already
			}
			left := 2
			s.meddle(func(*dialect.Stmt) error {
				if left--; left >= 0 {
					return errLost
				}
				return nil
			})
			if err := call.give(ctx, "any"); err != nil && !errors.Is(err, tracker.ErrNotFound) && !errors.Is(err, tracker.ErrMismatch) &&
				!errors.Is(err, tracker.ErrAlreadyRunning) && !errors.Is(err, tracker.ErrAlreadyEnded) && !errors.Is(err, tracker.ErrCycle) {
				t.Errorf("%s, %s after two times %v: %v", call.call, call.field, class, err)
			}
		}
	}
}

// givenUp makes the database give up statements repeatedly. The calls run concurrently,
// because each waits longer and longer.
func givenUp(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	for class, sentinel := range map[dialect.Class]error{dialect.Conflict: tracker.ErrBusy, dialect.Disconnected: tracker.ErrDisconnected} {
		s := &spy{Backend: b, class: class}
		tr := trackerOn(ctx, t, s, &tracker.Config{Retry: tracker.RetryPolicy{MaxWait: time.Millisecond}}) // as often as ever
		run := start(ctx, t, tr, tracker.Process{Name: "Teams Load " + class.String()})
		extract := register(ctx, t, run, files("/landing", class.String())...)[0]
		rows := content(ctx, t, b)
		var sent atomic.Int64
		s.meddle(func(*dialect.Stmt) error {
			sent.Add(1)
			return errLost
		})
		calls := []func() error{
			func() error { return ignore(tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil)) },
			func() error { return run.Complete(ctx, nil) },
			func() error { return ignore(run.RegisterExtracts(ctx, files("/landing", "players.csv")...)) },
			func() error { return run.SetExtractStatus(ctx, tracker.Loaded, extract) },
			func() error { return firstError(tr.Runs(ctx, tracker.RunFilter{})) },
		}
		for i, err := range atOnce(len(calls), func(i int) error { return calls[i]() }) {
			if !only(err, sentinel) || !errors.Is(err, errLost) {
				t.Errorf("%v every time, call %d: %v", class, i, err)
			}
		}
		if n := sent.Load(); n < int64(2*len(calls)) || n > int64(100*len(calls)) {
			t.Errorf("%v: %d calls were tried %d times", class, len(calls), n)
		}
		wantContent(ctx, t, b, rows)
	}
}

// driverError reports whether the tree contains a driver's error: one that is neither
// Go's nor this project's.
func driverError(err error) bool {
	if err == nil {
		return false
	}
	kind := reflect.TypeOf(err)
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	host, _, _ := strings.Cut(kind.PkgPath(), "/")
	if strings.Contains(host, ".") && !strings.Contains(kind.PkgPath(), "processtracker-go/") {
		return true
	}
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself
	case interface{ Unwrap() error }:
		return driverError(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), driverError)
	default:
		return false
	}
}

func realError(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	gone := "ALTER TABLE {run_error} RENAME TO gone"
	if b.Dialect().Name() == "sqlserver" {
		gone = "DROP TABLE {run_error}"
	}
	change(ctx, t, b, gone)
	for what, err := range map[string]error{
		"record": run.RecordError(ctx, tracker.ErrorRecord{Description: "x"}),
		"fail":   run.Fail(ctx, tracker.ErrorRecord{Description: "x"}),
		"list":   firstError(tr.Errors(ctx, tracker.ErrorFilter{})),
	} {
		if !only(err, nil) || !driverError(err) {
			t.Errorf("%s without the table: %v", what, err)
		}
	}
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("the run failed without its error: %+v", info)
	}
	must(t, run.Complete(ctx, nil))
}

func cancelled(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	rows := content(ctx, t, b)
	over, cancel := context.WithCancel(ctx)
	cancel()
	late, stop := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer stop()
	for want, ended := range map[error]context.Context{context.Canceled: over, context.DeadlineExceeded: late} {
		for _, call := range inputs(b, tr, run) {
			if err := call.give(ended, "any"); !only(err, nil) || !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", call.call, err, want)
			}
		}
	}
	wantContent(ctx, t, b, rows)
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("the run is %+v", info)
	}
	must(t, run.Complete(ctx, nil))
}

func closed(t *testing.T, e *Env) {
	ctx := e.context(t)
	e.setUp(t)
	b, err := e.Backend.Open(ctx, e.DSN)
	must(t, err)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, b.Close())
	for _, call := range inputs(b, tr, run) {
		if err := call.give(ctx, "any"); !only(err, nil) && !only(err, tracker.ErrDisconnected) {
			t.Errorf("%s after Close: %v", call.call, err)
		}
	}
	if err := b.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
