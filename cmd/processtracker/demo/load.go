package demo

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func loadProcess() tracker.Process {
	return tracker.Process{
		Name: LoadProcess, Type: "Load", Tool: "Go", Frequency: "quarterly",
		Sources:      tracker.SystemRefs("Landing Directory"),
		Targets:      tracker.ObjectRefs("Warehouse", "demo_country", "demo_time_zone", "demo_leap_second"),
		DatasetTypes: []string{"time zones"},
	}
}

// load is one run of the load process.
func (d Demo) load(ctx context.Context) (err error) {
	run, err := d.Tracker.Start(ctx, loadProcess(), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run.Close()) }() //nolint:contextcheck // it works when ctx has ended
	d.Say("Started run %d of %q.", run.Number(), run.Process())

	if err := d.expectRefusal(ctx, loadProcess(), tracker.ErrAlreadyRunning); err != nil {
		return err
	}
	if err := end(ctx, run, d.loadExtracts(ctx, run)); err != nil {
		return err
	}
	d.Say("Completed run %d of %q.", run.Number(), run.Process())
	return nil
}

// content is an extract with the rows of its file, without the header.
type content struct {
	extract tracker.Extract
	rows    [][]string
}

// loadExtracts loads the extracts that are ready.
//
// The rows are committed first and the bookkeeping follows. After a crash in between,
// the rows are loaded but the extracts still say loading. The two will commit together
// when the tracker can join the caller's transaction.
func (d Demo) loadExtracts(ctx context.Context, run *tracker.Run) error {
	ready, err := d.readyExtracts(ctx)
	if err != nil {
		return err
	}
	if err := run.SetExtractStatus(ctx, tracker.Loading, ready...); err != nil {
		return err
	}
	d.Say("  Found %d ready extracts in the landing directory; they are loading now.", len(ready))

	contents, good, err := d.readAll(ctx, run, ready)
	if err != nil {
		return err
	}
	counts, err := d.replace(ctx, contents)
	if err != nil {
		// Make them ready again for the next run.
		return errors.Join(err, run.SetExtractStatus(context.WithoutCancel(ctx), tracker.Ready, good...))
	}
	for _, c := range counts {
		d.Say("  %s: %d rows, all committed in one transaction.", c.table, c.rows)
	}
	if err := run.SetExtractStatus(ctx, tracker.Loaded, good...); err != nil {
		return err
	}
	d.Say("  %d extracts are loaded.", len(good))
	return nil
}

func (d Demo) readyExtracts(ctx context.Context) ([]tracker.Extract, error) {
	var all []tracker.Extract
	for e, err := range d.Tracker.Extracts(ctx, tracker.ExtractFilter{Location: d.Landing, Status: tracker.Ready}) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// readAll reads the files. If a file cannot be read, its error is recorded on the run,
// and the run continues with the other files.
func (d Demo) readAll(ctx context.Context, run *tracker.Run, extracts []tracker.Extract) (contents []content, good []tracker.Extract, err error) {
	for _, e := range extracts {
		rows, err := readCSV(e.Path())
		if err == nil {
			contents, good = append(contents, content{e, rows}), append(good, e)
			continue
		}
		problem := tracker.ErrorRecord{Type: tracker.DataError, Description: fmt.Sprintf("%s: %v", e.Name, err)}
		if err := errors.Join(run.RecordError(ctx, problem), run.SetExtractStatus(ctx, tracker.InError, e)); err != nil {
			return nil, nil, err
		}
		d.Say("  %s; recorded as a %s, the extract's status is error.", problem.Description, problem.Type)
	}
	return contents, good, nil
}

// readCSV reads a file without its header. Rows of different lengths are an error.
func readCSV(path string) (rows [][]string, err error) {
	file, err := os.Open(path) //nolint:gosec // in the directory that the user chose
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	rows, err = csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[1:], nil
}
