package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// statusJSON is the state of a database.
type statusJSON struct {
	Backend string `json:"backend"`
	Where   string `json:"where"`
	Have    int    `json:"schema_version"`        // 0: not set up
	Want    int    `json:"schema_version_needed"` // 0: not known, as the database could not be opened
	Usable  bool   `json:"usable"`
	Running *int   `json:"running"` // active runs whose leases have not expired; null unless usable
	Expired *int   `json:"expired"` // dead runs: active ones whose leases have expired
	Latest  any    `json:"latest_run"`
	// Drift lists the differences from the schema that setup creates.
	Drift []driftJSON `json:"drift"`
	// Unseen lists the parts of the schema that this user cannot see.
	Unseen []string `json:"unseen,omitempty"`

	breaks int // how many of Drift keep the tracker from working
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status",
		Example: `  processtracker status
  processtracker status --json`,
		Short: "Show the database and whether it can be used",
		Long: `Show the database, the version of its schema, changes to the schema since setup (drift)
with their remedies, and the active runs. It only reads. The exit code is 0 if the
database can be used, 3 if you have to run "processtracker setup" or "processtracker
upgrade" first, and 4 if drift keeps the tracker from working.`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			db, err := a.database()
			if err != nil {
				return err
			}
			s := statusJSON{Backend: db.Name(), Where: db.Where()}
			err = a.withBackend(ctx, false, func(_ backends.Database, b dialect.Backend) error { return s.read(ctx, b) })
			if err != nil && !notSetUp(err) {
				return err
			}
			if s.breaks > 0 {
				err = exit(CodeDrift, drifted(s.breaks))
			}
			return cmp.Or(a.printStatus(s), err)
		}),
	}
}

func (s *statusJSON) read(ctx context.Context, b dialect.Backend) (err error) {
	if s.Have, s.Want, err = setup.Version(ctx, b); err != nil {
		return err
	}
	t, err := tracker.New(ctx, b, nil)
	if err != nil {
		return err
	}
	if err := s.compare(ctx, b); err != nil || s.breaks > 0 {
		return err // the runs may be read from the broken part
	}
	running, expired := 0, 0
	for run, err := range t.Runs(ctx, tracker.RunFilter{Active: true}) {
		switch {
		case err != nil:
			return err
		case run.LeaseExpired:
			expired++
		default:
			running++
		}
	}
	for latest, err := range t.Runs(ctx, tracker.RunFilter{Limit: 1}) {
		if err != nil {
			return err
		}
		s.Latest = newRunJSON(latest)
	}
	s.Usable, s.Running, s.Expired = true, &running, &expired
	return nil
}

func (a *app) printStatus(s statusJSON) error {
	if a.json {
		return writeJSON(a.env.Stdout, s)
	}
	schema := fmt.Sprintf("version %d", s.Have)
	switch {
	case s.Have == 0:
		schema = "not set up"
	case s.Have != s.Want:
		schema += fmt.Sprintf(", needed is %d", s.Want)
	}
	err := a.printf("database  %s\nwhere     %s\nschema    %s\n", s.Backend, s.Where, schema)
	if err != nil || s.Drift == nil {
		return err
	}
	if err := a.printf("%s", driftText(s.Drift, s.Unseen)); err != nil || !s.Usable {
		return err
	}
	latest := "no run yet"
	if r, ok := s.Latest.(runJSON); ok {
		status := r.Status
		if r.LeaseExpired {
			status += " (lease expired)"
		}
		latest = fmt.Sprintf("%s, run %d, %s, started %s UTC by %s", r.Process, r.Number, status, table.Time(r.StartedAt.time()), r.Actor)
	}
	running := strconv.Itoa(*s.Running)
	if *s.Expired > 0 {
		running += fmt.Sprintf("\nexpired   %d (runs whose leases have expired; to end them, run: processtracker reap)", *s.Expired)
	}
	return a.printf("running   %s\nlatest    %s\n", running, latest)
}
