package tracker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ExtractStatus is a status of an extract: one of the constants, or one made
// with [Registry.AddLookupName].
type ExtractStatus string

// The statuses of extracts that every database has.
const (
	Initializing ExtractStatus = "initializing" // registered, and perhaps still being written
	Ready        ExtractStatus = "ready"        // written
	Loading      ExtractStatus = "loading"
	Loaded       ExtractStatus = "loaded"
	Archived     ExtractStatus = "archived"
	Deleted      ExtractStatus = "deleted"
	InError      ExtractStatus = "error"
)

func extractStatuses() map[ExtractStatus]store.ExtractStatus {
	return map[ExtractStatus]store.ExtractStatus{
		"": store.Initializing, Initializing: store.Initializing, Ready: store.Ready, Loading: store.Loading,
		Loaded: store.Loaded, Archived: store.Archived, Deleted: store.Deleted, InError: store.ExtractError,
	}
}

// File describes an extract to register.
type File struct {
	// Location is the path of the directory, bucket prefix or URL, kept exactly, except
	// that a leading ~ becomes the home directory: "landing", "landing/" and an absolute
	// path to it are three locations. It is registered if necessary; see
	// [Registry.RegisterLocation].
	Location string
	// LocationName is optional.
	LocationName string
	// Name is the file's name within the location, up to 1,024 bytes, kept
	// exactly. The same name in two locations is two extracts.
	Name string
	// Status is the first status of a new extract; Initializing if empty. An extract
	// that is already registered keeps its status. A new extract that is Loading
	// becomes ready if the run ends without completing before its status changes.
	Status ExtractStatus
	// If FileType and Compression are empty, they are derived from the name:
	// teams.csv.gz is "csv", compressed by "gzip". New types are registered.
	FileType, Compression string
	// Size is in bytes; nil if unknown.
	Size *int64
	// Checksum begins with its algorithm, as in "sha256:…". It has up to 250 characters.
	Checksum string
}

// Extract is a data file, or another addressable chunk of data, as it was when
// it was read.
type Extract struct {
	ID              int64
	Name            string
	Location        Location
	Status          ExtractStatus
	RegisteredAt    time.Time
	StatusChangedAt time.Time
	Process         string // the process whose run registered the extract
	RunNumber       int64  // of that run
	FileType        string // such as "csv"; empty if it is not known
	Compression     string // the compression around that type, such as "gzip"; empty if none or unknown
	Size            *int64 // bytes; nil if it is not known
	Checksum        string // such as "sha256:…"; empty if it is not known
	Written         Measures
	Loaded          Measures
	ListedAt        time.Time // when the last listing that found the file began; zero if none did
}

// Path returns the extract's full path: its location's path and its name.
func (e Extract) Path() string {
	if scheme.MatchString(e.Location.Path) {
		return strings.TrimSuffix(e.Location.Path, "/") + "/" + e.Name
	}
	return filepath.Join(e.Location.Path, e.Name)
}

func extract(e store.Extract) Extract {
	return Extract{
		ID: e.ID, Name: e.Name, Location: location(e.Location), Status: ExtractStatus(e.Status),
		RegisteredAt: e.RegisteredAt.Time, StatusChangedAt: e.ChangedAt.Time, Process: e.Process, RunNumber: e.RunNo,
		FileType: e.File.Type, Compression: e.File.Compression, Size: e.File.Size, Checksum: e.File.Checksum,
		Written: measures(e.Written), Loaded: measures(e.Loaded), ListedAt: e.ListedAt.Time,
	}
}

func extractList(rows []store.Extract) []Extract {
	all := make([]Extract, len(rows))
	for i, row := range rows {
		all[i] = extract(row)
	}
	return all
}

// RegisterExtract registers one extract; see [Run.RegisterExtracts], also for what
// stays if it fails.
func (r *Run) RegisterExtract(ctx context.Context, f File) (Extract, error) {
	all, err := r.RegisterExtracts(ctx, f)
	if err != nil {
		return Extract{}, err
	}
	return all[0], nil
}

