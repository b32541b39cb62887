package postgres_test

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

// forEachRow is how a statement begins a subquery that it asks for each row.
const forEachRow = "coalesce((SELECT 1 "

// A subquery that is asked for each row may join tables in one order only: in the other, by
// statistics of an empty table, it would read a table whole for each row.
func TestWhatIsAskedForEachRowJoinsInOneOrder(t *testing.T) {
	t.Parallel()
	d, err := postgres.New("s")
	if err != nil {
		t.Fatal(err)
	}
	joins := 0
	for _, s := range statements.All(d) {
		for _, rest := range strings.Split(s.SQL, forEachRow)[1:] {
			subquery := within(rest)
			joins += strings.Count(subquery, " JOIN LATERAL ")
			if strings.Contains(strings.ReplaceAll(subquery, " JOIN LATERAL ", ""), " JOIN ") {
				t.Errorf("%s joins in any order, for each row: %s", s.Name, subquery)
			}
		}
	}
	if joins == 0 {
		t.Error("no such subquery joins anything")
	}
}

// within is the text up to the parenthesis that was open before it.
func within(text string) string {
	depth := 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return text[:i]
			}
		}
	}
	return text
}
