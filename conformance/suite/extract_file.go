package suite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractFileCases() []Case {
	return []Case{
		{"S5.8 a file's type and compression follow from its name, unless they are given", fileTypes},
		{"S5.8 S1.1 unknown file types are registered once, even if many callers do so at once", ownFileTypes},
		{"S5.8 size and checksum are kept, in 64 bits", fileFacts},
		{"S5.8 S5.1 registering a file again adds properties that were unknown", fileFilled},
		{"S5.8 S5.1 registering a file with a property that differs is refused with both values", fileDiffers},
		{"S5.8 the properties of files change if the caller asks for it, all or none", updateFiles},
		{"S5.8 S5.5 10,000 files are filled and updated by no more statements than 100", manyFiles},
		{"S5.8 S3.2 a run that has ended changes nothing of an extract", fileAfterEnd},
		{"S5.8 S8.1 invalid sizes and counts are refused before any SQL is sent", fileRefused},
	}
}

// fileInputs lists the properties of files, and the lists that show them.
func fileInputs(run *tracker.Run) []input {
	var all []input
	for _, f := range []struct {
		field string
		file  func(s string) tracker.File
	}{
		{"file type", func(s string) tracker.File { return tracker.File{FileType: s} }},
		{"compression type", func(s string) tracker.File { return tracker.File{Compression: s} }},
		{"checksum", func(s string) tracker.File { return tracker.File{Checksum: s} }},
	} {
		all = append(all, input{"RegisterExtracts", f.field, noName, func(ctx context.Context, s string) error {
			given := f.file(s)
			given.Location, given.Name = "/landing", "with "+f.field
			return second(ctx, run, given)
		}}, input{"UpdateExtracts", f.field, noName, func(ctx context.Context, s string) error {
			given := f.file(s)
			return run.UpdateExtracts(ctx, tracker.Extract{ID: 1, FileType: given.FileType, Compression: given.Compression, Checksum: given.Checksum})
		}})
	}
	return append(all,
		input{"ListLocation", "location path", aPath, func(ctx context.Context, s string) error {
			return ignore(run.ListLocation(ctx, &store{}, s, nil))
		}},
		input{"ListLocation", "extract status", noName, func(ctx context.Context, s string) error {
			return ignore(run.ListLocation(ctx, &store{}, "/landing", &tracker.ListOptions{MissingAs: tracker.ExtractStatus(s)}))
		}})
}

// wantFile checks the properties of a file.
func wantFile(t *testing.T, got tracker.Extract, fileType, compression string, size *int64, checksum string) {
	t.Helper()
	if got.FileType != fileType || got.Compression != compression || !samePointer(got.Size, size) || got.Checksum != checksum {
		t.Errorf("%s is %q, %q, %s bytes, %q, want %q, %q, %s, %q", got.Name,
			got.FileType, got.Compression, number(got.Size), got.Checksum, fileType, compression, number(size), checksum)
	}
}

