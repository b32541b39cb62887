package tracker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
	"github.com/processtracker/processtracker-go/core/listing"
)

// Listing is the result of listing a location.
type Listing struct {
	Location Location
	At       time.Time // when it began, by the database's clock
	New      int64     // files registered by this listing
	Known    int64     // files that were already registered …
	Changed  int64     // … and those of them whose size or checksum differs from the stored one
	Skipped  int64     // files whose names cannot be stored
	Missing  int64     // extracts whose files are no longer there
}

// Finding says how a listed file compares with the stored extracts.
type Finding string

// The findings.
const (
	FileNew     Finding = "new"
	FileKnown   Finding = "known"
	FileChanged Finding = "changed" // known, but its size or checksum differs from the stored one
	FileSkipped Finding = "skipped"
	FileMissing Finding = "missing"
)

// ListedFile is one file of a listing.
type ListedFile struct {
	Finding Finding
	Object  listing.Object // as the store has it; empty if it is missing
	Extract Extract        // as it is now; empty if it is skipped
	Reason  error          // why it is skipped: an [InvalidError]
}

// ListOptions are the options of a listing. The zero value and nil mean the defaults.
type ListOptions struct {
	// OnFile is called with every file of the listing, after the result for that file
	// is stored. If it returns an error, the listing stops and returns that error.
	OnFile func(ListedFile) error

	// NameGlob restricts the listing to files and extracts whose names it matches, as
	// in [ExtractFilter]. Other files only count towards the location's number of
	// files.
	NameGlob string

	// MissingAs is the new status, such as [Deleted], of extracts whose files are no
	// longer there. If it is empty, such extracts are only reported. It cannot be
	// [Loading].
	MissingAs ExtractStatus
}

// listRun is a listing in progress.
type listRun struct {
	Listing

	run       *Run
	each      func(ListedFile) error
	glob      string
	others    int64 // files whose names do not match
	missingAs ExtractStatus
	missingTo store.ExtractStatus

	objects []listing.Object   // found, and not stored yet
	items   []store.NewExtract // the same
}

// ListLocation lists the files of a location, which it registers if necessary, and
// compares them with the location's extracts. It registers new files as [Ready], with
// their sizes and checksums, as [Run.RegisterExtracts] does. For a known file it only
// stores fields that were unknown. If the size or checksum differs from the stored one,
// every listing reports the file as changed until [Run.UpdateExtracts] stores the new
// one. Checksums are only compared if they have the same algorithm.
//
// An extract is missing if the listing did not find its file, unless the extract is
// archived, deleted or still being written, or its status changed during the listing.
// At the end ListLocation stores the location's number of files.
//
// The location is committed first, then the files, up to 10,000 per transaction; no
// more than that are held in memory. If an error ends the listing early, it reports no
// missing extracts and stores no number of files; the files that it registered stay,
// and the next listing goes on. Listings of one location may overlap. options may be
// nil.
func (r *Run) ListLocation(ctx context.Context, lister listing.Lister, path string, options *ListOptions) (Listing, error) {
	r = r.made()
	l := &listRun{run: r, each: func(ListedFile) error { return nil }}
	if options != nil {
		l.missingAs, l.glob = options.MissingAs, options.NameGlob
		if options.OnFile != nil {
			l.each = options.OnFile
		}
	}
	if lister == nil {
		return l.Listing, invalid("lister", "nil", "there is none", "give one, such as listing.Local{}")
	}
	if err := l.begin(ctx, path); err != nil {
		return l.Listing, err
	}
	if err := l.list(ctx, lister); err != nil {
		return l.Listing, err
	}
	if err := l.reportMissing(ctx); err != nil {
		return l.Listing, err
	}
	return l.Listing, l.end(ctx)
}

func (l *listRun) begin(ctx context.Context, path string) error {
	if _, err := newLocation(path); err != nil {
		return err
	}
	if l.glob != "" {
		if err := exact("glob", l.glob, MaxFileName); err != nil {
			return err
		}
	}
	t := l.run.tracker
	if l.missingAs == Loading {
		return invalid("status of missing files", string(l.missingAs), "there is nothing to load", "give another")
	}
	var err error
	if l.missingAs != "" {
		if l.missingTo, err = t.extractStatus(ctx, extractStatuses(), l.missingAs); err != nil {
			return err
		}
	}
	stored, err := t.registerLocation(ctx, path, "", true)
	if err != nil {
		return err
	}
	at, state, err := t.made().store.BeginListing(ctx, l.run.ref)
	if err != nil {
		return l.failed(err)
	}
	l.Location, l.At = location(stored), at
	return l.run.allowed(ctx, state)
}

