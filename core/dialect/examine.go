package dialect

import (
	"context"
	"fmt"
)

// A Level is how bad a [Finding] is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // it works, and may not for long, or not as well as it could
	Fail Level = "fail" // it does not work
)

// A Finding is what an examination of a database has found in one respect.
type Finding struct {
	Check  string // what was looked at, such as "encryption"
	Level  Level
	Found  string
	Remedy string // empty if there is nothing to do
}

// An Examiner is a [Backend] that can say more of its database than whether the tracker
// works with it: how the connection is encrypted, which isolation level it has, how
// large the tables are, and what else only such a database has.
//
// It is optional. What cannot be asked, as the user lacks a right, is a finding, and no
// error.
type Examiner interface {
	Examine(ctx context.Context) []Finding
}

// An Examination collects findings.
type Examination struct {
	Conn     Conn
	Findings []Finding
}

// Add adds a finding.
func (e *Examination) Add(check string, level Level, found, remedy string) {
	e.Findings = append(e.Findings, Finding{Check: check, Level: level, Found: found, Remedy: remedy})
}

// Ask reads the one row of a query, and adds a finding if it cannot.
func (e *Examination) Ask(ctx context.Context, check, query string, dest ...any) bool {
	rows := 0
	err := e.Conn.Query(ctx, Stmt{Name: "examine." + check, SQL: query}, func(r Row) error {
		if rows++; rows > 1 {
			return nil
		}
		return r.Scan(dest...)
	})
	switch {
	case err != nil:
		e.Add(check, Warn, "cannot be asked: "+err.Error(), "ask somebody who may see it")
	case rows == 0:
		e.Add(check, Warn, "the database does not say", "ask somebody who may see it")
	}
	return err == nil && rows > 0
}

// Sizes adds how large the tables are, from a query of their names and bytes, the largest
// first.
func (e *Examination) Sizes(ctx context.Context, query string, args ...any) {
	const check, shown, large = "size", 3, 20 << 30
	total, largest, n := int64(0), "", 0
	err := e.Conn.Query(ctx, Stmt{Name: "examine." + check, SQL: query, Args: args}, func(r Row) error {
		var name string
		var bytes int64
		if err := r.Scan(&name, &bytes); err != nil {
			return err
		}
		if n < shown {
			largest += fmt.Sprintf(", %s %s", name, Bytes(bytes))
		}
		total += bytes
		n++
		return nil
	})
	switch {
	case err != nil:
		e.Add(check, Warn, "cannot be asked: "+err.Error(), "ask somebody who may see it")
	case n == 0:
		e.Add(check, OK, "there are no tables", "")
	case total >= large:
		e.Add(check, Warn, Bytes(total)+largest, "delete old runs: processtracker purge --older-than 8760h")
	default:
		e.Add(check, OK, Bytes(total)+largest, "")
	}
}

// Bytes writes a number of bytes for people.
func Bytes(n int64) string {
	const kilo = 1024
	if n < kilo {
		return fmt.Sprintf("%d bytes", n)
	}
	units, size, unit := []string{"KiB", "MiB", "GiB", "TiB"}, float64(n)/kilo, 0
	for size >= kilo && unit < len(units)-1 {
		size /= kilo
		unit++
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}
