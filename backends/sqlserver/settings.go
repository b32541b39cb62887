package sqlserver

import (
	"context"
	"strconv"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// session holds a connection's settings, as read by one query.
type session struct {
	state    int   // XACT_STATE()
	options  int   // @@OPTIONS
	textSize int64 // @@TEXTSIZE
	rows     int   // of the two that the query has
}

// asked is a query of two equal rows: where SET ROWCOUNT ends results early, one of
// them comes.
func asked() dialect.Stmt {
	const row = "SELECT XACT_STATE(), @@OPTIONS, @@TEXTSIZE"
	return dialect.Stmt{Name: "settings", SQL: row + " UNION ALL " + row}
}

func (s *session) scan(r dialect.Row) error {
	s.rows++
	return r.Scan(&s.state, &s.options, &s.textSize)
}

// ask asks a connection how it is set.
func ask(ctx context.Context, q sqldb.Querier) (session, error) {
	var s session
	err := sqldb.Ask(ctx, q, asked(), s.scan)
	return s, err
}

// The bits of @@OPTIONS.
const (
	implicitTransactions = 2
	ansiWarnings         = 8
	ansiPadding          = 16
	ansiNulls            = 32
	quotedIdentifier     = 256
	concatNull           = 4096
	roundAbort           = 8192
)

// noLimit is the TEXTSIZE that cuts no text, as drivers set it; -1 is the same.
const noLimit = 1<<31 - 1

// unlessIndexed is a reason that all options share on which stored results may depend.
// None of the tracker's own tables has such an index, but a database's owner may add one.
// ARITHABORT belongs to them, too: ANSI_WARNINGS turns it on.
const unlessIndexed = "the server rejects changes to a table with a filtered index, an indexed view or an indexed computed column"

// check refuses settings with which the tracker would store or read wrong values. In a
// transaction of ours, the server must not begin others implicitly.
func (s session) check(inTx bool) error {
	for _, option := range []struct {
		name string
		bit  int
		on   bool // as it has to be
		why  string
	}{
		{"ANSI_NULLS", ansiNulls, true, "a comparison with a parameter that is NULL would be true for missing values, and " + unlessIndexed},
		{"ANSI_PADDING", ansiPadding, true, "columns that are created would drop the spaces at the end of texts, and " + unlessIndexed},
		{"ANSI_WARNINGS", ansiWarnings, true, "texts that are too long would be cut without an error"},
		{"QUOTED_IDENTIFIER", quotedIdentifier, true, unlessIndexed},
		{"CONCAT_NULL_YIELDS_NULL", concatNull, true, "a text that is joined to a missing one would not be missing, and " + unlessIndexed},
		{"NUMERIC_ROUNDABORT", roundAbort, false, "an expression that loses precision would fail, and " + unlessIndexed},
		{"IMPLICIT_TRANSACTIONS", implicitTransactions, false, "an operation that only reads would leave a transaction open"},
	} {
		if on := s.options&option.bit != 0; on != option.on && (!inTx || option.bit != implicitTransactions) {
			return &dialect.SettingError{
				Setting: option.name, Value: word(on), Why: option.why,
				Remedy: "SET " + option.name + " " + word(option.on) + " for the tracker's sessions",
			}
		}
	}
	switch {
	case s.textSize >= 0 && s.textSize < noLimit:
		return &dialect.SettingError{
			Setting: "TEXTSIZE", Value: strconv.FormatInt(s.textSize, 10),
			Why:    "long texts would be cut when they are read",
			Remedy: "SET TEXTSIZE -1 for the tracker's sessions",
		}
	case s.rows == 1:
		return &dialect.SettingError{
			Setting: "ROWCOUNT", Value: "1",
			Why:    "lists would be cut short, and changes would reach only some of the rows",
			Remedy: "SET ROWCOUNT 0 for the tracker's sessions",
		}
	default:
		return nil
	}
}

func word(on bool) string {
	if on {
		return "ON"
	}
	return "OFF"
}

// Check implements [dialect.Backend].
func (b *Backend) Check(ctx context.Context) error {
	if b == nil || b.conn.pool == nil {
		return unopened()
	}
	s, err := ask(ctx, b.conn.pool)
	if err != nil {
		return err
	}
	return s.check(false)
}

// mostBytes is well below SQL Server's limit of a text, 2 GiB in UTF-16.
const mostBytes = 256 << 20

// MostBytes implements [dialect.Backend].
func (b *Backend) MostBytes() int { return mostBytes }
