package sample

import (
	"context"
	"fmt"
	"time"
)

// files registers extracts of the last nights: loaded ones, and some that wait.
func (f *filler) files(ctx context.Context) error {
	for i, name := range []string{"orders", "customers", "clicks"} {
		step := step{`INSERT INTO pt_location (path, path_key, name, type_id, file_count, listed_at) SELECT ?, ?, ?, id, 30, ? FROM pt_location_type WHERE name = 'local'`,
			[]any{"/landing/" + name, "/landing/" + name, name, f.now.Format(layout)}}
		if err := f.exec(ctx, step); err != nil {
			return err
		}
		for day := range 10 {
			status := 4 // loaded
			switch {
			case name == "clicks" && day < 2:
				status = 2 // ready
			case name == "clicks" && day == 2:
				status = 3 // loading
			case name == "customers" && day == 4:
				status = 7 // error
			}
			at := f.now.AddDate(0, 0, -day).Add(-9 * time.Hour)
			file := fmt.Sprintf("%s_%s.csv.gz", name, at.Format("2006-01-02"))
			if err := f.file(ctx, int64(i+1), file, status, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) file(ctx context.Context, location int64, name string, status int, at time.Time) error {
	process := map[int64]string{1: "Orders Extract", 2: "Customers Extract", 3: "Clickstream Extract"}[location]
	var run, processID, holder int64
	if err := f.tx.QueryRowContext(ctx, "SELECT r.id, p.id FROM pt_run r JOIN pt_process p ON p.id = r.process_id WHERE p.name = ? ORDER BY r.run_no DESC LIMIT 1", process).Scan(&run, &processID); err != nil {
		return err
	}
	if err := f.tx.QueryRowContext(ctx, "SELECT r.id FROM pt_run r JOIN pt_process p ON p.id = r.process_id WHERE p.name = ? ORDER BY r.run_no DESC LIMIT 1", Dead).Scan(&holder); err != nil {
		return err
	}
	var claimed, back any
	if status == 3 {
		claimed, back = holder, 2 // ready, unless the run completes
	}
	var id int64
	err := f.tx.QueryRowContext(ctx, `INSERT INTO pt_extract (location_id, name, name_key, status_id, registered_by, process_id, registered_at, status_changed_at, claimed_by, claim_return_id, size_bytes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, location, name, name, status, run, processID, at.Format(layout), at.Add(time.Minute).Format(layout), claimed, back, 1<<20+f.rand.Int64N(1<<26)).Scan(&id)
	if err != nil {
		return err
	}
	return f.exec(ctx,
		step{"INSERT INTO pt_run_extract (run_id, extract_id, status_id, linked_at, status_changed_at) VALUES (?, ?, ?, ?, ?)", []any{run, id, 2, at.Format(layout), at.Format(layout)}},
		step{"INSERT INTO pt_status_history (changed_at, process_id, run_id, extract_id, to_status, actor_id) VALUES (?, ?, ?, ?, 'initializing', ?)", []any{at.Format(layout), processID, run, id, f.actor}},
		step{"INSERT INTO pt_status_history (changed_at, process_id, run_id, extract_id, from_status, to_status, actor_id) VALUES (?, ?, ?, ?, 'initializing', 'ready', ?)", []any{at.Add(time.Minute).Format(layout), processID, run, id, f.actor}},
	)
}
