package tracker

import (
	"cmp"
	"context"
	"slices"
)

// Definition returns a process's stored definition in the form that [Registry.Register]
// takes: its data at the grains at which they were registered, and all lists in the
// order of their names. If the process does not exist, the error is [ErrNotFound].
func (g *Registry) Definition(ctx context.Context, process string) (Process, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return Process{}, err
	}
	d, err := t.made().store.Definition(ctx, process)
	if err != nil {
		return Process{}, t.ofProcess("read definition of", process, err)
	}
	p := Process{Name: d.Process, Type: d.Type, Tool: d.Tool, Frequency: d.Frequency, DatasetTypes: d.DatasetTypes}
	for _, row := range d.Data {
		ref := DataRef{System: row.System, Object: row.Object, Attribute: row.Attribute}
		if row.Role == "source" {
			p.Sources = append(p.Sources, ref)
		} else {
			p.Targets = append(p.Targets, ref)
		}
	}
	for _, row := range d.Filters {
		f, err := filter(row)
		if err != nil {
			return p, err
		}
		p.Filters = append(p.Filters, f)
	}
	slices.Sort(p.DatasetTypes)
	slices.SortFunc(p.Sources, DataRef.compare)
	slices.SortFunc(p.Targets, DataRef.compare)
	slices.SortFunc(p.Filters, func(a, b RowFilter) int {
		return cmp.Or(a.Attribute.compare(b.Attribute), cmp.Compare(a.Operator, b.Operator), slices.Compare(a.Values, b.Values))
	})
	return p, nil
}

func (ref DataRef) compare(other DataRef) int {
	return cmp.Or(cmp.Compare(ref.System, other.System), cmp.Compare(ref.Object, other.Object), cmp.Compare(ref.Attribute, other.Attribute))
}
