package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func interleaveCases() []Case {
	return []Case{
		{"S1.7 S3.3 a call, and what another caller registers, renames or deletes between its statements, take effect one after the other", interleaved},
	}
}

// A scene is a set of names that no other attempt uses: they begin with its own text.
type scene struct {
	tr     *tracker.Tracker // of the caller
	prefix string
}

func (s scene) name(name string) string { return s.prefix + name }

// An act is a call on the names of a scene, in one transaction. What it returns is shown as
// text, with the error's sentinel.
type act func(context.Context, *tracker.Tracker, scene) (string, error)

// An interleaving is a call with what others do before one of its statements. The names of
// the scene are all registered, or none of them is.
type interleaving struct {
	call   string
	others []string
	empty  bool
}

// interleavings lists the pairs, beginning with those that are tried on every database at
// every commit.
func interleavings() []interleaving {
	return []interleaving{
		{"hold", []string{"register process"}, true},
		{"hold", []string{"rename process", "rename actor"}, false},
		{"hold unknown", []string{"rename to unknown"}, false},
		{"release", []string{"rename parent", "rename actor"}, false},
		{"forgive", []string{"rename actor"}, false},
		{"limit failures", []string{"register process"}, true},
		{"limit failures", []string{"rename process"}, false},
		{"set watermark", []string{"register process"}, true},
		{"set watermark", []string{"rename process"}, false},
		{"set cluster", []string{"rename cluster", "delete cluster", "set cluster otherwise"}, false},
		{"join cluster", []string{"register cluster"}, true},
		{"join cluster", []string{"rename process", "rename cluster", "delete cluster"}, false},
		{"add contact to process", []string{"delete contact", "change contact", "rename process"}, false},
		{"add contact to system", []string{"rename system", "delete contact"}, false},
		{"describe system", []string{"rename system", "delete source type"}, false},
		{"change cluster", []string{"set cluster otherwise", "rename cluster", "delete cluster"}, false},
		{"change system", []string{"describe system", "rename system", "delete system", "delete source type"}, false},
		{"change file format", []string{"set file format", "delete file type"}, false},
		{"change expression", []string{"describe alias", "rename parent"}, false},
		{"describe object", []string{"rename system"}, false},
		{"describe attribute", []string{"rename system"}, false},
		{"add dependency", []string{"rename parent", "rename process", "remove dependency"}, false},
		{"define", []string{"rename system", "delete system", "rename process", "delete process type", "delete dataset type"}, false},
		{"define", []string{"register process"}, true},
		{"undefine", []string{"define"}, true},
		{"start", []string{"rename actor", "rename process"}, false},
		{"start and define", []string{"rename parent", "rename process", "rename system", "rename actor"}, false},
		{"register location", []string{"delete location type"}, false},
		{"register known location", []string{"delete location", "rename location"}, false},
		{"count files", []string{"delete location"}, false},
		{"add run status", []string{"delete run status"}, false},
		{"contacts", []string{"add contact to process"}, true},
		{"contacts", []string{"rename process"}, false},
		{"dependencies", []string{"add dependency"}, true},
		{"dependencies", []string{"rename process"}, false},
		{"attributes", []string{"define"}, true},
		{"attributes", []string{"rename process"}, false},
	}
}

// interleaved makes another caller act before each statement of a call. What both return,
// and what is then stored, is what one of the two orders gives.
func interleaved(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	s := stage{
		b: b, m: &meddler{spy: &spy{Backend: singly{b}, forgetful: true}}, apart: !e.Backend.SkipsLocked,
		other: trackerOn(ctx, t, b, &tracker.Config{Actor: "other"}),
	}
	pairs := interleavings()
	if e.Small {
		pairs = pairs[:2]
	}
	for _, i := range pairs {
		for _, other := range i.others {
			s.play(ctx, t, i.call, other, i.empty)
		}
	}
}

