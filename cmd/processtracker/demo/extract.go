package demo

import (
	"context"
	"encoding/csv"
	"errors"
	"os"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// extractProcess describes the process. Starting a run registers the parts of it that
// the database does not have yet.
func extractProcess() tracker.Process {
	return tracker.Process{
		Name: ExtractProcess, Type: "Extract", Tool: "Go", Frequency: "quarterly",
		Sources:      tracker.ObjectRefs("IANA Time Zone Database", "iso3166.tab", "zone1970.tab", "leapseconds"),
		Targets:      tracker.SystemRefs("Landing Directory"),
		DatasetTypes: []string{"time zones"},
	}
}

// extract is one run of the extract process.
func (d Demo) extract(ctx context.Context) (err error) {
	run, err := d.Tracker.Start(ctx, extractProcess(), nil)
	if err != nil {
		return err
	}
	// Whatever happens below, even a panic, no run stays active.
	defer func() { err = errors.Join(err, run.Close()) }() //nolint:contextcheck // it works when ctx has ended
	d.Say("Started run %d of %q.", run.Number(), run.Process())

	if err := d.expectRefusal(ctx, loadProcess(), tracker.ErrDependency); err != nil {
		return err
	}
	if err := end(ctx, run, d.writeExtracts(ctx, run)); err != nil {
		return err
	}
	d.Say("Completed run %d of %q.", run.Number(), run.Process())
	return nil
}

func (d Demo) writeExtracts(ctx context.Context, run *tracker.Run) error {
	for _, s := range sources() {
		rows, err := s.rows()
		if err != nil {
			return err
		}
		if err := d.writeExtract(ctx, run, s.extract, rows); err != nil {
			return err
		}
		d.Say("  %s: registered as initializing, %d rows written from %s, ready.", s.extract, len(rows)-1, s.table)
	}
	// A made-up file with a mistake in line 3, as real deliveries sometimes have.
	additions := [][]string{{"code", "name"}, {"XA", "Atlantis"}, {"XL", "Lilliput", "Blefuscu"}}
	if err := d.writeExtract(ctx, run, "country_additions.csv", additions); err != nil {
		return err
	}
	d.Say("  country_additions.csv: made up, with a mistake in line 3, ready.")
	return nil
}

// writeExtract writes a file. The status of its extract tells readers when they may read it.
func (d Demo) writeExtract(ctx context.Context, run *tracker.Run, name string, rows [][]string) error {
	extract, err := run.RegisterExtract(ctx, tracker.File{Location: d.Landing, Name: name})
	if err != nil {
		return err
	}
	// An extract that an earlier run registered still has the status from that run.
	if err := run.SetExtractStatus(ctx, tracker.Initializing, extract); err != nil {
		return err
	}
	if err := writeCSV(extract.Path(), rows); err != nil {
		return err
	}
	return run.SetExtractStatus(ctx, tracker.Ready, extract)
}

func writeCSV(path string, rows [][]string) (err error) {
	file, err := os.Create(path) //nolint:gosec // in the directory that the user chose
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return csv.NewWriter(file).WriteAll(rows)
}
