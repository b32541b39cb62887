package cli

import (
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestExtractsRelease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tr, ctx := tl.tracker(), t.Context()
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	extracts, err := run.RegisterExtracts(ctx,
		tracker.File{Location: "/landing", Name: "a.csv", Status: tracker.Ready}, tracker.File{Location: "/landing", Name: "b.csv", Status: tracker.InError})
	if err == nil {
		err = run.SetExtractStatus(ctx, tracker.Loading, extracts...)
	}
	if err != nil {
		t.Fatal(err)
	}
	tl.run("extracts", "release", "--all", "--reason", "r").want(0, "released 0 extracts") // an active run holds them
	tl.run("extracts", "release", "--all", "--reason", "r", "--dry-run").want(0, "would release 0 extracts")
	if err := run.Complete(ctx, nil); err != nil {
		t.Fatal(err)
	}
	tl.run("extracts", "--unheld").want(0, "a.csv", "b.csv")
	tl.run("extracts", "release", "--reason", "r").want(CodeUsage, "no extracts are named", "--all")
	tl.run("extracts", "release", "--all").want(CodeUsage, "reason")
	tl.run("extracts", "release", "--all", "--reason", "r", "--dry-run").want(0, "would release /landing/a.csv (id 1): loading", "would release 2 extracts")
	tl.run("extracts", "release", "--name", "b.csv", "--reason", "given up", "--actor", "ann").want(0, "released /landing/b.csv (id 2): error", "released 1 extract\n")
	tl.run("history").want(0, "given up", "ann")
	var all []struct{ Name, Status string }
	tl.run("extracts", "release", "--process", "Load", "--to", "archived", "--reason", "r", "--json").want(0).json(&all)
	if len(all) != 1 || all[0].Name != "a.csv" || all[0].Status != "archived" {
		t.Errorf("released %+v", all)
	}
	tl.run("extracts", "--unheld").want(0, "no extracts match --unheld")
}
