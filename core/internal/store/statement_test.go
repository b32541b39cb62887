package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// plainDialect is a dialect whose statements have all arguments.
type plainDialect struct{ noDialect }

func (plainDialect) Now() string { return "now()" }
func (plainDialect) Clock() (from, now string) {
	return "(SELECT now() AS now) AS clock ON TRUE", "clock.now"
}
func (plainDialect) NowPlus() string { return "now() + ?" }
func (plainDialect) Read(table, alias string, _ dialect.Reading) string {
	return table + " AS " + alias
}

func (plainDialect) Rows(s squirrel.SelectBuilder, json any, _ ...dialect.Column) squirrel.SelectBuilder {
	return s.JoinClause("FROM rows(?) AS r", json)
}

func (plainDialect) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	return squirrel.Insert(table).Columns(columns...).Select(from.Where(match.Condition(), match.Args...))
}

func (plainDialect) UpdateIn(_ string, update squirrel.UpdateBuilder, _ squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return update.Where(squirrel.Expr(column+" IN (?)", ids))
}

func (plainDialect) DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return squirrel.Delete(table).Where(squirrel.Expr(column+" IN (?)", ids))
}

func (plainDialect) UpdateRows(table string, _ []dialect.Assignment, _ []dialect.Column, match string) string {
	return "UPDATE " + table + " FROM rows(?) WHERE " + match
}

func (plainDialect) Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder {
	if n == nil {
		return s.Suffix(fmt.Sprintf("LIMIT %d %s", most, lock))
	}
	return s.Suffix("LIMIT ? "+lock, n)
}

func (plainDialect) Contains(column string, part any) squirrel.Sqlizer {
	return squirrel.Expr("contains("+column+", ?)", part)
}

func (plainDialect) Glob(column string, pattern dialect.Pattern) squirrel.Sqlizer {
	return squirrel.Expr(column+" LIKE ?", pattern.Text)
}

func (plainDialect) TableExists(name string) squirrel.Sqlizer {
	return squirrel.Expr("SELECT exists(?)", name)
}

func (plainDialect) Lock(table, alias string, _ bool, _ ...string) (from, suffix string) {
	return table + " AS " + alias, "LOCKED"
}

func (plainDialect) Touch(column string) (away, back string) { return column + " + 1", column + " - 1" }

// A statement is built at its first use, and must fit every later one: its text may
// depend only on its form, not on values that differ from call to call.
func TestAStatementIsTheSameWithAndWithoutItsCachedText(t *testing.T) {
	t.Parallel()
	kept, anew := newSQL(plainDialect{}), sql{d: plainDialect{}}.catalogue()
	for range 2 { // builds, then finds
		for i, s := range kept.catalogue() {
			if want := anew[i]; !reflect.DeepEqual(s, want) {
				t.Errorf("%s: kept\n%s %v\nbuilt anew\n%s %v", s.Name, s.SQL, s.Args, want.SQL, want.Args)
			}
		}
	}
}

func TestAStatementHasTheValuesOfItsCall(t *testing.T) {
	t.Parallel()
	q := newSQL(plainDialect{})
	q.catalogue()
	for key, text := range q.texts.built {
		for _, call := range []string{"first", "second"} {
			values := make([]any, 20)
			for i := range values {
				values[i] = fmt.Sprintf("%s value %d", call, i)
			}
			s := text.with(values)
			if n := strings.Count(s.SQL, "?"); n != len(s.Args) {
				t.Errorf("%s: %d placeholders, %d arguments", key.name, n, len(s.Args))
			}
			for i, arg := range text.args {
				if place, ok := arg.(slot); ok && s.Args[i] != values[place] || !ok && s.Args[i] != arg {
					t.Errorf("%s: argument %d of the %s call is %v, of slot %v", key.name, i, call, s.Args[i], arg)
				}
			}
		}
	}
}

func TestAValueCannotBecomePartOfACachedText(t *testing.T) {
	t.Parallel()
	q := newSQL(plainDialect{})
	for name, arg := range map[string]any{"a value": "Teams Load", "nothing": nil, "a slot of no value": slot(1)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "wrong") {
					t.Errorf("panicked with %v, want the name of the statement", r)
				}
			}()
			q.stmt("wrong", func() squirrel.Sqlizer { return squirrel.Expr("SELECT ?", arg) }, "value")
		})
	}
}

func TestTextsAreBounded(t *testing.T) {
	t.Parallel()
	q := newSQL(plainDialect{})
	for form := range uint64(mostTexts + 10) {
		s := q.formed("many", form, func() squirrel.Sqlizer { return squirrel.Expr(fmt.Sprintf("SELECT %d, ?", form), slot(0)) }, "value")
		if want := fmt.Sprintf("SELECT %d, ?", form); s.SQL != want || s.Args[0] != "value" {
			t.Fatalf("form %d is %q %v", form, s.SQL, s.Args)
		}
	}
	if n := len(q.texts.built); n != mostTexts {
		t.Errorf("kept %d", n)
	}
}

// Dialects and backends learn about a statement from its fields alone.
func TestAStatementSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	kinds := map[string]dialect.Kind{"SELECT": dialect.Select, "INSERT": dialect.Insert, "UPDATE": dialect.Update, "DELETE": dialect.Delete}
	for _, s := range newSQL(plainDialect{}).catalogue() {
		verb, _, _ := strings.Cut(s.SQL, " ")
		if kind, ok := kinds[verb]; !ok || s.Kind != kind {
			t.Errorf("%s is of kind %d: %s", s.Name, s.Kind, s.SQL)
		}
		if locks := s.Kind == dialect.Select && strings.Contains(s.SQL, "LOCKED"); s.Locks != locks {
			t.Errorf("%s locks: %v: %s", s.Name, s.Locks, s.SQL)
		}
		if n := strings.Count(s.SQL, "rows(?)"); s.Rows != n {
			t.Errorf("%s reads rows %d times: %s", s.Name, s.Rows, s.SQL)
		}
		if strings.Join(s.Between, "?") != s.SQL || len(s.Between) != len(s.Args)+1 {
			t.Errorf("%s is %q: %s", s.Name, s.Between, s.SQL)
		}
	}
}
