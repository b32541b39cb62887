package suite

import (
	"context"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A flaky backend loses its connection in the first checks of its settings.
type flaky struct {
	*spy

	lost int
}

// Check implements [dialect.Backend].
func (f *flaky) Check(ctx context.Context) error {
	if f.lost--; f.lost >= 0 {
		return errLost
	}
	return f.spy.Check(ctx)
}

func openedAgain(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	opening := map[string]func(dialect.Backend) error{
		"New": func(b dialect.Backend) error {
			_, err := tracker.New(ctx, b, nil)
			return err
		},
		"Run":    func(b dialect.Backend) error { return ignore(setup.Run(ctx, b)) },
		"DryRun": func(b dialect.Backend) error { return ignore(setup.DryRun(ctx, b)) },
	}
	for _, class := range []dialect.Class{dialect.Conflict, dialect.Disconnected} {
		for what, open := range opening {
			f := &flaky{&spy{Backend: b, class: class}, 2}
			if err := open(f); err != nil || f.lost >= 0 {
				t.Errorf("%s, after the settings were asked for twice with %v: %v", what, class, err)
			}
			left := 2
			f.meddle(func(*dialect.Stmt) error {
				if left--; left >= 0 {
					return errLost
				}
				return nil
			})
			if err := open(f); err != nil || left >= 0 {
				t.Errorf("%s, after two statements failed with %v: %v", what, class, err)
			}
		}
	}
	for what, look := range map[string]func(dialect.Backend) error{
		"Version": func(b dialect.Backend) error {
			_, _, err := setup.Version(ctx, b)
			return err
		},
		"Compare":     func(b dialect.Backend) error { return ignore(setup.Compare(ctx, b)) },
		"Catalogue":   func(b dialect.Backend) error { return ignore(setup.Catalogue(ctx, b)) },
		"ProbeRights": func(b dialect.Backend) error { return ignore(setup.ProbeRights(ctx, b)) },
	} {
		eachFailsOnce(t, &spy{Backend: b, class: dialect.Conflict}, what, look)
	}
}

// eachFailsOnce calls look once for each name of the statements that it sends, the first
// of which fails.
func eachFailsOnce(t *testing.T, s *spy, what string, look func(dialect.Backend) error) {
	t.Helper()
	names := map[string]bool{}
	s.meddle(func(st *dialect.Stmt) error { names[st.Name] = true; return nil })
	must(t, look(s))
	for name := range names {
		failed := false
		s.meddle(func(st *dialect.Stmt) error {
			if st.Name != name || failed {
				return nil
			}
			failed = true
			return errLost
		})
		if err := look(s); err != nil || !failed {
			t.Errorf("%s, after %s failed with %v: %v", what, name, s.class, err)
		}
	}
}
