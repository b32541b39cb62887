package store

import (
	"fmt"
	"testing"

	"github.com/Masterminds/squirrel"
)

// boundedDialect shows the limits that it gets.
type boundedDialect struct{ plainDialect }

func (boundedDialect) Limit(s squirrel.SelectBuilder, n any, most int64, _ string) squirrel.SelectBuilder {
	if n == nil {
		return s
	}
	return s.Suffix(fmt.Sprintf("AT MOST %d, ?", most), n)
}

// A text for each limit would fill the cache of statements, and one for all of them says
// nothing of how many rows there will be.
func TestALimitIsRoundedUpInTheTextAndSentAsItIs(t *testing.T) {
	t.Parallel()
	q := newSQL(boundedDialect{})
	for n, most := range map[int64]int64{1: 100, 100: 100, 101: 1000, 1000: 1000, 10_000: 10_000, 99_999: 100_000, 100_001: 0} {
		for _, status := range []ExtractStatus{0, Ready, Loading} {
			s := q.findExtracts(ExtractFilter{Status: status, Limit: n})
			where := ""
			if status != 0 {
				where = fmt.Sprintf(" WHERE e.status_id = %d", status)
			}
			want := fmt.Sprintf("%s ORDER BY e.registered_at, e.id AT MOST %d, ?", where, most)
			if end := s.SQL[max(0, len(s.SQL)-len(want)):]; end != want || len(s.Args) != 1 || s.Args[0] != n {
				t.Errorf("limit %d of status %d: %s %v, want …%s", n, status, s.SQL, s.Args, want)
			}
		}
	}
}
