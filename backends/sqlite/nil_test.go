package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestNilIsInvalid gives calls nil where they want something: an error, no panic,
// and no run.
func TestNilIsInvalid(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	b, err := sqlite.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "tracker.db"), &sqlite.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(ctx, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.Close() }()
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	another := tracker.Process{Name: "another"}
	for what, call := range map[string]func() error{
		"New without a backend":    func() error { _, err := tracker.New(ctx, nil, nil); return err },
		"Do without a function":    func() error { return tr.Do(ctx, another, nil, nil) },
		"Start without a process":  func() error { _, err := tr.Start(ctx, tracker.Process{}, nil); return err },
		"Start with zero options":  func() error { _, err := tr.Start(ctx, tracker.Process{}, new(tracker.StartOptions)); return err },
		"AddDependency of nothing": func() error { return tr.Registry().AddDependency(ctx, "", "", tracker.DependencyOptions{}) },
		"Claim of nothing":         func() error { _, err := run.Claim(ctx, tracker.ClaimOptions{}); return err },
		"Purge of nothing":         func() error { _, err := tr.Admin().Purge(ctx, tracker.PurgeOptions{}); return err },
		"SetStatus without one":    func() error { return run.SetStatus(ctx, "", nil) },
		"ListLocation, no lister":  func() error { _, err := run.ListLocation(ctx, nil, "/landing", nil); return err },
		"ListLocation, no path":    func() error { _, err := run.ListLocation(ctx, nil, "", new(tracker.ListOptions)); return err },
	} {
		if err := call(); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, tracker.ErrInvalid)
		}
	}
	for info, err := range tr.Runs(ctx, tracker.RunFilter{}) {
		if err != nil || info.Process != "Load" || !info.Active() {
			t.Errorf("there is %+v, %v", info, err)
		}
	}
}
