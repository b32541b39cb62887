package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// File has the known facts about an extract's file. Empty fields are unknown.
type File struct {
	Type        string
	Compression string
	Size        *int64 // bytes
	Checksum    string
}

// Lacks reports whether another file has a fact that f lacks.
func (f File) Lacks(other File) bool {
	return f.Type == "" && other.Type != "" || f.Compression == "" && other.Compression != "" ||
		f.Size == nil && other.Size != nil || f.Checksum == "" && other.Checksum != ""
}

// mismatches compares the stored facts with the given ones. A fact that is not given is no difference.
func (f File) mismatches(given File) []Mismatch {
	size := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	var all []Mismatch
	for _, m := range []Mismatch{
		{"file type", f.Type, given.Type}, {"compression type", f.Compression, given.Compression},
		{"size", size(f.Size), size(given.Size)}, {"checksum", f.Checksum, given.Checksum},
	} {
		if m.Given != "" && m.Given != m.Stored {
			all = append(all, m)
		}
	}
	return all
}

// Changed reports whether a file with the facts in seen differs from f. Checksums of
// different kinds cannot be compared.
func (f File) Changed(seen File) bool {
	kind := func(checksum string) string { return checksum[:strings.IndexByte(checksum, ':')+1] }
	return f.Size != nil && seen.Size != nil && *f.Size != *seen.Size ||
		f.Checksum != "" && seen.Checksum != "" && kind(f.Checksum) == kind(seen.Checksum) && f.Checksum != seen.Checksum
}

// FileMismatch is a fact about an extract's file in which the caller and the database differ.
type FileMismatch struct {
	Mismatch

	Extract Extract
}

// fileColumns are a [File] as a row that is sent. Unknown facts are left out.
type fileColumns struct {
	Type        int64  `json:"file_type_id,omitempty"`
	Compression int64  `json:"compression_type_id,omitempty"`
	Size        *int64 `json:"size_bytes,omitempty"`
	Checksum    string `json:"checksum,omitempty"`
}

// or adds the facts that only another file has.
func (f fileColumns) or(other fileColumns) fileColumns {
	return fileColumns{
		Type: cmp.Or(f.Type, other.Type), Compression: cmp.Or(f.Compression, other.Compression),
		Size: cmp.Or(f.Size, other.Size), Checksum: cmp.Or(f.Checksum, other.Checksum),
	}
}

func fileRow() []dialect.Column {
	return []dialect.Column{
		{Name: "file_type_id", Type: dialect.Integer}, {Name: "compression_type_id", Type: dialect.Integer},
		{Name: "size_bytes", Type: dialect.Integer}, {Name: "checksum"},
	}
}

// fileUpdate has the new facts about a file.
type fileUpdate struct {
	fileColumns

	ID int64 `json:"id"`
}

func (q sql) updateFiles(name string, json *rowSet, value func(column string) string) dialect.Stmt {
	row := fileRow()
	set := make([]dialect.Assignment, len(row))
	for i, c := range row {
		set[i] = dialect.Assignment{Column: c.Name, Expr: value(c.Name)}
	}
	row = append(row, dialect.Column{Name: "id", Type: dialect.Integer})
	return q.updateRows(name, tExtract, set, row, json)
}

// fillFiles adds missing facts, and setFiles replaces all of them.
func (q sql) fillFiles(json *rowSet) dialect.Stmt {
	return q.updateFiles("file.fill", json, func(c string) string { return "coalesce(x." + c + ", r." + c + ")" })
}

func (q sql) setFiles(json *rowSet) dialect.Stmt {
	return q.updateFiles("file.set", json, func(c string) string { return "r." + c })
}

func (q sql) filesOf(json *rowSet) dialect.Stmt {
	return q.stmt("file.of_extracts", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("e.id", "ft.name", "ct.name", "e.size_bytes", "e.checksum"), slot(0), integer("id")).
			JoinClause(q.each(tExtract, "e", "id", "r.id")).
			LeftJoin(q.as(tFileType, "ft") + " ON ft.id = e.file_type_id").
			LeftJoin(q.as(tCompression, "ct") + " ON ct.id = e.compression_type_id")
	}, json)
}

// resolved has the ids of the file types and compressions that are needed.
type resolved struct{ types, compressions map[string]int64 }

func (t resolved) columns(f File) fileColumns {
	return fileColumns{Type: t.types[f.Type], Compression: t.compressions[f.Compression], Size: f.Size, Checksum: f.Checksum}
}

// knows reports whether no lookup is needed for a file.
func (t resolved) knows(f File) bool {
	_, kind := t.types[f.Type]
	_, compression := t.compressions[f.Compression]
	return kind && compression
}

