package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const doctorHelp = `Check everything that can keep the tracker from working, and print a line for each
check: whether the database can be reached, its server, encryption, encoding and
isolation, the schema's version and drift, the user's rights, how far the clocks differ,
whether a pooler is in between, how much the server accepts at once, runs whose leases
have expired, and the size of the tables. Each line is ok, warn or fail; the line below
a warning or a failure says what to do. The command changes nothing.

Exit codes:
  0  all is ok
  1  there are warnings
  2  something fails`

const doctorExample = `  processtracker doctor
  processtracker doctor --json`

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check everything that can keep the tracker from working", Args: cobra.NoArgs,
		Long: doctorHelp, Example: doctorExample,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			var d doctor
			d.look(ctx, a)
			if err := a.printFindings(d.findings); err != nil {
				return err
			}
			return exit(d.code(), nil)
		}),
	}
}

// doctor collects findings.
type doctor struct{ findings []dialect.Finding }

func (d *doctor) add(check string, level dialect.Level, found, remedy string) {
	d.findings = append(d.findings, dialect.Finding{Check: check, Level: level, Found: found, Remedy: remedy})
}

// fails adds an error as a finding. remedy may be empty if the error's text says what to do.
func (d *doctor) fails(check string, err error, remedy string) {
	d.add(check, dialect.Fail, oneLine(err.Error()), remedy)
}

// code is the exit code for the worst finding.
func (d *doctor) code() int {
	worst := CodeOK
	for _, f := range d.findings {
		switch f.Level {
		case dialect.Fail:
			return 2
		case dialect.Warn:
			worst = 1
		case dialect.OK:
		}
	}
	return worst
}

// look checks as much as it can reach.
func (d *doctor) look(ctx context.Context, a *app) {
	db, err := a.database()
	if err != nil {
		d.fails("database", err, "")
		return
	}
	began := time.Now()
	b, err := db.Open(ctx, false)
	switch {
	case errors.Is(err, dialect.ErrNoDatabase):
		d.fails("database", fmt.Errorf("%s: %w", db.Where(), err), "")
		return
	case err != nil:
		d.fails("database", fmt.Errorf("%s: %w", db.Where(), err), remedyOfReach(err))
		return
	}
	defer func() { _ = b.Close() }() // nothing was written
	d.add("database", dialect.OK, fmt.Sprintf("%s, %s, reached in %s", db.Name(), db.Where(), table.Duration(time.Since(began))), "")
	d.examine(ctx, db, b)
}

// remedyOfReach says what to do about a database that cannot be reached.
func remedyOfReach(err error) string {
	if errors.Is(err, dialect.ErrCredentials) || errors.Is(err, dialect.ErrDSN) || errors.Is(err, dialect.ErrServer) {
		return "" // the error says what to do
	}
	return "check the DSN's host and port, that the server runs, and that no firewall is in between"
}

// examine checks a database that was opened.
func (d *doctor) examine(ctx context.Context, db backends.Database, b dialect.Backend) {
	if examiner, ok := b.(dialect.Examiner); ok {
		d.findings = append(d.findings, examiner.Examine(ctx)...)
	}
	if err := b.Check(ctx); err != nil {
		d.fails("settings", err, "")
	} else {
		d.add("settings", dialect.OK, "none keeps the tracker from working", "")
	}
	have, want, err := setup.Version(ctx, b)
	switch {
	case err != nil:
		d.fails("schema", err, "processtracker grants --role reader --to USER")
		return
	case have != want:
		d.fails("schema", &tracker.SchemaError{Have: have, Want: want}, "")
		return
	}
	d.add("schema", dialect.OK, fmt.Sprintf("version %d, as this program needs it", have), "")
	d.drift(ctx, b)
	d.rights(ctx, db, b)
	t, err := tracker.New(ctx, b, nil)
	if err != nil {
		d.fails("tracker", err, "")
		return
	}
	defer func() { _ = t.Close() }() // never fails
	d.clock(ctx, t)
	d.leases(ctx, t)
}

