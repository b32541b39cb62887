package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Comparison says how a schema differs from the one that setup creates.
type Comparison struct {
	// Drifts are in an order in which their Mend can run.
	Drifts []Drift
	// Unseen names the kinds of parts, such as "checks", that were not compared because
	// the user lacks the privilege to see them.
	Unseen []string
}

// Breaks counts the drifts that break the tracker or the readers of its views.
func (c Comparison) Breaks() (n int) {
	for _, d := range c.Drifts {
		if d.Breaks {
			n++
		}
	}
	return n
}

// A Drift is one part of the schema that differs from what setup created.
type Drift struct {
	// Part is the expected part or, if Added is set, the unexpected one.
	dialect.Part

	Have   string // the present definition instead of Part.Is; empty if the part is missing
	Added  bool   // it was added, and can reject the tracker's writes
	Breaks bool   // false if it costs only time, or depends on the rows

	// Mend are statements that restore the part, but not lost rows. There are none if
	// the database has no statement for it, or if only the person who added the part
	// knows what to do.
	Mend []string
}

// String describes the drift in one line: "column run.name: is text, was varchar(250)".
func (d Drift) String() string {
	what := d.Kind + " " + d.Table
	if d.Name != "" {
		what += "." + d.Name
	}
	switch d.Kind {
	case dialect.KindUnique, dialect.KindCheck:
		what += " (" + d.Is + ")"
	}
	switch {
	case d.Kind == dialect.KindCounter:
		return fmt.Sprintf("%s: is at %s, behind the rows; it must be at %s", what, d.Have, d.Is)
	case d.Added:
		return what + ": was added"
	case d.Have == "":
		return what + ": is missing"
	case d.Kind == dialect.KindView:
		return what + ": was replaced by another"
	default:
		return fmt.Sprintf("%s: is %s, was %s", what, shown(d.Have), shown(d.Is))
	}
}

func shown(is string) string {
	if is == "" {
		return "as usual"
	}
	return is
}

// Remedy says in one line what to do; the statements are in Mend.
func (d Drift) Remedy() string {
	switch {
	case d.Added && d.Kind == dialect.KindColumn:
		return "give it a default, let it be null, or drop it"
	case d.Added:
		return "drop it, unless every row that the tracker writes satisfies it"
	case len(d.Mend) == 0:
		return "restore it from a backup: no statement of this database can repair it"
	case d.Have != "":
		return "run the statement"
	case d.Kind == dialect.KindTable, d.Kind == dialect.KindColumn:
		return "restore it from a backup, or run the statement, which does not bring back data"
	default:
		return "run the statement"
	}
}

// Compare compares the schema with the one that setup creates: tables, columns,
// defaults, identities and their counters, keys, foreign keys, indexes, checks, and
// views by their definitions. Parts that others have added only count if they can
// reject the tracker's writes. If the schema has a version other than this library's,
// the error is [tracker.ErrNotSetUp] or [tracker.ErrSchemaVersion]. Compare only reads.
// On SQL Server it does not compare checks, and for defaults only whether they exist.
func Compare(ctx context.Context, backend dialect.Backend) (Comparison, error) {
	if backend == nil {
		return Comparison{}, noBackend()
	}
	have, want, err := Version(ctx, backend)
	if err != nil {
		return Comparison{}, denied(backend, Reader, err)
	}
	if have != want {
		return Comparison{}, &tracker.SchemaError{Have: have, Want: want}
	}
	parts, err := read(ctx, backend)
	if err != nil {
		return Comparison{}, err
	}
	d := backend.Dialect()
	expected := dialect.ParseParts(d.Expected())
	c := compare(expected, parts)
	counters, unseen, err := behind(ctx, backend, expected, parts)
	if err != nil {
		return Comparison{}, err
	}
	c.Drifts = append(c.Drifts, counters...)
	c.Unseen = append(c.Unseen, unseen...)
	c.Drifts = mend(d, c.Drifts)
	return c, nil
}

// Catalogue describes the present schema, in the form of [dialect.Upkeep.Expected]. It
// only reads.
func Catalogue(ctx context.Context, backend dialect.Backend) (string, error) {
	if backend == nil {
		return "", noBackend()
	}
	parts, err := read(ctx, backend)
	if err != nil {
		return "", err
	}
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = strings.Join([]string{p.Table, p.Kind, p.Name, p.Is}, "\t") + "\n"
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
}

func read(ctx context.Context, backend dialect.Backend) ([]dialect.Part, error) {
	var rows []dialect.Part
	queries := backend.Dialect().Catalogue()
	inOne := backend.Conn().Atomic
	if len(queries) == 1 { // a transaction may need write access, as on SQLite
		inOne = func(_ context.Context, fn func(dialect.Conn) error) error { return fn(backend.Conn()) }
	}
	once := func(c dialect.Conn) error {
		rows = nil
		for _, query := range queries {
			err := c.Query(ctx, query, func(r dialect.Row) error {
				var p dialect.Part
				err := r.Scan(&p.Kind, &p.Table, &p.Name, &p.Is)
				rows = append(rows, p)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	err := retried(ctx, backend, "catalogue", func() error { return inOne(ctx, once) })
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", denied(backend, Reader, err))
	}
	return backend.Dialect().Parts(rows), nil
}
