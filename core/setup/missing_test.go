package setup_test

import (
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestANilBackendIsInvalid(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for what, call := range map[string]func() error{
		"Run":       func() error { _, err := setup.Run(ctx, nil); return err },
		"Upgrade":   func() error { _, err := setup.Upgrade(ctx, nil); return err },
		"Version":   func() error { _, _, err := setup.Version(ctx, nil); return err },
		"Compare":   func() error { _, err := setup.Compare(ctx, nil); return err },
		"Catalogue": func() error { _, err := setup.Catalogue(ctx, nil); return err },
		"DryRun":    func() error { _, err := setup.DryRun(ctx, nil); return err },
		"Grants":    func() error { _, err := setup.Grants(nil, setup.Reader, "ann"); return err },
	} {
		if err := call(); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, tracker.ErrInvalid)
		}
	}
	if plan := setup.DryRunNew(nil); plan != (setup.Plan{}) {
		t.Errorf("DryRunNew: %+v, want nothing", plan)
	}
}
