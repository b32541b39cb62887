package suite

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func faultCases() []Case {
	return []Case{
		{"S2.9 S8.2 a commit whose reply is lost takes effect exactly once", answerLost},
		{"S2.9 S8.2 a commit that never reached the server is repeated", commitLost},
		{"S8.2 a call on a connection that goes silent ends soon after its context, and the pool recovers", silentLine},
		{"S8.2 S8.1 a call to an unreachable server returns that error, and succeeds once the server is back", refusedLine},
		{"S8.2 a slow network changes nothing", slowLine},
		{"S8.2 a call waits for a connection of the pool until its context ends", poolExhausted},
		{"S8.1 a read-only database is reported as such, and is used again once it accepts writes", readOnly},
		{"S3.7 a caller's clock decides nothing", wrongClock},
	}
}

// wire is a network between a backend and its server that a test can break.
type wire struct {
	*faults.Proxy

	b      dialect.Backend // through it
	direct dialect.Backend // bypasses it
}

// wired sets up the place, and puts a proxy in front of its server; for a cluster, in
// front of the first one.
func (e *Env) wired(t *testing.T) *wire {
	t.Helper()
	server, _, _ := strings.Cut(e.DSN, " ")
	u, err := url.Parse(server)
	must(t, err)
	if u.Host == "" {
		t.Skip("no network leads to it: the database is in the process itself, or behind a socket of the machine's")
	}
	direct := e.setUp(t)
	p, err := faults.NewProxy(e.context(t), u.Host)
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	u.Host = p.Addr()
	over := *e
	over.DSN = u.String()
	return &wire{p, over.open(t), direct}
}

// tracker returns a tracker over the wire.
func (w *wire) tracker(ctx context.Context, t *testing.T, options *tracker.Config) *tracker.Tracker {
	t.Helper()
	return trackerOn(ctx, t, w.b, options)
}

// condition contains the row counts and other numbers that an operation changes.
func condition(ctx context.Context, t testing.TB, b dialect.Backend) map[string]int64 {
	t.Helper()
	all := content(ctx, t, b)
	for what, query := range map[string]string{
		"sum of the runs' statuses":     "SELECT coalesce(sum(status_id), 0) FROM {run}",
		"sum of the extracts' statuses": "SELECT coalesce(sum(status_id), 0) FROM {extract}",
		"sum of the runs' inserts":      "SELECT coalesce(sum(inserts), 0) FROM {run}",
		"sum of the processes' inserts": "SELECT coalesce(sum(inserts), 0) FROM {process}",
		"sum of failures":               "SELECT coalesce(sum(failures), 0) FROM {process}",
		"runs with a high":              "SELECT count(*) FROM {run} WHERE high_at IS NOT NULL",
		"held processes":                "SELECT count(*) FROM {process} WHERE held_at IS NOT NULL",
	} {
		all[what] = single[int64](ctx, t, b, query)
	}
	return all
}

// changes returns the differences between two conditions.
func changes(before, after map[string]int64) map[string]int64 {
	all := map[string]int64{}
	for what, n := range after {
		if d := n - before[what]; d != 0 {
			all[what] = d
		}
	}
	return all
}

// wantChanges compares the changes of an operation with the expected ones.
func wantChanges(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s changed %v, want %v", what, got, want)
	}
}
