package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func claimStormCases() []Case {
	return []Case{
		{"S5.6 S3.8 16 workers in 8 operating-system processes claim each of 10,000 extracts once, and leave none", claimStorm},
		{"S5.6 a claim does not wait for the extracts of another uncommitted claim", claimBeside},
	}
}

// claimStorm makes workers claim until no extract is left.
func claimStorm(t *testing.T, e *Env) {
	const processes, workersEach = 8, 2
	files := sized(e, 10_000, 2_000)
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	want := make([]string, files)
	for i := range want {
		want[i] = fmt.Sprintf("%05d.csv", i)
	}
	ready(ctx, t, start(ctx, t, tr, tracker.Process{Name: "Teams Extract"}), "/landing", want...)

	tasks := make([]task, processes)
	for i := range tasks {
		tasks[i] = task{DSN: e.DSN, Process: fmt.Sprintf("Teams Load %d", i), Actor: fmt.Sprintf("worker %d", i), Callers: workersEach}
	}
	workers := hire(ctx, t, tasks)
	began := time.Now()
	got := together(all(t, workers, orderClaim))
	t.Logf("%d extracts claimed in %v", files, time.Since(began).Round(time.Millisecond))
	slices.Sort(got.Claimed)
	if len(got.Errors) > 0 || !slices.Equal(got.Claimed, want) {
		t.Fatalf("%d claims of %d extracts, each of which is to be claimed once; errors: %q; left are %v",
			len(got.Claimed), files, got.Errors, left(ctx, t, b, got.Claimed))
	}
	for what, counted := range map[string]int64{
		"extracts that are loading": single[int64](ctx, t, b, "SELECT count(*) FROM {extract} AS e"+
			" JOIN {extract_status} AS s ON s.id = e.status_id WHERE s.name = 'loading'"),
		"changes in their history": single[int64](ctx, t, b, "SELECT count(*) FROM {status_history}"+
			" WHERE extract_id IS NOT NULL AND from_status IS NOT NULL"),
		"extracts with a change from ready to loading by the run that has them": single[int64](ctx, t, b,
			"SELECT count(DISTINCT e.id) FROM {extract} AS e JOIN {status_history} AS h ON h.extract_id = e.id"+
				" AND h.run_id = e.claimed_by WHERE h.from_status = 'ready' AND h.to_status = 'loading'"),
	} {
		if counted != int64(files) {
			t.Errorf("there are %d %s, want %d", counted, what, files)
		}
	}
}

// left counts the extracts that nobody reported as claimed, by their statuses.
func left(ctx context.Context, t *testing.T, b dialect.Backend, claimed []string) map[tracker.ExtractStatus]int {
	t.Helper()
	statuses := map[tracker.ExtractStatus]int{}
	for _, x := range collect(t, trackerOn(ctx, t, b, nil).Extracts(ctx, tracker.ExtractFilter{})) {
		if _, reported := slices.BinarySearch(claimed, x.Name); !reported {
			statuses[x.Status]++
		}
	}
	return statuses
}

// claimUntilNone starts a run and claims a random number of extracts at a time, until
// there are none.
func claimUntilNone(ctx context.Context, tr *tracker.Tracker, process string) (claimed []string, err error) {
	run, err := tr.Start(ctx, tracker.Process{Name: process}, nil)
	if err != nil {
		return nil, err
	}
	for {
		got, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 1 + rand.N(60)})
		if err != nil || len(got) == 0 {
			return claimed, err
		}
		claimed = append(claimed, names(got)...)
	}
}

// claimBeside stops a claim after it has selected its extracts and before it changes
// any. If the database can skip locked rows, a concurrent claim gets other extracts and
// ends meanwhile; if writers exclude each other, it runs afterwards.
func claimBeside(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	stopped, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	slow := &spy{Backend: b, before: func(st *dialect.Stmt) error {
		if st.Name == "claim.take" {
			once.Do(func() {
				close(stopped)
				<-goOn
			})
		}
		return nil
	}}
	tr := trackerOn(ctx, t, e.open(t), nil)
	ready(ctx, t, start(ctx, t, tr, tracker.Process{Name: "Teams Extract"}), "/landing", "1", "2", "3", "4", "5")
	runs := []*tracker.Run{
		start(ctx, t, trackerOn(ctx, t, slow, nil), tracker.Process{Name: "Slow Load"}),
		start(ctx, t, tr, tracker.Process{Name: "Quick Load"}),
	}
	claim := func(run *tracker.Run, most int) <-chan []string {
		claimed := make(chan []string, 1)
		go func() {
			got, err := run.Claim(ctx, tracker.ClaimOptions{Limit: most})
			if err != nil {
				t.Errorf("claim of %s: %v", run.Process(), err)
			}
			claimed <- names(got)
		}()
		return claimed
	}
	held := claim(runs[0], 2)
	select {
	case <-stopped:
	case got := <-held:
		t.Fatalf("the first claim was not stopped, and got %q", got)
	}
	if n := len(collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Ready}))); n != 5 {
		t.Errorf("%d extracts are ready while a claim goes on, want all", n)
	}
	var others []string
	beside := claim(runs[1], 10)
	if e.Backend.SkipsLocked {
		select {
		case others = <-beside:
		case <-time.After(patience / 2):
			t.Error("a claim waits for another's extracts")
		}
	}
	close(goOn)
	if first := <-held; !slices.Equal(first, []string{"1", "2"}) {
		t.Errorf("the first claim got %q", first)
	}
	if others == nil {
		others = <-beside
	}
	if !slices.Equal(others, []string{"3", "4", "5"}) {
		t.Errorf("the claim beside it got %q", others)
	}
}
