package suite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func newerWritesCases() []Case {
	return []Case{
		{"S8.5 after an upgrade of the schema, a running program changes only its own runs", changesAfterUpgrade},
	}
}

// upgraded makes the schema one version newer than the program knows.
func upgraded(ctx context.Context, t *testing.T, b dialect.Backend) (newest int) {
	t.Helper()
	newest = len(b.Dialect().Migrations())
	change(ctx, t, b, "INSERT INTO {schema_version} (version, name, applied_at) SELECT version + 1, name, applied_at FROM {schema_version} WHERE version = ?", newest)
	return newest
}

// changesOf are the calls that change objects which belong to no run. Each uses the
// objects in the case's database.
func changesOf(ctx context.Context, tr *tracker.Tracker, waiting, other tracker.Extract) map[string]func() error {
	contact := tracker.Contact{Name: "Ada"}
	half := int64(50)
	return map[string]func() error{
		"Register": func() error { return tr.Registry().Register(ctx, tracker.Process{Name: "Halls Load"}) },
		"Redefine": func() error { return tr.Registry().Redefine(ctx, tracker.Process{Name: "Held Load", Type: "New"}) },
		"Hold":     func() error { return tr.Admin().Hold(ctx, "Teams Load", "broken") },
		"Release":  func() error { return tr.Admin().Release(ctx, "Held Load", "mended") },
		"Reap":     func() error { return ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Process: "Dead Load"})) },
		"Reap, forced": func() error {
			return ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Process: "Running Load", Force: true, Reason: "gone"}))
		},
		"SetWatermark":   func() error { return tr.Admin().SetWatermark(ctx, "Teams Load", time.Unix(1, 0), "again") },
		"SetMaxFailures": func() error { return tr.Admin().SetMaxFailures(ctx, "Teams Load", 7) },
		"AddDependency": func() error {
			return tr.Registry().AddDependency(ctx, "Teams Load", "Parks Load", tracker.DependencyOptions{})
		},
		"RemoveDependency":      func() error { return tr.Registry().RemoveDependency(ctx, "Held Load", "Teams Load") },
		"SetCluster":            func() error { return tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "Small", MaxMemory: &half}) },
		"SetCluster, a new one": func() error { return tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "Large"}) },
		"ChangeCluster": func() error {
			return tr.Registry().ChangeCluster(ctx, "Small", func(c *tracker.Cluster) { c.MaxMemory = &half })
		},
		"ChangeSystem": func() error {
			return tr.Registry().ChangeSystem(ctx, "ERP", func(s *tracker.System) { s.Charset = "" })
		},
		"ChangeFileFormat": func() error {
			return tr.Registry().ChangeFileFormat(ctx, "csv", func(f *tracker.FileFormat) { f.Delimiter = ";" })
		},
		"JoinCluster":          func() error { return tr.Registry().JoinCluster(ctx, "Held Load", "Small") },
		"LeaveCluster":         func() error { return tr.Registry().LeaveCluster(ctx, "Teams Load", "Small") },
		"AddProcessContact":    func() error { return tr.Registry().AddProcessContact(ctx, "Held Load", contact) },
		"AddSystemContact":     func() error { return tr.Registry().AddSystemContact(ctx, "Other", contact) },
		"RemoveProcessContact": func() error { return tr.Registry().RemoveProcessContact(ctx, "Teams Load", contact) },
		"RemoveSystemContact":  func() error { return tr.Registry().RemoveSystemContact(ctx, "CRM", contact) },
		"DescribeSystem":       func() error { return tr.Registry().DescribeSystem(ctx, tracker.System{Name: "CRM", Charset: "latin1"}) },
		"RedescribeSystem":     func() error { return tr.Registry().RedescribeSystem(ctx, tracker.System{Name: "ERP"}) },
		"DescribeObject":       func() error { return tr.Registry().DescribeObject(ctx, tracker.Object{System: "CRM", Name: "teams"}) },
		"DescribeAttributes": func() error {
			return tr.Registry().DescribeAttributes(ctx, "CRM", "teams", tracker.Attribute{Name: "id"})
		},
		"AddLookup":         func() error { return tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "Late") },
		"RenameLookup":      func() error { return tr.Registry().RenameLookupName(ctx, tracker.ErrorTypes, "Odd", "Even") },
		"DeleteLookup":      func() error { return tr.Registry().DeleteLookupName(ctx, tracker.ErrorTypes, "Odd") },
		"AddRunStatus":      func() error { return tr.Registry().AddRunStatus(ctx, "pausing", true) },
		"RegisterLocation":  func() error { return ignore(tr.Registry().RegisterLocation(ctx, "/elsewhere", "")) },
		"SetFileCount":      func() error { return tr.Registry().SetFileCount(ctx, "/landing", 7) },
		"AddExtractParents": func() error { return tr.AddExtractParents(ctx, waiting, other) },
		"ReleaseExtracts":   func() error { return ignore(tr.Admin().ReleaseExtracts(ctx, "stuck", tracker.Ready, waiting)) },
		"Purge":             func() error { return ignore(tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: time.Nanosecond})) },
	}
}