func samePointer(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func number(n *int64) string {
	if n == nil {
		return "no"
	}
	return fmt.Sprint(*n)
}

func fileTypes(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	for _, c := range []struct{ name, givenType, givenCompression, fileType, compression string }{
		{"teams.csv.gz", "", "", "csv", "gzip"},
		{"TEAMS.CSV", "", "", "csv", ""},
		{"teams.tgz", "", "", "tar", "gzip"},
		{"teams.ndjson", "", "", "jsonl", ""},
		{"part-0.snappy.parquet", "", "", "parquet", ""},
		{".csv", "", "", "", ""},
		{"teams", "", "", "", ""},
		{"teams.foo.xz", "", "", "", "xz"},
		{"day=1/teams.xml.zip", "", "", "xml", "zip"},
		{"given.csv.gz", "psv", "zstd", "psv", "zstd"},
		{"half given.csv.gz", "psv", "", "psv", "gzip"},
		{"given.dat", " Fixed Width ", "my own", "Fixed Width", "my own"},
		{"exact.csv", "CSV", "", "CSV", ""},
	} {
		got := register(ctx, t, run, tracker.File{Location: "/landing", Name: c.name, FileType: c.givenType, Compression: c.givenCompression})[0]
		wantFile(t, got, c.fileType, c.compression, nil, "")
		wantFile(t, reread(ctx, t, tr, got), c.fileType, c.compression, nil, "")
	}
}

func ownFileTypes(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), trackerOn(ctx, t, e.open(t), nil)}
	before := content(ctx, t, b)
	runs := make([]*tracker.Run, 8)
	for i := range runs {
		runs[i] = start(ctx, t, trackers[i%2], tracker.Process{Name: fmt.Sprint("Teams Extract ", i)})
	}
	own := []string{"fixed width", "Fixed Width", "cobol", "csv", "é", "e\u0301"}
	for i, err := range atOnce(len(runs), func(i int) error {
		var all []tracker.File
		for j := range own {
			kind := own[(i+j)%len(own)] // in a different order each
			all = append(all, tracker.File{Location: fmt.Sprint("/landing/", i), Name: kind, FileType: kind, Compression: "by " + kind})
		}
		got, err := runs[i].RegisterExtracts(ctx, all...)
		for _, extract := range got {
			wantFile(t, extract, extract.Name, "by "+extract.Name, nil, "")
		}
		return err
	}) {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	after := content(ctx, t, b)
	if types, by := after["file_type"]-before["file_type"], after["compression_type"]-before["compression_type"]; types != 5 || by != 6 {
		t.Errorf("5 types and 6 compressions of the user's own are %d and %d", types, by)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {file_type} WHERE name = 'cobol' AND created_by = (SELECT id FROM {actor} WHERE name = 'tester')"); n != 1 {
		t.Errorf("cobol was registered by the caller %d times", n)
	}
}

func fileFacts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	for i, size := range []*int64{nil, pointer(int64(0)), pointer(int64(1<<53 + 1)), pointer(int64(math.MaxInt64))} {
		for j, checksum := range []string{"", "sha256:9f86d081", strings.Repeat("é", 250), `"quoted" 'text' \ {} null`} {
			given := tracker.File{Location: "/landing", Name: fmt.Sprintf("%d-%d.csv", i, j), Size: size, Checksum: checksum}
			got := register(ctx, t, run, given)[0]
			wantFile(t, got, "csv", "", size, checksum)
			wantFile(t, reread(ctx, t, tr, got), "csv", "", size, checksum)
			wantFile(t, register(ctx, t, run, given)[0], "csv", "", size, checksum) // the same values again change nothing
		}
	}
}

func fileFilled(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	file := tracker.File{Location: "/landing", Name: "teams"}
	first := register(ctx, t, run, file, tracker.File{Location: "/landing", Name: "other", Size: pointer(int64(1))})
	wantFile(t, first[0], "", "", nil, "")

	// Each call knows a different property, one of them for two files with the same name.
	later := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	file.Size = pointer(int64(0))
	wantFile(t, register(ctx, t, later, file)[0], "", "", pointer(int64(0)), "")
	file.Size = nil
	typed, summed := file, file
	typed.FileType, typed.Compression, summed.Checksum = "csv", "my own", "md5:1"
	for _, got := range register(ctx, t, later, file, typed, summed) {
		wantFile(t, got, "csv", "my own", pointer(int64(0)), "md5:1")
	}
	wantFile(t, reread(ctx, t, tr, first[0]), "csv", "my own", pointer(int64(0)), "md5:1")
	wantFile(t, reread(ctx, t, tr, first[1]), "", "", pointer(int64(1)), "")

	// A property that follows from the name is not set again, because the caller may know better.
	named := register(ctx, t, run, tracker.File{Location: "/landing", Name: "teams.csv.gz", FileType: "psv"})[0]
	named.Compression = ""
	must(t, run.UpdateExtracts(ctx, named))
	wantFile(t, register(ctx, t, run, tracker.File{Location: "/landing", Name: "teams.csv.gz"})[0], "psv", "", nil, "")
}

