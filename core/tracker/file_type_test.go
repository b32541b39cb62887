package tracker

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

func TestFileTypes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"teams.csv": {"csv"}, "teams.csv.gz": {"csv", "gzip"}, "TEAMS.CSV": {"csv"}, "Teams.Csv.GZ": {"csv", "gzip"}, "teams.CSV.Zst": {"csv", "zstd"},
		"teams.tar.gz": {"tar", "gzip"}, "teams.tgz": {"tar", "gzip"}, "teams.TBZ2": {"tar", "bzip2"}, "teams.tar": {"tar"}, "a.tar.csv.tgz": {"tar", "gzip"},
		"teams.jsonl": {"jsonl"}, "teams.ndjson": {"jsonl"}, "teams.json": {"json"}, "teams.ndjson.bz2": {"jsonl", "bzip2"}, "teams.yml": {"yaml"},
		"part-0.snappy.parquet": {"parquet"}, "part-0.gz.parquet": {"parquet"}, "teams.parquet.gz": {"parquet", "gzip"}, "teams.parquet": {"parquet"},
		"teams.zip": {"zip"}, "teams.csv.zip": {"csv", "zip"}, "teams.2026.zip": {"zip"}, "teams.zip.zip": {"zip"}, "teams.zip.gz": {"zip", "gzip"},
		"teams.gz": {"", "gzip"}, "teams.foo.gz": {"", "gzip"}, "teams.gz.gz": {"", "gzip"}, "teams.csv.gz.gz": {"", "gzip"}, "teams.sz": {"", "snappy"},
		"teams": {}, "": {}, ".": {}, "..": {}, "...": {}, "teams.": {}, "teams..": {}, "teams.foo": {}, "teams.csv.1": {}, "teams.csv~": {}, "teams.csv ": {}, //nolint:gocritic // a space is part of a name
		".csv": {}, ".gz": {}, "..csv": {}, ".teams.csv": {"csv"}, ".csv.gz": {"", "gzip"}, "..tgz": {}, "csv": {}, "gz": {}, "teams..csv": {"csv"},
		"day=1/teams.csv": {"csv"}, "teams.csv/": {}, "teams.csv/part-0": {}, "a.b/.csv": {}, "a//b.csv": {"csv"}, "日本.csv": {"csv"}, "teams.CSV\u0130": {},
		"teams.\u017fql": {}, "2026.11.22": {}, "teams.csv.gz?versionId=1": {}, `C:\teams.csv`: {"csv"},
	} {
		if kind, by := fileTypeOf(name); [2]string{kind, by} != want {
			t.Errorf("%q: %q, %q, want %q", name, kind, by, want)
		}
	}
	// Derived types are preloaded, so that they need no lookup.
	for _, kind := range fileTypes {
		if store.FileTypes()[kind] == 0 {
			t.Errorf("file type %s is not preloaded", kind)
		}
	}
	for _, set := range []map[string]string{compressions, archives, {"": "zip"}} {
		for _, by := range set {
			if store.CompressionTypes()[by] == 0 {
				t.Errorf("compression type %s is not preloaded", by)
			}
		}
	}
}

// FuzzFileTypes looks for a name whose type is not preloaded, depends on its
// directory, or does not follow from its endings.
func FuzzFileTypes(f *testing.F) {
	for _, seed := range []string{"teams.csv.gz", ".tgz", "a/b.tar.GZ", "x.snappy.parquet", "..", "a.zip.zip", "\xff.csv", "é.İ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		kind, by := fileTypeOf(name)
		if kind != "" && store.FileTypes()[kind] == 0 || by != "" && store.CompressionTypes()[by] == 0 {
			t.Errorf("%q: %q, %q", name, kind, by)
		}
		if k, b := fileTypeOf("dir.csv/" + name); k != kind || b != by {
			t.Errorf("%q: %q, %q, and in a directory %q, %q", name, kind, by, k, b)
		}
		if strings.HasSuffix(name, "/") && kind+by != "" {
			t.Errorf("the directory %q has the type %q, %q", name, kind, by)
		}
		if strings.Trim(name[strings.LastIndexByte(name, '/')+1:], ".") != "" {
			if k, b := fileTypeOf(name + ".csv.gz"); k != "csv" || b != "gzip" {
				t.Errorf("%q with .csv.gz: %q, %q", name, k, b)
			}
		}
	})
}
