package suite

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func listingCases() []Case {
	return []Case{
		{"S5.9 S5.10 a listing registers new files as ready, and reports new, known and missing ones", listLocation},
		{"S5.9 S5.10 the files that a listing registers are linked to the run and to the sources of its process", listLinks},
		{"S5.9 a listing lists the local file system below the location", listLocal},
		{"S5.9 names are kept exactly, and a file that cannot be stored is reported", listNames},
		{"S5.9 S5.8 a file that differs from its extract is reported as changed until the caller updates it", listChanged},
		{"S5.9 missing files get the status that the caller gives, and no other change", listGoneAs},
		{"S5.9 a file that is being written, or changed meanwhile, is not missing", listNotGone},
	}
}

// A store is a [listing.Lister] with the objects of a case.
type store struct {
	objects []listing.Object
	// before, if set, is called before each object is yielded. An error ends the listing.
	before func(i int) error
	listed string // the location of the last call
}

func (s *store) List(_ context.Context, location string) iter.Seq2[listing.Object, error] {
	s.listed = location
	return func(yield func(listing.Object, error) bool) {
		for i, o := range s.objects {
			if s.before != nil {
				if err := s.before(i); err != nil {
					yield(listing.Object{}, err)
					return
				}
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

// objects returns files whose sizes are the lengths of their names.
func objects(names ...string) []listing.Object {
	all := make([]listing.Object, len(names))
	for i, name := range names {
		all[i] = listing.Object{Name: name, Size: sizeOf(len(name)), Checksum: "etag:" + name}
	}
	return all
}

// list lists a location, which must succeed, and returns the reported files, as "new
// teams.csv", sorted.
func list(ctx context.Context, t *testing.T, run *tracker.Run, lister listing.Lister, path string, missingAs tracker.ExtractStatus) (tracker.Listing, []string) {
	t.Helper()
	var all []string
	found := map[string]time.Time{}
	l, err := run.ListLocation(ctx, lister, path, &tracker.ListOptions{MissingAs: missingAs, OnFile: func(f tracker.ListedFile) error {
		name := f.Extract.Name
		if f.Finding == tracker.FileSkipped {
			name = f.Object.Name
		}
		all = append(all, string(f.Finding)+" "+name)
		if f.Finding != tracker.FileSkipped && f.Finding != tracker.FileMissing {
			found[name] = f.Extract.ListedAt
		}
		return nil
	}})
	must(t, err)
	for name, at := range found {
		if at.Before(l.At) { // a later listing may have found it meanwhile
			t.Errorf("%s was found by the listing of %v, and says it was listed at %v", name, l.At, at)
		}
	}
	slices.Sort(all)
	return l, all
}

// wantListing checks the results of a listing, its counts, and the number of files that
// the location stores.
func wantListing(ctx context.Context, t *testing.T, tr *tracker.Tracker, l tracker.Listing, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	counts := map[string]int64{}
	for _, line := range got {
		finding, _, _ := strings.Cut(line, " ")
		counts[finding]++
	}
	known, files := counts["known"]+counts["changed"], int64(len(got))-counts["missing"]
	if l.New != counts["new"] || l.Known != known || l.Changed != counts["changed"] || l.Skipped != counts["skipped"] || l.Missing != counts["missing"] {
		t.Errorf("found %v, and says %+v", counts, l)
	}
	now, err := tr.Registry().Location(ctx, l.Location.Path)
	must(t, err)
	if !samePointer(now.FileCount, &files) || !samePointer(l.Location.FileCount, &files) || !now.ListedAt.Equal(l.At) || l.At.IsZero() {
		t.Errorf("%d files listed at %v, and the location is %+v with %s", files, l.At, now, number(now.FileCount))
	}
}

func listLocation(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	s := &store{objects: objects("a.csv", "b.csv.gz", "day=1/c.json")}
	l, got := list(ctx, t, run, s, "s3://bucket/teams", "")
	wantListing(ctx, t, tr, l, got, "new a.csv", "new b.csv.gz", "new day=1/c.json")
	if s.listed != "s3://bucket/teams" || !l.At.Equal(noon) {
		t.Errorf("listed %q at %v", s.listed, l.At)
	}
	all := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: "s3://bucket/teams"}))
	for i, want := range []struct{ name, fileType, compression string }{{"a.csv", "csv", ""}, {"b.csv.gz", "csv", "gzip"}, {"day=1/c.json", "json", ""}} {
		wantFile(t, all[i], want.fileType, want.compression, pointer(int64(len(want.name))), "etag:"+want.name)
		if all[i].Name != want.name || all[i].Status != tracker.Ready || all[i].RunNumber != run.Number() || !all[i].ListedAt.Equal(noon) {
			t.Errorf("registered %+v", all[i])
		}
		if history := extractHistory(ctx, t, c, all[i].ID); !slices.Equal(history, []string{"ready by tester"}) {
			t.Errorf("history of %s: %q", want.name, history)
		}
	}
	// The same files in another location are not affected.
	_, got = list(ctx, t, run, &store{objects: objects("a.csv")}, "s3://bucket/teams_old", "")
	if !slices.Equal(got, []string{"new a.csv"}) {
		t.Errorf("another location: %q", got)
	}

	c.set(t, noon.Add(time.Hour))
	must(t, run.Complete(ctx, nil))
	run = start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, all[0]))
	s.objects = objects("a.csv", "d", "day=1/c.json")
	c.set(t, noon.Add(2*time.Hour))
	l, got = list(ctx, t, run, s, "s3://bucket/teams", "")
	wantListing(ctx, t, tr, l, got, "missing b.csv.gz", "known a.csv", "known day=1/c.json", "new d")
	for name, want := range map[string]tracker.ExtractStatus{"a.csv": tracker.Loaded, "b.csv.gz": tracker.Ready, "d": tracker.Ready} {
		found := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: "s3://bucket/teams", Name: name}))
		if found[0].Status != want || found[0].ListedAt.Equal(l.At) == (name == "b.csv.gz") {
			t.Errorf("%s is %s, listed at %v", name, found[0].Status, found[0].ListedAt)
		}
	}
	// An empty location: all files are missing, each time.
	s.objects = nil
	for range 2 {
		c.set(t, l.At.Add(time.Hour))
		l, got = list(ctx, t, run, s, "s3://bucket/teams", "")
		wantListing(ctx, t, tr, l, got, "missing a.csv", "missing b.csv.gz", "missing d", "missing day=1/c.json")
	}
}

