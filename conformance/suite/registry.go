package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func registryCases() []Case {
	return []Case{
		{"S1.1 a start registers every name that it uses", startRegisters},
		{"S1.1 a registered name is not registered again", registeredOnce},
		{"S1.1 registering adds to a process's data and removes nothing", registeringAdds},
		{"S1.1 concurrent registrations of the same names make one row of each", registeredAtOnce},
		{"S1.4 data is linked at the given grain, which implies the coarser ones", grains},
		{"S1.4 objects of the same name in two systems are different, and so are attributes in two objects", sameNamesApart},
	}
}

// registries are the tables of names that starts register.
var registries = []string{
	"actor", "tool", "dataset_type", "process_type", "schedule_frequency", "process",
	"data_system", "data_object", "data_attribute",
}

// registered lists the names in every registry.
func registered(ctx context.Context, t *testing.T, b dialect.Backend) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	for _, table := range registries {
		names[table] = column[string](ctx, t, b, "SELECT name FROM {"+table+"} ORDER BY id")
	}
	return names
}

// wantRegistered fails the test unless each registry has exactly the wanted names in
// addition to the earlier ones.
func wantRegistered(ctx context.Context, t *testing.T, b dialect.Backend, before, want map[string][]string) {
	t.Helper()
	for table, names := range registered(ctx, t, b) {
		added := names[len(before[table]):]
		slices.Sort(added)
		if wanted := slices.Sorted(slices.Values(want[table])); !slices.Equal(added, wanted) {
			t.Errorf("%s: %q were registered, want %q", table, added, wanted)
		}
	}
}

// dataOf lists the data of a process as it is linked: "source system Lahman",
// "target object Warehouse/teams".
func dataOf(ctx context.Context, t *testing.T, b dialect.Backend, process string) []string {
	t.Helper()
	var list []string
	for grain, names := range map[string][]string{
		"system": {"sy.name"}, "object": {"sy.name", "ob.name"}, "attribute": {"sy.name", "ob.name", "at.name"},
	} {
		from := map[string]string{
			"system":    "{process_system} AS l JOIN {data_system} AS sy ON sy.id = l.system_id",
			"object":    "{process_object} AS l JOIN {data_object} AS ob ON ob.id = l.object_id JOIN {data_system} AS sy ON sy.id = ob.system_id",
			"attribute": "{process_attribute} AS l JOIN {data_attribute} AS at ON at.id = l.attribute_id JOIN {data_object} AS ob ON ob.id = at.object_id JOIN {data_system} AS sy ON sy.id = ob.system_id",
		}[grain]
		for _, row := range table(ctx, t, b, "FROM "+from+" JOIN {process} AS p ON p.id = l.process_id WHERE p.name = ?", append([]string{"l.role"}, names...), process) {
			list = append(list, row[0]+" "+grain+" "+strings.Join(row[1:], "/"))
		}
	}
	slices.Sort(list)
	return list
}

// table reads columns of text.
func table(ctx context.Context, t *testing.T, b dialect.Backend, from string, columns []string, args ...any) [][]string {
	t.Helper()
	var rows [][]string
	query := statement(t, b, "SELECT "+strings.Join(columns, ", ")+" "+from, args...)
	must(t, past(b).Query(ctx, query, func(r dialect.Row) error {
		row, dest := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		rows = append(rows, row)
		return r.Scan(dest...)
	}))
	return rows
}

func wantLinks(ctx context.Context, t *testing.T, b dialect.Backend, process string, want ...string) {
	t.Helper()
	if got := dataOf(ctx, t, b, process); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("process %q is linked to\n%q, want\n%q", process, got, want)
	}
}

// teamsLoad has a name of every kind.
func teamsLoad() tracker.Process {
	return tracker.Process{
		Name: "Teams Load", Type: "Reconciliation", Tool: "Go", Frequency: "fortnightly",
		Sources: slices.Concat(tracker.SystemRefs("Retrosheet"), tracker.ObjectRefs("Lahman", "Parks"),
			tracker.AttributeRefs("Lahman", "Teams", "id", "name")),
		Targets:      tracker.ObjectRefs("Warehouse", "teams"),
		DatasetTypes: []string{"sport", "history"},
	}
}

func startRegisters(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	start(ctx, t, trackerOn(ctx, t, b, nil), teamsLoad())
	wantRegistered(ctx, t, b, before, map[string][]string{
		"actor": {"tester"}, "tool": {"Go"}, "dataset_type": {"sport", "history"},
		"process_type": {"Reconciliation"}, "schedule_frequency": {"fortnightly"}, "process": {"Teams Load"},
		"data_system": {"Retrosheet", "Lahman", "Warehouse"}, "data_object": {"Parks", "Teams", "teams"},
		"data_attribute": {"id", "name"},
	})
	wantDefinition(ctx, t, b, "Teams Load", "Reconciliation", "Go", "fortnightly")
	types := table(ctx, t, b, `FROM {process_dataset_type} AS l JOIN {process} AS p ON p.id = l.process_id
		JOIN {dataset_type} AS t ON t.id = l.dataset_type_id ORDER BY t.name`, []string{"p.name", "t.name"})
	if want := "[[Teams Load history] [Teams Load sport]]"; fmt.Sprint(types) != want {
		t.Errorf("dataset types: %v, want %s", types, want)
	}
}

func registeredOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, teamsLoad()).Complete(ctx, nil))
	before, linked := content(ctx, t, b), dataOf(ctx, t, b, "Teams Load")

	must(t, tr.Registry().Register(ctx, teamsLoad()))
	must(t, tr.Registry().Redefine(ctx, teamsLoad()))
	shuffled := teamsLoad()
	slices.Reverse(shuffled.Sources)
	shuffled.Sources = append(shuffled.Sources, shuffled.Sources...)
	shuffled.DatasetTypes = []string{" history ", "sport", "history"}
	must(t, tr.Registry().Register(ctx, shuffled))
	must(t, start(ctx, t, tr, teamsLoad()).Complete(ctx, nil))

	other := teamsLoad()
	other.Name = "Teams Check"
	must(t, tr.Registry().Register(ctx, other))
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Check"}))

	before["process"]++ // the other one
	wantContent(ctx, t, b, before, "run", "status_history")
	wantLinks(ctx, t, b, "Teams Load", linked...)
	wantLinks(ctx, t, b, "Teams Check", linked...)
}

func registeringAdds(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Sources: tracker.SystemRefs("Lahman")}))
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Teams Load", Targets: tracker.SystemRefs("Lahman")}))
	must(t, tr.Registry().Redefine(ctx, tracker.Process{Name: "Teams Load", Sources: tracker.ObjectRefs("Retrosheet", "Games")}))
	wantLinks(ctx, t, b, "Teams Load", "source system Lahman", "target system Lahman", "source object Retrosheet/Games")
}

// registeredAtOnce makes many callers register mostly the same names for the first
// time, each in a different order.
func registeredAtOnce(t *testing.T, e *Env) {
	const callers, processes, things = 24, 4, 6
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	trackers := make([]*tracker.Tracker, 4)
	for i := range trackers {
		trackers[i] = e.tracker(t, &tracker.Config{Actor: fmt.Sprintf("actor %d", i%2)})
	}
	for i, err := range atOnce(callers, func(i int) error {
		p := tracker.Process{Name: fmt.Sprintf("process %d", i%processes), Type: "type", Tool: "tool", Frequency: "frequency"}
		for _, thing := range rand.Perm(things) {
			system := fmt.Sprintf("system %d", thing)
			p.DatasetTypes = append(p.DatasetTypes, fmt.Sprintf("dataset type %d", thing))
			p.Sources = append(p.Sources, tracker.AttributeRefs(system, "object", "one", "two")...)
			p.Targets = append(p.Targets, tracker.SystemRefs(system)...)
		}
		run, err := trackers[i%len(trackers)].Start(ctx, p, nil)
		if errors.Is(err, tracker.ErrAlreadyRunning) {
			return nil
		} else if err != nil {
			return err
		}
		return run.Complete(ctx, nil)
	}) {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	want := map[string][]string{
		"actor": {"actor 0", "actor 1"}, "tool": {"tool"}, "process_type": {"type"}, "schedule_frequency": {"frequency"},
	}
	for i := range processes {
		want["process"] = append(want["process"], fmt.Sprintf("process %d", i))
	}
	for i := range things {
		want["dataset_type"] = append(want["dataset_type"], fmt.Sprintf("dataset type %d", i))
		want["data_system"] = append(want["data_system"], fmt.Sprintf("system %d", i))
		want["data_object"] = append(want["data_object"], "object")
		want["data_attribute"] = append(want["data_attribute"], "one", "two")
	}
	wantRegistered(ctx, t, b, before, want)
	for _, process := range want["process"] {
		if n := len(dataOf(ctx, t, b, process)); n != things*3 {
			t.Errorf("%s has %d links, want %d", process, n, things*3)
		}
	}
}

func grains(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	before := registered(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	for process, data := range map[string][]tracker.DataRef{
		"by system":    tracker.SystemRefs("A"),
		"by object":    tracker.ObjectRefs("B", "x"),
		"by attribute": tracker.AttributeRefs("C", "x", "id"),
		"by all":       slices.Concat(tracker.SystemRefs("D"), tracker.ObjectRefs("D", "x"), tracker.AttributeRefs("D", "x", "id")),
	} {
		must(t, tr.Registry().Register(ctx, tracker.Process{Name: process, Sources: data}))
	}
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "by target", Targets: tracker.AttributeRefs("C", "x", "id")}))

	wantLinks(ctx, t, b, "by system", "source system A")
	wantLinks(ctx, t, b, "by object", "source object B/x")
	wantLinks(ctx, t, b, "by attribute", "source attribute C/x/id")
	wantLinks(ctx, t, b, "by all", "source system D", "source object D/x", "source attribute D/x/id")
	wantLinks(ctx, t, b, "by target", "target attribute C/x/id")
	wantRegistered(ctx, t, b, before, map[string][]string{
		"actor": {"tester"}, "process": {"by system", "by object", "by attribute", "by all", "by target"},
		"data_system": {"A", "B", "C", "D"}, "data_object": {"x", "x", "x"}, "data_attribute": {"id", "id"},
	})
}

func sameNamesApart(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	processes := map[string][]tracker.DataRef{
		"one":   tracker.AttributeRefs("A", "x", "id"),
		"two":   tracker.AttributeRefs("A", "y", "id"),
		"three": tracker.AttributeRefs("B", "x", "id"),
	}
	for _, process := range slices.Sorted(maps.Keys(processes)) {
		must(t, tr.Registry().Register(ctx, tracker.Process{Name: process, Sources: processes[process]}))
	}
	wantLinks(ctx, t, b, "one", "source attribute A/x/id")
	wantLinks(ctx, t, b, "two", "source attribute A/y/id")
	wantLinks(ctx, t, b, "three", "source attribute B/x/id")
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {data_attribute}"); n != 3 {
		t.Errorf("%d attributes are registered, want 3", n)
	}
}