// fileIDs looks up the file types, and registers the unknown ones.
func (s *Store) fileIDs(ctx context.Context, c dialect.Conn, actor string, files []File) (resolved, error) {
	t := resolved{FileTypes(), CompressionTypes()}
	var types, compressions []string
	for _, f := range files {
		if _, ok := t.types[f.Type]; !ok {
			types = append(types, f.Type)
		}
		if _, ok := t.compressions[f.Compression]; !ok {
			compressions = append(compressions, f.Compression)
		}
	}
	if err := s.typeIDs(ctx, c, tFileType, actor, t.types, types); err != nil {
		return t, err
	}
	return t, s.typeIDs(ctx, c, tCompression, actor, t.compressions, compressions)
}

// resolve fills in the rows of the files of new extracts.
func (s *Store) resolve(ctx context.Context, c dialect.Conn, actor string, items []NewExtract) (resolved, error) {
	files := make([]File, len(items))
	for i, item := range items {
		files[i] = item.File
	}
	t, err := s.fileIDs(ctx, c, actor, files)
	for i := range items {
		items[i].fileColumns = t.columns(files[i])
	}
	return t, err
}

// lacking returns the indexes of the extracts that lack given facts.
func lacking(items []NewExtract, stored []Extract) []int {
	var places []int
	for i, item := range items {
		if stored[i].File.Lacks(item.Given) {
			places = append(places, i)
		}
	}
	return places
}

// fill adds the given facts about files to the stored ones, at those indexes, and reads
// the result. No other transaction changes the rows meanwhile.
func (s *Store) fill(ctx context.Context, c dialect.Conn, t resolved, items []NewExtract, stored []Extract, places []int) error {
	given := map[int64]fileColumns{} // an extract may be given twice
	for _, i := range places {
		given[stored[i].ID] = given[stored[i].ID].or(t.columns(items[i].Given))
	}
	var updates []fileUpdate
	for _, id := range slices.Sorted(maps.Keys(given)) {
		updates = append(updates, fileUpdate{given[id], id})
	}
	now := map[int64]File{}
	for part := range slices.Chunk(updates, chunk) {
		json := rows(part)
		err := inOrder(ctx, c, []*dialect.Step{
			read(s.lockExtracts(json), func(dialect.Row) error { return nil }),
			exec(s.fillFiles(json)),
			read(s.filesOf(json), func(r dialect.Row) error {
				var id int64
				var f File
				err := r.Scan(&id, optional{&f.Type}, optional{&f.Compression}, &f.Size, optional{&f.Checksum})
				now[id] = f
				return err
			}),
		})
		if err != nil {
			return err
		}
	}
	for i, e := range stored {
		if f, ok := now[e.ID]; ok {
			stored[i].File = f
		}
	}
	return nil
}

func mismatches(items []NewExtract, stored []Extract) []FileMismatch {
	var all []FileMismatch
	for i, item := range items {
		for _, m := range stored[i].File.mismatches(item.Given) {
			all = append(all, FileMismatch{m, stored[i]})
		}
	}
	return all
}

// FileChange replaces the stored facts about an extract's file.
type FileChange struct {
	Extract int64
	File    File
}

// SetFiles replaces the stored facts about files, all or none, and links their extracts
// to the run. It returns how many of the extracts, each given once, do not exist; if any,
// nothing was written.
func (s *Store) SetFiles(ctx context.Context, run RunRef, actor string, changes []FileChange) (missing int, state RunState, err error) {
	files := make([]File, len(changes))
	for i, change := range changes {
		files[i] = change.File
	}
	state, err = s.whileActive(ctx, run, nil, func(c dialect.Conn) error {
		t, err := s.fileIDs(ctx, c, actor, files)
		if err != nil {
			return err
		}
		updates := make([]fileUpdate, len(changes))
		for i, change := range changes {
			updates[i] = fileUpdate{t.columns(change.File), change.Extract}
		}
		slices.SortFunc(updates, func(a, b fileUpdate) int { return cmp.Compare(a.ID, b.ID) }) // as idRows
		missing, err = updateExtracts(ctx, s, c, run, updates, s.setFiles)
		return err
	})
	return missing, state, err
}

// updateExtracts locks extracts, sets each one's values, and links them to the run. If
// some do not exist, it returns how many and rolls the transaction back.
func updateExtracts[T any](ctx context.Context, s *Store, c dialect.Conn, run RunRef, updates []T, set func(json *rowSet) dialect.Stmt) (missing int, err error) {
	missing = len(updates)
	for part := range slices.Chunk(updates, chunk) {
		json := rows(part)
		err := inOrder(ctx, c, []*dialect.Step{
			read(s.lockExtracts(json), func(dialect.Row) error { missing--; return nil }),
			exec(set(json)),
			exec(s.linkMoved(run, json)),
		})
		if err != nil {
			return 0, err
		}
	}
	if missing > 0 {
		return missing, errUndo
	}
	return 0, nil
}

// updateRows updates the rows of a table from rows that are sent with the statement.
func (q sql) updateRows(name, table string, set []dialect.Assignment, row []dialect.Column, json *rowSet) dialect.Stmt {
	return q.stmt(name, func() squirrel.Sqlizer {
		return facts{Sqlizer: squirrel.Expr(q.d.UpdateRows(table, set, row, "id"), slot(0)), kind: dialect.Update}
	}, json)
}