func listLinks(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{
		Name: "Teams Landing", Sources: slices.Concat(tracker.SystemRefs("CRM"), tracker.AttributeRefs("Lahman", "Teams", "id")),
	})
	list(ctx, t, run, &store{objects: objects("teams.csv")}, "/landing", "")
	want := []string{"/landing: CRM", "/landing: Lahman.Teams", "teams.csv: CRM", "teams.csv: Lahman.Teams"}
	if got := links(ctx, t, b); !slices.Equal(got, want) {
		t.Errorf("linked to %q, want %q", got, want)
	}
	other := start(ctx, t, tr, tracker.Process{Name: "another"})
	list(ctx, t, other, &store{objects: objects("teams.csv", "new.csv")}, "/landing", "")
	for run, want := range map[*tracker.Run][]string{run: {"teams.csv"}, other: {"new.csv"}} {
		if got := names(collect(t, tr.Extracts(ctx, tracker.ExtractFilter{RunID: run.ID()}))); !slices.Equal(got, want) {
			t.Errorf("the run of %q is linked to %q, want what it registered: %q", run.Process(), got, want)
		}
	}
}

func listLocal(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	root := t.TempDir()
	place := filepath.Join(root, "teams")
	write := func(name, text string) {
		path := filepath.Join(place, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o600))
	}
	for _, name := range []string{"teams.csv", "a b/ü.json", ".hidden", "a b/c/d.csv.gz", "../teams_old/x.csv", "../y.csv", "%2F"} {
		write(name, name)
	}
	l, got := list(ctx, t, run, listing.Local{}, place, "")
	wantListing(ctx, t, tr, l, got, "new %2F", "new .hidden", "new a b/c/d.csv.gz", "new a b/ü.json", "new teams.csv")
	for _, extract := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: place})) {
		text, err := os.ReadFile(extract.Path())
		must(t, err)
		if string(text) != extract.Name || *extract.Size != int64(len(text)) {
			t.Errorf("%s is %q, with %d bytes", extract.Name, text, *extract.Size)
		}
	}
	if err := ignore(run.ListLocation(ctx, listing.Local{}, filepath.Join(root, "nowhere"), nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that does not exist: %v", err)
	}
}

