package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A statement's text is built once, with squirrel, when it is first used. It is built
// from slots instead of values, so that it cannot depend on a caller's values; a call
// only fills the slots.

// A slot is an argument that differs from call to call. It is the place of the value
// among those that the statement is sent with.
type slot int

// fixed is an argument that is the same in each call.
type fixed struct{ value any }

// allFixed is a query whose arguments are the dialect's own.
type allFixed struct{ squirrel.Sqlizer }

// ToSql implements [squirrel.Sqlizer].
func (f allFixed) ToSql() (string, []any, error) {
	text, args, err := f.Sqlizer.ToSql()
	for i, arg := range args {
		args[i] = fixed{arg}
	}
	return text, args, err
}

// The values of a statement that writes to a run begin with those that identify the
// run: see [RunRef.with].
const (
	runID slot = iota
	runProcess
	runDigest
	afterRun // the first of the others
)

// with returns the values of a statement about the run: its own and more.
func (r RunRef) with(more ...any) []any {
	return append([]any{r.ID, r.ProcessID, r.TokenDigest}, more...)
}

// sql builds the statements of one dialect.
type sql struct {
	d     dialect.Dialect
	texts *texts // nil: each statement is built anew
}

func newSQL(d dialect.Dialect) sql { return sql{d, &texts{built: map[textKey]*template{}}} }

// stmt returns the named statement with its values. build makes its text from slots: it
// must not read anything that differs between calls.
func (q sql) stmt(name string, build func() squirrel.Sqlizer, values ...any) dialect.Stmt {
	return q.formed(name, 0, build, values...)
}

// formed is stmt for a statement with several texts. form selects the text.
func (q sql) formed(name string, form uint64, build func() squirrel.Sqlizer, values ...any) dialect.Stmt {
	key := textKey{name, form}
	t := q.texts.get(key)
	if t == nil {
		t = q.template(name, build(), values)
		q.texts.keep(key, t)
	}
	return t.with(values)
}

// flags is the form of a statement whose text depends on some answers to yes or no.
func flags(answers ...bool) (form uint64) {
	for i, yes := range answers {
		if yes {
			form |= 1 << i
		}
	}
	return form
}

// conditional is formed for a statement with optional conditions: those whose value is
// nil are left out. build gets a slot for each of the others. status is the id that the
// text has, or 0.
func (q sql) conditional(name string, status int64, build func(conditions []any) squirrel.Sqlizer, values ...any) dialect.Stmt {
	form := uint64(status) << (maxConditions + sizeBits) //nolint:gosec // ids are positive
	var most int64
	limited, many := -1, false
	for i, v := range values {
		if n, ok := v.(limit); ok {
			var size uint64
			most, size = n.most()
			many = n >= manyRows
			limited, values[i] = i, int64(n)
			form |= size << maxConditions
		}
		if v != nil {
			form |= 1 << i
		}
	}
	st := q.formed(name, form, func() squirrel.Sqlizer {
		slots := make([]any, len(values))
		for i, v := range values {
			if v != nil {
				slots[i] = slot(i)
			}
		}
		if limited >= 0 {
			slots[limited] = bounded{slot(limited), most}
		}
		return build(slots)
	}, values...)
	st.Many = st.Many || many && st.Locks // a list of many rows is planned for them by itself
	return st
}

// maxConditions is how many values a list may have, and sizeBits what tells the sizes of
// limits apart.
const (
	maxConditions = 24
	sizeBits      = 3
)

// A limit is how many rows a statement may return. Its size is part of the statement's
// text, rounded up, for databases that plan a statement once for all its values: any
// number would be planned as a part of the table.
type limit int64

// most is the limit rounded up, and which of the sizes that is; both are 0 for a limit
// that is larger than all of them.
func (n limit) most() (most int64, size uint64) {
	for i, most := range []int64{100, 1000, 10_000, 100_000} {
		if int64(n) <= most {
			return most, uint64(i) + 1
		}
	}
	return 0, 0
}

// bounded is the slot of a limit, and what that is at most.
type bounded struct {
	slot

	most int64
}

// limit makes a select return no more rows than the value of n.
func (q sql) limit(s squirrel.SelectBuilder, n any) squirrel.SelectBuilder {
	return q.limitLocked(s, n, "")
}

// limitLocked is limit for a select that locks its rows, with that suffix.
func (q sql) limitLocked(s squirrel.SelectBuilder, n any, lock string) squirrel.SelectBuilder {
	if b, ok := n.(bounded); ok {
		return q.d.Limit(s, b.slot, b.most, lock)
	}
	return q.d.Limit(s, n, 0, lock)
}

// first makes a select return its first n rows.
func (q sql) first(s squirrel.SelectBuilder, n int64, lock string) squirrel.SelectBuilder {
	return q.d.Limit(s, nil, n, lock)
}

