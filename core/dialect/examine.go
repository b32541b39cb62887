package dialect

import (
	"context"
	"fmt"
)

// A Level is the severity of a [Finding].
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // it works, but may not for long, or not as well as it could
	Fail Level = "fail" // it does not work
)

// A Finding is one result of an examination of a database.
type Finding struct {
	Check  string // the subject, such as "encryption"
	Level  Level
	Found  string
	Remedy string // empty if there is nothing to do
}

// An Examiner is a [Backend] that can say more about its database than whether the
// tracker works with it: how the connection is encrypted, its isolation level, the
// sizes of the tables, and matters that are specific to that database.
//
// It is optional. If the user lacks a privilege to ask for something, that is a
// finding, not an error.
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

// Ask reads the single row of a query, and adds a finding if that fails.
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
		e.Add(check, Warn, "cannot be asked: "+err.Error(), "ask a user who may see it")
	case rows == 0:
		e.Add(check, Warn, "the database does not say", "ask a user who may see it")
	}
	return err == nil && rows > 0
}

// Sizes adds the sizes of the tables, from a query for their names and bytes, largest
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
		e.Add(check, Warn, "cannot be asked: "+err.Error(), "ask a user who may see it")
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
