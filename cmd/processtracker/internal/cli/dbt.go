package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const importDbtHelp = `Record what dbt did, from the run_results.json that it leaves in its target directory,
on a run: the rows of models, seeds and snapshots as the run's records, if the adapter
reports them, and each node that failed as an error. A test that fails is a Data Error,
everything else a Process Error. Recording a file again sets the same counts, and
records its errors once more.

In a run of "processtracker exec":

  processtracker exec --process "Teams Build" --tool dbt --share-run -- \
      sh -c 'dbt build; code=$?; processtracker import-dbt; exit $code'

`

// dbtResultsMost limits the file's size. It is larger than any project's file, and
// small enough to be read into memory.
const dbtResultsMost = 256 << 20

// dbtClocksDiffer is how far this machine's clock may be behind the database's before a
// file counts as older than its run.
const dbtClocksDiffer = time.Minute

// dbtResults contains the fields of run_results.json that the tool uses. The others
// differ between versions of dbt.
type dbtResults struct {
	Results []dbtNode `json:"results"`

	file    string
	written time.Time
}

type dbtNode struct {
	UniqueID string `json:"unique_id"`
	Status   string `json:"status"`
	Message  string `json:"message"`
	Adapter  struct {
		Rows json.Number `json:"rows_affected"`
		Code string      `json:"code"`
	} `json:"adapter_response"`
}

func (a *app) importDbtCommand() *cobra.Command {
	var handle string
	cmd := &cobra.Command{
		Use: "import-dbt [FILE]", Short: "Record dbt's target/run_results.json on a run", Long: importDbtHelp, Args: cobra.MaximumNArgs(1),
		Example: `  processtracker import-dbt
  processtracker import-dbt target/run_results.json`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			results, err := readDbtResults(append(args, "target/run_results.json")[0])
			if err != nil {
				return err
			}
			return a.withRun(ctx, handle, "", func(run *tracker.Run) error { return results.record(ctx, run) })
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}

func readDbtResults(file string) (*dbtResults, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w; name the run_results.json in dbt's target directory", err)
	case info.Size() > dbtResultsMost:
		return nil, fmt.Errorf("%s has %d bytes; a run_results.json has at most %d", file, info.Size(), dbtResultsMost)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	results := dbtResults{file: file, written: info.ModTime()}
	if err := json.Unmarshal(text, &results); err != nil {
		return nil, fmt.Errorf("%s is not dbt's run_results.json: %w", file, err)
	}
	if results.Results == nil {
		return nil, fmt.Errorf("%s is not dbt's run_results.json: it has no results", file)
	}
	return &results, nil
}

func (d *dbtResults) record(ctx context.Context, run *tracker.Run) error {
	if began := run.StartedAt().Add(-dbtClocksDiffer); d.written.Before(began) {
		return fmt.Errorf("%s was written at %s, before the run started: dbt has written none during this run", d.file, d.written.UTC().Format(time.RFC3339))
	}
	var errs []error
	if counts := d.counts(); counts != (tracker.Counts{}) {
		errs = append(errs, run.SetCounts(ctx, counts))
	}
	if problems := d.problems(); len(problems) > 0 {
		errs = append(errs, run.RecordError(ctx, problems...))
	}
	return errors.Join(errs...)
}

// counts adds up the row counts of the nodes. It skips tests, whose rows were only inspected.
func (d *dbtResults) counts() tracker.Counts {
	var counts tracker.Counts
	for _, node := range d.Results {
		rows, err := node.Adapter.Rows.Int64()
		if err != nil || rows < 0 || node.kind() == "test" {
			continue // the adapter reports none
		}
		counts.Records += rows
		switch strings.ToUpper(strings.TrimSpace(node.Adapter.Code)) {
		case "INSERT", "SELECT", "CREATE TABLE AS": // PostgreSQL reports SELECT for a table created from a query
			counts.Inserts += rows
		case "UPDATE":
			counts.Updates += rows
		case "DELETE":
			counts.Deletes += rows
		}
	}
	return counts
}

func (d *dbtResults) problems() []tracker.ErrorRecord {
	var problems []tracker.ErrorRecord
	for _, node := range d.Results {
		switch node.Status {
		case "error", "fail", "runtime error":
		default: // success, pass, warn, skipped, no-op, partial success
			continue
		}
		problem := tracker.ErrorRecord{Type: tracker.ProcessError, Description: node.UniqueID + ": " + node.Status}
		if node.Status == "fail" {
			problem.Type = tracker.DataError
		}
		if node.Message != "" {
			problem.Description = node.UniqueID + ": " + node.Message
		}
		problems = append(problems, problem)
	}
	return problems
}

// kind returns the node's type (model, seed, snapshot, test, unit_test …), which is the
// beginning of an id such as model.shop.orders.
func (n dbtNode) kind() string {
	kind, _, _ := strings.Cut(n.UniqueID, ".")
	return strings.TrimPrefix(kind, "unit_")
}
