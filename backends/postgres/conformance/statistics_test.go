package conformance

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/bench"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestClaimByStatisticsFromAnOpenTransaction has statistics gathered while many files are
// being registered. They tell the planner of pages without a row: any way through the table
// then costs nothing, and a join in the wrong order reads all files for each of them.
func TestClaimByStatisticsFromAnOpenTransaction(t *testing.T) {
	t.Parallel()
	const files, stepsEach = 2000, 20
	ctx, conn, dsn := t.Context(), admin(t, start(t)), benched(t).Fresh(t)
	opened, err := openBenched(ctx, dsn, bench.Options{Connections: 1, Explain: true})
	must(t, err)
	t.Cleanup(func() { _ = opened.Close() })
	_, err = setup.Run(ctx, opened.Backend)
	must(t, err)
	tr, err := tracker.New(ctx, opened.Backend, nil)
	must(t, err)
	t.Cleanup(func() { _ = tr.Close() })
	u, err := url.Parse(dsn)
	must(t, err)
	tables := map[string]string{}
	for _, table := range []string{"extract", "extract_dependency"} {
		tables[table] = fmt.Sprintf("%q.%s", u.Query().Get("schema"), table)
		run(t, conn, "ALTER TABLE "+tables[table]+" SET (autovacuum_enabled = false)")
	}

	extractor, err := tr.Start(ctx, tracker.Process{Name: "Teams Extract"}, nil)
	must(t, err)
	all := make([]tracker.File, files)
	for i := range all {
		all[i] = tracker.File{Location: "/landing", Name: fmt.Sprintf("%d.csv", i), Status: tracker.Ready}
	}
	tx, err := conn.Begin(ctx)
	must(t, err)
	_, err = extractor.In(postgres.Tx(tx)).RegisterExtracts(ctx, all...)
	must(t, err)
	for _, table := range tables {
		must(t, opened.Hand.Run(ctx, bench.Statement{SQL: "ANALYZE " + table}))
	}
	must(t, tx.Commit(ctx))

	load, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	clear(opened.Steps)
	if claimed, err := load.Claim(ctx, tracker.ClaimOptions{Limit: files}); err != nil || len(claimed) != files {
		t.Fatalf("%d claimed, %v", len(claimed), err)
	}
	for statement, steps := range opened.Steps {
		if steps > stepsEach*files {
			t.Errorf("%d steps for %d files: %s", steps, files, statement)
		}
	}
	if len(opened.Steps) == 0 {
		t.Error("the server explained nothing")
	}
}
