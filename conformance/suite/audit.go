package suite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func auditCases() []Case {
	return []Case{
		{"S1.11 every row of the registry has its creator and time, even if many callers create it at once", everyRowSigned},
		{"S1.11 registering again changes nothing, not even the last change", signedOnce},
		{"S1.11 a change records its actor, and the creator stays", changesSigned},
		{"S1.11 rows are read with the actors that created and changed them", auditRead},
	}
}

// audited are the tables of the registry.
func audited() []string {
	return []string{
		"actor", "tool", "dataset_type", "process_type", "schedule_frequency", "location_type", "source_type", "file_type",
		"compression_type", "error_type", "run_status", "extract_status", "data_system", "data_object", "data_attribute",
		"process", "contact", "process_dependency", "cluster", "location",
	}
}

// signatures lists the actors that created and last changed each row of a table that is not
// preloaded, with the times.
func signatures(ctx context.Context, t *testing.T, b dialect.Backend, table string) []tracker.Audit {
	t.Helper()
	var all []tracker.Audit
	must(t, past(b).Query(ctx, statement(t, b, `SELECT x.created_at, coalesce(c.name, ''), x.changed_at, coalesce(d.name, '')
		FROM {`+table+`} AS x LEFT JOIN {actor} AS c ON c.id = x.created_by LEFT JOIN {actor} AS d ON d.id = x.changed_by
		ORDER BY x.created_at, c.name, x.changed_at, d.name`), func(r dialect.Row) error {
		var a tracker.Audit
		var created, changed dialect.Time
		err := r.Scan(&created, &a.CreatedBy, &changed, &a.ChangedBy)
		a.CreatedAt, a.ChangedAt = created.Time, changed.Time
		if a.CreatedBy != "" || table == "actor" || a.ChangedBy != "" {
			all = append(all, a)
		}
		return err
	}))
	return all
}

// registerAll creates a row in each table of the registry.
func registerAll(ctx context.Context, tr *tracker.Tracker) error {
	p := teamsLoad()
	p.Filters = []tracker.RowFilter{on(tracker.OpEqual, "1")}
	calls := []func() error{
		func() error { return tr.Registry().Register(ctx, p) },
		func() error {
			return tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Type: "card index"})
		},
		func() error {
			return tr.Registry().DescribeAttributes(ctx, "Lahman", "Teams", tracker.Attribute{Name: "id", Key: true})
		},
		func() error { return tr.Registry().AddProcessContact(ctx, p.Name, tracker.Contact{Name: "Ada"}) },
		func() error {
			return tr.Registry().AddDependency(ctx, p.Name, "Teams Extract", tracker.DependencyOptions{Kind: tracker.Hard})
		},
		func() error {
			return tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "small", MaxProcessing: pointer(int64(2))})
		},
		func() error { return tr.Admin().SetMaxFailures(ctx, p.Name, 5) },
		func() error { return ignore(tr.Registry().RegisterLocation(ctx, "odd://landing", "")) },
		func() error { return tr.Registry().AddRunStatus(ctx, "skipped", false) },
	}
	for _, l := range []tracker.Lookup{tracker.ExtractStatuses, tracker.ErrorTypes, tracker.FileTypes, tracker.CompressionTypes} {
		calls = append(calls, func() error { return tr.Registry().AddLookupName(ctx, l, "mine") })
	}
	for _, call := range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