func (l *listRun) failed(err error) error {
	return l.run.failed(fmt.Sprintf("list location %q", l.Location.Path), err)
}

// list stores the files that the lister yields, chunk by chunk.
func (l *listRun) list(ctx context.Context, lister listing.Lister) error {
	for object, err := range lister.List(ctx, l.Location.Path) {
		if err != nil {
			return l.failed(err)
		}
		if !l.matches(object.Name) {
			l.others++
			continue
		}
		item, reason := l.item(object)
		if reason != nil {
			l.Skipped++
			if err := l.each(ListedFile{Finding: FileSkipped, Object: object, Reason: reason}); err != nil {
				return err
			}
			continue
		}
		l.objects, l.items = append(l.objects, object), append(l.items, item)
		if len(l.items) == store.ListingChunk {
			if err := l.store(ctx); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil { // whether or not the lister noticed
		return l.failed(err)
	}
	return l.store(ctx)
}

func (l *listRun) matches(name string) bool { return l.glob == "" || matchGlob(l.glob, name) }

// matchGlob matches a glob as the databases do: * stands for any number of characters,
// ? for exactly one.
func matchGlob(glob, name string) bool {
	pattern, text := []rune(glob), []rune(name)
	star, from, p := -1, 0, 0
	for i := 0; i < len(text); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from, p = p, i, p+1
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[i]):
			i, p = i+1, p+1
		case star >= 0: // the last star takes one more
			from++
			i, p = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(string(pattern[p:]), "*") == ""
}

// item returns the extract to register for a file, or the reason why the file cannot be
// one.
func (l *listRun) item(o listing.Object) (store.NewExtract, error) {
	if err := exact("file name", o.Name, MaxFileName); err != nil {
		return store.NewExtract{}, err
	}
	given, err := fileFacts("", "", o.Size, o.Checksum)
	return store.NewExtract{
		Location: l.Location.ID, Name: o.Name, Key: key(o.Name), Status: store.Ready,
		File: derived(o.Name, given), Given: given,
	}, err
}

// store registers the files found since the last call, and reports them.
func (l *listRun) store(ctx context.Context) error {
	if len(l.items) == 0 {
		return nil
	}
	t := l.run.tracker
	listed, state, err := t.made().store.AddListed(ctx, l.run.ref, t.made().actor, l.At, l.items)
	if err != nil {
		return l.failed(err)
	}
	if err := l.run.allowed(ctx, state); err != nil {
		return err
	}
	for _, found := range listed {
		file := ListedFile{Finding: FileKnown, Object: l.objects[found.Place], Extract: extract(found.Extract)}
		switch {
		case found.New:
			file.Finding = FileNew
			l.New++
		case found.Extract.File.Changed(l.items[found.Place].Given):
			file.Finding = FileChanged
			l.Known++
			l.Changed++
		default:
			l.Known++
		}
		if err := l.each(file); err != nil {
			return err
		}
	}
	l.objects, l.items = l.objects[:0], l.items[:0]
	return nil
}

func (l *listRun) reportMissing(ctx context.Context) error {
	for after := ""; ; {
		rows, err := l.run.tracker.store.Gone(ctx, l.Location.ID, l.At, after, store.ListingChunk)
		if err != nil {
			return l.failed(err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = key(rows[len(rows)-1].Name)
		rows = slices.DeleteFunc(rows, func(e store.Extract) bool { return !l.matches(e.Name) })
		if l.missingTo != 0 && len(rows) > 0 {
			if rows, err = l.moveMissing(ctx, rows); err != nil {
				return err
			}
		}
		for _, row := range rows {
			l.Missing++
			if err := l.each(ListedFile{Finding: FileMissing, Extract: extract(row)}); err != nil {
				return err
			}
		}
	}
}

// moveMissing gives missing extracts their new status, and returns those that are still
// missing.
func (l *listRun) moveMissing(ctx context.Context, rows []store.Extract) ([]store.Extract, error) {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	moved, state, err := l.run.tracker.store.MoveGone(ctx, l.run.ref, l.At, ids, l.missingTo)
	if err != nil {
		return nil, l.failed(err)
	}
	return moved, l.run.allowed(ctx, state)
}

func (l *listRun) end(ctx context.Context) error {
	files := l.New + l.Known + l.Skipped + l.others
	state, err := l.run.tracker.store.EndListing(ctx, l.run.ref, l.Location.ID, files, l.At)
	if err != nil {
		return l.failed(err)
	}
	l.Location.FileCount, l.Location.ListedAt = &files, l.At
	return l.run.allowed(ctx, state)
}