// drift compares the schema with the one that setup creates.
func (d *doctor) drift(ctx context.Context, b dialect.Backend) {
	found, err := setup.Compare(ctx, b)
	if err != nil {
		d.fails("drift", err, "")
		return
	}
	for _, drift := range found.Drifts {
		level := dialect.Warn
		if drift.Breaks {
			level = dialect.Fail
		}
		remedy := drift.Remedy()
		if len(drift.Mend) > 0 {
			remedy += `; "processtracker status" lists it`
		}
		d.add("drift", level, drift.String(), remedy)
	}
	if len(found.Drifts) == 0 {
		text := "none"
		if len(found.Unseen) > 0 {
			text += "; not compared, as this user cannot see them: " + strings.Join(found.Unseen, ", ")
		}
		d.add("drift", dialect.OK, text, "")
	}
}

// rights checks the user's privileges.
func (d *doctor) rights(ctx context.Context, db backends.Database, b dialect.Backend) {
	p, err := setup.ProbeRights(ctx, b)
	lacks := p.Lacks
	if len(lacks) > 3 {
		lacks = append(append([]string{}, lacks[:3]...), fmt.Sprintf("and %d more", len(p.Lacks)-3))
	}
	switch {
	case err != nil:
		d.fails("rights", err, "")
	case p.ReadOnly && db.Name() == "sqlite":
		d.add("rights", dialect.Warn, "the file can only be read", "to start runs, let this user write to the file and to its directory")
	case p.ReadOnly:
		d.add("rights", dialect.Warn, "the database accepts no changes now", "name a server that accepts changes in the DSN")
	case p.Role == setup.Runner:
		d.add("rights", dialect.OK, "at least those of the role runner: it can start runs", "")
	case p.Role == setup.Reader:
		d.add("rights", dialect.Warn, "those of the role reader: it cannot start runs; it may not "+strings.Join(lacks, ", "), "to let it start runs, run: processtracker grants --role runner --to USER")
	default:
		d.add("rights", dialect.Fail, "it may not "+strings.Join(lacks, ", "), "processtracker grants --role reader --to USER, or --role runner")
	}
}

// Clocks that differ do no harm, because only the database's clock decides. But they
// mislead a person who compares times from both.
const clocksDiffer = 5 * time.Second

// clock compares this machine's clock with the database's.
func (d *doctor) clock(ctx context.Context, t *tracker.Tracker) {
	before := time.Now()
	there, err := t.Now(ctx)
	if err != nil {
		d.fails("clock", err, "")
		return
	}
	took := time.Since(before)
	differ := there.Sub(before.Add(took / 2))
	if text := differ.Abs().Round(time.Millisecond).String(); differ.Abs() > clocksDiffer+took {
		where := "ahead of"
		if differ < 0 {
			where = "behind"
		}
		d.add("clock", dialect.Warn, fmt.Sprintf("the database's clock is %s %s this machine's", text, where), "set both by NTP; the tracker uses the database's clock")
	} else {
		d.add("clock", dialect.OK, "the clocks of the database and this machine differ by "+text, "")
	}
}

// leases counts active runs whose leases have expired.
func (d *doctor) leases(ctx context.Context, t *tracker.Tracker) {
	active, expired := int64(0), int64(0)
	for run, err := range t.Runs(ctx, tracker.RunFilter{Active: true}) {
		if err != nil {
			d.fails("leases", err, "")
			return
		}
		active++
		if run.LeaseExpired {
			expired++
		}
	}
	if expired > 0 {
		d.add("leases", dialect.Warn, fmt.Sprintf("%s whose leases have expired, of %d active", counted(expired, "run", "runs"), active), "processtracker reap")
		return
	}
	d.add("leases", dialect.OK, counted(active, "active run", "active runs")+", none with an expired lease", "")
}

// findingJSON is a finding as JSON.
type findingJSON struct {
	Check  string  `json:"check"`
	Level  string  `json:"level"` // ok, warn or fail
	Found  string  `json:"found"`
	Remedy *string `json:"remedy"`
}

func (a *app) printFindings(all []dialect.Finding) error {
	if a.json {
		documents := make([]findingJSON, len(all))
		for i, f := range all {
			documents[i] = findingJSON{f.Check, string(f.Level), f.Found, orNull(f.Remedy)}
		}
		return writeJSON(a.env.Stdout, documents)
	}
	var b strings.Builder
	for _, f := range all {
		_, _ = fmt.Fprintf(&b, "%-4s  %-10s  %s\n", f.Level, f.Check, cmp.Or(table.Line(f.Found), "-"))
		if f.Remedy != "" {
			_, _ = fmt.Fprintf(&b, "%18s%s\n", "", table.Line(f.Remedy))
		}
	}
	return a.printf("%s", b.String())
}
