// Package sqlfile reads migrations from SQL files that leave the names of
// tables open.
package sqlfile

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/lookups"
)

// placeholder is a name in braces: {run} the table's or index's name as an
// identifier, {'run'} the same as a text literal, {} the schema, {”} it as a
// literal.
var placeholder = regexp.MustCompile(`\{('?)(\w*)'?\}`)

// A Namer writes names as one installation spells them in SQL.
type Namer struct {
	Schema     string // the schema as an identifier, where there is one
	Identifier func(name string) string
	Literal    func(name string) string
	View       string // the beginning of a statement that creates a view; CREATE VIEW if empty
	// Lookup returns the statements for one of the INSERTs of [lookups.Text]. If it is nil,
	// the INSERT is used unchanged.
	Lookup func(insert string) []string
}

// Migrations reads the files NNNN_name.sql of the folders migrations in order of
// their numbers. A statement ends with a semicolon at the end of a line.
func Migrations(names Namer, folders ...fs.FS) ([]dialect.Migration, error) {
	texts := map[string][]byte{}
	for _, files := range folders {
		paths, err := fs.Glob(files, "migrations/*.sql")
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if texts[path], err = fs.ReadFile(files, path); err != nil {
				return nil, err
			}
		}
	}
	var all []dialect.Migration
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		text := texts[path]
		number, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path, "migrations/"), ".sql"), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != len(all)+1 {
			return nil, fmt.Errorf("migration %s: expected number %d", path, len(all)+1)
		}
		m := dialect.Migration{Version: version, Name: name}
		for _, statement := range names.withLookups(statements(string(text))) {
			m.Statements = append(m.Statements, names.render(statement)) // not before: a schema's name may look like a statement's end
		}
		all = append(all, m)
	}
	return all, nil
}

// withLookups replaces {lookups} with the lookups' rows.
func (n Namer) withLookups(all []string) []string {
	at := slices.IndexFunc(all, func(statement string) bool { return strings.HasSuffix(statement, "{lookups}") })
	if at < 0 {
		return all
	}
	rows := statements(lookups.Text)
	if n.Lookup != nil {
		var spelled []string
		for _, insert := range rows {
			spelled = append(spelled, n.Lookup(insert)...)
		}
		rows = spelled
	}
	return slices.Replace(all, at, at+1, rows...)
}

func (n Namer) render(text string) string {
	if n.View != "" {
		text = strings.Replace(text, "CREATE VIEW ", n.View+" ", 1)
	}
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		switch {
		case parts[1] != "":
			return n.Literal(parts[2])
		case parts[2] == "":
			return n.Schema
		default:
			return n.Identifier(parts[2])
		}
	})
}

// statements splits text and leaves out the semicolons, and comments that stand
// before the first statement apart from it.
func statements(text string) []string {
	var all []string
	for _, part := range strings.SplitAfter(text, ";\n") {
		part = strings.TrimSpace(part)
		if i := strings.LastIndex(part, "\n\n"); i >= 0 {
			part = part[i+2:] // a file's heading
		}
		if part = strings.TrimSuffix(part, ";"); part != "" {
			all = append(all, part)
		}
	}
	return all
}
