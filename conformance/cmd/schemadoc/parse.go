package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// schema is the result of one database's migrations.
type schema struct {
	tables []table
	common []column // columns that mean the same in each table, with only their names and meanings
}

type table struct {
	name, text string // what it is
	columns    []column
	unique     [][]string // except for the primary key
	indexes    []index
}

type index struct {
	name    string
	columns []string
}

type column struct {
	name, kind, value, meaning string // kind is its type, value the default
	null, key                  bool   // key: of the primary one
	references                 string // a table, by its id
}

// Defaults that each database spells differently.
const (
	generated = "generated" // by the database, in the order of insertion
	now       = "now"       // by the database's clock, in UTC
)

// The statements that create tables, and the lines in them. Each column and each key
// has its own line.
var (
	createTable = regexp.MustCompile(`(?m)(?:^-- (.+)\n)?^CREATE TABLE (?:IF NOT EXISTS )?\{(\w+)\} \(\n((?:    .+\n)+)\)(?:.*\n  COMMENT = 'ProcessTracker: (.+)')?;$`)
	addColumn   = regexp.MustCompile(`(?m)^ALTER TABLE \{(\w+)\} ADD (?:COLUMN )?(.+);(.*)$`)
	createIndex = regexp.MustCompile(`(?m)^CREATE INDEX (.+) ON \{(\w+)\} \((.+?)\)(?: WHERE .+)?;$`)
	structural  = regexp.MustCompile(`(?m)^(?:CREATE (?:TABLE|\w* ?INDEX)|DROP|ALTER TABLE \S+ (?:ADD|DROP|ALTER|MODIFY|RENAME)) .*`)
	commonWord  = regexp.MustCompile(`(?m)^--   (\w+): (.+)$`)

	keyLine    = regexp.MustCompile(`^(PRIMARY KEY|UNIQUE|CHECK|KEY|FOREIGN KEY) ?(\w*) ?\((.+?)\)(?: REFERENCES \{(\w+)\} \(id\))?$`)
	columnLine = regexp.MustCompile(`^(\w+) +(\w+(?:\(\w+\))?)((?: .+)?)$`)
	isNow      = regexp.MustCompile(` DEFAULT (CURRENT_TIMESTAMP|SYSUTCDATETIME\(\)|\(UTC_TIMESTAMP\(6\)\)|\(strftime\(.+?, 'now'\)\))`)
	isValue    = regexp.MustCompile(` DEFAULT (?:N?('.*?')|(\w+))`)
	isMade     = regexp.MustCompile(`GENERATED|IDENTITY|AUTO_?INCREMENT`)
	isForeign  = regexp.MustCompile(` REFERENCES \{(\w+)\} \(id\)`)
)

// read reads the migrations in a dialect's folder.
func read(folder string) (s schema, err error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil {
		return s, err
	}
	slices.Sort(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err == nil {
			err = s.add(strings.ReplaceAll(string(text), "\r\n", "\n"))
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", path, err)
		}
	}
	if len(s.tables) == 0 {
		return s, fmt.Errorf("%s: there are no tables", folder)
	}
	return s, nil
}

// add adds the tables of a migration.
func (s *schema) add(text string) error {
	for _, word := range commonWord.FindAllStringSubmatch(text, -1) {
		s.common = append(s.common, column{name: word[1], meaning: word[2]})
	}
	for _, made := range createTable.FindAllStringSubmatch(text, -1) {
		t := table{name: made[2], text: made[1] + strings.ReplaceAll(made[4], "''", "'")}
		for line := range strings.Lines(made[3]) {
			if err := t.line(line); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
		}
		s.tables = append(s.tables, t)
	}
	added, indexes := addColumn.FindAllStringSubmatch(text, -1), createIndex.FindAllStringSubmatch(text, -1)
	for _, made := range added {
		if err := s.table(made[1]).line(made[2] + made[3]); err != nil {
			return fmt.Errorf("table %s: %w", made[1], err)
		}
	}
	for _, made := range indexes {
		t := s.table(made[2])
		t.indexes = append(t.indexes, index{strings.Trim(made[1], "{}"), strings.Split(made[3], ", ")})
	}
	for _, t := range s.tables {
		slices.SortFunc(t.unique, slices.Compare)
		slices.SortFunc(t.indexes, func(a, b index) int { return strings.Compare(a.name, b.name) })
	}
	understood := len(createTable.FindAllString(text, -1)) + len(added) + len(indexes)
	if all := structural.FindAllString(text, -1); len(all) != understood {
		return fmt.Errorf("of the statements %q this program understands %d", all, understood)
	}
	return nil
}

// table returns the table with that name, or an empty one if there is none.
func (s *schema) table(name string) *table {
	for i := range s.tables {
		if s.tables[i].name == name {
			return &s.tables[i]
		}
	}
	return &table{}
}

// named returns the column with that name, or an empty one if there is none.
func named(columns []column, name string) *column {
	for i := range columns {
		if columns[i].name == name {
			return &columns[i]
		}
	}
	return &column{}
}

// line adds the column or key in a line of a table's definition.
func (t *table) line(line string) error {
	line, meaning, _ := strings.Cut(strings.TrimSpace(line), "  -- ")
	line = strings.TrimSuffix(line, ",")
	if key := keyLine.FindStringSubmatch(line); key != nil {
		columns := strings.Split(key[3], ", ")
		switch key[1] {
		case "PRIMARY KEY":
			for _, name := range columns {
				named(t.columns, name).key = true
			}
		case "UNIQUE":
			t.unique = append(t.unique, columns)
		case "KEY":
			t.indexes = append(t.indexes, index{key[2], columns})
		case "FOREIGN KEY":
			named(t.columns, key[3]).references = key[4]
		}
		return nil
	}
	parts := columnLine.FindStringSubmatch(line)
	if parts == nil {
		return fmt.Errorf("cannot read %q", line)
	}
	c := column{name: parts[1], kind: strings.ToLower(parts[2]), meaning: meaning, key: strings.Contains(parts[3], " PRIMARY KEY")}
	c.null = !c.key && !strings.Contains(parts[3], " NOT NULL")
	if foreign := isForeign.FindStringSubmatch(parts[3]); foreign != nil {
		c.references = foreign[1]
	}
	switch value := isValue.FindStringSubmatch(parts[3]); {
	case isMade.MatchString(parts[3]):
		c.value = generated
	case isNow.MatchString(parts[3]):
		c.value = now
	case value != nil:
		c.value = value[1] + strings.ToLower(value[2])
	case strings.Contains(parts[3], " DEFAULT "):
		return fmt.Errorf("cannot read the default of %q", line)
	}
	t.columns = append(t.columns, c)
	return nil
}
