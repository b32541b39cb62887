package suite

import (
	"fmt"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// viewNames are all views of version 1.
func viewNames() []string {
	return []string{
		"v1_processes", "v1_runs", "v1_extracts", "v1_errors", "v1_run_extracts", "v1_history", "v1_refusals",
		"v1_dependencies", "v1_leases", "v1_locations", "v1_contacts",
	}
}

func viewsOfRegistry(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load", Sources: tracker.ObjectRefs("Lahman", "teams")}))
	must(t, tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Hard, Freshness: tracker.Fresh}))
	must(t, tr.Registry().AddDependency(ctx, "Report", "Load", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().AddProcessContact(ctx, "Report", tracker.Contact{Name: "Ben"}))
	must(t, tr.Registry().AddSystemContact(ctx, "Lahman", tracker.Contact{Name: "Ada", Email: "ada@example.org"}))
	_, err := tr.Registry().RegisterLocation(ctx, "/landing/a", "a")
	must(t, err)
	over := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	must(t, over.Complete(ctx, nil))
	active := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	defer func() { must(t, active.Close()) }()

	yes, no := "1", "0"
	if b.Dialect().Name() == "postgres" {
		yes, no = "true", "false"
	}
	wantTexts(ctx, t, b, "v1_dependencies", "child_name parent_name kind is_fresh created_by changed_by", "Load|Extract|hard|"+yes+"|tester|tester", "Report|Load|soft|"+no+"|tester|tester")
	wantTexts(ctx, t, b, "v1_leases", "run_id process_name run_number actor length_milliseconds", fmt.Sprintf("%d|Extract|2|tester|3600000", active.ID()))
	info, err := tr.RunByID(ctx, active.ID())
	must(t, err)
	if until := single[dialect.Time](ctx, t, b, "SELECT expires_at FROM {v1_leases}"); !until.Equal(info.LeaseUntil) {
		t.Errorf("the lease lasts until %v, want %v", until, info.LeaseUntil)
	}
	wantTexts(ctx, t, b, "v1_locations", "location_name location_path location_type file_count listed_at created_by", "a|/landing/a|local|-|-|tester")
	wantTexts(ctx, t, b, "v1_contacts", "contact_name email process_name system_name", "Ada|ada@example.org|-|Lahman", "Ben||Report|-")
	// They say the same as the lists, by ID.
	dependencies, err := tr.Overview().Dependencies(ctx)
	must(t, err)
	for _, d := range dependencies {
		if n := single[int64](ctx, t, b, "SELECT count(*) FROM {v1_dependencies} AS d JOIN {v1_processes} AS c ON c.process_id = d.child_id JOIN {v1_processes} AS p ON p.process_id = d.parent_id "+
			"WHERE c.process_name = ? AND p.process_name = ?", d.Child, d.Parent); n != 1 {
			t.Errorf("%s on %s is there %d times", d.Child, d.Parent, n)
		}
	}
}