func listNames(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	fine := []string{
		"a//b", "/a", "//", "dir/", "dir/sub/", " a", "a ", "a b", "🚚/日本.csv", "%2F", "a%2Fb", "a+b", "?x=1#y", `a\b`, "../a", "./a", "A", "e\u0301", "é",
		strings.Repeat("x", tracker.MaxFileName), strings.Repeat("é", tracker.MaxFileName/2), "null", "<&>\u2028", `"'`,
	}
	bad := []string{"", "a\x00b", "a\nb", "a\x7f", "\u0085", "a\xffb", "\xed\xa0\x80", strings.Repeat("x", tracker.MaxFileName+1), strings.Repeat("é", tracker.MaxFileName/2) + "x"}
	all := objects(slices.Concat(fine[:10], bad, fine[10:])...)
	for i := range all {
		all[i].Checksum = ""
	}
	all = append(all, listing.Object{Name: "fine", Size: nil}, listing.Object{Name: "sum", Checksum: strings.Repeat("x", 251)})
	var skipped []string
	found := map[string]bool{}
	l, err := run.ListLocation(ctx, &store{objects: all}, "s3://bucket", &tracker.ListOptions{OnFile: func(f tracker.ListedFile) error {
		var invalid *tracker.InvalidError
		switch {
		case f.Finding == tracker.FileNew && f.Extract.Name == f.Object.Name && f.Reason == nil:
			found[f.Extract.Name] = true
		case f.Finding == tracker.FileSkipped && errors.Is(f.Reason, tracker.ErrInvalid) && errors.As(f.Reason, &invalid) && f.Extract.ID == 0:
			skipped = append(skipped, f.Object.Name)
		default:
			t.Errorf("%+v", f)
		}
		return nil
	}})
	must(t, err)
	if !slices.Equal(skipped, append(bad, "sum")) || l.Skipped != int64(len(bad)+1) || l.New != int64(len(fine)+1) {
		t.Errorf("%d new, skipped %q", l.New, skipped)
	}
	if files := l.New + l.Skipped; *l.Location.FileCount != files {
		t.Errorf("%d files are counted as %d", files, *l.Location.FileCount)
	}
	for _, name := range append(fine, "fine") {
		stored := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: name}))
		if !found[name] || len(stored) != 1 || stored[0].Name != name || stored[0].Path() != "s3://bucket/"+name {
			t.Errorf("%.40q became %+v", name, stored)
		}
		if name == "fine" && stored[0].Size != nil {
			t.Errorf("a size that is not known became %d", *stored[0].Size)
		}
	}
}

func listChanged(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	register(ctx, t, run, tracker.File{Location: "/landing", Name: "unknown"}, tracker.File{Location: "/landing", Name: "other kind", Checksum: "sha256:1"})
	s := &store{objects: []listing.Object{
		{Name: "size", Size: sizeOf(1), Checksum: "etag:1"}, {Name: "sum", Size: sizeOf(1), Checksum: "etag:1"}, {Name: "same", Size: sizeOf(1), Checksum: "etag:1"},
		{Name: "unknown", Size: sizeOf(1), Checksum: "etag:1"}, {Name: "other kind", Size: sizeOf(1), Checksum: "etag:1"},
	}}
	l, got := list(ctx, t, run, s, "/landing", "")
	wantListing(ctx, t, tr, l, got, "known other kind", "known unknown", "new same", "new size", "new sum")
	s.objects[0].Size, s.objects[1].Checksum, s.objects[3].Checksum, s.objects[4].Checksum = sizeOf(2), "etag:2", "", "etag:2"
	for range 2 {
		l, got = list(ctx, t, run, s, "/landing", "")
		wantListing(ctx, t, tr, l, got, "changed size", "changed sum", "known other kind", "known same", "known unknown")
	}
	for name, checksum := range map[string]string{"size": "etag:1", "sum": "etag:1", "unknown": "etag:1", "other kind": "sha256:1"} {
		now := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: name}))[0]
		wantFile(t, now, "", "", pointer(int64(1)), checksum)
	}
	must(t, ignore(run.ListLocation(ctx, s, "/landing", &tracker.ListOptions{OnFile: func(f tracker.ListedFile) error {
		if f.Finding != tracker.FileChanged {
			return nil
		}
		f.Extract.Size, f.Extract.Checksum = f.Object.Size, f.Object.Checksum
		return run.UpdateExtracts(ctx, f.Extract)
	}})))
	l, got = list(ctx, t, run, s, "/landing", "")
	wantListing(ctx, t, tr, l, got, "known other kind", "known same", "known size", "known sum", "known unknown")
}

