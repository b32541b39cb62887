package suite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func nameCases() []Case {
	return []Case{
		{"S1.2 process names that differ in any character are different processes", namesApart},
		{"S1.2 names of every kind that differ in any character are different rows", rowsApart},
		{"S1.2 white space around a name is removed", spaceAround},
		{"S1.2 the limit of 250 counts characters, not bytes", nameLimit},
	}
}

// lookalikes are names that some database, with some collation or driver, treats as
// equal or returns changed.
func lookalikes() []string {
	return []string{
		"Teams Load", "teams load", "TEAMS LOAD", "Teams  Load", "Teams\u00a0Load", "Teams-Load", "TeamsLoad",
		"Téams Load", "Te\u0301ams Load", // one character, or two that look like it (NFC, NFD)
		"Straße", "Strasse", "STRASSE", "ﬁle", "file", "ﬀ", "ff",
		"İstanbul", "Istanbul", "ıstanbul", "istanbul",
		"ångström", "a\u030angström", "angstrom", "Ångström", "\u212bngström",
		"1", "01", "1.0", "１", "true", "null", "NULL",
		"⚾", "⚾\ufe0f", "🏟 Load", "🏟️ Load", "👩‍💻", "👩💻", "\U0002000b", "漢字", "汉字",
		"a\u200bb", "ab", "かな", "カナ", "ｶﾅ", "か\u3099な", "がな",
		"100%", "100_", "100\\", `\`, `\\`, "'", "''", `"`, "[a]", "{a}", "$1", "?", ":a", "@p1", "--", "/*", "<b>&amp;</b>",
		"a\u2028b", "a\ufffdb",
	}
}

// namesApart starts a process for each name. If two names were treated as equal, the
// second process would already be active, and would not start.
func namesApart(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := lookalikes()
	for _, name := range all {
		run := start(ctx, t, tr, tracker.Process{Name: name})
		if run.Number() != 1 || run.Process() != name {
			t.Errorf("process %q: run %d of %q", name, run.Number(), run.Process())
		}
	}
	for _, name := range all {
		runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: name}))
		if len(runs) != 1 || runs[0].Process != name {
			t.Errorf("process %q has runs %+v", name, runs)
		}
	}
}

func rowsApart(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	all := lookalikes()
	must(t, tr.Registry().Register(ctx, tracker.Process{
		Name: "p", DatasetTypes: all,
		Sources: slices.Concat(tracker.SystemRefs(all...), tracker.ObjectRefs("s", all...), tracker.AttributeRefs("s", "o", all...)),
	}))
	want := map[string][]string{
		"actor": {"tester"}, "dataset_type": all, "data_system": append([]string{"s"}, all...),
		"data_object": append([]string{"o"}, all...), "data_attribute": all, "process": {"p"},
	}
	for _, name := range all {
		process := "of " + name
		must(t, tr.Registry().Register(ctx, tracker.Process{Name: process, Type: name, Tool: name, Frequency: name}))
		want["process"] = append(want["process"], process)
	}
	want["process_type"], want["tool"], want["schedule_frequency"] = all, all, all
	wantRegistered(ctx, t, b, before, want)
	for _, name := range all {
		wantDefinition(ctx, t, b, "of "+name, name, name, name)
	}
}

func spaceAround(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	around := func(name string) string { return " \t\u3000" + name + "\u00a0\r\n " }
	for _, f := range []func(string) string{around, strings.TrimSpace, around} {
		tr := e.tracker(t, &tracker.Config{Actor: f("actor")})
		run := start(ctx, t, tr, tracker.Process{
			Name: f("p q"), Type: f("type"), Tool: f("tool"), Frequency: f("frequency"), DatasetTypes: []string{f("dataset type"), "dataset type"},
			Sources: append(tracker.AttributeRefs(f("system"), f("object"), f("attribute")), tracker.AttributeRefs("system", "object", "attribute")...),
		})
		if run.Process() != "p q" {
			t.Errorf("the run's process is %q", run.Process())
		}
		wantRefused(ctx, t, tr, f("p q"), tracker.ErrAlreadyRunning)
		must(t, run.Complete(ctx, nil))
	}
	wantRegistered(ctx, t, b, before, map[string][]string{
		"actor": {"actor"}, "tool": {"tool"}, "dataset_type": {"dataset type"}, "process_type": {"type"},
		"schedule_frequency": {"frequency"}, "process": {"p q"},
		"data_system": {"system"}, "data_object": {"object"}, "data_attribute": {"attribute"},
	})
	wantLinks(ctx, t, b, "p q", "source attribute system/object/attribute")
}

// nameLimit uses characters of one to four bytes.
func nameLimit(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	want := map[string][]string{}
	for _, character := range []string{"x", "é", "漢", "🏟"} {
		longest := strings.Repeat(character, tracker.MaxName)
		must(t, useName(ctx, t, e, longest))
		for _, table := range registries {
			want[table] = append(want[table], longest)
		}
		if err := useName(ctx, t, e, longest+character); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("251 times %q: %v, want %v", character, err, tracker.ErrInvalid)
		}
	}
	wantRegistered(ctx, t, b, before, want)
}

// useName starts a run of a process and uses the name for everything. The actor is
// checked first; the later calls are tested, too.
func useName(ctx context.Context, t *testing.T, e *Env, name string) error {
	t.Helper()
	p := tracker.Process{
		Name: name, Type: name, Tool: name, Frequency: name, DatasetTypes: []string{name}, Sources: tracker.AttributeRefs(name, name, name),
	}
	b := e.open(t)
	tr, refused := tracker.New(ctx, b, &tracker.Config{Actor: name})
	if refused != nil {
		tr = trackerOn(ctx, t, b, nil)
	}
	defer func() { must(t, tr.Close()) }() // the run stays active
	_, err := tr.Start(ctx, p, nil)
	if (err == nil) != (refused == nil) {
		t.Errorf("as an actor's name: %v; as any other: %v", refused, err)
	}
	return err
}
