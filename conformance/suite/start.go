package suite

import (
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func startCases() []Case {
	return []Case{
		{"S2.1 a process whose run is active does not start", alreadyRunning},
	}
}

func alreadyRunning(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t)
	process := tracker.Process{
		Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily",
		Sources: append(tracker.Systems("Lahman"), tracker.Attributes("Lahman", "Teams", "id", "name")...),
		Targets: tracker.Objects("Warehouse", "teams"), DatasetTypes: []string{"sport"},
	}
	first := start(ctx, t, tr, process)
	_, err := tr.Start(ctx, process)
	var blocked *tracker.BlockedError
	if !errors.Is(err, tracker.ErrAlreadyRunning) || !errors.As(err, &blocked) {
		t.Fatalf("second start: %v", err)
	}
	if blocked.Run == nil || blocked.Run.Number != 1 || blocked.Run.Actor != "tester" || !blocked.Run.StartedAt.Equal(first.StartedAt()) {
		t.Errorf("blocked by %+v, want run 1, %v", blocked.Run, first.StartedAt())
	}
	must(t, first.RecordError(ctx, tracker.Problem{Description: "x"}))
	files, err := first.RegisterExtracts(ctx, tracker.File{Location: "/tmp/a", Name: "a.csv"}, tracker.File{Location: "s3://b/c", Name: "a.csv", Status: tracker.Ready})
	must(t, err)
	must(t, first.SetExtractStatus(ctx, tracker.Loaded, files...))
	t.Log(collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameContains: "a."})))
	must(t, tr.AddDependency(ctx, "Teams Load", "Teams Extract", tracker.Hard))
	must(t, tr.AddRunStatus(ctx, "checking", true))
	must(t, first.SetStatus(ctx, "checking"))
	must(t, first.Complete(ctx))
	t.Log(collect(t, tr.Runs(ctx, tracker.RunFilter{})), collect(t, tr.Errors(ctx, tracker.ErrorFilter{})))
	must(t, tr.Hold(ctx, "Teams Load", "because"))
	_, err = tr.Start(ctx, process)
	t.Log(err)
	must(t, tr.Release(ctx, "Teams Load", "because"))
	_, err = tr.Start(ctx, process)
	t.Log(err)
}