func fileDiffers(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	known := tracker.File{Location: "/landing", Name: "teams.csv.gz", Size: pointer(int64(7)), Checksum: "md5:1"}
	extract := register(ctx, t, run, known)[0]
	rows := content(ctx, t, b)
	for _, c := range []struct {
		file tracker.File
		want tracker.MismatchError
	}{
		{tracker.File{FileType: "CSV"}, tracker.MismatchError{Field: "file type", Stored: "csv", Given: "CSV"}},
		{tracker.File{Compression: "zstd"}, tracker.MismatchError{Field: "compression type", Stored: "gzip", Given: "zstd"}},
		{tracker.File{Size: pointer(int64(0))}, tracker.MismatchError{Field: "size", Stored: "7", Given: "0"}},
		{tracker.File{Checksum: "md5:2"}, tracker.MismatchError{Field: "checksum", Stored: "md5:1", Given: "md5:2"}},
	} {
		c.file.Location, c.file.Name = known.Location, known.Name
		all := append(numbered("/landing", 3), c.file)
		_, err := run.RegisterExtracts(ctx, all...)
		var differ *tracker.MismatchError
		if !errors.Is(err, tracker.ErrMismatch) || !errors.As(err, &differ) || differ.Field != c.want.Field || differ.Stored != c.want.Stored ||
			differ.Given != c.want.Given || !strings.Contains(differ.What, "/landing/teams.csv.gz") || differ.Remedy == "" {
			t.Errorf("another %s: %v", c.want.Field, err)
		}
	}
	// Two files in one call contradict each other.
	_, err := run.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: "new", Size: pointer(int64(1))},
		tracker.File{Location: "/landing", Name: "new", Size: pointer(int64(2))})
	if !errors.Is(err, tracker.ErrMismatch) {
		t.Errorf("two sizes of one file: %v", err)
	}
	wantContent(ctx, t, b, rows, "file_type", "compression_type")
	wantFile(t, reread(ctx, t, tr, extract), "csv", "gzip", known.Size, known.Checksum)
}

func updateFiles(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, writer, files("/landing", "a.csv", "b.csv.gz", "c.csv")...)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	a, other := all[0], all[1]
	a.FileType, a.Size, a.Checksum = "fixed width", pointer(int64(math.MaxInt64)), "sha256:1"
	other.FileType, other.Compression = "", ""
	wrong := a
	wrong.Size = pointer(int64(1))
	must(t, run.UpdateExtracts(ctx))
	must(t, run.UpdateExtracts(ctx, wrong, a, other))
	wantFile(t, reread(ctx, t, tr, a), "fixed width", "", pointer(int64(math.MaxInt64)), "sha256:1")
	wantFile(t, reread(ctx, t, tr, other), "", "", nil, "")
	wantFile(t, reread(ctx, t, tr, all[2]), "csv", "", nil, "")
	if linked := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{RunID: run.ID()})); !slices.Equal(names(linked), []string{"a.csv", "b.csv.gz"}) {
		t.Errorf("the run is linked to %q", names(linked))
	}
	if history := extractHistory(ctx, t, b, a.ID); len(history) != 1 {
		t.Errorf("its status did not change, and the history is %q", history)
	}

	rows := content(ctx, t, b)
	a.Size = nil
	var missing *tracker.NotFoundError
	err := run.UpdateExtracts(ctx, a, tracker.Extract{ID: 1 << 40, FileType: "never seen"}, all[2])
	if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.What != "extract" || missing.Name != "1 of 3" || err.Error() != "1 of 3 extracts: not found" {
		t.Errorf("one that does not exist: %v", err)
	}
	wantContent(ctx, t, b, rows)
	wantFile(t, reread(ctx, t, tr, a), "fixed width", "", pointer(int64(math.MaxInt64)), "sha256:1")
}

