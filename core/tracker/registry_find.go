package tracker

import (
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// SystemFilter says which systems to list. Zero fields do not restrict; all that
// are set must hold.
type SystemFilter struct {
	Name        string // the whole name
	Type        string
	DatasetType string // of a process that has it as a source, whole or in part
	Limit       int    // 0: all
}

// Systems lists systems, those registered first coming first. It ends after the
// first error.
func (t *Tracker) Systems(ctx context.Context, f SystemFilter) iter.Seq2[System, error] {
	var row store.SystemFilter
	err := checkFilter(f.Limit, field{"system name", f.Name, &row.Name}, field{"source type", f.Type, &row.Type},
		field{"dataset type", f.DatasetType, &row.DatasetType})
	if err != nil {
		return onlyError[System](err)
	}
	convert := func(s store.System) System {
		return System{ID: s.ID, Name: s.Name, Type: s.Type, Charset: s.Charset, DatasetTypes: s.DatasetTypes, Audit: audit(s.Audit)}
	}
	return pages(t, "list systems", f.Limit, convert, func(limit int64, last *store.System) ([]store.System, error) {
		row.After, row.Limit = 0, limit
		if last != nil {
			row.After = last.ID
		}
		return t.made().store.Systems(ctx, row)
	})
}

// ObjectFilter says which objects to list. Zero fields do not restrict; all that
// are set must hold.
type ObjectFilter struct {
	System      string
	Name        string // the whole name
	DatasetType string // of a process that has it as a source: with its system, by itself or in part
	Limit       int    // 0: all
}

// Objects lists objects, those registered first coming first. It ends after the
// first error.
func (t *Tracker) Objects(ctx context.Context, f ObjectFilter) iter.Seq2[Object, error] {
	var row store.ObjectFilter
	err := checkFilter(f.Limit, field{"system name", f.System, &row.System}, field{"object name", f.Name, &row.Name},
		field{"dataset type", f.DatasetType, &row.DatasetType})
	if err != nil {
		return onlyError[Object](err)
	}
	convert := func(o store.Object) Object {
		return Object{ID: o.ID, System: o.System, Name: o.Name, Charset: o.Charset, DatasetTypes: o.DatasetTypes, Audit: audit(o.Audit)}
	}
	return pages(t, "list objects", f.Limit, convert, func(limit int64, last *store.Object) ([]store.Object, error) {
		row.After, row.Limit = 0, limit
		if last != nil {
			row.After = last.ID
		}
		return t.made().store.Objects(ctx, row)
	})
}

// Attributes lists the attributes of an object, those registered first coming
// first. It ends after the first error.
func (t *Tracker) Attributes(ctx context.Context, system, object string) iter.Seq2[Attribute, error] {
	system, object, err := objectName(system, object)
	if err != nil {
		return onlyError[Attribute](err)
	}
	return pages(t, "list attributes", 0, attribute, func(limit int64, last *store.Attribute) ([]store.Attribute, error) {
		after := int64(0)
		if last != nil {
			after = last.ID
		}
		return t.made().store.Attributes(ctx, system, object, after, limit)
	})
}
