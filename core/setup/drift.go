package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Drift is one part of the schema that is not as setting up made it.
type Drift struct {
	dialect.Part

	// Have is what there is instead of Part.Is; empty if there is nothing.
	Have string
}

// String says it in a line: "column run.name: is text, was varchar(250)".
func (d Drift) String() string {
	what := d.Kind + " " + d.Table
	if d.Name != "" {
		what += "." + d.Name
	}
	if d.Kind == "key" || d.Kind == "unique" {
		what += " (" + d.Is + ")"
	}
	if d.Have == "" {
		return what + ": is missing"
	}
	return fmt.Sprintf("%s: is %s, was %s", what, d.Have, d.Is)
}

// Drifts compares the schema with what setting up makes, and returns what is
// missing or different, by table; nothing if all is as it was. What others have
// added is no drift. A schema of another version than this library's is
// [tracker.ErrNotSetUp] or [tracker.ErrSchemaVersion]. It only reads. On SQL Server
// only whole tables and views are compared.
func Drifts(ctx context.Context, backend dialect.Backend) ([]Drift, error) {
	have, want, err := Version(ctx, backend)
	if err != nil {
		return nil, denied(backend, Reader, err)
	}
	if have != want {
		return nil, &tracker.SchemaError{Have: have, Want: want}
	}
	parts, err := read(ctx, backend)
	if err != nil {
		return nil, err
	}
	return compare(parse(backend.Dialect().Expected()), parts), nil
}

// Catalogue describes the schema as it is, in the form of
// [dialect.Upkeep.Expected]. It only reads.
func Catalogue(ctx context.Context, backend dialect.Backend) (string, error) {
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

func read(ctx context.Context, backend dialect.Backend) (parts []dialect.Part, err error) {
	err = backend.Conn().Query(ctx, backend.Dialect().Catalogue(), func(r dialect.Row) error {
		var p dialect.Part
		err := r.Scan(&p.Kind, &p.Table, &p.Name, &p.Is)
		parts = append(parts, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", denied(backend, Reader, err))
	}
	return parts, nil
}

// parse reads what Catalogue writes.
func parse(text string) (parts []dialect.Part) {
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		parts = append(parts, dialect.Part{Table: fields[0], Kind: fields[1], Name: fields[2], Is: fields[3]})
	}
	return parts
}

func compare(want, have []dialect.Part) (all []Drift) {
	found := map[dialect.Part]string{}
	for _, p := range have {
		found[named(p)] = p.Is
	}
	for _, p := range want {
		is, ok := found[named(p)]
		whole := dialect.Part{Kind: "table", Table: p.Table}
		_, there := found[whole]
		switch {
		case ok && is == p.Is:
		case p.Kind != "view" && p != whole && !there: // told once, of the table
		default:
			all = append(all, Drift{Part: p, Have: is})
		}
	}
	return all
}

// named is what a part is known by: its name, or, as keys have none, its columns.
func named(p dialect.Part) dialect.Part {
	if p.Kind != "key" && p.Kind != "unique" {
		p.Is = ""
	}
	return p
}
