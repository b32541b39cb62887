package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) listResource(r resource) *cobra.Command {
	var limit int
	var keep func(record) bool
	cmd := &cobra.Command{
		Use: "list", Short: "List " + r.things, Args: cobra.NoArgs,
		Example: fmt.Sprintf("  %s list --limit 0", r.path()),
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				if keep != nil {
					return show(a, r.listing(), limit, only(r.list(ctx, t, "", 0), keep))
				}
				return show(a, r.listing(), limit, r.list(ctx, t, "", fetchLimit(limit)))
			})
		}),
	}
	if r.narrow != nil {
		keep = r.narrow(cmd.Flags())
	}
	limitVar(cmd.Flags(), &limit)
	return cmd
}

// path returns the full name of the resource's command.
func (r resource) path() string {
	if r.under != "" {
		return "processtracker " + r.under + " " + r.name
	}
	return "processtracker " + r.name
}

func (r resource) listing() listing[record] {
	l := listing[record]{things: r.things, document: func(rec record) any { return document{r.fields, rec} }}
	var listed []resourceField
	for i, f := range r.fields {
		if f.listed || i == 0 {
			listed = append(listed, f)
			head := title(f.name)
			l.columns = append(l.columns, table.Column{
				Title: strings.ToUpper(head[:1]) + head[1:], Key: f.name, Right: f.kind == numberField, Least: 12, Wrap: true, Time: f.kind == timeField,
			})
		}
	}
	l.row = func(rec record) []string {
		row := make([]string, len(listed))
		for i, f := range listed {
			row[i] = rec.show(f.name)
		}
		return row
	}
	return l
}

// show formats a field for people.
func (rec record) show(name string) string {
	switch v := rec[name].(type) {
	case nil:
		return ""
	case *int64:
		if v == nil {
			return ""
		}
		return number(*v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []string:
		return strings.Join(v, ", ")
	case moment:
		return table.Time(v.time())
	default:
		return fmt.Sprint(v)
	}
}

// document converts a record to JSON, in the order of its fields.
type document struct {
	fields []resourceField
	record record
}

// MarshalJSON implements [json.Marshaler].
func (d document) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, f := range d.fields {
		value := d.record[f.name]
		switch v := value.(type) {
		case []string:
			value = append([]string{}, v...) // [] rather than null
		case string:
			if v == "" && i > 0 {
				value = nil
			}
		}
		text, err := encode(value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], f.name, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// one finds a resource by its name.
func (r resource) one(ctx context.Context, t *tracker.Tracker, name string) (record, error) {
	for rec, err := range r.list(ctx, t, name, 2) {
		return rec, err
	}
	return nil, &tracker.NotFoundError{What: r.thing(), Name: name}
}

// thing returns the word for one such resource in errors.
func (r resource) thing() string { return strings.ReplaceAll(r.name, "-", " ") }

func (a *app) showResource(r resource) *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show everything that is known about " + r.article(), Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  %s show %s", r.path(), cmp.Or(r.sample, "mine")),
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error { return a.showOne(ctx, t, r, args[0]) })
		}),
	}
}

func (a *app) showOne(ctx context.Context, t *tracker.Tracker, r resource, name string) error {
	rec, err := r.one(ctx, t, name)
	if err != nil {
		return a.nearestOf(ctx, t, r, name, err)
	}
	if a.json {
		return writeJSON(a.env.Stdout, document{r.fields, rec})
	}
	width := 0
	for _, f := range r.fields {
		width = max(width, len(f.name)+1)
	}
	for _, f := range r.fields {
		if text := rec.show(f.name); text != "" {
			if err := a.printf("%-*s %s\n", width, strings.ReplaceAll(f.name, "_", " ")+":", table.Line(text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// nearestOf adds the most similar name to the error of a name that was not found.
func (a *app) nearestOf(ctx context.Context, t *tracker.Tracker, r resource, name string, err error) error {
	if !errors.Is(err, tracker.ErrNotFound) {
		return err
	}
	all := known{flag: "name", what: r.thing(), names: r.names(ctx, t)}
	nearest, _ := all.nearest(name)
	return fmt.Errorf("%w%s", err, didYouMean(nearest))
}
