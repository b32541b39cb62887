package suite

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func explainCases() []Case {
	return []Case{
		{"S2.13 an explanation names the process at the root of a chain, and why", explainsChain},
		{"S2.13 an explanation covers each kind of root", explainsKinds},
		{"S2.14 a start that waits gets its run as soon as nothing refuses it", startWaits},
		{"S2.14 a start that waits in vain is refused as one that does not wait", startWaitsInVain},
	}
}

func explainsChain(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for _, pair := range [][2]string{{"second", "first"}, {"third", "second"}, {"fourth", "third"}, {"fifth", "fourth"}} {
		must(t, tr.Registry().AddDependency(ctx, pair[0], pair[1], tracker.DependencyOptions{Kind: tracker.Hard}))
	}
	ada := tracker.Contact{Name: "Ada", Email: "ada@example.org"}
	must(t, tr.Registry().AddProcessContact(ctx, "first", ada))
	must(t, start(ctx, t, tr, tracker.Process{Name: "first"}).Fail(ctx, tracker.ErrorRecord{Description: "no file"}, tracker.ErrorRecord{Description: "no more"}))

	found, err := tr.Explain(ctx, "fifth", nil)
	must(t, err)
	wantBlocked(t, found.Refusal, tracker.ErrDependency)
	if len(found.Roots) != 1 {
		t.Fatalf("roots: %+v", found.Roots)
	}
	root := found.Roots[0]
	if root.Process != "first" || root.Kind != tracker.RootFailed || !slices.Equal(root.Path, []string{"fifth", "fourth", "third", "second", "first"}) {
		t.Errorf("root: %+v", root)
	}
	if root.Run == nil || root.Run.Number != 1 || !root.Since.Equal(root.Run.EndedAt) || root.Error == nil || root.Error.Description != "no file" {
		t.Errorf("run %+v, error %+v, since %v", root.Run, root.Error, root.Since)
	}
	if len(root.Contacts) != 1 || root.Contacts[0].Contact != ada {
		t.Errorf("contacts: %+v", root.Contacts)
	}
	if refused := collect(t, tr.Refusals(ctx, tracker.RefusalFilter{})); len(refused) != 0 {
		t.Errorf("an explanation left refusals: %+v", refused)
	}
	if found, err = tr.Explain(ctx, "first", nil); err != nil || found.Refusal != nil || len(found.Roots) != 0 {
		t.Errorf("the first can start, but: %+v, %v", found, err)
	}
	if _, err = tr.Explain(ctx, "sixth", nil); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("error: %v, want %v", err, tracker.ErrNotFound)
	}
}

func explainsKinds(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: 2})
	g, one := tr.Registry(), int64(1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "done"}).Complete(ctx, nil))
	named := &tracker.StartOptions{Name: "2026-11-22"}
	run, err := tr.Start(ctx, tracker.Process{Name: "done"}, named)
	must(t, err)
	must(t, run.Complete(ctx, nil))
	must(t, g.SetCluster(ctx, tracker.Cluster{Name: "small", MaxMemory: &one}))
	must(t, g.JoinCluster(ctx, "large", "small"))
	must(t, g.AddDependency(ctx, "child", "never", tracker.DependencyOptions{Kind: tracker.Hard}))
	must(t, start(ctx, t, tr, tracker.Process{Name: "old"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "reader"}).Complete(ctx, nil))
	must(t, g.AddDependency(ctx, "reader", "old", tracker.DependencyOptions{Freshness: tracker.Fresh}))
	running := start(ctx, t, tr, tracker.Process{Name: "running"})
	defer func() { must(t, running.Close()) }()
	expire(ctx, t, b, start(ctx, t, tr, tracker.Process{Name: "dead"}).ID())
	must(t, g.AddDependency(ctx, "heir", "dead", tracker.DependencyOptions{}))
	failRuns(t, e, tr, "failing", 2)
	must(t, start(ctx, t, tr, tracker.Process{Name: "held"}).Hold(ctx, "look", nil))

	for process, c := range map[string]struct {
		options *tracker.StartOptions
		reason  error
		kind    tracker.RootKind
		root    string
	}{
		"done":    {named, tracker.ErrAlreadyDone, tracker.RootDone, "done"},
		"large":   {&tracker.StartOptions{Needs: tracker.Capacity{Memory: 2}}, tracker.ErrNoCapacity, tracker.RootNoCapacity, "large"},
		"child":   {nil, tracker.ErrDependency, tracker.RootNeverRan, "never"},
		"reader":  {nil, tracker.ErrDependency, tracker.RootStale, "old"},
		"running": {nil, tracker.ErrAlreadyRunning, tracker.RootRunning, "running"},
		"heir":    {nil, tracker.ErrDependency, tracker.RootExpired, "dead"},
		"failing": {nil, tracker.ErrOnHold, tracker.RootFailing, "failing"},
		"held":    {nil, tracker.ErrOnHold, tracker.RootOnHold, "held"},
	} {
		found, err := tr.Explain(ctx, process, c.options)
		must(t, err)
		if !errors.Is(found.Refusal, c.reason) || len(found.Roots) != 1 || found.Roots[0].Kind != c.kind || found.Roots[0].Process != c.root {
			t.Errorf("%s: %v, roots %+v; want %v, %s of %s", process, found.Refusal, found.Roots, c.reason, c.kind, c.root)
		}
	}
	if found, err := tr.Explain(ctx, "dead", nil); err != nil || found.Refusal != nil {
		t.Errorf("a start ends the dead run, but: %v, %v", found.Refusal, err)
	}
	if p := collect(t, g.Processes(ctx, tracker.ProcessFilter{Name: "failing"})); p[0].Hold != nil {
		t.Errorf("an explanation put a process on hold: %+v", p[0].Hold)
	}
}

func startWaits(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	blocking := start(ctx, t, tr, tracker.Process{Name: "Load"})
	var told []tracker.WaitEvent
	options := tracker.StartOptions{Wait: time.Hour, OnWait: func(w tracker.WaitEvent) {
		told = append(told, w)
		must(t, blocking.Complete(ctx, nil))
	}}
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &options)
	must(t, err)
	defer func() { must(t, run.Close()) }()
	if run.Number() != 2 || len(told) != 1 || !errors.Is(told[0].Err, tracker.ErrAlreadyRunning) {
		t.Errorf("run %d, told %+v", run.Number(), told)
	}
	refused := collect(t, tr.Refusals(ctx, tracker.RefusalFilter{}))
	if len(refused) != 1 || refused[0].Times != 1 {
		t.Errorf("a start that waits leaves one refusal: %+v", refused)
	}
}

func startWaitsInVain(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	blocking := start(ctx, t, tr, tracker.Process{Name: "Load"})
	defer func() { must(t, blocking.Close()) }()
	_, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Wait: time.Millisecond})
	wantBlocked(t, err, tracker.ErrAlreadyRunning)
	_, err = tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Wait: -1})
	if !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("error: %v, want %v", err, tracker.ErrInvalid)
	}
}
