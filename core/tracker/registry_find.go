package tracker

import (
	"cmp"
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// SystemFilter says which systems to list. A system has to match all fields that are
// set.
type SystemFilter struct {
	Name        string // the whole name
	Type        string
	DatasetType string // of a process that has the system, or a part of it, as a source
	After       Cursor // go on after this one
	Limit       int    // 0: all
}

// Systems lists systems, in the order in which they were registered. It ends after the
// first error.
func (g *Registry) Systems(ctx context.Context, f SystemFilter) iter.Seq2[System, error] {
	t := g.of()
	var row store.SystemFilter
	err := checkFilter(f.Limit, field{"system name", f.Name, &row.Name}, field{"source type", f.Type, &row.Type},
		field{"dataset type", f.DatasetType, &row.DatasetType})
	after, wrong := f.After.keys(systemCursor, 1)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[System](err)
	}
	convert := func(s store.System) System {
		return System{ID: s.ID, Name: s.Name, Type: s.Type, Charset: s.Charset, DatasetTypes: s.DatasetTypes, Audit: audit(s.Audit)}
	}
	return pages(t, list[store.System, System]{
		doing: "list systems", limit: f.Limit, after: after, convert: convert,
		keys: func(s store.System) []int64 { return []int64{s.ID} },
		read: func(limit int64, after []int64) ([]store.System, error) {
			row := row
			row.After, row.Limit = lastOf(after), limit
			return t.made().store.Systems(ctx, row)
		},
	})
}

// ObjectFilter says which objects to list. An object has to match all fields that are
// set.
type ObjectFilter struct {
	System      string
	Name        string // the whole name
	DatasetType string // of a process that has the object as a source: with its whole system, by itself or in part
	After       Cursor // go on after this one
	Limit       int    // 0: all
}

// Objects lists objects, in the order in which they were registered. It ends after the
// first error.
func (g *Registry) Objects(ctx context.Context, f ObjectFilter) iter.Seq2[Object, error] {
	t := g.of()
	var row store.ObjectFilter
	err := checkFilter(f.Limit, field{"system name", f.System, &row.System}, field{"object name", f.Name, &row.Name},
		field{"dataset type", f.DatasetType, &row.DatasetType})
	after, wrong := f.After.keys(objectCursor, 1)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[Object](err)
	}
	convert := func(o store.Object) Object {
		return Object{ID: o.ID, System: o.System, Name: o.Name, Charset: o.Charset, DatasetTypes: o.DatasetTypes, Audit: audit(o.Audit)}
	}
	return pages(t, list[store.Object, Object]{
		doing: "list objects", limit: f.Limit, after: after, convert: convert,
		keys: func(o store.Object) []int64 { return []int64{o.ID} },
		read: func(limit int64, after []int64) ([]store.Object, error) {
			row := row
			row.After, row.Limit = lastOf(after), limit
			return t.made().store.Objects(ctx, row)
		},
	})
}

// Attributes lists the attributes of an object, in the order in which they were
// registered. It ends after the first error.
func (g *Registry) Attributes(ctx context.Context, system, object string) iter.Seq2[Attribute, error] {
	t := g.of()
	system, object, err := objectName(system, object)
	if err != nil {
		return onlyError[Attribute](err)
	}
	return pages(t, list[store.Attribute, Attribute]{
		doing: "list attributes", convert: attribute,
		keys: func(a store.Attribute) []int64 { return []int64{a.ID} },
		read: func(limit int64, after []int64) ([]store.Attribute, error) {
			return t.made().store.Attributes(ctx, system, object, lastOf(after), limit)
		},
	})
}