func listGoneAs(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	all := ready(ctx, t, run, "/landing", "archived", "deleted", "kept", "lost", "lost too", "never listed")
	must(t, run.SetExtractStatus(ctx, tracker.Archived, all[0]))
	must(t, run.SetExtractStatus(ctx, tracker.Deleted, all[1]))
	elsewhere := ready(ctx, t, run, "/landing2", "lost")[0]
	list(ctx, t, run, &store{objects: objects("archived", "deleted", "kept", "lost", "lost too")}, "/landing", "")

	c.set(t, noon.Add(time.Hour))
	gone := map[string]tracker.ExtractStatus{}
	l, err := run.ListLocation(ctx, &store{objects: objects("kept")}, "/landing", &tracker.ListOptions{MissingAs: tracker.Deleted, OnFile: func(f tracker.ListedFile) error {
		if f.Finding == tracker.FileMissing {
			gone[f.Extract.Name] = f.Extract.Status
		}
		return nil
	}})
	must(t, err)
	if len(gone) != 3 || gone["lost"] != tracker.Deleted || gone["lost too"] != tracker.Deleted || gone["never listed"] != tracker.Deleted || l.Missing != 3 {
		t.Errorf("gone: %v, %+v", gone, l)
	}
	for i, want := range []tracker.ExtractStatus{tracker.Archived, tracker.Deleted, tracker.Ready, tracker.Deleted, tracker.Deleted, tracker.Deleted} {
		if now := reread(ctx, t, tr, all[i]); now.Status != want {
			t.Errorf("%s is %s, want %s", now.Name, now.Status, want)
		}
	}
	if now := reread(ctx, t, tr, elsewhere); now.Status != tracker.Ready {
		t.Errorf("the same name elsewhere is %s", now.Status)
	}
	if history := extractHistory(ctx, t, c, all[3].ID); !slices.Equal(history, []string{"ready by tester", "ready > deleted by tester"}) {
		t.Errorf("history: %q", history)
	}
	if got := linked(ctx, t, c, run, all[3]); !slices.Equal(got, []string{"deleted"}) {
		t.Errorf("the link says %q", got)
	}
	// A file that returns is known, with its current status; no file is left to be deleted.
	c.set(t, noon.Add(2*time.Hour))
	l, got := list(ctx, t, run, &store{objects: objects("kept", "lost")}, "/landing", tracker.Deleted)
	wantListing(ctx, t, tr, l, got, "known kept", "known lost")
	if err := ignore(run.ListLocation(ctx, &store{}, "/landing", &tracker.ListOptions{MissingAs: "no such"})); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("a status that does not exist: %v", err)
	}
}

// listNotGone makes another run write files while the location is listed.
func listNotGone(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	all := register(ctx, t, writer, files("/landing", "being written", "just written")...)
	ready(ctx, t, writer, "/landing", "gone", "seen")
	var during tracker.Extract
	c.set(t, noon.Add(time.Hour))
	s := &store{objects: objects("seen"), before: func(int) error {
		c.set(t, noon.Add(2*time.Hour))
		during = ready(ctx, t, writer, "/landing", "written meanwhile")[0]
		return writer.SetExtractStatus(ctx, tracker.Ready, all[1])
	}}
	l, got := list(ctx, t, run, s, "/landing", tracker.Deleted)
	wantListing(ctx, t, tr, l, got, "missing gone", "known seen")
	c.set(t, noon.Add(3*time.Hour))
	s.before = nil
	l, got = list(ctx, t, run, s, "/landing", "")
	wantListing(ctx, t, tr, l, got, "missing just written", "missing written meanwhile", "known seen")
	if now := reread(ctx, t, tr, during); now.Status != tracker.Ready {
		t.Errorf("%+v", now)
	}
}

// sizeOf returns a size that the lister knows.
func sizeOf[N int | int64](bytes N) *int64 {
	size := int64(bytes)
	return &size
}
