package tracker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Definition returns what is stored of a process, as it would be given to
// [Tracker.Register]: its data at the grains at which they were given, all in the
// order of their names. A process that does not exist is [ErrNotFound].
func (t *Tracker) Definition(ctx context.Context, process string) (Process, error) {
	process, err := name("process name", process)
	if err != nil {
		return Process{}, err
	}
	d, err := t.made().store.Definition(ctx, process)
	if errors.Is(err, store.ErrUnknown) {
		return Process{}, &NotFoundError{What: "process", Name: process}
	} else if err != nil {
		return Process{}, t.failed(fmt.Sprintf("read definition of process %q", process), err)
	}
	p := Process{Name: d.Process, Type: d.Type, Tool: d.Tool, Frequency: d.Frequency, DatasetTypes: d.DatasetTypes}
	for _, row := range d.Data {
		ref := Data{System: row.System, Object: row.Object, Attribute: row.Attribute}
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
	slices.SortFunc(p.Sources, Data.compare)
	slices.SortFunc(p.Targets, Data.compare)
	slices.SortFunc(p.Filters, func(a, b Filter) int {
		return cmp.Or(a.Attribute.compare(b.Attribute), cmp.Compare(a.Operator, b.Operator), slices.Compare(a.Values, b.Values))
	})
	return p, nil
}

func (ref Data) compare(other Data) int {
	return cmp.Or(cmp.Compare(ref.System, other.System), cmp.Compare(ref.Object, other.Object), cmp.Compare(ref.Attribute, other.Attribute))
}

// Dependency is one process's dependence on another.
type Dependency struct {
	Child  string // the process that waits …
	Parent string // … for this one
	Kind   DependencyKind
	Fresh  bool // see [Fresh]
	Audit  Audit
}

// Dependencies are those of a process.
type Dependencies struct {
	Parents  []Dependency // what it depends on
	Children []Dependency // what depends on it
}

// Dependencies returns what a process depends on and what depends on it, in the
// order of their names. A process that does not exist is [ErrNotFound].
func (t *Tracker) Dependencies(ctx context.Context, process string) (Dependencies, error) {
	var all Dependencies
	process, err := name("process name", process)
	if err != nil {
		return all, err
	}
	rows, err := t.made().store.Dependencies(ctx, process)
	if err != nil {
		return all, t.failed(fmt.Sprintf("list dependencies of process %q", process), err)
	}
	if len(rows) == 0 {
		return all, t.mustExist(ctx, process)
	}
	for _, row := range rows {
		d := Dependency{
			Child: row.Child, Parent: row.Parent, Kind: DependencyKind(row.Kind), Fresh: row.Fresh, Audit: audit(row.Audit),
		}
		if d.Child == process {
			all.Parents = append(all.Parents, d)
		} else {
			all.Children = append(all.Children, d)
		}
	}
	return all, nil
}