func wantNewer(t *testing.T, what string, err error, newest int) {
	t.Helper()
	var schema *tracker.SchemaError
	ok := errors.As(err, &schema)
	if !ok || !errors.Is(err, tracker.ErrSchemaVersion) || schema.Have != newest+1 || schema.Want != newest {
		t.Errorf("%s: want the versions, got: %v", what, err)
	}
}

func changesAfterUpgrade(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil)) // so that the first can be purged
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Held Load"}))
	must(t, tr.Admin().Hold(ctx, "Held Load", "broken"))
	must(t, tr.Registry().AddDependency(ctx, "Held Load", "Teams Load", tracker.DependencyOptions{}))
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "Small"}))
	must(t, tr.Registry().JoinCluster(ctx, "Teams Load", "Small"))
	must(t, tr.Registry().AddProcessContact(ctx, "Teams Load", tracker.Contact{Name: "Ada"}))
	must(t, tr.Registry().AddSystemContact(ctx, "CRM", tracker.Contact{Name: "Ada"}))
	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "ERP", Charset: "latin1"}))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "Odd"))
	loader := start(ctx, t, tr, tracker.Process{Name: "Loader"})
	waiting := register(ctx, t, loader, tracker.File{Location: "/landing", Name: "teams.csv"})[0]
	other := register(ctx, t, loader, tracker.File{Location: "/landing", Name: "players.csv"})[0]
	must(t, loader.SetExtractStatus(ctx, tracker.Loading, waiting))
	run := start(ctx, t, tr, tracker.Process{Name: "Running Load"})
	dead := start(ctx, t, tr, tracker.Process{Name: "Dead Load"})
	expire(ctx, t, b, dead.ID())
	newest := upgraded(ctx, t, b)

	before := content(ctx, t, b)
	for call, do := range changesOf(ctx, tr, waiting, other) {
		wantNewer(t, call, do(), newest)
	}
	wantContent(ctx, t, b, before)
	l := e.begin(t, b)
	for call, do := range changesOf(ctx, tr.In(l.Tx), waiting, other) {
		if call != "Purge" && call != "Reap" && call != "Reap, forced" { // whose batches have transactions of their own
			wantNewer(t, call+", in a transaction", do(), newest)
		}
	}
	l.end(true)
	wantContent(ctx, t, b, before)

	must(t, loader.SetExtractStatus(ctx, tracker.Loaded, waiting))
	register(ctx, t, run, tracker.File{Location: "/new", Name: "halls.csv"})
	must(t, run.RecordError(ctx, tracker.ErrorRecord{Type: tracker.ProcessError, Description: "odd"}))
	must(t, run.Complete(ctx, nil))
	must(t, loader.Complete(ctx, nil))
}