// RegisterExtracts registers extracts, all or none of them, and links them to the run
// and, through their locations, to the sources of its process. It returns them in the
// given order. Extracts that are already registered are only linked. New locations are
// committed first, each in its own transaction, so they stay if the rest fails. The
// number of statements grows with the number of locations, not with the number of
// files.
//
// If a file is already registered, RegisterExtracts adds the fields that were unknown
// so far. If a type, compression, size or checksum differs from the stored one, the
// error is [ErrMismatch] and nothing is registered; see [Run.UpdateExtracts].
func (r *Run) RegisterExtracts(ctx context.Context, files ...File) ([]Extract, error) {
	r = r.made()
	if len(files) == 0 {
		return nil, r.mayWrite(ctx)
	}
	items, err := r.newExtracts(ctx, files)
	if err != nil {
		return nil, err
	}
	// Normally there are at most two turns. The bound is for other programs that constantly
	// delete a location or a status.
	for range 10 {
		reg, state, err := r.tracker.store.RegisterExtracts(ctx, r.ref, r.tracker.actor, items)
		if err != nil {
			return nil, r.failed("register extracts", err)
		}
		if len(reg.Unplaced) > 0 {
			if err := r.placeExtracts(ctx, files, items, reg.Unplaced); err != nil {
				return nil, err
			}
			continue
		}
		if err := r.allowed(ctx, state); err != nil {
			return nil, err
		}
		if len(reg.Differ) > 0 {
			return nil, fileMismatch(reg.Differ)
		}
		return extractList(reg.Extracts), nil
	}
	return nil, r.failed("register extracts", fmt.Errorf("%w: a location or a status was deleted during each of 10 attempts", ErrBusy))
}

// newExtracts checks every file before it sends anything, and looks up every status
// before it writes anything.
func (r *Run) newExtracts(ctx context.Context, files []File) ([]store.NewExtract, error) {
	items := make([]store.NewExtract, len(files))
	for i, f := range files {
		var err error
		if items[i], err = f.item(); err != nil {
			return nil, err
		}
	}
	statuses := extractStatuses()
	for i, f := range files {
		var err error
		if items[i].Status, err = r.tracker.extractStatus(ctx, statuses, f.Status); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// item returns the extract of a file without its status.
func (f File) item() (item store.NewExtract, err error) {
	if err := exact("file name", f.Name, MaxFileName); err != nil {
		return item, err
	}
	l, err := newLocation(f.Location)
	if err != nil {
		return item, err
	}
	if item.Named, err = optionalName("location name", f.LocationName); err != nil {
		return item, err
	}
	if _, err := optionalName("extract status", string(f.Status)); err != nil {
		return item, err
	}
	item.Name, item.Key, item.PathKey = f.Name, key(f.Name), l.Key
	item.Given, err = f.facts()
	item.File = derived(f.Name, item.Given)
	return item, err
}

// placeExtracts registers the locations of those files, in their order.
func (r *Run) placeExtracts(ctx context.Context, files []File, items []store.NewExtract, unplaced []int) error {
	tried := map[[2]string]bool{}
	for _, i := range unplaced {
		place := [2]string{items[i].PathKey, items[i].Named}
		if tried[place] {
			continue
		}
		tried[place] = true
		l, err := newLocation(files[i].Location)
		if err != nil {
			return err
		}
		if _, err := r.tracker.addLocation(ctx, l, items[i].Named, true); err != nil {
			return err
		}
	}
	return nil
}

// extractStatus looks up a status and remembers it in known.
func (t *Tracker) extractStatus(ctx context.Context, known map[ExtractStatus]store.ExtractStatus, status ExtractStatus) (store.ExtractStatus, error) {
	if id, ok := known[status]; ok {
		return id, nil
	}
	s, err := name("extract status", string(status))
	if err != nil {
		return 0, err
	}
	id, err := t.made().store.ExtractStatus(ctx, s)
	if errors.Is(err, store.ErrUnknown) {
		return 0, &NotFoundError{What: "extract status", Name: s}
	} else if err != nil {
		return 0, t.failed("look up extract status", err)
	}
	known[status] = id
	return id, nil
}

// SetExtractStatus changes the status of extracts, all or none of them. The number of
// statements does not depend on the number of extracts. The change is recorded on each
// extract, on its link to the run, and in the history. An extract that already has the
// status is only linked to the run. An extract cannot be loading before its parents are
// loaded: the error is [ErrDependency], with an [UnloadedError]. Parents that are among
// the given extracts do not count.
//
// Setting an extract to [Loading] claims it for the run, unless another active run
// holds it: if the run ends without completing while the extract is still loading, the
// extract gets its previous status back.
func (r *Run) SetExtractStatus(ctx context.Context, status ExtractStatus, extracts ...Extract) error {
	r = r.made()
	if status == "" {
		return invalid("extract status", "", "empty", "name a status")
	}
	to, err := r.tracker.extractStatus(ctx, extractStatuses(), status)
	if err != nil {
		return err
	}
	if len(extracts) == 0 {
		return r.mayWrite(ctx)
	}
	all := ids(extracts)
	move, state, err := r.tracker.store.MoveExtracts(ctx, r.ref, all, to)
	if err != nil {
		return r.failed(fmt.Sprintf("set extract status %s", status), err)
	}
	if err := r.allowed(ctx, state); err != nil {
		return err
	}
	if move.Missing > 0 {
		return missing("extract", move.Missing, len(all))
	}
	if len(move.Parents) > 0 {
		return &UnloadedError{Parents: extractList(move.Parents)}
	}
	return nil
}
