package rpc

import (
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Files are files to register as extracts.
type Files struct {
	OfRun
	Files []tracker.File
}

// Extracts are extracts, in the order in which they were asked for or registered.
type Extracts struct {
	Extracts []tracker.Extract
}

// FileChange is what an extract's file is now.
type FileChange struct {
	ID          int64 // the extract's
	FileType    string
	Compression string
	Size        *int64 // in bytes; null if it is not known
	Checksum    string // such as sha256:…
}

// FileChanges are those of several extracts.
type FileChanges struct {
	OfRun
	Extracts []FileChange
}

// ExtractStatus is a status to give to extracts.
type ExtractStatus struct {
	OfRun
	Status     tracker.ExtractStatus // "ready", "loading", "loaded", "error" and so on, or one of your own
	ExtractIDs []int64
}

// MeasuresOf are the measures of an extract.
type MeasuresOf struct {
	ExtractID int64
	Written   tracker.Measures // of what was written to it
	Loaded    tracker.Measures // of what was loaded from it
}

// AllMeasures are those of several extracts.
type AllMeasures struct {
	OfRun
	Measures []MeasuresOf
}

// Claim says which extracts to claim.
type Claim struct {
	OfRun
	tracker.ClaimOptions
}

// ListLocation says which location to list.
type ListLocation struct {
	OfRun
	Path string // the location's
	// MissingAs is the status that extracts get whose files are no longer there, such as
	// "deleted". If it is empty, they are only reported.
	MissingAs tracker.ExtractStatus
	// Objects are what is in the location, as the client has listed it; null has
	// processtracker list the directory or the bucket itself, which a server does not.
	Objects *[]ListedObject
	// Files has the result name each file.
	Files bool
}

// ListedObject is a file of a listing.
type ListedObject struct {
	// Name is the object's name relative to the location, without a slash at its
	// beginning. Directories within are parts of the name, divided by slashes.
	Name     string
	Size     *int64    // in bytes; null if it is not known
	Modified time.Time // when the object was last changed; null if it is not known
	Checksum string    // such as md5:…, or etag: and the store's entity tag
}

func object(o listing.Object) ListedObject {
	return ListedObject{Name: o.Name, Size: o.Size, Modified: o.Modified, Checksum: o.Checksum}
}

func (o ListedObject) listed() listing.Object {
	return listing.Object{Name: o.Name, Size: o.Size, Modified: o.Modified, Checksum: o.Checksum}
}

// ListedFile is what a listing makes of a file.
type ListedFile struct {
	Finding tracker.Finding // "new", "known", "changed", "skipped" or "missing"
	Object  ListedObject    // as the store has it; empty if it is missing
	Extract tracker.Extract // as it is now; empty if the file is skipped
	Reason  string          // why it is skipped
}

func listedFile(f tracker.ListedFile) ListedFile {
	l := ListedFile{Finding: f.Finding, Extract: f.Extract}
	if f.Finding != tracker.FileMissing {
		l.Object = object(f.Object)
	}
	if f.Reason != nil {
		l.Reason = f.Reason.Error()
	}
	return l
}

// Listed is what a listing found.
type Listed struct {
	Listing tracker.Listing
	Files   []ListedFile // empty unless they were asked for
}

// given lists what a client has listed.
type given []ListedObject

// List implements [listing.Lister].
func (g given) List(context.Context, string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		for _, o := range g {
			if !yield(o.listed(), nil) {
				return
			}
		}
	}
}

// ids names extracts by their ids, which is all that the tracker reads of them.
func ids(of []int64) []tracker.Extract {
	extracts := make([]tracker.Extract, len(of))
	for i, id := range of {
		extracts[i].ID = id
	}
	return extracts
}

func runExtractMethods() []Method {
	return []Method{
		on("run.register_extracts", "registers files as extracts, all or none, and links them to the run. Registering one again changes nothing.",
			func(ctx context.Context, run *tracker.Run, p Files) (Extracts, error) {
				registered, err := run.RegisterExtracts(ctx, p.Files...)
				return Extracts{registered}, err
			}),
		on("run.update_extracts", "stores the current file type, compression, size and checksum of extracts, all or none.",
			func(ctx context.Context, run *tracker.Run, p FileChanges) (Nothing, error) {
				extracts := make([]tracker.Extract, len(p.Extracts))
				for i, c := range p.Extracts {
					extracts[i] = tracker.Extract{ID: c.ID, FileType: c.FileType, Compression: c.Compression, Size: c.Size, Checksum: c.Checksum}
				}
				return nothing(run.UpdateExtracts(ctx, extracts...))
			}),
		on("run.set_extract_status", "sets the status of extracts, all or none.",
			func(ctx context.Context, run *tracker.Run, p ExtractStatus) (Nothing, error) {
				return nothing(run.SetExtractStatus(ctx, p.Status, ids(p.ExtractIDs)...))
			}),
		on("run.record_measures", "records how much was written to extracts and loaded from them, all or none.",
			func(ctx context.Context, run *tracker.Run, p AllMeasures) (Nothing, error) {
				all := make([]tracker.ExtractMeasures, len(p.Measures))
				for i, m := range p.Measures {
					all[i] = tracker.ExtractMeasures{Extract: tracker.Extract{ID: m.ExtractID}, Written: m.Written, Loaded: m.Loaded}
				}
				return nothing(run.RecordMeasures(ctx, all...))
			}),
		on("run.claim", "moves up to limit extracts to loading for this run, and returns them, oldest first. Two runs never claim the same extract.",
			func(ctx context.Context, run *tracker.Run, p Claim) (Extracts, error) {
				claimed, err := run.Claim(ctx, p.ClaimOptions)
				return Extracts{claimed}, err
			}),
		entry("run.list_location", "compares the files in a location with its extracts, and registers new files.", listLocation),
	}
}

func listLocation(ctx context.Context, c Caller, p ListLocation) (Listed, error) {
	run, err := c.Run(ctx, p.RunID)
	if err != nil {
		return Listed{}, err
	}
	var lister listing.Lister
	if p.Objects != nil {
		lister = given(*p.Objects)
	} else if lister, err = c.Lister(ctx, p.Path); err != nil {
		return Listed{}, err
	} else if lister == nil {
		return Listed{}, misfit("objects", "null", "left out, and a server lists no location itself", "list the location in your program and send its files")
	}
	var found Listed
	o := &tracker.ListOptions{MissingAs: p.MissingAs}
	if p.Files {
		o.OnFile = func(f tracker.ListedFile) error {
			found.Files = append(found.Files, listedFile(f))
			return nil
		}
	}
	found.Listing, err = run.ListLocation(ctx, lister, p.Path, o)
	return found, err
}