func everyRowSigned(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := single[dialect.Time](ctx, t, b, "SELECT applied_at FROM {schema_version} WHERE version = 1").Time
	trackers := map[string]*tracker.Tracker{}
	for i := range 4 {
		name := fmt.Sprint("actor ", i)
		trackers[name] = e.tracker(t, &tracker.Config{Actor: name})
	}
	for i, err := range atOnce(16, func(i int) error { return registerAll(ctx, trackers[fmt.Sprint("actor ", i%4)]) }) {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	for _, table := range audited() {
		all := signatures(ctx, t, b, table)
		if len(all) == 0 {
			t.Errorf("%s: a row has no creator", table)
		}
		for _, a := range all {
			known := trackers[a.CreatedBy] != nil && trackers[a.ChangedBy] != nil
			if table == "actor" { // the first actor has no other to sign it
				known = a.CreatedBy == a.ChangedBy
			}
			if !known || a.CreatedAt.Before(before) || a.ChangedAt.Before(a.CreatedAt) || a.CreatedAt.After(before.Add(patience)) {
				t.Errorf("%s: %+v", table, a)
			}
		}
	}
}

func signedOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	must(t, registerAll(ctx, trackerOn(ctx, t, b, nil)))
	before := map[string][]tracker.Audit{}
	for _, table := range audited() {
		before[table] = signatures(ctx, t, b, table)
	}
	other := e.tracker(t, &tracker.Config{Actor: "other"})
	must(t, other.Registry().Register(ctx, teamsLoad()))
	must(t, other.Registry().Redefine(ctx, tracker.Process{Name: "Teams Load", Type: "Reconciliation"}))
	must(t, registerAll(ctx, other))
	must(t, other.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman"}))
	must(t, other.Registry().DescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams"}))
	must(t, other.Registry().RenameLookupName(ctx, tracker.FileTypes, "mine", "mine"))
	for _, table := range audited() {
		if table == "actor" {
			continue // there is another
		}
		if got := signatures(ctx, t, b, table); fmt.Sprint(got) != fmt.Sprint(before[table]) {
			t.Errorf("%s: signed\n%v, before\n%v", table, got, before[table])
		}
	}
}

// changesSigned makes one actor change the rows that another has created, one after the other.
func changesSigned(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	must(t, registerAll(ctx, trackerOn(ctx, t, b, nil)))
	clockMoves(ctx, t, b)
	other := e.tracker(t, &tracker.Config{Actor: "other"})
	for i, c := range []struct {
		table, name string
		change      func() error
	}{
		{"process", "Teams Load", func() error { return other.Registry().Redefine(ctx, tracker.Process{Name: "Teams Load", Type: "Load"}) }},
		{"process", "Teams Load", func() error {
			return other.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Sources: tracker.SystemRefs("new")})
		}},
		{"process", "Teams Load", func() error {
			return other.Registry().Register(ctx, tracker.Process{Name: "Teams Load", DatasetTypes: []string{"new"}})
		}},
		{"process", "Teams Load", func() error {
			return other.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Filters: []tracker.RowFilter{on(tracker.OpLess, "9")}})
		}},
		{"process", "Teams Extract", func() error {
			return other.Registry().Register(ctx, tracker.Process{Name: "Teams Extract", Tool: "Go"})
		}},
		{"process", "Teams Load", func() error { return other.Admin().SetMaxFailures(ctx, "Teams Load", 9) }},
		{"data_system", "Lahman", func() error {
			return other.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Charset: "UTF-8"})
		}},
		{"data_object", "Teams", func() error {
			return other.Registry().DescribeObject(ctx, tracker.Object{System: "Lahman", Name: "Teams", Charset: "UTF-8"})
		}},
		{"data_attribute", "id", func() error {
			return other.Registry().DescribeAttributes(ctx, "Lahman", "Teams", tracker.Attribute{Name: "id", PII: true}, tracker.Attribute{Name: "name"})
		}},
		{"file_type", "yours", func() error { return other.Registry().RenameLookupName(ctx, tracker.FileTypes, "mine", "yours") }},
		{"cluster", "small", func() error {
			return other.Registry().SetCluster(ctx, tracker.Cluster{Name: "small", MaxMemory: pointer(int64(0)), MaxProcessing: pointer(int64(2))})
		}},
		{"cluster", "small", func() error {
			return other.Registry().ChangeCluster(ctx, "small", func(c *tracker.Cluster) { c.MaxMemory = nil })
		}},
		{"data_system", "Lahman", func() error {
			return other.Registry().ChangeSystem(ctx, "Lahman", func(s *tracker.System) { s.Type, s.Charset = "ledger", "" })
		}},
		{"file_type", "yours", func() error {
			return other.Registry().ChangeFileFormat(ctx, "yours", func(f *tracker.FileFormat) { f.Quote = "'" })
		}},
	} {
		change(ctx, t, b, "UPDATE {"+c.table+"} SET changed_by = created_by, changed_at = created_at")
		must(t, c.change())
		for _, row := range table(ctx, t, b, `FROM {`+c.table+`} AS x JOIN {actor} AS c ON c.id = x.created_by JOIN {actor} AS d ON d.id = x.changed_by
			WHERE c.name = 'tester'`, []string{"x.name", "d.name", "CASE WHEN x.changed_at > x.created_at THEN 'later' ELSE 'same' END"}) {
			want := [2]string{"tester", "same"}
			if row[0] == c.name {
				want = [2]string{"other", "later"}
			}
			if [2]string(row[1:]) != want {
				t.Errorf("change %d: %s %q was changed by %s (%s), want %s", i, c.table, row[0], row[1], row[2], want)
			}
		}
		if n := single[int64](ctx, t, b, "SELECT count(*) FROM {"+c.table+"} AS x JOIN {actor} AS c ON c.id = x.created_by WHERE c.name = 'tester' AND x.name = ?", c.name); n != 1 {
			t.Errorf("change %d: %d rows %q are the first actor's", i, n, c.name)
		}
	}
	must(t, other.Registry().AddDependency(ctx, "Teams Load", "Teams Extract", tracker.DependencyOptions{Kind: tracker.Soft}))
	for _, a := range signatures(ctx, t, b, "process_dependency") {
		if a.CreatedBy != "tester" || a.ChangedBy != "other" || !a.ChangedAt.After(a.CreatedAt) {
			t.Errorf("the dependency: %+v", a)
		}
	}
}

