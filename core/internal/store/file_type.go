package store

import (
	"context"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// FileTypes are the ids of the preloaded types of files, the same everywhere.
func FileTypes() map[string]int64 {
	return preloaded("csv", "tsv", "psv", "txt", "json", "jsonl", "xml", "html", "yaml", "parquet", "avro", "orc", "arrow",
		"xls", "xlsx", "ods", "sqlite", "sql", "pdf", "tar", "zip")
}

// CompressionTypes are those of the preloaded types of compression.
func CompressionTypes() map[string]int64 {
	return preloaded("gzip", "bzip2", "xz", "zstd", "lz4", "snappy", "brotli", "deflate", "lzo", "zip")
}

// preloaded numbers names from 1 on, as the migration does; no name has none.
func preloaded(names ...string) map[string]int64 {
	all := map[string]int64{"": 0}
	for i, name := range names {
		all[name] = int64(i) + 1
	}
	return all
}

// nameIDs reads the ids of names.
func (q sql) nameIDs(table string, names []nameRow) dialect.Stmt {
	return q.stmt("file."+table, func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("t.id", "t.name"), slot(0), key("name")).
			JoinClause(q.each(table, "t", "name", "r.name"))
	}, rows(names))
}

// typeIDs adds the ids of the names that known does not have yet. Those that the
// database does not have either are registered.
func (s *Store) typeIDs(ctx context.Context, c dialect.Conn, table, actor string, known map[string]int64, names []string) error {
	isKnown := func(name string) bool { _, ok := known[name]; return ok }
	isUnknown := func(name string) bool { return !isKnown(name) }
	names = slices.DeleteFunc(slices.Clone(names), isKnown)
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	items := make([]nameRow, len(names))
	for i, name := range names {
		items[i].Name = name
	}
	err := inOrder(ctx, c, []*dialect.Step{
		exec(s.names(tActor, actor, actor)),
		exec(s.names(table, actor, names...)),
		read(s.nameIDs(table, items), func(r dialect.Row) error {
			var id int64
			var name string
			err := r.Scan(&id, &name)
			known[name] = id
			return err
		}),
	})
	if err == nil && slices.ContainsFunc(names, isUnknown) {
		err = errUnsettled // deleted meanwhile
	}
	return err
}
