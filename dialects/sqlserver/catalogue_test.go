package sqlserver_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

var (
	tableText   = regexp.MustCompile(`(?s)CREATE TABLE \[processtracker\]\.\[(\w+)\] \(\n(.*)\n\)`)
	viewText    = regexp.MustCompile(`(?s)CREATE VIEW \[processtracker\]\.\[(\w+)\] AS .*`)
	indexText   = regexp.MustCompile(`CREATE INDEX (\w+) ON \[processtracker\]\.\[(\w+)\] \(([^)]*)\)`)
	keyText     = regexp.MustCompile(`^(UNIQUE|PRIMARY KEY) \(([^)]*)\)`)
	columnText  = regexp.MustCompile(`^(\w+)\s+(\w+(?:\(\w+\))?)`)
	collateText = regexp.MustCompile(` COLLATE (\w+)`)
	foreignText = regexp.MustCompile(` REFERENCES \[processtracker\]\.\[(\w+)\] \((\w+)\)`)
)

// shown is what SQL Server's catalogue is taken to show of a schema that the
// migrations made, by the words of its manual: there is none to ask.
func shown(migrations []dialect.Migration) (parts []dialect.Part) {
	for _, m := range migrations {
		for _, s := range m.Statements {
			if t := tableText.FindStringSubmatch(s); t != nil {
				parts = append(parts, dialect.Part{Kind: dialect.KindTable, Table: t[1]})
				for line := range strings.Lines(t[2]) {
					parts = append(parts, shownLine(t[1], strings.TrimSuffix(strings.TrimSpace(line), ","))...)
				}
			} else if v := viewText.FindStringSubmatch(s); v != nil {
				parts = append(parts, dialect.Part{Kind: dialect.KindView, Table: v[1], Is: s})
			} else if i := indexText.FindStringSubmatch(s); i != nil {
				parts = append(parts, dialect.Part{Kind: dialect.KindIndex, Table: i[2], Name: i[1], Is: strings.ReplaceAll(i[3], ", ", ",")})
			}
		}
	}
	return parts
}

// shownLine is what a line of a CREATE TABLE makes.
func shownLine(table, line string) (parts []dialect.Part) {
	add := func(kind, name, is string) {
		parts = append(parts, dialect.Part{Kind: kind, Table: table, Name: name, Is: is})
	}
	if key := keyText.FindStringSubmatch(line); key != nil {
		kind := map[string]string{"UNIQUE": dialect.KindUnique, "PRIMARY KEY": dialect.KindKey}[key[1]]
		add(kind, "", strings.ReplaceAll(key[2], ", ", ","))
		return parts
	}
	c := columnText.FindStringSubmatch(line)
	if c == nil || strings.HasPrefix(line, "CHECK") {
		return nil
	}
	is := strings.ToLower(c[2])
	if collation := collateText.FindStringSubmatch(line); collation != nil {
		is += " collate " + collation[1]
	}
	if strings.Contains(line, " NOT NULL") || strings.Contains(line, " PRIMARY KEY") {
		is += " not null"
	}
	add(dialect.KindColumn, c[1], is)
	if strings.Contains(line, " IDENTITY") {
		add(dialect.KindIdentity, c[1], "")
	}
	if strings.Contains(line, " DEFAULT ") {
		add(dialect.KindDefault, c[1], "")
	}
	if strings.Contains(line, " PRIMARY KEY") {
		add(dialect.KindKey, "", c[1])
	}
	if f := foreignText.FindStringSubmatch(line); f != nil {
		add(dialect.KindForeignKey, c[1], f[1]+" ("+f[2]+")")
	}
	return parts
}

func TestTheCatalogueMatchesTheMigrations(t *testing.T) {
	d, err := sqlserver.New("processtracker")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range d.Parts(shown(d.Migrations())) {
		lines = append(lines, strings.Join([]string{p.Table, p.Kind, p.Name, p.Is}, "\t")+"\n")
	}
	slices.Sort(lines)
	text := strings.Join(lines, "")
	if len(lines) < 500 {
		t.Fatalf("only %d parts were found", len(lines))
	}
	if *update {
		if err := os.WriteFile("catalogue.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if text != d.Expected() {
		t.Error("catalogue.txt is not what the migrations make: run `make golden`")
	}
}
