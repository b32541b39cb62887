package sqlserver_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

var (
	// own finds a table's definition: its name and its columns and constraints.
	own = regexp.MustCompile(`(?s)CREATE TABLE \[s\]\.\[(\w+)\] \((.*)\)`)
	// inlineKey finds a column that is a key by itself.
	inlineKey = regexp.MustCompile(`(?m)^\s*(\w+) +BIGINT [^\n]*PRIMARY KEY`)
	// apart finds an index that is created by a statement of its own.
	apart = regexp.MustCompile(`CREATE INDEX (\w+) ON \[s\]\.\[(\w+)\] \((\w+)`)
)

// leading returns, for each table, the first columns of its indexes.
func leading(d sqlserver.Dialect) map[string][]string {
	first := map[string][]string{}
	for _, m := range d.Migrations() {
		for _, text := range m.Statements {
			if table := own.FindStringSubmatch(text); table != nil {
				for _, key := range inlineKey.FindAllStringSubmatch(table[2], -1) {
					first[table[1]] = append(first[table[1]], key[1])
				}
				for _, key := range keys.FindAllStringSubmatch(table[2], -1) {
					column, _, _ := strings.Cut(key[1], ",")
					first[table[1]] = append(first[table[1]], column)
				}
			}
			if index := apart.FindStringSubmatch(text); index != nil {
				first[index[2]] = append(first[index[2]], index[3])
			}
		}
	}
	return first
}

// outermost blanks what stands in parentheses, such as subqueries.
func outermost(text string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		default:
			if depth > 0 {
				return ' '
			}
		}
		return r
	}, text)
}

// Where no condition is on the first column of an index, FORCESEEK has no plan: error 8622.
func TestWhatIsFoundByIndexHasOne(t *testing.T) {
	t.Parallel()
	d, all := all(t)
	first := leading(d)
	sought := regexp.MustCompile(`\[(\w+)\](?: AS (\w+))? WITH \([^()]*FORCESEEK\b`)
	n := 0
	for _, s := range all {
		for _, m := range sought.FindAllStringSubmatch(s.SQL, -1) {
			n++
			table, alias, text := m[1], m[2], s.SQL
			name := regexp.QuoteMeta(alias) + `\.`
			if alias == "" { // the target: its columns have no name in front of them, or the table's
				name, text = `(?:\[s\]\.\[`+table+`\]\.)?`, outermost(s.SQL)
			}
			columns := `(?:` + strings.Join(first[table], "|") + `)`
			condition := regexp.MustCompile(`(?:WHERE|AND|ON) \(*` + name + columns + ` (?:=|<|>|<=|>=|IN|IS NULL)|(?:WHERE|AND|ON) [\w.]+ = ` + name + columns + `(?: |\)|$)`)
			if !condition.MatchString(text) {
				t.Errorf("%s seeks in %s, of whose indexes (%s) no first column has a condition:\n%s", s.Name, table, strings.Join(slices.Compact(first[table]), ", "), s.SQL)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d seeks were found", n)
	}
}
