package suite

import (
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func newerCases() []Case {
	return []Case{
		{"S8.5 a program whose schema was upgraded meanwhile starts and registers nothing, and ends its runs", upgradedMeanwhile},
	}
}

func upgradedMeanwhile(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, start(ctx, t, tr, tracker.Process{Name: "Players Load"}).Complete(ctx, nil))
	newest := upgraded(ctx, t, b)

	before := column[string](ctx, t, b, "SELECT name FROM {process} ORDER BY id")
	_, known := tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil)
	_, unknown := tr.Start(ctx, tracker.Process{Name: "Parks Load", Type: "Load"}, nil)
	for what, err := range map[string]error{
		"a process that is known": known, "one that is not": unknown, "registering": tr.Registry().Register(ctx, tracker.Process{Name: "Halls Load"}),
	} {
		wantNewer(t, what, err, newest)
	}
	if after := column[string](ctx, t, b, "SELECT name FROM {process} ORDER BY id"); len(after) != len(before) {
		t.Errorf("there are the processes %q, there were %q", after, before)
	}
	if n := single[int](ctx, t, b, "SELECT count(*) FROM {run}"); n != 2 {
		t.Errorf("there are %d runs", n)
	}
	register(ctx, t, run, tracker.File{Location: "/landing", Name: "teams.csv"})
	must(t, run.Complete(ctx, nil))

	change(ctx, t, b, "DELETE FROM {schema_version} WHERE version = ?", newest+1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Players Load"}).Complete(ctx, nil))
}
