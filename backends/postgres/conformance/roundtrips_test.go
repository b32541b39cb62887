package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// turns counts on the wire how often somebody waits for an answer: each first
// byte that is read after something was written is a round trip. What the
// tracker or pgx believe to have sent does not matter.
type turns struct{ n atomic.Int64 }

// dial is a [pgconn.DialFunc] whose connections are counted.
func (c *turns) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: conn, turns: c}, nil
}

// of returns how many round trips fn takes.
func (c *turns) of(fn func()) int64 {
	before := c.n.Load()
	fn()
	return c.n.Load() - before
}

type countedConn struct {
	net.Conn

	turns *turns
	asked atomic.Bool
}

func (c *countedConn) Write(b []byte) (int, error) {
	c.asked.Store(true)
	return c.Conn.Write(b)
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.asked.Swap(false) {
		c.turns.n.Add(1)
	}
	return n, err
}

// counted returns a backend on a pool of one connection, whose round trips are
// counted, in a schema that is set up.
func counted(t *testing.T, server *servers.Server) (*postgres.Backend, *turns) {
	t.Helper()
	ctx, name := t.Context(), t.Name()
	config, err := pgxpool.ParseConfig(server.DSN)
	if err != nil {
		t.Fatal(err)
	}
	var count turns
	config.ConnConfig.DialFunc = count.dial
	// A look whether an idle connection still lives is the pool's, not the tracker's.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	config.MaxConns = 1 // one that is warm
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, server.DSN, name) })
	t.Cleanup(pool.Close)
	b, err := postgres.New(pool, postgres.Schema(name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	return b, &count
}

// TestRoundTrips counts the round trips of the calls that are promised to be
// cheap, once pgx has prepared their statements.
func TestRoundTrips(t *testing.T) {
	server := start(t)
	t.Run("one each", func(t *testing.T) { oneEach(t, server) })
	t.Run("many extracts", func(t *testing.T) { manyExtracts(t, server) })
}

// oneEach starts a known process, is refused, records errors and ends runs.
func oneEach(t *testing.T, server *servers.Server) {
	t.Helper()
	ctx := t.Context()
	b, count := counted(t, server)
	warm, err := tracker.New(ctx, b, tracker.Actor("tester"))
	if err != nil {
		t.Fatal(err)
	}
	process := tracker.Process{
		Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily", DatasetTypes: []string{"sport"},
		Sources: tracker.Attributes("Lahman", "Teams", "id", "name"), Targets: tracker.Objects("Warehouse", "teams"),
	}
	if err := warm.AddDependency(ctx, process.Name, "Teams Extract", tracker.Soft); err != nil {
		t.Fatal(err)
	}
	cycle(t, count, warm, process) // registers, prepares
	want := costs{start: 1, refused: 1, record: 1, complete: 1, restart: 1, fail: 1}
	if got := cycle(t, count, warm, process); got != want {
		t.Errorf("round trips: %+v, want %+v", got, want)
	}
	// A program that begins on a pool that is warm: it has to know nothing.
	fresh, err := tracker.New(ctx, b, tracker.Actor("tester"))
	if err != nil {
		t.Fatal(err)
	}
	got := cycle(t, count, fresh, process)
	t.Logf("round trips: %+v", got)
	if got != want {
		t.Errorf("round trips of a new tracker: %+v, want %+v", got, want)
	}
}

// costs are numbers of round trips.
type costs struct{ start, refused, record, complete, restart, fail int64 }

func cycle(t *testing.T, count *turns, tr *tracker.Tracker, process tracker.Process) (c costs) {
	t.Helper()
	ctx := t.Context()
	var run *tracker.Run
	var err error
	check := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.start = count.of(func() { run, err = tr.Start(ctx, process) })
	check()
	c.refused = count.of(func() { _, err = tr.Start(ctx, process) })
	if !errors.Is(err, tracker.ErrAlreadyRunning) {
		t.Fatal(err)
	}
	c.record = count.of(func() {
		err = run.RecordError(ctx, tracker.Problem{Description: "one"}, tracker.Problem{Description: "two"})
	})
	check()
	c.complete = count.of(func() { err = run.Complete(ctx) })
	check()
	c.restart = count.of(func() { run, err = tr.Start(ctx, tracker.Process{Name: process.Name}) })
	check()
	c.fail = count.of(func() { err = run.Fail(ctx, tracker.Problem{Type: tracker.DataError, Description: "three"}) })
	check()
	return c
}

// manyExtracts shows that 10,000 take as many round trips as 100.
func manyExtracts(t *testing.T, server *servers.Server) {
	t.Helper()
	ctx := t.Context()
	b, count := counted(t, server)
	tr, err := tracker.New(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	run, err := tr.Start(ctx, tracker.Process{Name: "Teams Extract", Sources: tracker.Objects("Lahman", "Teams")})
	if err != nil {
		t.Fatal(err)
	}
	registered, changed := map[int]int64{}, map[int]int64{}
	for _, n := range []int{1, 100, 10_000} { // the first prepares
		files := make([]tracker.File, n)
		for i := range files {
			files[i] = tracker.File{Location: "/landing", Name: fmt.Sprintf("%d of %d.csv", i, n)}
		}
		var all []tracker.Extract
		registered[n] = count.of(func() { all, err = run.RegisterExtracts(ctx, files...) })
		if err != nil || len(all) != n {
			t.Fatalf("%d of %d: %v", len(all), n, err)
		}
		changed[n] = count.of(func() { err = run.SetExtractStatus(ctx, tracker.Ready, all...) })
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("round trips to register 100 extracts: %d, 10,000: %d; to change 100: %d, 10,000: %d",
		registered[100], registered[10_000], changed[100], changed[10_000])
	if registered[10_000] != registered[100] || registered[100] > 6 {
		t.Errorf("registering 100 extracts takes %d round trips, 10,000 take %d", registered[100], registered[10_000])
	}
	if changed[10_000] != changed[100] || changed[100] > 6 {
		t.Errorf("changing 100 extracts takes %d round trips, 10,000 take %d", changed[100], changed[10_000])
	}
}
