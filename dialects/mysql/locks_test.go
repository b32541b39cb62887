package mysql_test

import (
	"regexp"
	"testing"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/mysql"
)

// Where the database chooses the index, it may sort all matching rows first, and lock each.
func TestSelectsThatSkipLockedRowsNameTheIndexThatTheyFollow(t *testing.T) {
	t.Parallel()
	d, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("FROM `pt_\\w+` AS \\w+ FORCE INDEX")
	n := 0
	for _, s := range statements.All(d) {
		if !s.Skips {
			continue
		}
		n++
		if !named.MatchString(s.SQL) {
			t.Errorf("%s skips locked rows and names no index:\n%s", s.Name, s.SQL)
		}
	}
	if n == 0 {
		t.Error("no statement skips locked rows")
	}
}
