package postgres_test

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

// Each call of clock_timestamp shows another time, so that what happened once would have
// happened for a microsecond. A lease's two times are apart anyway,
// and from the run's.
func TestNewRowsReadTheClockOnce(t *testing.T) {
	t.Parallel()
	d, err := postgres.New("")
	if err != nil {
		t.Fatal(err)
	}
	more := map[string]int{"lease.insert": 2, "start.whole": 3, "start.whole_alone": 3}
	for _, s := range statements.All(d) {
		if n := strings.Count(s.SQL, d.Now()); s.Kind == dialect.Insert && n > max(1, more[s.Name]) {
			t.Errorf("%s reads the clock %d times: %s", s.Name, n, s.SQL)
		}
	}
}
