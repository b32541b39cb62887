package suite

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// KeepsSession runs through a process's life on a backend whose user's pool has one
// connection. It compares the result of session for that connection before and after:
// its settings, its locks, its identity. The pool belongs to the user and serves other
// purposes, too. The backend is closed at the end; the pool has to stay open.
func KeepsSession(ctx context.Context, t *testing.T, b dialect.Backend, session func() []string) {
	t.Helper()
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	before := session()
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Sources: tracker.SystemRefs("Lahman")})
	wantRefused(ctx, t, tr, "Teams Load", tracker.ErrAlreadyRunning)
	register(ctx, t, run, numbered("/landing", 200)...) // too many to be sent together with the statements
	extract := ready(ctx, t, run, "/landing", "teams.csv")[0]
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 1}, "teams.csv")
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extract))
	must(t, run.AddCounts(ctx, tracker.Counts{Records: 1}))
	must(t, run.Fail(ctx, tracker.ErrorRecord{Description: "for once"}))
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := tr.Admin().Hold(over, "Teams Load", ""); err == nil {
		t.Error("a call whose context has ended works")
	}
	must(t, tr.Admin().Hold(ctx, "Teams Load", ""))
	collect(t, tr.History(ctx, tracker.HistoryFilter{}))
	must(t, b.Close())
	after := session()
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Errorf("the session has %s; before it had:\n%s", line, strings.Join(before, "\n"))
		}
	}
	if len(after) != len(before) {
		t.Errorf("the session was %q and is %q", before, after)
	}
}
