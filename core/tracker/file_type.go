package tracker

import "strings"

// compressions maps the endings of file names to compressions.
var compressions = map[string]string{
	"gz": "gzip", "gzip": "gzip", "bz2": "bzip2", "bzip2": "bzip2", "xz": "xz", "zst": "zstd", "zstd": "zstd", "lz4": "lz4",
	"sz": "snappy", "snappy": "snappy", "br": "brotli", "deflate": "deflate", "zz": "deflate", "lzo": "lzo",
}

// archives maps endings that stand for both an archive type and a compression.
var archives = map[string]string{"tgz": "gzip", "tbz": "bzip2", "tbz2": "bzip2", "txz": "xz", "tzst": "zstd"}

// fileTypes maps the endings of file names to file types.
var fileTypes = map[string]string{
	"csv": "csv", "tsv": "tsv", "tab": "tsv", "psv": "psv", "txt": "txt", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "xml": "xml",
	"html": "html", "htm": "html", "yaml": "yaml", "yml": "yaml", "parquet": "parquet", "avro": "avro", "orc": "orc", "arrow": "arrow",
	"feather": "arrow", "xls": "xls", "xlsx": "xlsx", "ods": "ods", "sqlite": "sqlite", "sqlite3": "sqlite", "sql": "sql", "pdf": "pdf",
	"tar": "tar", "zip": "zip",
}

// fileTypeOf derives a file's type, and the compression around it, from the endings of
// its name, whatever their case. Either is empty if the name does not say it. A format
// with internal compression, as in teams.snappy.parquet, does not count as compressed:
// its readers take it as it is. An archive is compressed by zip if the name says what
// is in it.
func fileTypeOf(name string) (fileType, compression string) {
	rest, ending := cutEnding(name[strings.LastIndexByte(name, '/')+1:])
	if by, ok := archives[ending]; ok {
		return "tar", by
	}
	by, compressed := compressions[ending]
	if !compressed && ending != "zip" {
		return fileTypes[ending], ""
	}
	_, inner := cutEnding(rest)
	switch inside, known := fileTypes[inner]; {
	case compressed:
		return inside, by
	case known && inside != "zip":
		return inside, "zip"
	default:
		return "zip", ""
	}
}

// cutEnding cuts the last ending off a name, in lower case. The leading dots of a
// hidden file's name do not begin an ending.
func cutEnding(name string) (rest, ending string) {
	dot := strings.LastIndexByte(name, '.')
	if strings.Trim(name[:max(dot, 0)], ".") == "" {
		return name, ""
	}
	return name[:dot], strings.ToLower(name[dot+1:])
}