// given is the value of an optional condition or column: NULL if it is zero. The program
// decides that, because to some collations more texts are empty than the empty one.
func given[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

// facts is a statement with the facts that its dialect and its backend need. For
// squirrel's own builders these are known.
type facts struct {
	squirrel.Sqlizer

	kind    dialect.Kind
	table   string // that it inserts into, as far as it is not there
	locks   bool
	skips   bool
	brief   bool
	ordered bool
	derived bool
}

// locking is a select that locks the rows that it reads.
func locking(s squirrel.Sqlizer) squirrel.Sqlizer {
	return facts{Sqlizer: s, kind: dialect.Select, locks: true}
}

// skipping is locking that skips rows which another transaction has locked.
func skipping(s squirrel.Sqlizer) squirrel.Sqlizer {
	return facts{Sqlizer: s, kind: dialect.Select, locks: true, skips: true}
}

// brief is a statement that should fail rather than wait long for a lock, because its
// transaction blocks others.
func brief(s squirrel.Sqlizer) squirrel.Sqlizer {
	f := factsOf(s)
	f.brief = true
	return f
}

// goingOn are the columns of the index along which a statement goes on after a row, if one is
// given.
func goingOn(afterID any, columns ...string) []string {
	if afterID == nil {
		return nil
	}
	return columns
}

// along is the FROM of a select that takes its rows in the order of the index of these
// columns, if there are any. from names the table.
func (q sql) along(table, from string, columns []string) string {
	if len(columns) == 0 {
		return from
	}
	return q.d.Along(table, from, columns...)
}

// ordered is a select that goes along the index of these columns, if there are any.
func ordered(s squirrel.Sqlizer, columns []string) squirrel.Sqlizer {
	f := factsOf(s)
	f.ordered = len(columns) > 0
	return f
}

// same matches a row whose columns have the values of expressions: a column, its
// expression, and so on.
func same(pairs ...string) (m dialect.Match) {
	for pair := range slices.Chunk(pairs, 2) {
		m.All = append(m.All, dialect.Assignment{Column: pair[0], Expr: pair[1]})
	}
	return m
}

func (q sql) insertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	return facts{Sqlizer: q.d.InsertAbsent(table, columns, from, match), kind: dialect.Insert, table: table}
}

func (q sql) updateIn(table string, update squirrel.UpdateBuilder, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return q.updateInKey(table, update, nil, column, ids)
}

// updateInKey is updateIn for a key of two columns: key is the first, with its value.
func (q sql) updateInKey(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return facts{Sqlizer: q.d.UpdateIn(table, update, key, column, ids), kind: dialect.Update}
}

func (q sql) deleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return facts{Sqlizer: q.d.DeleteIn(table, column, ids), kind: dialect.Delete}
}

func factsOf(s squirrel.Sqlizer) facts {
	f := facts{Sqlizer: s, kind: dialect.Select}
	switch s := s.(type) {
	case facts:
		return s
	case squirrel.InsertBuilder:
		f.kind = dialect.Insert
	case squirrel.UpdateBuilder:
		f.kind = dialect.Update
	case squirrel.DeleteBuilder:
		f.kind = dialect.Delete
	}
	return f
}

// manyRows is how many rows a statement is about for [dialect.Stmt.Many].
const manyRows = 500

// A template is a statement without its values.
type template struct {
	stmt dialect.Stmt
	args []any // slots, and values that are the same in each call
}

func (t *template) with(values []any) dialect.Stmt {
	s := t.stmt
	s.Args = make([]any, len(t.args))
	for i, arg := range t.args {
		if place, ok := arg.(slot); ok {
			arg = values[place]
		}
		if set, ok := arg.(*rowSet); ok && len(set.rows) >= manyRows {
			s.Many = true
		}
		s.Args[i] = arg
	}
	return s
}

// template finishes a statement: it was built with question marks, and gets the
// database's placeholders when it is whole, as nested builders would number
// theirs twice.
//
// It panics if an argument is neither a slot nor fixed: the value of one call would
// be sent in all. No input can cause that, nor any other error here.
func (q sql) template(name string, built squirrel.Sqlizer, values []any) *template {
	f := factsOf(built)
	text, args, err := f.ToSql()
	if err != nil {
		panic(fmt.Sprintf("statement %s cannot be built: %v", name, err))
	}
	s := dialect.Stmt{Name: name, Kind: f.kind, Absent: f.table, Locks: f.locks, Skips: f.skips, Brief: f.brief, Ordered: f.ordered, Derived: f.derived}
	for i, arg := range args {
		switch arg := arg.(type) {
		case slot:
			if int(arg) >= len(values) {
				panic(fmt.Sprintf("statement %s: argument %d is slot %d of %d values", name, i+1, arg, len(values)))
			}
			if _, ok := values[arg].(*rowSet); ok {
				s.Rows++
			}
		case fixed:
			args[i] = arg.value
		default:
			panic(fmt.Sprintf("statement %s: argument %d, of type %T, is neither a slot nor fixed", name, i+1, arg))
		}
	}
	text += q.d.Hints(s)
	s.Between = strings.Split(text, "?") // what squirrel has put there: no name has one
	if s.SQL, err = q.d.Placeholders().ReplacePlaceholders(text); err != nil {
		panic(fmt.Sprintf("statement %s cannot be built: %v", name, err))
	}
	return &template{s, args}
}

// mostTexts is how many texts are kept. Only lists have more forms than are used, and
// one with more conditions than others costs what building it does.
const mostTexts = 2000

// texts are those that were built.
type texts struct {
	mu    sync.RWMutex
	built map[textKey]*template
}

type textKey struct {
	name string
	form uint64
}

func (t *texts) get(key textKey) *template {
	if t == nil {
		return nil
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.built[key]
}

func (t *texts) keep(key textKey, built *template) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.built) < mostTexts {
		t.built[key] = built
	}
}
