package bench

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/roundtrips"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A CostTable is the file that records how many round trips and statements each
// operation takes on each backend. Tests of several backends may use it concurrently.
type CostTable struct {
	Path   string
	Update bool // write the current costs instead of comparing them

	mu sync.Mutex
}

const costHeader = `# What each operation sends, once the connection and the tracker are warm: round trips / statements.
# A transaction of several round trips has its BEGIN and COMMIT among the statements. A third number is how many
# statements the server has run, where it tells. In SQLite there are no round trips.
# The tests of the backends compare this with what they count; go test -run TestCosts -update rewrites it.

`

// Costs counts the statements of each operation, and compares the counts with the
// table. A higher count is a failure. A lower count has to be recorded, so that it does
// not rise again unnoticed.
func Costs(t *testing.T, backend Backend, table *CostTable) {
	t.Helper()
	counts, err := count(t, backend)
	if err != nil {
		t.Fatal(err)
	}
	allocations(t, backend)
	table.mu.Lock()
	defer table.mu.Unlock()
	all, err := table.read()
	if err != nil {
		t.Fatal(err)
	}
	if table.Update {
		all[backend.Name] = counts
		if err := table.write(all); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, problem := range differences(all[backend.Name], counts) {
		t.Error(problem)
	}
}

// mostAllocations is the maximum number of allocations that the tracker itself may make
// for a start or an end. If statements are sent one by one, the recorder makes some of
// its own.
const (
	mostAllocations = 100
	oneByOne        = 25
)

// allocations fails the test if a start or an end makes more allocations.
func allocations(t *testing.T, backend Backend) {
	t.Helper()
	ctx, most := t.Context(), float64(mostAllocations)
	if !backend.Wire {
		most += oneByOne
	}
	real, heard := newRecorded(ctx, t, backend)
	for _, o := range lifeOperations() {
		if o.name != "start" && o.name != "complete" {
			continue
		}
		o, p := o.replay(ctx, t, real, heard)
		if _, err := o.do(ctx, p, p.newSubject(ours, 0, 1, p.landing)); err != nil { // builds statements
			t.Fatal(err)
		}
		a, err := o.allocations(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if n := a.perOp(a.allocations); n > most {
			t.Errorf("%s allocates %.0f times, at most %.0f are allowed", o.name, n, most)
		}
	}
}

// count returns the costs of the operations, by name.
func count(t *testing.T, backend Backend) (map[string]costs, error) {
	t.Helper()
	ctx := t.Context()
	var trips *roundtrips.Counter
	options := Options{Connections: 1}
	if backend.Wire {
		trips = new(roundtrips.Counter)
		options.Dial = trips.Dial
	}
	counted := new(counter)
	p := newPlace(ctx, t, backend, options, func(inner dialect.Backend) dialect.Backend {
		counted.Backend = inner
		return counted
	})
	if err := p.seed(ctx, 1, few); err != nil {
		return nil, err
	}
	all := map[string]costs{}
	for _, o := range append(operations(few), countedOperations()...) {
		for n := range 3 { // the first one warms up, and the second is what a tracker sends from then on
			c, err := o.costs(ctx, p, trips, counted, p.newSubject(ours, n, 1, p.landing))
			if err != nil {
				return nil, err
			}
			all[o.name] = c
		}
	}
	return all, nil
}

// differences describes the changed costs.
func differences(was, now map[string]costs) (all []string) {
	const remedy = "if it has to be, write it down with go test -run TestCosts -update"
	for _, name := range slices.Sorted(maps.Keys(now)) {
		before, known := was[name]
		c := now[name]
		switch {
		case !known:
			all = append(all, fmt.Sprintf("%s is not in the table; %s", name, remedy))
		case c.roundTrips > before.roundTrips || c.statements > before.statements || c.atServer > before.atServer:
			all = append(all, fmt.Sprintf("%s takes more than before: %s instead of %s (round trips/statements); %s", name, c.cell(), before.cell(), remedy))
		case c.cell() != before.cell():
			all = append(all, fmt.Sprintf("%s takes less than before: %s instead of %s (round trips/statements); "+
				"write it down with go test -run TestCosts -update, so that it stays", name, c.cell(), before.cell()))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, ok := now[name]; !ok {
			all = append(all, fmt.Sprintf("%s is in the table, and nothing does it; %s", name, remedy))
		}
	}
	return all
}

// read returns the table's costs by backend and operation. The table's first line names
// the backends.
func (t *CostTable) read() (map[string]map[string]costs, error) {
	all := map[string]map[string]costs{}
	content, err := os.ReadFile(t.Path)
	if os.IsNotExist(err) && t.Update {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	var backends []string
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(line, "#"):
		case backends == nil:
			backends = fields[1:]
		case len(fields) <= len(backends):
			return nil, fmt.Errorf("%s: %q: want an operation and a cell for each of %q", t.Path, strings.TrimSpace(line), backends)
		default:
			name, cells := strings.Join(fields[:len(fields)-len(backends)], " "), fields[len(fields)-len(backends):]
			if err := readCells(all, name, backends, cells); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", t.Path, strings.TrimSpace(line), err)
			}
		}
	}
	return all, nil
}

// unknown stands for the costs of an operation that was not counted on a backend, and
// none for round trips on a backend without a network.
const (
	unknown = "?"
	none    = "-"
)

func readCells(all map[string]map[string]costs, name string, backends, cells []string) error {
	for i, backend := range backends {
		if cells[i] == unknown {
			continue
		}
		var c costs
		for n, text := range strings.Split(cells[i], "/") {
			if text == none {
				continue
			}
			number, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return err
			}
			*c.column(n) = number
		}
		if all[backend] == nil {
			all[backend] = map[string]costs{}
		}
		all[backend][name] = c
	}
	return nil
}