func auditRead(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, other := trackerOn(ctx, t, b, nil), e.tracker(t, &tracker.Config{Actor: "other"})
	must(t, registerAll(ctx, tr))
	clockMoves(ctx, t, b)
	read := map[string]tracker.Audit{}
	for _, p := range collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: "Teams Load"})) {
		read["process"] = p.Audit
	}
	must(t, other.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Charset: "UTF-8"}))
	for _, s := range collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Name: "Lahman"})) {
		if s.Audit.CreatedBy != "tester" || s.Audit.ChangedBy != "other" || !s.Audit.ChangedAt.After(s.Audit.CreatedAt) {
			t.Errorf("the system: %+v", s.Audit)
		}
	}
	for _, o := range collect(t, tr.Registry().Objects(ctx, tracker.ObjectFilter{System: "Lahman"})) {
		read["object "+o.Name] = o.Audit
	}
	for _, a := range collect(t, tr.Registry().Attributes(ctx, "Lahman", "Teams")) {
		read["attribute "+a.Name] = a.Audit
	}
	contacts, err := tr.Registry().Contacts(ctx, "Teams Load")
	must(t, err)
	for _, c := range contacts {
		read["contact"] = c.Audit
	}
	dependencies, err := tr.Registry().Dependencies(ctx, "Teams Load")
	must(t, err)
	read["dependency"] = dependencies.Parents[0].Audit
	for _, n := range collect(t, tr.Registry().LookupNames(ctx, tracker.FileTypes)) {
		if n.Preloaded != (n.Audit.CreatedBy == "") || n.Audit.CreatedAt.IsZero() {
			t.Errorf("file type %+v", n)
		}
		if !n.Preloaded {
			read["file type"] = n.Audit
		}
	}
	if len(read) < 9 {
		t.Errorf("only %d were read: %v", len(read), read)
	}
	for what, a := range read {
		if a.CreatedBy != "tester" || a.ChangedBy != "tester" || a.CreatedAt.IsZero() || a.CreatedAt.Location() != time.UTC || a.ChangedAt.Before(a.CreatedAt) {
			t.Errorf("%s: %+v", what, a)
		}
	}
}
