package store

import (
	"context"
	"math"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Absent returns a store without a database, each of whose operations returns err. It is
// the store of a tracker that was not made with New, so that no operation has to check
// for nil.
func Absent(err error) *Store {
	return &Store{sql: newSQL(noDialect{}), backend: NoBackend{err}, absent: true, memory: new(memory)}
}

// A NoBackend is a [dialect.Backend] that fails.
type NoBackend struct{ Err error }

// Dialect implements [dialect.Backend].
func (NoBackend) Dialect() dialect.Dialect { return noDialect{} }

// Conn implements [dialect.Backend].
func (b NoBackend) Conn() dialect.Conn { return dialect.NoConn{Err: b.Err} }

// Classify implements [dialect.Backend].
func (NoBackend) Classify(error) dialect.Class { return dialect.Other }

// MostBytes implements [dialect.Backend].
func (NoBackend) MostBytes() int { return math.MaxInt32 }

// Check implements [dialect.Backend].
func (b NoBackend) Check(context.Context) error { return b.Err }

// Close implements [dialect.Backend].
func (NoBackend) Close() error { return nil }

// noDialect builds statements that are never sent. It does not embed the interface, which
// would be nil: a new method of a dialect must be added here, too.
type noDialect struct{}

func (noDialect) Migrations() []dialect.Migration                 { return nil }
func (noDialect) SetupLock() (lock, unlock dialect.Stmt)          { return lock, unlock }
func (noDialect) InTheWay(dialect.Names) dialect.Stmt             { return dialect.Stmt{} }
func (noDialect) Script([]string) string                          { return "" }
func (noDialect) Catalogue() []dialect.Stmt                       { return nil }
func (noDialect) Parts([]dialect.Part) []dialect.Part             { return nil }
func (noDialect) Expected() string                                { return "" }
func (noDialect) Counters([]string) dialect.Stmt                  { return dialect.Stmt{} }
func (noDialect) Mend(dialect.Part, string, string) []string      { return nil }
func (noDialect) Grant(string, []dialect.Right) ([]string, error) { return nil, nil }

func (noDialect) Name() string                                                    { return "none" }
func (noDialect) Placeholders() squirrel.PlaceholderFormat                        { return squirrel.Question }
func (noDialect) Hints(dialect.Stmt) string                                       { return "" }
func (noDialect) Update(table string) squirrel.UpdateBuilder                      { return squirrel.Update(table) }
func (noDialect) Delete(table string) squirrel.DeleteBuilder                      { return squirrel.Delete(table) }
func (noDialect) Table(name string) string                                        { return name }
func (noDialect) ReadersBlock() bool                                              { return false }
func (noDialect) Now() string                                                     { return "?" }
func (noDialect) Clock() (from, now string)                                       { return "", "?" }
func (noDialect) Sum(column string) string                                        { return column }
func (noDialect) NowPlus() string                                                 { return "?" }
func (noDialect) Time(t time.Time) any                                            { return t }
func (noDialect) Contains(string, any) squirrel.Sqlizer                           { return nothing() }
func (noDialect) Glob(string, dialect.Pattern) squirrel.Sqlizer                   { return nothing() }
func (noDialect) Pattern(glob string) dialect.Pattern                             { return dialect.Pattern{Text: glob} }
func (noDialect) TableExists(string) squirrel.Sqlizer                             { return nothing() }
func (noDialect) Lock(table, _ string, _ bool, _ ...string) (from, suffix string) { return table, "" }

func (noDialect) Read(table, _ string, _ dialect.Reading) string { return table }

func (noDialect) Along(_, from string, _ ...string) string { return from }

func (noDialect) Rows(s squirrel.SelectBuilder, _ any, _ ...dialect.Column) squirrel.SelectBuilder {
	return s
}

func (noDialect) InOrder() string { return "JOIN" }

func (noDialect) Each(string, string, string, []dialect.Assignment) string {
	return ""
}

func (noDialect) InsertAbsent(string, []string, squirrel.SelectBuilder, dialect.Match) squirrel.Sqlizer {
	return nothing()
}

func (noDialect) UpdateIn(string, squirrel.UpdateBuilder, squirrel.Eq, string, squirrel.SelectBuilder) squirrel.Sqlizer {
	return nothing()
}

func (noDialect) DeleteIn(string, string, squirrel.SelectBuilder) squirrel.Sqlizer { return nothing() }

func (noDialect) UpdateRows(string, []dialect.Assignment, []dialect.Column, string) string {
	return "none"
}

func (noDialect) Limit(s squirrel.SelectBuilder, _ any, _ int64, _ string) squirrel.SelectBuilder {
	return s
}

func nothing() squirrel.Sqlizer { return squirrel.Expr("none") }
