package sqlserver

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/golang-sql/civil"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// mostUnits is how many of its characters a text has that is no NVARCHAR(MAX).
const mostUnits = 4000

// procedure runs a text with parameters. The driver takes it for a procedure's name, and
// sends the arguments that it is called with.
const procedure = "sp_executesql"

// declared returns the arguments of [procedure] for a text and its parameters. It
// declares types that do not depend on the parameters' values: the driver would declare
// a text by its length, so that each combination of lengths would be compiled by itself,
// and an empty one as NVARCHAR(MAX), by which no row is found by index.
//
// A setting that a text makes for its session ends with the text.
func declared(text string, args []any) []any {
	if len(args) == 0 {
		return []any{text}
	}
	types := make([]string, len(args))
	for i, arg := range args {
		types[i] = "@p" + strconv.Itoa(i+1) + " " + typeOf(arg)
	}
	return append([]any{text, strings.Join(types, ",")}, args...)
}

// typeOf is the type of an argument as [typed] leaves it.
func typeOf(arg any) string {
	switch v := arg.(type) {
	case bool:
		return "bit"
	case int, int64, sql.NullInt64:
		return "bigint"
	case civil.DateTime:
		return "datetime2(6)"
	case []byte:
		return "varbinary(8000)"
	case string:
		if longer(v, mostUnits) {
			return "nvarchar(max)"
		}
	}
	return "nvarchar(4000)"
}

// longer reports whether a text has more of SQL Server's characters than most.
func longer(text string, most int) bool {
	if len(text) <= most {
		return false
	}
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if r > 0xffff {
			n++
		}
	}
	return n > most
}

const (
	// quiet makes a statement send no row count: a separate query asks for it. In a
	// session with NOCOUNT on there would be none, and a trigger would report its own
	// rows.
	quiet = "SET NOCOUNT ON"
	count = "SELECT @@ROWCOUNT"

	// A brief statement fails after some seconds, with error 1222.
	hurry     = "SET LOCK_TIMEOUT 5000"
	unhurried = "SET LOCK_TIMEOUT -1"

	// committed sets an isolation level that allows READPAST, which only some do. The
	// setting ends with the text.
	committed = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
)

// around is a statement with what comes before and after it. Any other between it and the
// count would set that to zero.
func around(s dialect.Stmt, counted bool) []string {
	all := []string{s.SQL}
	if counted {
		all = append(all, count)
	}
	if s.Brief {
		all = append(append([]string{hurry}, all...), unhurried)
	}
	return all
}

// sent is a statement as it is sent by itself, with other text around it or without.
func sent(s dialect.Stmt, text ...string) dialect.Stmt {
	s = typed(s)
	s.SQL, s.Args = procedure, declared(strings.Join(text, ";\n"), s.Args)
	return s
}

// exec runs a statement by itself, and asks how many rows it has changed. A statement
// whose rows the tracker does not count is sent unchanged: CREATE VIEW must be alone in
// its batch, and a setting of setup is for the statements after it.
func exec(ctx context.Context, c dialect.Conn, s dialect.Stmt) (n int64, err error) {
	if s.Kind == dialect.Select {
		if len(s.Args) > 0 {
			s = sent(s, s.SQL)
		}
		return c.Exec(ctx, s)
	}
	err = c.Query(ctx, sent(s, append([]string{quiet}, around(s, true)...)...), func(r dialect.Row) error { return r.Scan(&n) })
	return n, raced(s, err)
}

// query runs a query by itself.
func query(ctx context.Context, c dialect.Conn, s dialect.Stmt, row func(dialect.Row) error) error {
	return c.Query(ctx, sent(s, around(s, false)...), row)
}
