package sqlserver_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// all are the statements in a schema whose name needs no quotes.
func all(t *testing.T) (sqlserver.Dialect, []dialect.Stmt) {
	t.Helper()
	d, err := sqlserver.New("s")
	if err != nil {
		t.Fatal(err)
	}
	return d, statements.All(d)
}

var hints = regexp.MustCompile(`\[(\w+)\](?: AS \w+)? WITH \(((?:[^()]|\([^()]*(?:\([^()]*\))?[^()]*\))*)\)`)

func TestRowsThatChangeAreLockedByRowAndFoundByIndex(t *testing.T) {
	t.Parallel()
	_, all := all(t)
	for _, s := range all {
		changes := s.Kind == dialect.Update || s.Kind == dialect.Delete
		if changes && !strings.Contains(s.SQL, " WITH (ROWLOCK, FORCESEEK)") {
			t.Errorf("%s changes rows without ROWLOCK, FORCESEEK:\n%s", s.Name, s.SQL)
		}
		if s.Kind != dialect.Select && s.Rows < 2 && !strings.Contains(s.SQL, " OPTION (LOOP JOIN") {
			t.Errorf("%s may check its foreign keys by scans:\n%s", s.Name, s.SQL)
		}
	}
}

// keys finds the columns of a table's unique keys.
var keys = regexp.MustCompile(`(?:PRIMARY KEY|UNIQUE) \(([^)]*)\)`)

func TestInsertsAtTheEndLockNoGap(t *testing.T) {
	t.Parallel()
	d, all := all(t)
	byID := map[string]bool{} // whether all keys but the id itself begin with an id
	for _, m := range d.Migrations() {
		for _, text := range m.Statements {
			_, name, isTable := strings.Cut(text, "CREATE TABLE [s].[") // a comment may come first
			if !isTable {
				continue
			}
			name, _, _ = strings.Cut(name, "]")
			byID[name] = true
			for _, key := range keys.FindAllStringSubmatch(text, -1) {
				first, _, _ := strings.Cut(key[1], ",")
				byID[name] = byID[name] && strings.HasSuffix(first, "_id")
			}
		}
	}
	byID["run"] = true            // a start inserts it, which holds the process
	byID["status_history"] = true // it has no other key
	locked := 0
	for _, s := range all {
		for _, m := range hints.FindAllStringSubmatch(s.SQL, -1) {
			if strings.Contains(m[2], "HOLDLOCK") {
				locked++
				if byID[m[1]] {
					t.Errorf("%s locks a gap of %s, which begins with an id:\n%s", s.Name, m[1], s.SQL)
				}
			}
		}
		if s.Absent != "" && !byID[s.Absent] && !strings.Contains(s.SQL, "HOLDLOCK") {
			t.Errorf("%s locks no gap of %s, which is found by name", s.Name, s.Absent)
		}
	}
	if locked < 10 {
		t.Errorf("only %d looks lock a gap", locked)
	}
}

func TestExistingRowsAreFoundBeforeAGapIsLocked(t *testing.T) {
	t.Parallel()
	_, all := all(t)
	looks := regexp.MustCompile(`(NOT|CASE WHEN|WHEN) EXISTS \(SELECT 1 FROM \[s\]\.\[\w+\] AS x WITH \(([^)]*)\) WHERE ([^()]*)\)`)
	for _, s := range all {
		if s.Absent == "" {
			continue
		}
		var found []string // conditions of looks without locks, and then with
		locked := 0
		for _, m := range looks.FindAllStringSubmatch(s.SQL, -1) {
			switch {
			case !strings.Contains(m[2], "FORCESEEK"), strings.Contains(m[3], " OR "): // of two indexes
				t.Errorf("%s looks by a scan: %s", s.Name, m[0])
			case !strings.Contains(m[2], "UPDLOCK"):
				found = append(found, m[3])
			default:
				if locked++; m[1] != "WHEN" || !slices.Contains(found, m[3]) {
					t.Errorf("%s locks before it has looked: %s", s.Name, m[0])
				}
			}
		}
		if locked > 0 && locked != len(found) || strings.Count(s.SQL, "HOLDLOCK") != locked {
			t.Errorf("%s looks %d times without and %d times with a lock:\n%s", s.Name, len(found), locked, s.SQL)
		}
	}
}

func TestAClaimLocksTheRowsOfTheIndexItNames(t *testing.T) {
	t.Parallel()
	_, all := all(t)
	pinned := regexp.MustCompile(`FORCESEEK\(\[(extract_by_status\w*)\]\(status_id\)\)\) WHERE (.*) ORDER BY`)
	var indexes []string
	for _, s := range all {
		if s.Name != "claim.select" {
			continue
		}
		m := pinned.FindStringSubmatch(s.SQL)
		if m == nil || !s.Locks || !s.Skips {
			t.Errorf("it is not pinned:\n%s", s.SQL)
			continue
		}
		indexes = append(indexes, m[1])
		if !strings.Contains(m[2], "e.claimed_by") {
			t.Errorf("the index has all that is read, and its entry may be locked alone:\n%s", s.SQL)
		}
		if !strings.Contains(m[2], "e.status_id = 2") {
			t.Errorf("the status is no value, and the rows may have to be sorted:\n%s", s.SQL)
		}
	}
	if !slices.Contains(indexes, "extract_by_status") || !slices.Contains(indexes, "extract_by_status_location") {
		t.Errorf("claims are pinned to %v", indexes)
	}
}

func TestAStartLooksBeforeItWaits(t *testing.T) {
	t.Parallel()
	d, all := all(t)
	n := 0
	for _, s := range all {
		if s.Name == "start.outcome" && !s.Brief {
			t.Error("a start that only looks waits without an end")
		}
		if s.Name == "start.turn" {
			n++
			if !s.Brief || !strings.HasPrefix(s.SQL, "UPDATE [s].[process] SET turn = @p1 FROM (SELECT idle.id AS id FROM [s].[process] AS idle WITH (FORCESEEK) WHERE ") {
				t.Errorf("it updates at once:\n%s", s.SQL)
			}
		}
	}
	if n == 0 {
		t.Error("there is no start.turn")
	}
	if !d.ReadersBlock() || d.WithRowVersions().ReadersBlock() {
		t.Error("whether readers wait does not depend on READ_COMMITTED_SNAPSHOT")
	}
}

func TestNothingIsComparedWithRowsThatMayBeNull(t *testing.T) {
	t.Parallel()
	_, all := all(t)
	notIn := regexp.MustCompile(`NOT IN \(SELECT r\.(\w+) FROM \(SELECT [^()]* FROM OPENJSON\(@p\d+\) WITH \([^()]*\)\) AS r( WHERE r\.(\w+) IS NOT NULL)?`)
	found := 0
	for _, s := range all {
		for _, m := range notIn.FindAllStringSubmatch(s.SQL, -1) {
			if found++; m[1] != m[3] {
				t.Errorf("%s compares each row with each:\n%s", s.Name, s.SQL)
			}
		}
	}
	if found == 0 {
		t.Error("no statement has NOT IN with rows that travel: the pattern has not found it")
	}
}
