package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Probe says what the database user may do with the tracker's tables.
type Probe struct {
	// Role is [Runner], even if the user may do more, or [Reader]; it is empty if the
	// user may not even read all tables.
	Role Role
	// Lacks are the missing privileges for the next higher role, such as "insert into run".
	Lacks []string
	// ReadOnly is true if the database accepts no writes from any client. The privileges
	// to write were then not probed.
	ReadOnly bool
}

// ProbeRights finds out what the user may do by running statements that match no rows
// and change nothing, one by one. The schema must have this library's version.
func ProbeRights(ctx context.Context, backend dialect.Backend) (Probe, error) {
	if backend == nil {
		return Probe{}, noBackend()
	}
	var p Probe
	for _, role := range []Role{Reader, Runner} {
		for _, right := range rightsOf(backend.Dialect(), role) {
			for _, ask := range probes(backend.Dialect(), right, role) {
				err := retried(ctx, backend, ask.Name, func() error {
					_, err := backend.Conn().Exec(ctx, ask.Stmt)
					return err
				})
				switch class := backend.Classify(err); {
				case err == nil:
				case class == dialect.Denied:
					p.Lacks = append(p.Lacks, ask.what)
				case class == dialect.ReadOnly || errors.Is(err, tracker.ErrReadOnly):
					p.ReadOnly = true
					return p, nil
				default:
					return p, fmt.Errorf("try whether the user may %s: %w", ask.what, err)
				}
			}
		}
		if len(p.Lacks) > 0 {
			return p, nil
		}
		p.Role = role
	}
	return p, nil
}

// rightsOf returns the privileges of a role on tables and views.
func rightsOf(d dialect.Dialect, role Role) []dialect.Right {
	var rights []dialect.Right
	for _, part := range dialect.ParseParts(d.Expected()) {
		if part.Kind == dialect.KindTable || part.Kind == dialect.KindView {
			rights = append(rights, right(role, part.Table, part.Kind == dialect.KindView))
		}
	}
	return rights
}

// probing is a statement that fails if the user lacks a privilege.
type probing struct {
	dialect.Stmt

	what string
}

// probes returns the statements for one table, without those of the next lower role.
func probes(d dialect.Dialect, r dialect.Right, role Role) (all []probing) {
	add := func(what, sql string, kind dialect.Kind) {
		all = append(all, probing{dialect.Stmt{Name: "probe", SQL: sql, Kind: kind}, what + " " + r.Table})
	}
	table := d.Table(r.Table)
	if role == Reader {
		add("read", "SELECT 1 FROM "+table+" WHERE 1 = 0", dialect.Select)
		return all
	}
	columns := written(d, r.Table)
	if r.Insert {
		list := strings.Join(columns, ", ")
		add("insert into", "INSERT INTO "+table+" ("+list+") SELECT "+list+" FROM "+table+" WHERE 1 = 0", dialect.Insert)
	}
	if r.Update {
		add("update", "UPDATE "+table+" SET "+columns[0]+" = "+columns[0]+" WHERE 1 = 0", dialect.Update)
	}
	if r.Delete {
		add("delete from", "DELETE FROM "+table+" WHERE 1 = 0", dialect.Delete)
	}
	return all
}

// written returns the columns of a table, except its identity column.
func written(d dialect.Dialect, table string) (columns []string) {
	parts := dialect.ParseParts(d.Expected())
	known := index(parts)
	for _, p := range parts {
		if p.Kind == dialect.KindColumn && p.Table == table && !known.any(dialect.KindIdentity, table, p.Name) {
			columns = append(columns, p.Name)
		}
	}
	return columns
}