func manyFiles(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	register(ctx, t, run, files("/landing", "first.csv")...)
	counts := map[string][]int{}
	many := sized(e, 10_000, 1_000)
	for _, n := range []int{100, many} {
		given := numbered(fmt.Sprint("/landing/", n), n)
		register(ctx, t, run, given...)
		for i := range given {
			given[i].Size, given[i].Checksum = pointer(int64(i)), fmt.Sprint("md5:", i)
		}
		s.forget()
		all := register(ctx, t, run, given...)
		counts["filled"] = append(counts["filled"], len(s.names()))
		for i := range all {
			wantFile(t, all[i], "csv", "", pointer(int64(i)), fmt.Sprint("md5:", i))
			all[i].Size = pointer(int64(i + 1))
		}
		s.forget()
		must(t, run.UpdateExtracts(ctx, all...))
		counts["updated"] = append(counts["updated"], len(s.names()))
		wantFile(t, reread(ctx, t, tr, all[n/2]), "csv", "", pointer(int64(n/2+1)), fmt.Sprint("md5:", n/2))
		if t.Failed() {
			return
		}
	}
	for what, n := range counts {
		if n[0] != n[1] {
			t.Errorf("100 extracts are %s by %d statements, %d by %d", what, n[0], many, n[1])
		}
	}
}

func fileAfterEnd(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, run, files("/landing", "teams.csv")...)[0]
	must(t, run.Fail(ctx))
	rows := content(ctx, t, b)
	changed := extract
	changed.FileType, changed.Size = "never seen", pointer(int64(1))
	for what, err := range map[string]error{
		"UpdateExtracts":  run.UpdateExtracts(ctx, changed),
		"ExtractWritten":  run.RecordWritten(ctx, extract, tracker.Measures{Count: pointer(int64(1))}),
		"ExtractLoaded":   run.RecordLoaded(ctx, extract, tracker.Measures{Low: hour(1)}),
		"RegisterExtract": ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv", Size: pointer(int64(1))})),
		"ListLocation":    ignore(run.ListLocation(ctx, &store{objects: objects("teams.csv", "new.csv")}, "/landing", nil)),
	} {
		if !errors.Is(err, tracker.ErrAlreadyEnded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantContent(ctx, t, b, rows)
	if now := reread(ctx, t, tr, extract); now != extract {
		t.Errorf("it was\n%+v and is\n%+v", extract, now)
	}
}

func fileRefused(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	late, negative := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), pointer(int64(-1))
	fine := tracker.Extract{ID: 1}
	s.forget()
	for _, c := range []struct {
		call, field, value string
		err                error
	}{
		{"RegisterExtracts", "file size", "-1", ignore(run.RegisterExtracts(ctx, files("/landing", "a")[0], tracker.File{Location: "/landing", Name: "b", Size: negative}))},
		{"UpdateExtracts", "file size", "-1", run.UpdateExtracts(ctx, fine, tracker.Extract{ID: 2, Size: negative})},
		{"ExtractWritten", "count of records", "-1", run.RecordWritten(ctx, fine, tracker.Measures{Count: negative})},
		{"ExtractLoaded", "count of records", "-1", run.RecordLoaded(ctx, fine, tracker.Measures{Count: negative})},
		{"ExtractWritten", "high time", hour(1).Format(time.RFC3339), run.RecordWritten(ctx, fine, tracker.Measures{Low: hour(2), High: hour(1)})},
		{"ExtractLoaded", "data time", late.String(), run.RecordLoaded(ctx, fine, tracker.Measures{High: late})},
		{"MeasureExtracts", "count of records", "-1", run.RecordMeasures(ctx, tracker.ExtractMeasures{Extract: fine}, tracker.ExtractMeasures{Loaded: tracker.Measures{Count: negative}})},
		{"ListLocation", "status of missing files", "loading", ignore(run.ListLocation(ctx, &store{}, "/landing", &tracker.ListOptions{MissingAs: tracker.Loading}))},
	} {
		wantInvalid(t, s, c.call, c.field, c.value, c.err)
	}
}