// A stage is where scenes are played, one after the other.
type stage struct {
	b      dialect.Backend
	m      *meddler         // of the caller
	apart  bool             // see [meddler]
	other  *tracker.Tracker // of the one that comes between
	scenes int
}

// play compares a call that another one comes between with the two in either order.
func (s *stage) play(ctx context.Context, t *testing.T, call, other string, empty bool) {
	t.Helper()
	acts := acts()
	first := s.scene(ctx, t, empty)
	orders := []string{first.told(ctx, acts[call], first.tr) + "; " + first.told(ctx, acts[other], s.other) + s.stored(ctx, t, first)}
	second := s.scene(ctx, t, empty)
	after := second.told(ctx, acts[other], s.other)
	orders = append(orders, second.told(ctx, acts[call], second.tr)+"; "+after+s.stored(ctx, t, second))
	s.m.apart = s.apart
	for n, called := 0, true; called; n++ {
		now, place := s.scene(ctx, t, empty), n
		between := make(chan string, 1)
		s.m.at(ctx, n, func(context.Context) error {
			go func() { between <- now.told(ctx, acts[other], s.other) }()
			if !soon(between) && !s.m.apart { // nor any later, until the transaction has ended
				n, s.m.apart = -1, true
			}
			return nil
		})
		told := now.told(ctx, acts[call], now.tr)
		if called = s.m.called; called {
			told += "; " + <-between
		}
		s.m.leave()
		if got := told + s.stored(ctx, t, now); called && !slices.Contains(orders, got) {
			t.Errorf("%q, and %q before its statement %d:\n%s\nin this order:\n%s\nin the other:\n%s", call, other, place, got, orders[0], orders[1])
		}
	}
}

// soon waits for an answer for a short time. Without one, locks hold the other up.
func soon(answer chan string) bool {
	select {
	case text := <-answer:
		answer <- text
		return true
	case <-time.After(25 * time.Millisecond):
		return false
	}
}

// told is what an act returns, in words that are the same in each scene.
func (s scene) told(ctx context.Context, do act, tr *tracker.Tracker) string {
	text, err := do(ctx, tr, s)
	for _, sentinel := range []error{
		tracker.ErrNotFound, tracker.ErrExists, tracker.ErrInUse, tracker.ErrMismatch, tracker.ErrDependency, tracker.ErrOnHold, err,
	} {
		if err != nil && errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	return strings.ReplaceAll(text, s.prefix, "") + "ok"
}

// scene registers names, unless the scene is to be empty.
func (s *stage) scene(ctx context.Context, t *testing.T, empty bool) scene {
	t.Helper()
	s.scenes++
	now := scene{prefix: fmt.Sprintf("s%dx", s.scenes)}
	now.tr = trackerOn(ctx, t, s.m, &tracker.Config{Actor: now.name("actor"), NoLease: true})
	if empty {
		return now
	}
	g := s.other.Registry()
	must(t, now.tr.Registry().Register(ctx, tracker.Process{Name: now.name("A")}))
	must(t, g.Register(ctx, tracker.Process{Name: now.name("B"), Sources: tracker.AttributeRefs(now.name("T"), "O", "a")}))
	must(t, s.other.Admin().Hold(ctx, now.name("B"), "audit"))
	must(t, start(ctx, t, s.other, tracker.Process{Name: now.name("F")}).Fail(ctx))
	must(t, g.SetCluster(ctx, tracker.Cluster{Name: now.name("L")}))
	must(t, g.AddContact(ctx, tracker.Contact{Name: now.name("K")}))
	must(t, g.DescribeSystem(ctx, tracker.System{Name: now.name("S")}))
	for _, l := range []tracker.Lookup{tracker.SourceTypes, tracker.ProcessTypes, tracker.DatasetTypes, tracker.LocationTypes, tracker.FileTypes} {
		must(t, g.AddLookupName(ctx, l, now.name("type")))
	}
	must(t, now.register(ctx, g, "known"))
	must(t, g.AddRunStatus(ctx, tracker.RunStatus(now.name("status")), true))
	return now
}
