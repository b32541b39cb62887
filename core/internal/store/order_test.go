package store

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A statement's own order may be applied to what its looks for rows have found, and not
// to the looks, which take the locks.
func TestNamesTravelSortedAndOnce(t *testing.T) {
	t.Parallel()
	q := newSQL(plainDialect{})
	data := []Data{
		{Role: "target", System: "b", Object: "o", Attribute: "y"}, {Role: "target", System: "b"},
		{Role: "source", System: "c"}, {Role: "source", System: "b", Object: "o", Attribute: "x"},
		{Role: "source", System: "a", Object: "p"}, {Role: "source", System: "c"},
	}
	given := slices.Clone(data)
	row := func(role, system, object, attribute string) string {
		return `{"role":"` + role + `","system":"` + system + `","object":"` + object + `","attribute":"` + attribute + `"}`
	}
	names := []string{`{"name":"a"}`, `{"name":"b"}`}
	links := q.links(Definition{Process: "p", Data: data, DatasetTypes: []string{"b", "a", "b"}}, "me")
	for _, c := range []struct {
		stmt dialect.Stmt
		want []string
	}{
		{q.names(tProcess, "me", "b", "a", "b"), names},
		{links[3].add.Stmt, names},
		{q.systems(data, "me"), []string{row("", "a", "", ""), row("", "b", "", ""), row("", "c", "", "")}},
		{q.objects(data, "me"), []string{row("", "a", "p", ""), row("", "b", "o", "")}},
		{q.attributes(data, "me"), []string{row("", "b", "o", "x"), row("", "b", "o", "y")}},
		{links[0].add.Stmt, []string{row("source", "c", "", ""), row("target", "b", "", "")}},
		{links[1].add.Stmt, []string{row("source", "a", "p", "")}},
		{links[2].add.Stmt, []string{row("source", "b", "o", "x"), row("target", "b", "o", "y")}},
	} {
		if got := rowsOf(c.stmt).rows; !slices.Equal(got, c.want) {
			t.Errorf("%s is sent\n%q, want\n%q", c.stmt.Name, got, c.want)
		}
	}
	if !slices.Equal(data, given) {
		t.Error("the caller's own data are sorted, too")
	}
}

// waitingDialect is a dialect of a database that waits for locks where others do not.
type waitingDialect struct{ plainDialect }

func (waitingDialect) LockBy(table, alias, index, _ string) (from, suffix string) {
	return table + " AS " + alias + " BY " + index, "LOCKED"
}

func TestTheProcessAndTheRunAreLockedBeforeEitherChanges(t *testing.T) {
	t.Parallel()
	run := RunRef{ID: 1, ProcessID: 2, TokenDigest: "digest"}
	for _, c := range []struct {
		d    dialect.Dialect
		both bool
	}{{waitingDialect{}, true}, {plainDialect{}, false}} {
		s := &Store{sql: newSQL(c.d)}
		failing := []NewError{{Type: 1, Description: "it broke"}}
		all := map[string][]*dialect.Step{"lock": s.lockSteps(run)}
		all["errors"], _ = s.errorSteps(run, failing)
		for name, change := range map[string]StatusChange{
			"complete": {Run: run, To: Completed}, "fail": {Run: run, To: Failed}, "fail with an error": {Run: run, To: Failed, Errors: failing},
			"on hold": {Run: run, To: OnHold}, "go on": {Run: run, To: 101, Active: true},
		} {
			all[name], _ = s.changeSteps(change, new(RunState))
		}
		for name, steps := range all {
			both := len(steps) > 1 && steps[0].Name == "process.lock" && steps[1].Name == "run.lock"
			if both != c.both {
				t.Errorf("%s on %T begins with %s: both rows are locked first: %t, want %t", name, c.d, steps[0].Name, both, c.both)
			}
		}
	}
}
