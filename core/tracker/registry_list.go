package tracker

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// NameFilter says which rows of a list of names to read. A row has to match all fields
// that are set.
type NameFilter struct {
	Name  string // the whole name
	After Cursor // go on after this one
	Limit int    // 0: all
}

// named lists what a NameFilter finds, which what names; l lacks where the filter begins
// and ends, and how to read.
func named[R, T any](
	ctx context.Context, t *Tracker, f NameFilter, what, cursor string, l list[R, T],
	read func(*store.Store, context.Context, store.ListFilter) ([]R, error),
) iter.Seq2[T, error] {
	var row store.ListFilter
	err := checkFilter(f.Limit, field{what, f.Name, &row.Name})
	after, wrong := f.After.keys(cursor, 1)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[T](err)
	}
	l.limit, l.after = f.Limit, after
	l.read = func(limit int64, after []int64) ([]R, error) {
		row := row
		row.After, row.Limit = lastOf(after), limit
		return read(t.made().store, ctx, row)
	}
	return pages(t, l)
}

// Actor is a person or program that starts runs and changes rows.
type Actor struct {
	ID    int64
	Name  string
	Audit Audit
}

// Actors lists actors, in the order in which they were registered. It ends after the
// first error.
func (g *Registry) Actors(ctx context.Context, f NameFilter) iter.Seq2[Actor, error] {
	return named(ctx, g.of(), f, "actor", actorCursor, list[store.LookupName, Actor]{
		doing:   "list actors",
		convert: func(n store.LookupName) Actor { return Actor{ID: n.ID, Name: n.Name, Audit: audit(n.Audit)} },
		keys:    func(n store.LookupName) []int64 { return []int64{n.ID} },
	}, (*store.Store).Actors)
}

// ClusterInfo is a cluster, the capacity that its active runs use, and the processes that
// share it.
type ClusterInfo struct {
	ClusterUse

	ID        int64
	Processes []string
	Audit     Audit
}

// Clusters lists clusters, in the order in which they were registered. It ends after
// the first error.
func (g *Registry) Clusters(ctx context.Context, f NameFilter) iter.Seq2[ClusterInfo, error] {
	return named(ctx, g.of(), f, "cluster name", clusterCursor, list[store.StoredCluster, ClusterInfo]{
		doing: "list clusters",
		convert: func(c store.StoredCluster) ClusterInfo {
			info := ClusterInfo{ID: c.ID, ClusterUse: clusters([]store.Cluster{c.Cluster})[0], Processes: c.Processes, Audit: audit(c.Audit)}
			info.MemoryUnit, info.ProcessingUnit = c.MemoryUnit, c.ProcessingUnit
			return info
		},
		keys: func(c store.StoredCluster) []int64 { return []int64{c.ID} },
	}, (*store.Store).Clusters)
}

// Locations lists locations, in the order in which they were registered. It ends after
// the first error.
func (g *Registry) Locations(ctx context.Context, f NameFilter) iter.Seq2[Location, error] {
	return named(ctx, g.of(), f, "location name", placeCursor, list[store.Location, Location]{
		doing: "list locations", convert: location,
		keys: func(l store.Location) []int64 { return []int64{l.ID} },
	}, (*store.Store).RegisteredLocations)
}

// KnownContact is a contact, with the processes and systems that have it.
type KnownContact struct {
	Contact

	ID        int64
	Processes []string
	Systems   []string
	Audit     Audit
}

// AllContacts lists all contacts, in the order in which they were registered, including
// those that no process or system has. It ends after the first error.
func (g *Registry) AllContacts(ctx context.Context, f NameFilter) iter.Seq2[KnownContact, error] {
	return named(ctx, g.of(), f, "contact name", contactCursor, list[store.StoredContact, KnownContact]{
		doing: "list contacts",
		convert: func(c store.StoredContact) KnownContact {
			return KnownContact{
				ID: c.ID, Contact: Contact{Name: c.Name, Email: c.Email}, Processes: c.Processes, Systems: c.Systems, Audit: audit(c.Audit),
			}
		},
		keys: func(c store.StoredContact) []int64 { return []int64{c.ID} },
	}, (*store.Store).RegisteredContacts)
}

// FileFormat is the format of the files of one type. Each field is kept exactly and has
// up to 10 characters; empty means unknown.
type FileFormat struct {
	Delimiter string // between fields: "," or a tab
	Quote     string // around fields
	Escape    string // before a quote within a field
}

// SetFileFormat stores the format of the files of one type, which may be preloaded. If
// the type does not exist, the error is [ErrNotFound].
func (g *Registry) SetFileFormat(ctx context.Context, fileType string, f FileFormat) error {
	t := g.of()
	fileType, err := name("file type", fileType)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	found, err := t.made().store.SetFileFormat(ctx, fileType, store.FileFormat(f), t.made().actor)
	if err != nil {
		return t.failed(fmt.Sprintf("set format of file type %q", fileType), err)
	}
	if !found {
		return &NotFoundError{What: string(FileTypes), Name: fileType}
	}
	return nil
}

// ChangeFileFormat changes a part of the format of the files of one type, which may be
// preloaded: change gets the stored one, and sets the fields that are to be different. For
// what change may do, and for errors, see [Registry].
func (g *Registry) ChangeFileFormat(ctx context.Context, fileType string, change func(*FileFormat)) error {
	t := g.of()
	fileType, err := name("file type", fileType)
	if err != nil {
		return err
	}
	return revision[store.FileFormat]{
		what: string(FileTypes), name: fileType,
		change: func(row *store.FileFormat) error {
			next := FileFormat(*row)
			change(&next)
			*row = store.FileFormat(next)
			return next.check()
		},
		same: func(a, b store.FileFormat) bool { return a == b },
		replace: func(ctx context.Context, change func(*store.FileFormat)) (bool, error) {
			return t.made().store.ChangeFileFormat(ctx, fileType, t.made().actor, change)
		},
	}.make(ctx, t)
}

func (f FileFormat) check() error {
	for _, part := range []struct{ what, text string }{{"delimiter", f.Delimiter}, {"quote", f.Quote}, {"escape", f.Escape}} {
		const most = 10
		if err := value(part.what, part.text); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(part.text); n > most {
			return invalid(part.what, part.text, fmt.Sprintf("has %d characters", n), fmt.Sprintf("use at most %d", most))
		}
	}
	return nil
}
