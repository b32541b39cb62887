package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func lookupRaceCases() []Case {
	return []Case{
		{"S1.7 a name that is deleted or renamed while other callers refer to it is never lost to them", lookupRaces},
		{"S1.7 S1.5 a call notices a row that another caller deletes, renames or registers between its steps", betweenSteps},
	}
}

// lookupRaces makes callers use names while others rename and delete them. If a call
// reports a name as registered, the name is there.
func lookupRaces(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), e.tracker(t, nil), e.tracker(t, nil)}
	for round := range min(e.rounds(t), 50) {
		tr := trackers[0]
		for _, l := range []tracker.Lookup{tracker.ProcessTypes, tracker.DatasetTypes, tracker.SourceTypes} {
			must(t, tr.Registry().AddLookupName(ctx, l, "mine"))
		}
		process, system := fmt.Sprint("Load ", round), fmt.Sprint("S ", round)
		refused := []error{nil, tracker.ErrInUse, tracker.ErrNotFound, tracker.ErrExists}
		calls := []func() error{
			func() error {
				return trackers[1].Registry().Register(ctx, tracker.Process{Name: process, Type: "mine", DatasetTypes: []string{"mine"}})
			},
			func() error {
				return trackers[1].Registry().DescribeSystem(ctx, tracker.System{Name: system, Type: "mine"})
			},
			func() error { return tr.Registry().DeleteLookupName(ctx, tracker.ProcessTypes, "mine") },
			func() error { return trackers[2].Registry().DeleteLookupName(ctx, tracker.DatasetTypes, "mine") },
			func() error { return tr.Registry().DeleteLookupName(ctx, tracker.SourceTypes, "mine") },
			func() error {
				return trackers[2].Registry().RenameLookupName(ctx, tracker.ProcessTypes, "mine", "yours")
			},
		}
		for i, err := range atOnce(len(calls), func(i int) error { return calls[i]() }) {
			if i < 2 && err != nil || !slices.ContainsFunc(refused, func(r error) bool { return errors.Is(err, r) }) {
				t.Errorf("call %d: %v", i, err)
			}
		}
		p, err := tr.Registry().Definition(ctx, process)
		must(t, err)
		if p.Type != "mine" || !slices.Equal(p.DatasetTypes, []string{"mine"}) {
			t.Errorf("the process is %+v", p)
		}
		if all := collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Name: system})); len(all) != 1 || all[0].Type != "mine" {
			t.Errorf("the system is %+v", all)
		}
		// So that the names are free again.
		change(ctx, t, b, "UPDATE {process} SET type_id = NULL")
		change(ctx, t, b, "UPDATE {data_system} SET type_id = NULL")
		change(ctx, t, b, "DELETE FROM {process_dataset_type}")
	}
}

// betweenSteps makes another caller act between two statements of a call.
func betweenSteps(t *testing.T, e *Env) {
	if !e.Backend.SkipsLocked {
		t.Skip("no other caller can come between, because writers exclude each other")
	}
	ctx, m := e.context(t), &meddler{spy: &spy{Backend: e.setUp(t)}}
	tr, other := trackerOn(ctx, t, m, nil), e.tracker(t, nil)
	for i, c := range []struct {
		before string // the first statement of that name
		other  func(context.Context) error
		call   func() error
	}{
		{"register.define", func(ctx context.Context) error {
			return other.Registry().DeleteLookupName(ctx, tracker.ProcessTypes, "mine")
		},
			func() error { return tr.Registry().Register(ctx, tracker.Process{Name: "typed", Type: "mine"}) }},
		{"register.define", func(ctx context.Context) error {
			return other.Registry().RenameLookupName(ctx, tracker.Tools, "mine", "yours")
		},
			func() error { return tr.Registry().Register(ctx, tracker.Process{Name: "typed", Tool: "mine"}) }},
		{"register.link_dataset_types", func(ctx context.Context) error {
			return other.Registry().DeleteLookupName(ctx, tracker.DatasetTypes, "mine")
		},
			func() error {
				return tr.Registry().Register(ctx, tracker.Process{Name: "kinds", DatasetTypes: []string{"mine"}})
			}},
		{"describe.system", func(ctx context.Context) error {
			return other.Registry().DeleteLookupName(ctx, tracker.SourceTypes, "mine")
		},
			func() error { return tr.Registry().DescribeSystem(ctx, tracker.System{Name: "S", Type: "mine"}) }},
		{"describe.add_attributes", func(ctx context.Context) error {
			return other.Registry().Register(ctx, tracker.Process{Name: "p", Sources: tracker.AttributeRefs("S", "O", "id")})
		}, func() error {
			return tr.Registry().DescribeAttributes(ctx, "S", "O", tracker.Attribute{Name: "id", PII: true})
		}},
	} {
		for _, l := range []tracker.Lookup{tracker.ProcessTypes, tracker.DatasetTypes, tracker.SourceTypes, tracker.Tools} {
			must(t, other.Registry().AddLookupName(ctx, l, "mine"))
		}
		must(t, other.Registry().DescribeObject(ctx, tracker.Object{System: "S", Name: "O"}))
		m.atNamed(ctx, []string{c.before}, c.other)
		if err := c.call(); err != nil || !m.called {
			t.Errorf("%d, before %s: %v", i, c.before, err)
		}
		m.meddle(nil)
	}
	if p, err := tr.Registry().Definition(ctx, "typed"); err != nil || p.Type != "mine" || p.Tool != "mine" {
		t.Errorf("process %+v, %v", p, err)
	}
	if p, err := tr.Registry().Definition(ctx, "kinds"); err != nil || !slices.Equal(p.DatasetTypes, []string{"mine"}) {
		t.Errorf("process %+v, %v", p, err)
	}
	if all := collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{Name: "S"})); len(all) != 1 || all[0].Type != "mine" {
		t.Errorf("systems: %+v", all)
	}
	wantAttributes(ctx, t, tr, "S", "O", tracker.Attribute{Name: "id", PII: true})
}