// column returns the n-th number in a cell.
func (c *costs) column(n int) *int64 {
	switch n {
	case 0:
		return &c.roundTrips
	case 1:
		return &c.statements
	default:
		return &c.atServer
	}
}

func (c costs) cell() string {
	trips := none
	if c.roundTrips > 0 {
		trips = strconv.FormatInt(c.roundTrips, 10)
	}
	cell := trips + "/" + strconv.FormatInt(c.statements, 10)
	if c.atServer > 0 {
		cell += "/" + strconv.FormatInt(c.atServer, 10)
	}
	return cell
}

func (t *CostTable) write(all map[string]map[string]costs) error {
	names := map[string]bool{}
	for _, counts := range all {
		for name := range counts {
			names[name] = true
		}
	}
	backends := slices.Sorted(maps.Keys(all))
	var b strings.Builder
	b.WriteString(costHeader)
	row := func(name string, cell func(backend string) string) {
		fmt.Fprintf(&b, "%-24s", name)
		for _, backend := range backends {
			fmt.Fprintf(&b, "%12s", cell(backend))
		}
		b.WriteString("\n")
	}
	row("operation", func(backend string) string { return backend })
	for _, name := range slices.Sorted(maps.Keys(names)) {
		row(name, func(backend string) string {
			if c, ok := all[backend][name]; ok {
				return c.cell()
			}
			return unknown
		})
	}
	return os.WriteFile(t.Path, []byte(b.String()), 0o644)
}

// countedOperations are counted but not timed.
func countedOperations() []operation {
	return append(listingOperations(100), []operation{
		{
			name: "start of a new process", prepare: nothing, done: end,
			ours: func(ctx context.Context, p *place, s *subject) error {
				s.process = s.file
				return startOurs(ctx, p, s)
			},
		},
		{
			name: "fail with an error", prepare: begin, done: nothing,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				return s.run.Fail(ctx, tracker.ErrorRecord{Description: s.file})
			},
		},
		{
			name: "add counts", prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				return s.run.AddCounts(ctx, tracker.Counts{Records: 1})
			},
		},
		{
			name: "register 100", prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				_, err := s.run.RegisterExtracts(ctx, filesOf(s.file, 100)...)
				return err
			},
		},
		{
			name: "claim nothing", prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				all, err := s.run.Claim(ctx, tracker.ClaimOptions{Limit: 1, From: tracker.Archived})
				if err == nil && len(all) > 0 {
					err = fmt.Errorf("claimed %d", len(all))
				}
				return err
			},
		},
		{
			name: "take a run up", prepare: begin, done: end,
			ours: func(ctx context.Context, p *place, s *subject) error {
				again, err := p.tracker.Resume(ctx, s.run.ID(), s.run.Token())
				if err == nil {
					again.Detach()
				}
				return err
			},
		},
		{
			name: "reap nothing", prepare: nothing, done: nothing,
			ours: func(ctx context.Context, p *place, _ *subject) error {
				_, err := p.tracker.Admin().Reap(ctx, tracker.ReapOptions{})
				return err
			},
		},
	}...)
}
