package dialects

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/mysql"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

var (
	verb     = regexp.MustCompile("^(INSERT|UPDATE|DELETE)(?: INTO| FROM| \\(.* AS [rw] STRAIGHT_JOIN|) (?:\"pt\"\\.)?[\"`](?:pt_)?(\\w+)[\"`]")
	locks    = regexp.MustCompile(" FOR (?:NO KEY )?UPDATE")
	subquery = regexp.MustCompile(`\([^()]*\)`)
	read     = regexp.MustCompile("(?:FROM|JOIN) (?:\"pt\"\\.)?[\"`](?:pt_)?(\\w+)[\"`]")
)

// needed lists the rights to change rows that a statement needs: "DELETE process_cluster".
func needed(s dialect.Stmt) (all []string) {
	text := strings.Join(strings.Fields(s.SQL), " ")
	if m := verb.FindStringSubmatch(text); m != nil {
		all = append(all, m[1]+" "+m[2])
		if strings.Contains(text, "ON DUPLICATE KEY UPDATE") {
			all = append(all, "UPDATE "+m[2])
		}
	}
	if !strings.HasPrefix(text, "SELECT") || !locks.MatchString(text) {
		return all
	}
	for subquery.MatchString(text) { // what they read is not locked
		text = subquery.ReplaceAllString(text, "")
	}
	for _, m := range read.FindAllStringSubmatch(text, -1) {
		all = append(all, "UPDATE "+m[1])
	}
	return all
}

var granted = regexp.MustCompile("^GRANT ([A-Z, ]+) ON (?:\"pt\"\\.)?[\"`](?:pt_)?(\\w+)[\"`] TO ")

// TestRunnersHaveWhatStatementsNeed compares the rights of a runner with every
// statement of the tracker's, both ways.
func TestRunnersHaveWhatStatementsNeed(t *testing.T) {
	t.Parallel()
	p, err := postgres.New("pt")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []dialect.Dialect{p, m} {
		grants, err := setup.Grants(d, setup.Runner, "somebody")
		if err != nil {
			t.Fatal(err)
		}
		has, used := map[string]bool{}, map[string]bool{}
		for _, g := range grants {
			if parts := granted.FindStringSubmatch(g); parts != nil {
				for right := range strings.SplitSeq(parts[1], ", ") {
					has[right+" "+parts[2]] = true
				}
			}
		}
		for _, s := range statements.All(d) {
			if strings.HasPrefix(s.Name, "lookup.delete_") || strings.HasPrefix(s.Name, "purge.") ||
				slices.Contains([]string{"contact.delete", "lookup.rename_actor", "lookup.read_actor"}, s.Name) {
				continue
			}
			for _, right := range needed(s) {
				used[right] = true
				if !has[right] {
					t.Errorf("%s: %s needs %s", d.Name(), s.Name, right)
				}
			}
		}
		for right := range has {
			if !strings.HasPrefix(right, "SELECT ") && !strings.HasPrefix(right, "SHOW VIEW ") && !used[right] {
				t.Errorf("%s: a runner has %s, and no statement needs it", d.Name(), right)
			}
		}
		if len(used) < 60 {
			t.Errorf("%s: only %d rights were found in its statements: %v", d.Name(), len(used), used)
		}
	}
}
