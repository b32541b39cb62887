package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestNothingIsInvalid gives calls nil where they want something: an error, no panic,
// and no run.
func TestNothingIsInvalid(t *testing.T) {
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
	tr, err := tracker.New(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.Close() }()
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"})
	if err != nil {
		t.Fatal(err)
	}
	another := tracker.Process{Name: "another"}
	for what, call := range map[string]func() error{
		"New without a backend": func() error { _, err := tracker.New(ctx, nil); return err },
		"New with a nil option": func() error { _, err := tracker.New(ctx, b, nil); return err },
		"Start":                 func() error { _, err := tr.Start(ctx, another, nil); return err },
		"Do without a function": func() error { return tracker.Do(ctx, tr, another, nil) },
		"Do with a nil option": func() error {
			return tracker.Do(ctx, tr, another, func(context.Context, *tracker.Run) error { return nil }, nil)
		},
		"AddDependency":             func() error { return tr.AddDependency(ctx, "a", "b", "", nil) },
		"Complete":                  func() error { return run.Complete(ctx, nil) },
		"Hold":                      func() error { return run.Hold(ctx, "", nil) },
		"SetStatus":                 func() error { return run.SetStatus(ctx, tracker.Failed, nil) },
		"ListLocation, no lister":   func() error { _, err := run.ListLocation(ctx, nil, "/landing"); return err },
		"ListLocation, nil options": func() error { _, err := run.ListLocation(ctx, nil, "/landing", nil); return err },
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
