package suite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func viewCases() []Case {
	return []Case{
		{"S9.3 the views show the same as the tracker's lists, with names instead of ids", viewsShow},
		{"S9.3 the views show dependencies, leases of active runs, locations and contacts", viewsOfRegistry},
		{"S9.3 the views show rows that an upgrade kept, and rows to which nothing refers", viewsOfOlder},
	}
}

// texts reads columns of a query as texts, with "-" for NULL.
func texts(ctx context.Context, t *testing.T, b dialect.Backend, from string, columns ...string) []string {
	t.Helper()
	kind := map[string]string{"mysql": "CHAR", "sqlserver": "NVARCHAR(4000)"}[b.Dialect().Name()]
	if kind == "" {
		kind = "VARCHAR(4000)"
	}
	for i, c := range columns {
		columns[i] = "coalesce(CAST(" + c + " AS " + kind + "), '-')"
	}
	var all []string
	must(t, past(b).Query(ctx, statement(t, b, "SELECT "+strings.Join(columns, ", ")+" FROM "+from), func(r dialect.Row) error {
		values, targets := make([]string, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		err := r.Scan(targets...)
		all = append(all, strings.Join(values, "|"))
		return err
	}))
	return all
}

// wantTexts reads columns of a view, in the order of the first.
func wantTexts(ctx context.Context, t *testing.T, b dialect.Backend, view, columns string, want ...string) {
	t.Helper()
	list := strings.Fields(columns)
	order := list[0]
	if got := texts(ctx, t, b, "{"+view+"} ORDER BY "+order, list...); !slices.Equal(got, want) {
		t.Errorf("%s (%s):\n%s\nwant\n%s", view, columns, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func viewsShow(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run, err := tr.Start(ctx, tracker.Process{Name: "Teams Extract", Type: "Extract", Tool: "Go", Frequency: "daily"}, &tracker.StartOptions{Name: "day 1"})
	must(t, err)
	files := register(ctx, t, run, tracker.File{Location: "/landing", Name: "teams.csv.gz", Status: tracker.Ready})
	must(t, run.SetCounts(ctx, tracker.Counts{Records: 3, Inserts: 2, Updates: 1}))
	must(t, run.Complete(ctx, nil))
	second := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, second.SetExtractStatus(ctx, tracker.Loading, files[0]))
	must(t, second.Fail(ctx, tracker.ErrorRecord{Type: "Data Error", Description: "it's odd"}))
	must(t, tr.Admin().Hold(ctx, "Teams Load", "look at it"))

	wantTexts(ctx, t, b, "v1_processes", "process_name process_type tool frequency latest_run_number latest_status failures_in_a_row records held_by hold_reason created_by",
		"Teams Extract|Extract|Go|daily|1|completed|0|3|-|-|tester", "Teams Load|-|-|-|1|failed|1|0|tester|look at it|tester")
	wantTexts(ctx, t, b, "v1_runs", "run_id process_name run_number run_name status actor records inserts updates deletes",
		fmt.Sprintf("%d|Teams Extract|1|day 1|completed|tester|3|2|1|0", run.ID()), fmt.Sprintf("%d|Teams Load|1|-|failed|tester|0|0|0|0", second.ID()))
	wantTexts(ctx, t, b, "v1_extracts", "extract_name location_path location_type status registered_by_run_id process_name file_type compression",
		fmt.Sprintf("teams.csv.gz|/landing|local|ready|%d|Teams Extract|csv|gzip", run.ID()))
	wantTexts(ctx, t, b, "v1_errors", "error_id run_id run_number process_name error_type description",
		fmt.Sprintf("1|%d|1|Teams Load|Data Error|it's odd", second.ID()))
	wantTexts(ctx, t, b, "v1_run_extracts", "run_id process_name extract_name location_path status",
		fmt.Sprintf("%d|Teams Extract|teams.csv.gz|/landing|ready", run.ID()), fmt.Sprintf("%d|Teams Load|teams.csv.gz|/landing|ready", second.ID()))
	var want []string
	for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{})) {
		dash := func(text string) string {
			if text == "" {
				return "-"
			}
			return text
		}
		want = append(want, strings.Join([]string{dash(c.Process), dash(c.From), c.To, c.Actor, dash(c.Reason)}, "|"))
	}
	got := texts(ctx, t, b, "{v1_history} ORDER BY change_id", "process_name", "from_status", "to_status", "actor", "reason")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || len(got) < 6 {
		t.Errorf("v1_history:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wantViewTimes(ctx, t, b, tr)
}

// wantViewTimes compares the times of a view with those of the API.
func wantViewTimes(ctx context.Context, t *testing.T, b dialect.Backend, tr *tracker.Tracker) {
	t.Helper()
	for _, info := range collect(t, tr.Runs(ctx, tracker.RunFilter{})) {
		started := single[dialect.Time](ctx, t, b, "SELECT started_at FROM {v1_runs} WHERE run_id = ?", info.ID)
		ended := single[dialect.Time](ctx, t, b, "SELECT ended_at FROM {v1_runs} WHERE run_id = ?", info.ID)
		if !started.Equal(info.StartedAt) || !ended.Equal(info.EndedAt) {
			t.Errorf("run %d: %v to %v, want %v to %v", info.ID, started, ended, info.StartedAt, info.EndedAt)
		}
	}
}

// viewsOfOlder looks for rows that a join drops because their names are not known.
func viewsOfOlder(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	versionOne(ctx, t, b)
	e.setUp(t)
	for view, table := range map[string]string{
		"v1_processes": "process", "v1_runs": "run", "v1_extracts": "extract", "v1_errors": "run_error",
		"v1_run_extracts": "run_extract", "v1_history": "status_history", "v1_refusals": "refusal",
		"v1_dependencies": "process_dependency", "v1_leases": "run_lease", "v1_locations": "location",
	} {
		have, want := single[int64](ctx, t, b, "SELECT count(*) FROM {"+view+"}"), single[int64](ctx, t, b, "SELECT count(*) FROM {"+table+"}")
		if have != want || want == 0 {
			t.Errorf("%s has %d rows, %s %d", view, have, table, want)
		}
	}
	contacts := single[int64](ctx, t, b, "SELECT count(*) FROM {process_contact}") + single[int64](ctx, t, b, "SELECT count(*) FROM {system_contact}")
	if have := single[int64](ctx, t, b, "SELECT count(*) FROM {v1_contacts}"); have != contacts || contacts < 2 {
		t.Errorf("v1_contacts has %d rows, and the tables %d", have, contacts)
	}
	wantTexts(ctx, t, b, "v1_runs", "run_id process_name run_number status actor memory",
		"1|Teams Load|1|completed|scheduler|0", `2|Teams Load|2|failed|Zoë "日本" 🚚|0`, `3|Teams Check|1|waiting|Zoë "日本" 🚚|4`)
	wantTexts(ctx, t, b, "v1_extracts", "extract_id claimed_by_run_id size_bytes location_name status file_type",
		"1|3|9007199254740993|tape 7|loading|csv", "2|-|-|tape 7|quarantined|-")
	wantTexts(ctx, t, b, "v1_history", "change_id process_name run_number extract_name location_path from_status to_status actor reason",
		`1|Teams Check|1|teams.csv.gz|tape://7/Teams |ready|loading|Zoë "日本" 🚚|-`, "2|Teams Load|-|-|-|-|watermark|scheduler|again")
	wantTexts(ctx, t, b, "v1_refusals", "refusal_id process_name reason actor run_name detail times",
		"1|Teams Extract|on hold|Zoë \"日本\" 🚚|2026-01-02|it's\nbroken|9007199254740993")
}
