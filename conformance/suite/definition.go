package suite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func definitionCases() []Case {
	return []Case{
		{"S1.3 a field that a caller leaves out stays, and an unset field can be set", leftOut},
		{"S1.3 another type, tool or frequency is refused with both values, and changes nothing", mismatch},
		{"S1.3 a mismatch error names every field that differs", mismatches},
		{"S1.3 a process changes if the caller asks for it", redefined},
		{"S1.3 callers that redefine a process differently at once take turns", alternating},
	}
}

// wantDefinition checks the stored definition of a process.
func wantDefinition(ctx context.Context, t *testing.T, b dialect.Backend, process string, want ...string) {
	t.Helper()
	rows := table(ctx, t, b, `FROM {process} AS p LEFT JOIN {process_type} AS t ON t.id = p.type_id
		LEFT JOIN {tool} AS o ON o.id = p.tool_id LEFT JOIN {schedule_frequency} AS f ON f.id = p.frequency_id
		WHERE p.name = ?`, []string{"coalesce(t.name, '')", "coalesce(o.name, '')", "coalesce(f.name, '')"}, process)
	if fmt.Sprint(rows) != fmt.Sprint([][]string{want}) {
		t.Errorf("of process %q is stored %q, want %q", process, rows, want)
	}
}

func leftOut(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for _, said := range []struct {
		process tracker.Process
		stored  []string
	}{
		{tracker.Process{Name: "Teams Load"}, []string{"", "", ""}},
		{tracker.Process{Name: "Teams Load", Tool: "Go"}, []string{"", "Go", ""}},
		{tracker.Process{Name: "Teams Load", Type: "Load"}, []string{"Load", "Go", ""}},
		{tracker.Process{Name: "Teams Load"}, []string{"Load", "Go", ""}},
		{tracker.Process{Name: "Teams Load", Frequency: "daily", Tool: "Go"}, []string{"Load", "Go", "daily"}},
	} {
		must(t, start(ctx, t, tr, said.process).Complete(ctx, nil))
		wantDefinition(ctx, t, b, "Teams Load", said.stored...)
	}
}

func mismatch(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily"}).Complete(ctx, nil))
	before := content(ctx, t, b)
	for _, c := range []struct {
		given tracker.Process
		want  tracker.MismatchError
	}{
		{tracker.Process{Type: "Extract"}, tracker.MismatchError{Field: "type", Stored: "Load", Given: "Extract"}},
		{tracker.Process{Type: "load"}, tracker.MismatchError{Field: "type", Stored: "Load", Given: "load"}},
		{tracker.Process{Tool: "Spark"}, tracker.MismatchError{Field: "tool", Stored: "Go", Given: "Spark"}},
		{tracker.Process{Frequency: "now and then"}, tracker.MismatchError{Field: "frequency", Stored: "daily", Given: "now and then"}},
	} {
		// Other names in the definition must not be registered either.
		c.given.Name, c.given.Sources, c.given.DatasetTypes = "Teams Load", tracker.AttributeRefs("Lahman", "Teams", "id"), []string{"sport"}
		_, starting := tr.Start(ctx, c.given, nil)
		for _, err := range []error{starting, tr.Registry().Register(ctx, c.given)} {
			var got *tracker.MismatchError
			if !errors.Is(err, tracker.ErrMismatch) || !errors.As(err, &got) {
				t.Errorf("%s %q: %v, want %v", c.want.Field, c.want.Given, err, tracker.ErrMismatch)
				continue
			}
			if got.Field != c.want.Field || got.Stored != c.want.Stored || got.Given != c.want.Given || !strings.Contains(got.What, "Teams Load") {
				t.Errorf("got %+v, want %+v", *got, c.want)
			}
			if text := err.Error(); !strings.Contains(text, c.want.Stored) || !strings.Contains(text, c.want.Given) {
				t.Errorf("the error does not say both: %s", text)
			}
		}
	}
	wantContent(ctx, t, b, before)
	wantDefinition(ctx, t, b, "Teams Load", "Load", "Go", "daily")
	if run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go"}); run.Number() != 2 {
		t.Errorf("the second run is number %d", run.Number())
	}
}

func mismatches(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily"}))
	_, err := tr.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Extract", Tool: "Spark", Frequency: "daily"}, nil)
	if !errors.Is(err, tracker.ErrMismatch) {
		t.Fatalf("start: %v", err)
	}
	for _, part := range []string{"Load", "Extract", "Go", "Spark"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing: %v", part, err)
		}
	}
	if strings.Contains(err.Error(), "daily") {
		t.Errorf("what is the same is in it: %v", err)
	}
}

func redefined(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily"}).Complete(ctx, nil))

	must(t, tr.Registry().Redefine(ctx, tracker.Process{Name: "Teams Load", Tool: "Spark"}))
	wantDefinition(ctx, t, b, "Teams Load", "Load", "Spark", "daily")
	must(t, tr.Registry().Redefine(ctx, tracker.Process{Name: "Teams Load", Type: "Extract", Frequency: "fortnightly"}))
	wantDefinition(ctx, t, b, "Teams Load", "Extract", "Spark", "fortnightly")

	if _, err := tr.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily"}, nil); !errors.Is(err, tracker.ErrMismatch) {
		t.Errorf("a start that says what was so before: %v", err)
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Extract", Tool: "Spark", Frequency: "fortnightly"})
	if run.Number() != 2 {
		t.Errorf("the run is number %d, want 2", run.Number())
	}
}

// alternating has two programs that start one process with different definitions that
// do not contradict each other: in turns, and then concurrently.
func alternating(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	said := []tracker.Process{
		{Name: "Teams Load", Type: "Load", Sources: tracker.SystemRefs("Lahman")},
		{Name: "Teams Load", Tool: "Go", Sources: tracker.SystemRefs("Retrosheet"), Targets: tracker.ObjectRefs("Warehouse", "teams")},
		{Name: "Teams Load"},
	}
	for _, p := range said {
		must(t, start(ctx, t, tr, p).Complete(ctx, nil))
	}
	before, linked := content(ctx, t, b), dataOf(ctx, t, b, "Teams Load")
	for round := range 9 {
		must(t, start(ctx, t, tr, said[round%len(said)]).Complete(ctx, nil))
	}
	runs := len(said) + 9
	for range 5 {
		attempts := atOnce(12, func(i int) attempt { return try(ctx, tr, said[i%len(said)]) })
		runs++
		o := outcomeOf(attempts)
		if len(o.Started) != 1 || o.Started[0] != int64(runs) || len(o.Errors) > 0 {
			t.Fatalf("want run %d once and nothing but refusals: %+v", runs, o)
		}
		must(t, started(attempts)[0].Complete(ctx, nil))
	}
	wantContent(ctx, t, b, before, "run", "status_history")
	wantLinks(ctx, t, b, "Teams Load", linked...)
	wantDefinition(ctx, t, b, "Teams Load", "Load", "Go", "")
	wantRuns(ctx, t, tr, "Teams Load", runs)
}
