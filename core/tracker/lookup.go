package tracker

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A Lookup is a list of names for one purpose. Some names are preloaded: every database
// has them and they cannot be changed. You can add your own.
type Lookup string

// The lookups.
const (
	RunStatuses      Lookup = "run status"
	ExtractStatuses  Lookup = "extract status"
	ErrorTypes       Lookup = "error type"
	ProcessTypes     Lookup = "process type"
	Frequencies      Lookup = "schedule frequency"
	LocationTypes    Lookup = "location type"
	FileTypes        Lookup = "file type"
	CompressionTypes Lookup = "compression type"
	SourceTypes      Lookup = "source type"
	Tools            Lookup = "tool"
	DatasetTypes     Lookup = "dataset type"

	// FilterOperators and DependencyKinds are fixed: nothing can be added to them.
	FilterOperators Lookup = "filter operator"
	DependencyKinds Lookup = "dependency kind"
)

// stored returns the lookup's table; ok is false if the lookup is fixed and not stored.
func (l Lookup) stored() (table store.Lookup, ok bool) {
	table, ok = map[Lookup]store.Lookup{
		RunStatuses: store.RunStatusLookup, ExtractStatuses: store.ExtractStatusLookup, ErrorTypes: store.ErrorTypeLookup,
		ProcessTypes: store.ProcessTypeLookup, Frequencies: store.FrequencyLookup, LocationTypes: store.LocationTypeLookup,
		FileTypes: store.FileTypeLookup, CompressionTypes: store.CompressionLookup, SourceTypes: store.SourceTypeLookup,
		Tools: store.ToolLookup, DatasetTypes: store.DatasetTypeLookup,
	}[l]
	return table, ok
}

// fixed returns the names of a lookup that is not stored.
func (l Lookup) fixed() []string {
	var all []string
	switch l {
	case FilterOperators:
		for _, o := range operators() {
			all = append(all, string(o))
		}
	case DependencyKinds:
		all = []string{string(Normal), string(Hard), string(Soft)}
	default:
	}
	return all
}

func (l Lookup) check() error {
	if _, ok := l.stored(); !ok && l.fixed() == nil {
		return invalid("lookup", string(l), "unknown", "use one of the constants of type Lookup")
	}
	return nil
}

// LookupName is a name in a lookup.
type LookupName struct {
	Name      string
	Preloaded bool       // it cannot be renamed or deleted
	Active    bool       // for [RunStatuses]: a run with this status is active
	Format    FileFormat // for [FileTypes]
	Audit     Audit
}

// LookupNames lists the names in a lookup, the preloaded ones first. It ends after the
// first error.
func (g *Registry) LookupNames(ctx context.Context, l Lookup) iter.Seq2[LookupName, error] {
	t := g.of()
	if err := l.check(); err != nil {
		return onlyError[LookupName](err)
	}
	table, ok := l.stored()
	if !ok {
		return func(yield func(LookupName, error) bool) {
			for _, name := range l.fixed() {
				if !yield(LookupName{Name: name, Preloaded: true}, nil) {
					return
				}
			}
		}
	}
	convert := func(n store.LookupName) LookupName {
		return LookupName{Name: n.Name, Preloaded: n.Preloaded, Active: n.Active, Format: FileFormat(n.Format), Audit: audit(n.Audit)}
	}
	return pages(t, list[store.LookupName, LookupName]{
		doing: "list " + string(l), convert: convert,
		keys: func(n store.LookupName) []int64 { return []int64{n.ID} },
		read: func(limit int64, after []int64) ([]store.LookupName, error) {
			return t.made().store.Lookup(ctx, table, lastOf(after), limit)
		},
	})
}

// AddLookupName adds a name of your own to a lookup. Adding an existing name changes
// nothing. To add a run status, use [Registry.AddRunStatus]. Nothing can be added to
// [FilterOperators] and [DependencyKinds].
func (g *Registry) AddLookupName(ctx context.Context, l Lookup, value string) error {
	t := g.of()
	if err := l.check(); err != nil {
		return err
	}
	table, ok := l.stored()
	switch {
	case !ok:
		return invalid("lookup", string(l), "nothing can be added to it", "use one of "+strings.Join(l.fixed(), ", "))
	case l == RunStatuses:
		return invalid("lookup", string(l), "a status is added as active or as ended", "use AddRunStatus")
	}
	value, err := name(string(l), value)
	if err != nil {
		return err
	}
	if err := t.made().store.AddLookup(ctx, table, value, t.made().actor); err != nil {
		return t.failed(fmt.Sprintf("add %s %q", l, value), err)
	}
	return nil
}

// RenameLookupName renames a name of your own in a lookup. The error is [ErrPreloaded]
// if the name is preloaded, [ErrInUse] with an [InUseError] if something refers to it,
// [ErrExists] if the new name is taken, and [ErrNotFound] if the name does not exist.
// In each of these cases nothing changes.
func (g *Registry) RenameLookupName(ctx context.Context, l Lookup, from, to string) error {
	t := g.of()
	if err := l.check(); err != nil {
		return err
	}
	from, err := name(string(l), from)
	if err != nil {
		return err
	}
	if to, err = name("new "+string(l), to); err != nil {
		return err
	}
	table, ok := l.stored()
	if !ok {
		return l.unchangeable(from)
	}
	change, err := t.made().store.RenameLookup(ctx, table, from, to, t.made().actor)
	if change.Taken {
		return with(&ExistsError{What: string(l), Name: to}, err)
	}
	return t.changedLookup("rename", l, from, change, err)
}

// DeleteLookupName deletes a name of your own from a lookup. It returns the same errors
// as [Registry.RenameLookupName].
func (g *Registry) DeleteLookupName(ctx context.Context, l Lookup, value string) error {
	t := g.of()
	if err := l.check(); err != nil {
		return err
	}
	value, err := name(string(l), value)
	if err != nil {
		return err
	}
	table, ok := l.stored()
	if !ok {
		return l.unchangeable(value)
	}
	change, err := t.made().store.DeleteLookup(ctx, table, value)
	return t.changedLookup("delete", l, value, change, err)
}

// unchangeable says why a name cannot be changed in a lookup that is fixed.
func (l Lookup) unchangeable(name string) error {
	if slices.Contains(l.fixed(), name) {
		return &PreloadedError{What: string(l), Name: name}
	}
	return &NotFoundError{What: string(l), Name: name}
}

// with makes a refusal wrap the database's error, if there is one.
func with(refusal, err error) error {
	if err == nil {
		return refusal
	}
	return fmt.Errorf("%w: %w", refusal, err)
}

func (t *Tracker) changedLookup(doing string, l Lookup, name string, change store.LookupChange, err error) error {
	return t.changed(doing, string(l), name, change, err)
}

// changed turns the outcome of a change of a name into an error, if there is one.
func (t *Tracker) changed(doing, what, name string, change store.LookupChange, err error) error {
	switch {
	case change.InUse:
		inUse := &InUseError{What: what, Name: name}
		for _, use := range change.Uses {
			inUse.Uses = append(inUse.Uses, Use{What: use.What, Count: use.Count, Names: use.Names})
		}
		return with(inUse, err)
	case err != nil:
		return t.failed(fmt.Sprintf("%s %s %q", doing, what, name), err)
	case !change.Found:
		return &NotFoundError{What: what, Name: name}
	case change.Preloaded:
		return &PreloadedError{What: what, Name: name}
	}
	return nil
}
